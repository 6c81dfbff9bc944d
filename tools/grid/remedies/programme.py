"""The linear programme of a plan: the cheapest moves that relieve what is exceeded and spare what is kept.

Every limit that is kept stays kept, every limit that is exceeded may at worst stay as it is; what remains of it has a
price. Steps are integers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.remedies.levers import Lever
    from tools.grid.remedies.rows import Rows

# Seconds and relative gap at which a programme with steps ends.
TIME_LIMIT_S, GAP = 3.0, 0.01
# Share of the room to a limit that is kept, where the margin is wider than that; and points to be kept off it where
# they can be had, for orders are rounded.
KEPT_SHARE, ROUNDED_POINTS = 0.2, 0.1


@dataclass(frozen=True)
class Prices:
    """What a plan weighs, in the price of one MW moved.

    Attributes:
        now, after: A point by which a limit stays exceeded, in the state and after an outage.
        margin: Points that limits are kept off, for the equations are linear.
    """

    now: float
    after: float
    margin: float = 0.5

    def dearer(self, factor: float) -> Prices:
        """What remains at a multiple of its price."""
        return replace(self, now=factor * self.now, after=factor * self.after)

    def wider(self, margin: float) -> Prices:
        """The same with another margin."""
        return replace(self, margin=margin)


# All is to go, whatever it takes; a tenth of a point weighs more than the largest move.
FULL = Prices(now=1e5, after=5e4)
# What is worth its moves; the state now comes first.
WORTH = Prices(now=300.0, after=10.0)
# The state now; what comes for free after outages is taken.
NOW_ONLY = Prices(now=1e5, after=1e-3)


@dataclass(frozen=True)
class Solution:
    """An optimal plan.

    Attributes:
        amounts: MW or steps of each lever, from where the levers stand.
        remains: Points that stay exceeded by the linear equations, margin not counted.
        cost: Price of the moves.
    """

    amounts: NDArray[np.float64]
    remains: float
    cost: float


@dataclass(frozen=True)
class Problem:
    """What a programme is made of.

    Attributes:
        levers: What may be moved.
        price: Of one unit of each.
        at: Where the levers stand at the point whose rows these are.
        most: Furthest that each may be; less than its own range in a small step.
        least: Nearest.
    """

    levers: Sequence[Lever]
    price: NDArray[np.float64]
    at: NDArray[np.float64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]


def solve_programme(
    problem: Problem, rows: Rows, prices: Prices, *, relaxed: bool = False, fixed: LinearConstraint | None = None
) -> Solution | None:
    """The best plan; None when nothing is exceeded and nothing can be saved, or the solver finds none.

    Args:
        problem: Levers.
        rows: Limits at the point.
        prices: What remains, and the margin.
        relaxed: Whether steps may be broken: for a bound.
        fixed: One more condition on the levers.
    """
    levers = problem.levers
    if not levers or not len(rows.room):
        return None
    effect = rows.effect(levers)
    # a tight limit that is kept may be moved towards, or plans freeze at the first one that they meet
    tight = min(ROUNDED_POINTS, prices.margin)
    kept = np.maximum(np.minimum(KEPT_SHARE * rows.room, prices.margin), tight)
    margin = np.where(rows.room < 0, prices.margin, kept)
    # what is exceeded, or so near its limit that rounding may break it, gives way at a price
    broken = np.flatnonzero(rows.room < tight)
    give = np.zeros((len(rows.room), len(broken)))
    give[broken, np.arange(len(broken))] = -1.0
    price = np.where(rows.outage[broken] < 0, prices.now, prices.after)
    parts = [LinearConstraint(np.hstack((effect, give)), ub=rows.room - margin + effect @ problem.at)]
    if fixed is not None:
        parts.append(LinearConstraint(np.hstack((fixed.A, np.zeros((len(fixed.A), len(broken))))), fixed.lb, fixed.ub))
    whole = np.array([lever.whole and not relaxed for lever in levers], dtype=float)
    # what is kept gives its margin at most
    most_left = margin[broken] - np.minimum(rows.room[broken], 0.0)
    found = milp(
        np.concatenate((problem.price, price)),
        integrality=np.concatenate((whole, np.zeros(len(broken)))),
        bounds=Bounds(
            np.concatenate((problem.least, np.zeros(len(broken)))), np.concatenate((problem.most, most_left))
        ),
        constraints=parts,
        options={"time_limit": TIME_LIMIT_S, "mip_rel_gap": GAP},
    )
    if found.x is None:
        return None
    amounts = np.clip(found.x[: len(levers)], problem.least, problem.most)
    left = np.maximum(found.x[len(levers) :] - margin[broken], 0.0)
    return Solution(amounts, float(left.sum()), float(problem.price @ amounts))
