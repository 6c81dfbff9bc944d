"""Candidate actions for a violated state or its insecure outages, from linear sensitivities; each must be simulated.

Nothing here is advice: a candidate says what is likely to help, ``simulate_actions`` says whether it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

from tools.errors import NotSolvedError
from tools.grid.levers import Lever, branch_moves, load_levers, shunt_moves, tap_moves, unit_levers
from tools.grid.screening.needs import Need, find_needs
from tools.grid.screening.resident import Resident, resident
from tools.grid.screening.security import LOSS_TOLERANCE_MW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.grid import Grid
    from tools.grid.schema.actions import Action
    from tools.limits import LimitTable

# Order of what is asked of an operator at equal effect: a switch is undone at once, load is not shed lightly.
SWITCHING, REDISPATCH, SHEDDING = 0, 1, 2
# Shedding a MW must be dearer than any redispatch that spares it.
SHED_PRICE = 1000.0
# Levers tried alone, and moves smaller than this are rounding of the plan.
TRIED_ALONE = 4
LEAST_MOVE_MW = 0.05
LEAST_EFFECT = 0.05


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
    grid: Grid, limits: LimitTable, outages: Sequence[str], actions: Sequence[Action], limit: int
) -> tuple[tuple[Action, ...], ...]:
    """Sets of actions worth simulating on top of a hypothesis, best expectation first, the same way every time.

    Needs are the violations of the state itself and of its worst outages. A plan over all units, and one that may shed
    load as well, come from a linear programme; single units and loads, shunts, taps and branches are tried beside it.

    Args:
        grid: The grid as loaded.
        limits: Limits where the grid model has none.
        outages: Elements out in the hypothesis.
        actions: Actions in force in the hypothesis.
        limit: Sets wanted at most.

    Returns:
        Sets to be carried out together; none when nothing is violated, or when the state does not solve.
    """
    try:
        state = resident(grid, outages, actions, limits)
    except NotSolvedError:
        return ()
    needs = find_needs(state)
    if not needs:
        return ()
    out = frozenset(str(ref) for ref in state.solved.state.outages)
    found = [*_planned(state, needs), *_alone(state, needs), *_switched(state, needs, out)]
    best: dict[tuple[Action, ...], _Candidate] = {}
    for candidate in sorted(found, key=lambda item: item.rank):
        if candidate.share >= LEAST_EFFECT:
            best.setdefault(candidate.actions, candidate)
    return tuple(best)[:limit]


def _planned(state: Resident, needs: Sequence[Need]) -> Iterator[_Candidate]:
    """Joint plans that meet every need at the least movement: with units alone, and with load shedding."""
    units, loads = unit_levers(state), load_levers(state)
    for levers, of_state in ((units, False), (units, True), (units + loads, False), (loads, True)):
        # the plan for the state itself asks less than the one for its outages as well
        asked = [need for need in needs if not need.opened] if of_state else list(needs)
        plan = _least_movement(state, levers, asked) if asked and levers else None
        moves = (
            [] if plan is None else [(lever, mw) for lever, mw in zip(levers, plan, strict=True) if mw > LEAST_MOVE_MW]
        )
        if moves:
            total = sum(mw for _, mw in moves)
            cost = SHEDDING if any(lever.is_load for lever, _ in moves) else REDISPATCH
            effect = sum((_effects(lever, needs) * mw for lever, mw in moves), np.zeros(len(needs)))
            yield _Candidate(tuple(lever.moved(mw) for lever, mw in moves), _share(effect, needs), cost, total)


def _least_movement(state: Resident, levers: Sequence[Lever], needs: Sequence[Need]) -> NDArray[np.float64] | None:
    """MW of each lever that meet the needs and keep the slack within its limits; None when nothing can."""
    effect = np.array([[lever.effect(need) for lever in levers] for need in needs])
    signs = np.array([lever.sign for lever in levers])
    rows, least = [-effect], [-np.array([need.required for need in needs])]
    units = state.monitor.units
    at_slack = np.flatnonzero(units.bus == state.arrays.reference[0])
    if len(at_slack):
        # what is fed in elsewhere, the slack feeds less; a slack beyond its limit already is a need of its own
        p_mw = float(units.base[at_slack[0]].real)
        lowest, highest = float(units.p_min[at_slack[0]]), float(units.p_max[at_slack[0]])
        rows += [signs[None, :], -signs[None, :]]
        least += [np.array([max(p_mw - lowest, 0.0)]), np.array([max(highest - p_mw, 0.0)])]
    right, matrix = np.concatenate(least), np.concatenate(rows)
    bounded = np.isfinite(right)
    price = [SHED_PRICE if lever.is_load else 1.0 for lever in levers]
    bounds = [(0.0, lever.most_mw) for lever in levers]
    solution = linprog(price, A_ub=matrix[bounded], b_ub=right[bounded], bounds=bounds, method="highs")
    return np.asarray(solution.x) if solution.success else None


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
