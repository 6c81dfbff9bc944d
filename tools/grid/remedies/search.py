"""The one search for advice: plans of several kinds for one state, each then proven or refused by ``simulate``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.remedies.descent import AT_ONCE, ITERATIONS, RISING, STEP_ROUNDS, Descender
from tools.grid.remedies.hanging import hanging_load
from tools.grid.remedies.levers import LeverKind
from tools.grid.remedies.means import LOADS, QUICK, STEP_PRICE, STEPS, SWITCH, UNITS, Effort, Means, mw_of
from tools.grid.remedies.point import Base, Point, point_of
from tools.grid.remedies.programme import FULL, NOW_ONLY, WORTH, Prices, Problem, solve_programme
from tools.grid.remedies.switching import closings, openings
from tools.grid.remedies.watch import Watch
from tools.grid.schema.actions import Action, SwitchBranch
from tools.grid.schema.simulation import ActionSimulation, SimulateActionsArguments
from tools.grid.simulation import Side, simulate, state_before
from tools.vocabulary import ActionVerdict

if TYPE_CHECKING:
    from tools.grid.grid import Grid
    from tools.limits import LimitTable

# The margin of a second try, where the first did harm that the linear equations do not see.
WIDE_MARGIN = 3.0
# Rejected sets returned where nothing passes, to show what was tried.
REJECTED_SHOWN = 2
# Plans from a switched branch, or in a hurry; and plans that leave something exceeded, to be simulated all the same.
FEW_ITERATIONS, PARTIAL = 8, 3


@dataclass(frozen=True)
class Found:
    """What a search tried.

    Attributes:
        attempts: Every simulated set, best first.
        planned: Sets that were planned, simulated or not.
        start: The state; None where it does not solve.
        least_remains: Points that the best linear programme without load shedding leaves exceeded; None where none ran.
    """

    attempts: tuple[ActionSimulation, ...]
    planned: int
    start: Point | None
    least_remains: float | None = None

    @property
    def passed(self) -> tuple[ActionSimulation, ...]:
        """Those that were not rejected."""
        return tuple(one for one in self.attempts if one.verdict is not ActionVerdict.REJECTED)


def search(base: Base, means: Means, effort: Effort) -> Found:
    """Everything worth trying, simulated, best first; nothing where no limit is violated before or after an outage."""
    try:
        start = point_of(base, base.state())
    except NotSolvedError:
        start = None
    if start is None or start.clean:
        return Found((), 0, start)
    seeker = _Seeker(base, means, effort, start, Watch(effort.outages))
    # the matrices are small: more threads only wait for each other
    with threadpool_limits(limits=1, user_api="blas"):
        seeker.seek()
    ranked = sorted(seeker.tried.values(), key=lambda one: merit(one, means))
    return Found(tuple(ranked), len(seeker.planned), start, seeker.least_remains)


def propose_actions(
    grid: Grid,
    limits: LimitTable,
    outages: Sequence[str],
    actions: Sequence[Action],
    limit: int,
    barred: frozenset[str] = frozenset(),
) -> tuple[tuple[Action, ...], ...]:
    """Sets of actions worth simulating on top of a hypothesis, best first, the same way every time.

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
    found = search(Base(grid, limits, tuple(outages), tuple(actions)), Means(barred=barred), QUICK)
    best = found.passed[:limit] or found.attempts[: min(limit, REJECTED_SHOWN)]
    return tuple(one.proposed for one in best)


def merit(one: ActionSimulation, means: Means) -> tuple[bool, bool, int, int, int, float, float, float, int]:
    """Sort key, best first: proven, what stays violated, load shed, then price, MW moved and operations."""
    after = one.security_after
    insecure = 0 if after is None else after.insecure_outages + after.diverged_outages
    return (
        one.verdict is not ActionVerdict.VERIFIED,
        one.verdict is ActionVerdict.REJECTED,
        one.after.violation_count,
        0 if after is None else after.avoidable_losses,
        insecure,
        round(one.shed_p_mw, 6),
        round(means.cost(one.proposed), 6),
        round(sum(abs(mw_of(action)) for action in one.proposed) + STEP_PRICE * len(one.proposed), 6),
        len(one.proposed),
    )


