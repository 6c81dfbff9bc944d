"""A solved optimum in pu, with the multipliers of its limits; and the failure that has no numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Residuals:
    """Conditions of Karush, Kuhn and Tucker, as maxima; see the result's fields of the same names."""

    balance: float
    feasibility: float
    stationarity: float
    complementarity: float


@dataclass(frozen=True)
class Optimum:
    """One optimum; multipliers are in objective per pu and positive where a limit binds.

    Attributes:
        objective: In the unit of the objective.
        va, vm: Angles (rad) and magnitudes of the voltages; magnitudes are 1 in DC.
        p, q: Injections of the units.
        price, reactive_price: Objective per pu of load at each bus.
        start_flow, end_flow: Complex power into each branch row at its ends.
        start_price, end_price: Multipliers of the branch limits, per pu of limit.
        angle_price: Of the angle limits, per rad.
        v_low_price, v_high_price: Of the voltage limits.
        p_low_price, p_high_price, q_low_price, q_high_price: Of the unit limits.
        reserve_price: Of the reserve requirement.
        cut_prices: Of the security constraints, in their order.
        iterations: Of the solver.
        solver: Its name and what ended it.
        residuals: How well it is solved.
    """

    objective: float
    va: NDArray[np.float64]
    vm: NDArray[np.float64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    price: NDArray[np.float64]
    reactive_price: NDArray[np.float64] | None
    start_flow: NDArray[np.complex128]
    end_flow: NDArray[np.complex128]
    start_price: NDArray[np.float64]
    end_price: NDArray[np.float64]
    angle_price: NDArray[np.float64]
    v_low_price: NDArray[np.float64]
    v_high_price: NDArray[np.float64]
    p_low_price: NDArray[np.float64]
    p_high_price: NDArray[np.float64]
    q_low_price: NDArray[np.float64]
    q_high_price: NDArray[np.float64]
    reserve_price: float
    cut_prices: NDArray[np.float64]
    iterations: int
    solver: str
    residuals: Residuals


@dataclass(frozen=True)
class NoOptimum:
    """Why a solver gave none.

    Attributes:
        reason: What ended it, in words.
        infeasible: Whether the solver takes the limits to contradict each other.
    """

    reason: str
    infeasible: bool
