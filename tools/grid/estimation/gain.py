"""The gain matrix, its inverse under the exact constraints, and what observability follows from it.

For weighted least squares with equality constraints ``C dx = -c`` (zero injections) the covariance of the state is the
upper left block of the inverse of ``[[G, C'], [C, 0]]``. It is had from a Cholesky factor of ``M = G + a C'C``, which
has the same solution and is positive definite exactly when measurements and constraints determine the state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotri, dpotrs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class NotObservableError(ArithmeticError):
    """The measurements do not determine every state; not an error of the tool, see ``observability``."""


class Gain:
    """One factorised gain matrix.

    Args:
        gram: ``H' W H``.
        constraints: ``C``, dense, one row for each.
        ridge: Weight of every state's own start value; zero but where the measurements leave states open.

    Raises:
        NotObservableError: when the matrix is not positive definite.
    """

    def __init__(self, gram: Floats, constraints: Floats, ridge: float = 0.0) -> None:
        size = len(gram)
        weight = float(np.median(np.diag(gram)[np.diag(gram) > 0])) if np.diag(gram).any() else 1.0
        # of the order of the measurements' weights over the constraints' own size: any positive number is right
        scale = max(float((constraints**2).sum(axis=1).mean()), 1e-12) if len(constraints) else 1.0
        full = gram + (weight / scale) * (constraints.T @ constraints) if len(constraints) else gram.copy()
        full[np.diag_indices(size)] += ridge
        self._factor, flaw = dpotrf(full, lower=1, overwrite_a=1)
        if flaw:
            raise NotObservableError
        self._constraints = constraints
        self._spread = self._solve(np.ascontiguousarray(constraints.T)) if len(constraints) else np.zeros((size, 0))
        self._restore = (
            np.linalg.solve(constraints @ self._spread, self._spread.T).T if len(constraints) else self._spread
        )
        self._covariance: Floats | None = None

    def _solve(self, right: Floats) -> Floats:
        found, _ = dpotrs(self._factor, right, lower=1)
        return np.asarray(found)

    @property
    def covariance(self) -> Floats:
        """Covariance of the state; measurements that were taken out or put back are in it."""
        if self._covariance is None:
            inverse, _ = dpotri(self._factor, lower=1)
            full = inverse + inverse.T  # its upper triangle is zero
            full[np.diag_indices_from(full)] /= 2.0
            self._covariance = full - self._restore @ self._spread.T if self._spread.shape[1] else full
        return self._covariance

    def step(self, gradient: Floats, violation: Floats) -> Floats:
        """The step that a gradient ``H' W r`` and violations ``c`` of the constraints ask for."""
        if self._covariance is not None:
            free = self._covariance @ gradient
        else:
            solved = self._solve(gradient)
            free = solved - self._restore @ (self._constraints @ solved) if len(violation) else solved
        return np.asarray(free - self._restore @ violation if len(violation) else free)

    def reweigh(self, row: Floats, change: float) -> None:
        """Change the weight of one measurement by ``change`` (Sherman and Morrison).

        Args:
            row: Its derivatives.
            change: Weight added; negative to take it out.
        """
        reach = self.covariance @ row
        factor = change / (1.0 + change * float(row @ reach))
        self._covariance = self.covariance - factor * np.outer(reach, reach)