@dataclass
class _Seeker:
    """One search under way."""

    base: Base
    means: Means
    effort: Effort
    start: Point
    watch: Watch
    left: int = 0
    planned: set[tuple[Action, ...]] = field(default_factory=set)
    tried: dict[tuple[Action, ...], ActionSimulation] = field(default_factory=dict)
    partial: list[tuple[float, tuple[Action, ...]]] = field(default_factory=list)
    before: Side | None = None
    least_remains: float = 0.0

    def seek(self) -> None:
        """Kinds of plans in the order in which an operator would have them."""
        self.left = self.effort.simulations
        self.least_remains = self._remains()
        steps = bool(self.means.levers(self.start.state, STEPS))
        for kinds in (STEPS, UNITS, UNITS | STEPS) if steps else (UNITS,):
            self._descend(kinds, FULL)
        if not self._verified:
            self._switch()
        if self.start.depth_now and (self.effort.every or not self._verified):
            self._descend(UNITS, NOW_ONLY)
        self._attempt_partial()
        if self._verified and not self.effort.every:
            return
        self.left = self.effort.with_shedding
        if LOADS & self.means.allowed:
            self._shed()
        self._attempt_partial()

    def _shed(self) -> None:
        """Plans with load shedding; what hangs on one branch more than it need is shed last of all."""
        for kinds, prices in (
            (UNITS | LOADS, FULL),
            (UNITS | STEPS | LOADS, FULL),
            (LOADS, FULL),
            (UNITS | LOADS, WORTH),
        ):
            self._descend(kinds, prices)
        hanging = () if self._verified else hanging_load(self.base, self.start, self.means.barred)
        if hanging:
            for kinds in (UNITS, UNITS | LOADS):
                self._descend(kinds, FULL, hanging)

    @property
    def _verified(self) -> bool:
        return any(one.verdict is ActionVerdict.VERIFIED for one in self.tried.values())

    def _remains(self) -> float:
        """Points that a linear programme over units, ties and relaxed steps leaves exceeded at the start."""
        levers = self.means.levers(self.start.state, UNITS | STEPS)
        most = np.array([lever.most / lever.unit for lever in levers])
        price = np.array([self.means.price_of(lever) for lever in levers])
        problem = Problem(levers, price, np.zeros(len(levers)), np.zeros(len(levers)), most)
        found = solve_programme(problem, self.watch.rows(self.start), FULL.wider(0.0), relaxed=True)
        return self.start.depth if found is None else found.remains

    def _switch(self) -> None:
        """Branches alone, then with what units and steps can add."""
        if SWITCH not in self.means.allowed:
            return
        kept_out = self.means.barred | frozenset(str(ref) for ref in self.start.state.solved.state.outages)
        found = [
            *closings(self.base, self.start, kept_out, self.effort.closings)[: self.effort.switchings],
            *[one for one in openings(self.start) if one.action.element not in self.means.barred],
        ]
        for one in found[: self.effort.switchings]:
            self._descend(UNITS | STEPS, FULL, (one.action,))
            self.partial.append((one.depth, (one.action,)))

    def _descend(self, kinds: frozenset[LeverKind], prices: Prices, first: tuple[Action, ...] = ()) -> None:
        """A plan, and where its limits do not hold another that keeps further off them."""
        thorough = self.effort.every and not any(isinstance(one, SwitchBranch) for one in first)
        rising = thorough and prices is FULL
        for margin in (prices.margin, WIDE_MARGIN)[: 2 if thorough and not rising else 1]:
            descender = Descender(
                self.base,
                lambda state: self.means.levers(state, kinds),
                self.means.price_of,
                prices.wider(margin),
                self.watch,
                step_rounds=STEP_ROUNDS if thorough else 1,
                iterations=ITERATIONS if thorough else FEW_ITERATIONS,
                stages=RISING if rising else AT_ONCE,
            )
            end = descender.run(first)
            if end is None:
                return
            if not kinds & LOADS and not first:
                self.least_remains = min(self.least_remains, end.remains)
            if end.point.clean:
                self._attempt(end.actions)
                return
            if prices is not FULL:
                self._attempt(end.actions)
            elif end.point.depth < self.start.depth:
                self.planned.add(end.actions)
                self.partial.append((end.point.depth, end.actions))
            if end.remains > 0:
                return

    def _attempt_partial(self) -> None:
        """Simulate the best plans that leave something exceeded, where nothing better is there or all is wanted."""
        if self.effort.every or not self._verified:
            for _, actions in sorted(self.partial, key=lambda one: (one[0], len(one[1])))[:PARTIAL]:
                self._attempt(actions)
        self.partial.clear()

    def _attempt(self, actions: tuple[Action, ...]) -> ActionSimulation | None:
        """Prove a set; None where it was proven before, may not be carried out, or enough were simulated."""
        self.planned.add(actions)
        if actions in self.tried or self.left <= 0:
            return None
        self.left -= 1
        arguments = SimulateActionsArguments(outages=self.base.outages, actions=self.base.actions, proposed=actions)
        try:
            self.before = self.before or state_before(self.base.grid, self.base.limits, arguments)
            found = simulate(self.base.grid, self.base.limits, arguments, self.before)
        except InvalidArgumentError:
            return None
        self.tried[actions] = found
        return found
