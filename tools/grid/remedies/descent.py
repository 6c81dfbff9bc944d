"""Successive linear programmes: plan with sensitivities, solve the AC state and its outages, and plan again from there.

Steps (taps, shunts) come first, for they make another matrix; powers follow on the engine, milliseconds a point.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.remedies.levers import CONTINUOUS, Lever
from tools.grid.remedies.point import Base, Point, point_of
from tools.grid.remedies.programme import Prices, Problem, Solution, solve_programme
from tools.grid.remedies.watch import Watch
from tools.grid.schema.actions import Action, SetTap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tools.grid.screening.resident import Resident

# Plans of one descent, and rounds in which steps are planned.
ITERATIONS, STEP_ROUNDS = 30, 2
# The part of its range that one plan may move a lever by: less after a plan that went wrong, more after a good one.
SHRINK, GROW, LEAST_WIDTH, COARSE_WIDTH = 0.35, 2.0, 0.003, 0.03
# Share of what is exceeded that a plan must promise to leave at most.
WORTHWHILE = 0.99
# Stages of a descent: at full price, or rising to it.
AT_ONCE, RISING = (1.0,), (0.002, 0.02, 0.2, 1.0)
# Moves below it are dropped.
LEAST_MOVE = 0.05
# Moves tried without, the smallest first, once a plan works.
PRUNED = 4


@dataclass(frozen=True)
class Descent:
    """Where a descent ended.

    Attributes:
        actions: To be carried out together.
        point: The state there.
        remains: Points that the last linear programme left exceeded.
    """

    actions: tuple[Action, ...]
    point: Point
    remains: float


@dataclass(frozen=True)
class _Stand:
    """How far a descent has come: the point, the amounts of the levers there, and what the last plan left exceeded."""

    point: Point
    at: NDArray[np.float64]
    remains: float


@dataclass
class Descender:
    """Runs descents from one base.

    Attributes:
        base: The hypothesis.
        levers_of: What may be moved in a state that has the same buses.
        price_of: Price of one MW or step of a lever.
        prices: What remains.
        watch: Where the rows of points come from.
        thrifty: Whether the least MW counts, and not few operations.
        step_rounds: Rounds in which steps are planned; each makes a state by pandapower.
        iterations: Plans at most, in each stage.
        stages: Shares of the prices of what remains, one stage after the other. Low prices first keep to moves that are
            worth it, where full ones at once would jump as far as straight lines promise.
    """

    base: Base
    levers_of: Callable[[Resident], Sequence[Lever]]
    price_of: Callable[[Lever], float]
    prices: Prices
    watch: Watch = field(default_factory=Watch)
    thrifty: bool = False
    step_rounds: int = STEP_ROUNDS
    iterations: int = ITERATIONS
    stages: tuple[float, ...] = AT_ONCE

    def run(self, first: Sequence[Action] = ()) -> Descent | None:
        """The end of the descent; None where the state does not solve, or nothing is worth moving.

        Args:
            first: Actions in force from the start: a branch that is switched.
        """
        try:
            state = self.base.state(first)
        except (NotSolvedError, InvalidArgumentError):
            return None
        point = point_of(self.base, state)
        if point is None:
            return None
        steps: dict[str, Action] = {}
        for _ in range(self.step_rounds):
            moved = self._stepped(point, steps)
            if moved is None:
                break
            further = self._at(first, moved)
            if further is None or further.depth >= point.depth:
                break
            point, steps = further, moved
        return self._powers((*first, *steps.values()), point)

    def _at(self, first: Sequence[Action], steps: dict[str, Action]) -> Point | None:
        try:
            state = self.base.state((*first, *steps.values()))
        except (NotSolvedError, InvalidArgumentError):
            return None
        return point_of(self.base, state)

    def _stepped(self, point: Point, steps: dict[str, Action]) -> dict[str, Action] | None:
        """The steps of a joint plan from a point, those made before taken along; None where it makes none."""
        levers = self.levers_of(point.state)
        if all(lever.kind in CONTINUOUS for lever in levers):
            return None
        plan = self._plan(self.prices, point, levers, np.zeros(len(levers)), 1.0)
        if plan is None:
            return None
        made = {
            lever.element: lever.moved(amount)
            for lever, amount in zip(levers, plan.amounts.round(6).tolist(), strict=True)
            if lever.kind not in CONTINUOUS and amount > LEAST_MOVE
        }
        if not made:
            return None
        # a shunt that was switched and is switched back is not touched at all
        both = {key for key in made.keys() & steps.keys() if not isinstance(made[key], SetTap)}
        return {key: action for key, action in (steps | made).items() if key not in both}

    def _powers(self, before: tuple[Action, ...], point: Point) -> Descent | None:
        state, levers = point.state, [one for one in self.levers_of(point.state) if one.kind in CONTINUOUS]
        stand = _Stand(point, np.zeros(len(levers)), point.depth)
        for number, share in enumerate(self.stages if levers else ()):
            # a stage that ended close to a limit keeps the next one further off it
            prices = self.prices.dearer(share).wider(self.prices.margin * 2.0**number)
            least = LEAST_WIDTH if share == self.stages[-1] else COARSE_WIDTH
            stand = self._stage(prices, levers, stand, least)
            if stand.point.clean:
                break
        point, at = stand.point, stand.at
        if point.clean and not self.thrifty:
            point, at = self._pruned(state, levers, point, at)
        amounts = at * _units(levers)
        moved = [lever.moved(mw) for lever, mw in zip(levers, amounts.tolist(), strict=True) if mw > LEAST_MOVE]
        actions = (*before, *moved)
        return Descent(actions, point, stand.remains) if actions else None

    def _stage(self, prices: Prices, levers: Sequence[Lever], stand: _Stand, least_width: float) -> _Stand:
        """Plan and solve in turn until nothing is gained any more."""
        point, at, width, remains, exact = stand.point, stand.at, 1.0, stand.remains, False
        for turn in range(self.iterations):
            plan = self._plan(prices, point, levers, at, width)
            if plan is None or width < least_width:
                break
            still = bool(np.abs(plan.amounts - at).max() < LEAST_MOVE)
            hopeless = width >= 1.0 and plan.remains > WORTHWHILE * point.exceeded > 0
            remains = plan.remains if still or hopeless else remains
            if exact and (still or hopeless):
                break
            amounts = (plan.amounts * _units(levers)).tolist()
            further = None if still or hopeless else point_of(self.base, point.state, levers, amounts)
            if further is None or not self._is_better(prices, further, plan, point, at, levers):
                # first with the Jacobians of this very point and what went wrong in sight, then in smaller steps
                learnt = self.watch.renew(further)
                width *= SHRINK if exact and not learnt else 1.0
                exact = True
                continue
            point, at, remains, exact = further, plan.amounts, plan.remains, False
            width = min(width * GROW, 1.0)
            if point.clean and turn and not self.thrifty:
                break
        return _Stand(point, at, remains)

    def _is_better(
        self,
        prices: Prices,
        further: Point,
        plan: Solution,
        point: Point,
        at: NDArray[np.float64],
        levers: Sequence[Lever],
    ) -> bool:
        if further.clean and point.clean:
            return plan.cost < float(self._price(levers) @ at)
        gained = (point.depth_now - further.depth_now) * prices.now
        gained += (sum(point.depth_after.values()) - sum(further.depth_after.values())) * prices.after
        gained += (len(point.unsolved) - len(further.unsolved)) * 100 * max(prices.after, 1.0)
        return gained > float(plan.cost - self._price(levers) @ at)

    def _plan(
        self, prices: Prices, point: Point, levers: Sequence[Lever], at: NDArray[np.float64], width: float
    ) -> Solution | None:
        most = np.array([one.most / one.unit for one in levers])
        problem = Problem(
            levers=levers,
            price=self._price(levers),
            at=at,
            least=np.maximum(at - width * most, 0.0) if width < 1 else np.zeros(len(levers)),
            most=np.minimum(at + width * most, most) if width < 1 else most,
        )
        plan = solve_programme(problem, self.watch.rows(point), prices)
        if plan is None:
            return None
        return replace(plan, amounts=_ordered(levers, _netted(levers, plan.amounts)))

    def _price(self, levers: Sequence[Lever]) -> NDArray[np.float64]:
        return np.array([self.price_of(lever) * lever.unit for lever in levers])

    def _pruned(
        self, state: Resident, levers: Sequence[Lever], point: Point, at: NDArray[np.float64]
    ) -> tuple[Point, NDArray[np.float64]]:
        """The same aim with fewer operations, where that is possible."""
        used = [k for k in np.argsort(at * _units(levers), kind="stable").tolist() if at[k] > LEAST_MOVE]
        dropped: set[int] = set()
        for out in used[:PRUNED] if len(used) > 1 else []:
            kept = [k for k in used if k not in dropped | {out}]
            if not kept:
                break
            some = [levers[k] for k in kept]
            # the rows are those of the present point: the dropped lever goes back to zero
            rows = self.watch.rows(point)
            back = rows.effect([levers[out]])[:, 0] * at[out]
            plan = solve_programme(
                Problem(
                    some,
                    self._price(some),
                    at[kept],
                    np.zeros(len(some)),
                    np.array([one.most / one.unit for one in some]),
                ),
                rows.shifted(back),
                self.prices,
            )
            if plan is None or plan.remains > 0:
                continue
            amounts = np.zeros(len(levers))
            amounts[kept] = _ordered(some, plan.amounts)
            further = point_of(self.base, state, levers, (amounts * _units(levers)).tolist())
            if further is not None and further.clean:
                point, at = further, amounts
                dropped.add(out)
        return point, at


def _netted(levers: Sequence[Lever], amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    """No unit is raised and lowered at once."""
    net = amounts.copy()
    first: dict[tuple[str, str, str], int] = {}
    for k, lever in enumerate(levers):
        key = str(lever.kind), lever.element, lever.to_bus
        other = first.setdefault(key, k)
        if other != k:
            both = min(net[other], net[k])
            net[[other, k]] -= both
    return net


def _ordered(levers: Sequence[Lever], amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    """As can be ordered, so that no point is lost by rounding at the end."""
    mw = (amounts * _units(levers)).tolist()
    return np.array([lever.ordered(one) for lever, one in zip(levers, mw, strict=True)]) / _units(levers)


def _units(levers: Sequence[Lever]) -> NDArray[np.float64]:
    return np.array([lever.unit for lever in levers])
