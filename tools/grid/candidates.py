"""Candidate actions for a violated state or its insecure outages: planned by linear equations, tried by simulation.

What is returned is still no advice: ``simulate_actions`` on it gives the verdict and the evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.dispatch import MARGINS_POINTS, Aims, plan_dispatch
from tools.grid.guards import guards
from tools.grid.levers import Lever, branch_moves, load_levers, shunt_moves, tap_moves, unit_levers
from tools.grid.schema.simulation import ActionSimulation, SimulateActionsArguments
from tools.grid.screening.needs import Need, find_needs
from tools.grid.screening.resident import Resident, resident
from tools.grid.screening.screen import Screened, screen
from tools.grid.screening.security import LOSS_TOLERANCE_MW
from tools.grid.simulation import simulate
from tools.vocabulary import ActionVerdict

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.grid import Grid
    from tools.grid.schema.actions import Action
    from tools.limits import LimitTable

# Order of what is asked of an operator at equal effect: a switch is undone at once, load is not shed lightly.
SWITCHING, REDISPATCH, SHEDDING = 0, 1, 2
# Levers tried alone, and the least share of the needs that a candidate must promise to be tried.
TRIED_ALONE = 3
LEAST_EFFECT = 0.02
# Sets that are simulated, by number of outages to screen in each: a large grid takes a second for one.
TRIED = {200: 12, 800: 6}
TRIED_LARGE = 3
# Rejected sets returned where nothing passes, to show what was tried.
REJECTED_SHOWN = 2


@dataclass(frozen=True)
class _Candidate:
    """A set of actions with its expected share of what is needed (0 to 1, averaged over the needs)."""

    actions: tuple[Action, ...]
    share: float
    cost: int
    moved_mw: float = 0.0

    @property
    def rank(self) -> tuple[float, int, float, str]:
        """Sort key, best first."""
        return -round(self.share, 2), self.cost, round(self.moved_mw, 1), str(self.actions)


def propose_actions(
    grid: Grid,
    limits: LimitTable,
    outages: Sequence[str],
    actions: Sequence[Action],
    limit: int,
    barred: frozenset[str] = frozenset(),
) -> tuple[tuple[Action, ...], ...]:
    """Sets of actions worth simulating on top of a hypothesis, best expectation first, the same way every time.

    Needs are the violations of the state itself and of its worst outages. Plans over all units, and with load shedding,
    come from a linear programme; single units and loads, shunts, taps and branches are tried beside them.

    Args:
        grid: The grid as loaded.
        limits: Limits where the grid model has none.
        outages: Elements out in the hypothesis.
        actions: Actions in force in the hypothesis.
        limit: Sets wanted at most.
        barred: Elements that may not be touched, canonical: people are at work there, or it is out for repair.

    Returns:
        Sets to be carried out together, each tried in simulation and none rejected there; where all were, the first few
        of them. None when nothing is violated, or when the state does not solve.
    """
    try:
        state = resident(grid, outages, actions, limits)
    except NotSolvedError:
        return ()
    screened = screen(state, range(len(state.refs)))
    needs = find_needs(state, screened)
    if not needs:
        return ()
    attempt = _Attempt(grid, limits, tuple(outages), tuple(actions), barred)
    tried = {one.proposed: one for one in _plans(state, screened, needs, attempt)}
    out = barred | frozenset(str(ref) for ref in state.solved.state.outages)
    rest = (one for one in (*_alone(state, needs), *_switched(state, needs, out)) if one.share >= LEAST_EFFECT)
    sets = dict.fromkeys(one.actions for one in sorted(rest, key=lambda item: item.rank))
    tries = next((tries for most, tries in TRIED.items() if len(state.refs) <= most), TRIED_LARGE)
    for proposed in tuple(one for one in sets if one not in tried)[:tries]:
        found = attempt(proposed)
        if found is not None:
            tried[found.proposed] = found
    passed = [one for one in tried.values() if one.verdict is not ActionVerdict.REJECTED]
    best = sorted(passed, key=_merit)[:limit] if passed else list(tried.values())[: min(limit, REJECTED_SHOWN)]
    return tuple(one.proposed for one in best)


@dataclass(frozen=True)
class _Attempt:
    """Simulates a set of actions on top of the hypothesis."""

    grid: Grid
    limits: LimitTable
    outages: tuple[str, ...]
    actions: tuple[Action, ...]
    barred: frozenset[str]

    def __call__(self, proposed: tuple[Action, ...]) -> ActionSimulation | None:
        """What comes of it; None where the state does not allow the actions, or an element is barred."""
        if any(action.element in self.barred for action in proposed):
            return None
        arguments = SimulateActionsArguments(outages=self.outages, actions=self.actions, proposed=proposed)
        try:
            return simulate(self.grid, self.limits, arguments)
        except InvalidArgumentError:
            return None


def _merit(found: ActionSimulation) -> tuple[bool, int, int, int, float, int]:
    """Sort key, best first: proven, violations that remain now, after outages, then load shed and actions needed."""
    after = found.security_after
    insecure = 0 if after is None else after.insecure_outages + after.diverged_outages
    kept = 0 if after is None else after.avoidable_losses
    return (
        found.verdict is not ActionVerdict.VERIFIED,
        found.after.violation_count,
        kept,
        insecure,
        found.shed_p_mw,
        len(found.proposed),
    )


def _plans(
    state: Resident, screened: Screened, needs: tuple[Need, ...], attempt: _Attempt
) -> Iterator[ActionSimulation]:
    """Joint plans: with units alone, then with load shedding; for the state and its outages, then for the state."""
    units, loads, watched = unit_levers(state), load_levers(state), guards(state, screened)
    for levers, with_outages in ((units, True), (units, False), (units + loads, True), (units + loads, False)):
        for margin in MARGINS_POINTS:
            plan = plan_dispatch(state, levers, Aims(watched, needs, with_outages, margin))
            found = None if plan is None else attempt(tuple(lever.moved(mw) for lever, mw in plan.moves))
            if found is not None:
                yield found
            if plan is None or (found is not None and found.verdict is not ActionVerdict.REJECTED):
                break


def _alone(state: Resident, needs: Sequence[Need]) -> Iterator[_Candidate]:
    """Single units, and single loads, that do most for the first need."""
    first = needs[0]
    for levers, cost in ((unit_levers(state), REDISPATCH), (load_levers(state), SHEDDING)):
        effective = [lever for lever in levers if lever.effect(first) * lever.most_mw > LOSS_TOLERANCE_MW]
        for lever in sorted(effective, key=lambda item: (-item.effect(first), item.element))[:TRIED_ALONE]:
            mw = min(first.required / lever.effect(first), lever.most_mw)
            yield _Candidate((lever.moved(mw),), _share(_effects(lever, needs) * mw, needs), cost, mw)


def _switched(state: Resident, needs: Sequence[Need], kept_out: frozenset[str]) -> Iterator[_Candidate]:
    """Shunts, taps and branches."""
    for moves in (shunt_moves(state, needs), tap_moves(state, needs), branch_moves(state, needs, kept_out)):
        for action, effect in moves:
            yield _Candidate((action,), _share(effect, needs), SWITCHING)


def _effects(lever: Lever, needs: Sequence[Need]) -> NDArray[np.float64]:
    return np.array([lever.effect(need) for need in needs])


def _share(effect: NDArray[np.float64], needs: Sequence[Need]) -> float:
    """Mean share of the needs that is met; what works against a need counts against the candidate."""
    required = np.array([need.required for need in needs])
    return float(np.clip(effect / required, -1.0, 1.0).mean())
