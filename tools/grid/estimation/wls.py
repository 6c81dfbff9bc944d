"""Weighted least squares: Gauss-Newton steps on the normal equations, zero injections as exact constraints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import NotSolvedError
from tools.grid.estimation.equations import Equations, StateVector
from tools.grid.estimation.gain import Gain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

TOLERANCE = 1e-7
"""Largest step, pu or radian, at which the state is found: what is left is at most a hundredth of the last step."""
MAX_ITERATIONS = 40
NEAR = 3e-3
"""Steps below this keep the gain matrix: it changes no more than they do."""
LONGEST_STEP = 0.5


@dataclass(frozen=True, eq=False)
class Problem:
    """What is to be fitted.

    Attributes:
        equations: One row for each measurement.
        constraints: Rows that are zero for sure.
        value: Measured values, pu and radians; NaN where there is none.
        sigma: Their standard errors.
    """

    equations: Equations
    constraints: Equations
    value: Floats
    sigma: Floats

    def weights(self, active: Bools) -> Floats:
        """``1/sigma^2`` of the measurements that count, zero of the others."""
        return np.where(active, 1.0 / np.where(active, self.sigma, 1.0) ** 2, 0.0)

    def residual(self, state: StateVector) -> Floats:
        """Measured less estimated; NaN where nothing is measured."""
        return np.asarray(self.value - self.equations.values(state))

    def gain(self, state: StateVector, active: Bools, ridge: float = 0.0) -> tuple[Gain, Floats]:
        """The gain matrix at a state, and the derivatives of the measurements there.

        Raises:
            NotObservableError: when the measurements that count do not determine the state.
        """
        slopes = self.equations.slopes(state)
        gram = self.equations.gram(slopes, self.weights(active))
        return Gain(gram, self.constraints.dense(self.constraints.slopes(state)), ridge), slopes


@dataclass(frozen=True, eq=False)
class Fit:
    """The state that fits best.

    Attributes:
        state: Where the sum of squares is least.
        gain: Gain matrix there.
        slopes: Derivatives of the measurements there.
        iterations: Steps taken.
        active: Measurements that counted.
        residual: Of all measurements, counted or not.
        ridge: Weight that held states which nothing determines; zero where there are none.
    """

    state: StateVector
    gain: Gain
    slopes: Floats
    iterations: int
    active: Bools
    residual: Floats
    ridge: float = 0.0


def fit(
    problem: Problem,
    start: StateVector,
    active: Bools,
    *,
    ridge: float = 0.0,
    free: Bools | None = None,
    held: Gain | None = None,
) -> Fit:
    """Find the state.

    Args:
        problem: Measurements and constraints.
        start: Where to start.
        active: Measurements that count.
        ridge: Weight that keeps states which nothing determines where they are; it shortens steps, and does not
            move the solution.
        free: Columns whose steps count for convergence; all when None.
        held: Gain matrix near the solution, to start with.

    Raises:
        NotObservableError: as ``Problem.gain``.
        NotSolvedError: when the steps do not come to an end.
    """
    equations, place = problem.equations, problem.equations.place
    state, gain, slopes = start, held, np.zeros(0)
    weight, reach = problem.weights(active), 0.0 if held is not None else np.inf
    for iteration in range(1, MAX_ITERATIONS + 1):
        if gain is None or reach > NEAR:
            gain, slopes = problem.gain(state, active, ridge)
        else:
            slopes = equations.slopes(state)
        pull = np.where(active, weight * np.where(active, problem.residual(state), 0.0), 0.0)
        gradient = equations.pull(slopes, pull)
        step = gain.step(gradient, problem.constraints.values(state))
        size = np.abs(step)
        longest = float(size.max(initial=0.0))
        if not np.isfinite(longest):
            break
        state = state.moved(step * min(1.0, LONGEST_STEP / max(longest, LONGEST_STEP)), place)
        reach = float(size[free].max(initial=0.0)) if free is not None else longest
        if reach < TOLERANCE:
            return Fit(state, gain, slopes, iteration, active, problem.residual(state), ridge)
    raise NotSolvedError(
        f"at: the state estimation does not converge. Tried: {MAX_ITERATIONS} Gauss-Newton steps on "
        f"{int(active.sum())} measurements, from one per unit at the angles of the linear power flow."
    )
