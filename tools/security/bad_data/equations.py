"""Residuals of all physical equations over a time, whitened by the noise of the sensors in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import solve_triangular

from tools.detection.constraints import Constraints, build_constraints
from tools.detection.diagnosis import Diagnosis
from tools.detection.frame import Bools, Floats, Frame

_AROUND_MIN = 120.0
"""Readings so long before and after a time say what the residuals are without it."""
_GUARD = 2
_MEDIAN_SQUARE = 0.455
"""Median of a squared standard normal."""


@dataclass(frozen=True, eq=False)
class Contrast:
    """Mean residuals inside a time less those around it, whitened: standard normal when nothing changes.

    Attributes:
        value: One figure an equation.
        columns: Equation by sensor: what a unit of error (in a sensor's own noise) of that time does to them.
    """

    value: Floats
    columns: Floats


@dataclass(frozen=True, eq=False)
class Equations:
    """Equations among the readings of a frame.

    Attributes:
        residual: Equation by moment; NaN where a reading lacks or the equation does not apply.
        jacobian: Equation by sensor: residual a unit of error.
        covariance: Of the residuals of one moment, widened to what they show.
    """

    frame: Frame
    constraints: Constraints
    residual: Floats
    jacobian: Floats
    covariance: Floats

    @classmethod
    def of(cls, diagnosis: Diagnosis) -> Equations | None:
        """The equations of a look at all sensors; None where no two measurements can be compared."""
        frame = diagnosis.frame
        constraints = build_constraints(frame, _bridged(frame.value), diagnosis.model)
        if not len(constraints.label):
            return None
        residual = np.where(constraints.void | _lacking(constraints, frame), np.nan, constraints.residual)
        scaled = constraints.jacobian * frame.noise
        covariance = scaled @ scaled.T
        # Two equations over the same readings would make it singular.
        covariance[np.diag_indices_from(covariance)] *= 1 + 1e-9
        square = residual**2 / np.diag(covariance)[:, None]
        known = np.isfinite(square).any(axis=1)
        shown = np.ones(len(square))
        shown[known] = np.nanmedian(square[known], axis=1) / _MEDIAN_SQUARE
        # Of a grid whose model does not fit everywhere, every equation counts by what it shows.
        wide = np.sqrt(np.maximum(1.0, shown))
        return cls(frame, constraints, residual, constraints.jacobian, covariance * np.outer(wide, wide))

    @cached_property
    def root(self) -> Floats:
        """Lower Cholesky factor of the covariance."""
        return np.asarray(np.linalg.cholesky(self.covariance), dtype=np.float64)

    @cached_property
    def scores(self) -> Floats:
        """Whitened residuals by moment, with what stands all the time taken out; zero where one lacks."""
        known = np.isfinite(self.residual).any(axis=1)
        usual = np.zeros(len(self.residual))
        usual[known] = np.nanmedian(self.residual[known], axis=1)
        apart = np.nan_to_num(self.residual - usual[:, None])
        scored: Floats = solve_triangular(self.root, apart, lower=True)
        return scored

    def contrast(self, first: int, stop: int) -> Contrast:
        """Residuals of columns ``first`` to ``stop`` (not included) against those around."""
        inside = self.residual[:, first:stop]
        around = self._around(first, stop)
        count_in, count_out = (np.isfinite(part).sum(axis=1) for part in (inside, around))
        kept = np.asarray(count_in > 0)
        if around.shape[1]:
            kept &= count_out > 0
        mean = np.zeros(len(kept))
        mean[kept] = np.nanmean(inside[kept], axis=1)
        scale = np.zeros(len(kept))
        scale[kept] = 1 / count_in[kept]
        if around.shape[1]:
            mean[kept] -= np.nanmean(around[kept], axis=1)
            scale[kept] += 1 / count_out[kept]
        scale = np.sqrt(scale[kept])
        root = np.linalg.cholesky(self.covariance[np.ix_(kept, kept)] * np.outer(scale, scale))
        both = np.column_stack([mean[kept], self.jacobian[kept] * self.frame.noise])
        white = solve_triangular(root, both, lower=True)
        return Contrast(white[:, 0], white[:, 1:])

    def _around(self, first: int, stop: int) -> Floats:
        reach = self.frame.columns(_AROUND_MIN)
        before = self.residual[:, max(0, first - _GUARD - reach) : max(0, first - _GUARD)]
        after = self.residual[:, stop + _GUARD : stop + _GUARD + reach]
        return np.concatenate([before, after], axis=1)

    def errors(self, rows: tuple[int, ...]) -> tuple[Floats, Floats]:
        """Errors that sensors would have to have, were they the only ones, by moment; and their standard errors.

        In the sensors' own units; where they cannot be told apart, the smallest that explain the residuals.
        """
        columns = solve_triangular(self.root, self.jacobian[:, rows] * self.frame.noise[list(rows)], lower=True)
        inverse = np.linalg.pinv(columns.T @ columns, rcond=1e-6, hermitian=True)
        noise = self.frame.noise[list(rows)]
        error = inverse @ (columns.T @ self.scores) * noise[:, None]
        lacking = ~np.isfinite(self.frame.value[list(rows)])
        return np.where(lacking, np.nan, error), np.sqrt(np.maximum(np.diag(inverse), 1e-12)) * noise


def _lacking(constraints: Constraints, frame: Frame) -> Bools:
    """Equation by moment: where a reading that enters it lacks."""
    enters = constraints.jacobian != 0
    lacking: Bools = (enters.astype(np.int64) @ (~np.isfinite(frame.value)).astype(np.int64)) > 0
    return lacking


def _bridged(value: Floats) -> Floats:
    """Gaps closed by straight lines, so that the equations can be linearised; empty rows by zero."""
    closed = value.copy()
    moments = np.arange(value.shape[1])
    for row in np.flatnonzero(~np.isfinite(value).all(axis=1)):
        known = np.isfinite(value[row])
        closed[row] = np.interp(moments, moments[known], value[row, known]) if known.any() else 0.0
    return closed
