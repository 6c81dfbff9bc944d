"""Residuals of all physical equations over a time, whitened by the noise of the sensors in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from tools.detection.constraints import Constraints, build_constraints
from tools.detection.diagnosis import Diagnosis
from tools.detection.frame import Bools, Floats, Frame
from tools.detection.open_branches import open_times

_AROUND_MIN = 120.0
"""Readings so long before and after a time say what the residuals are without it."""
_GUARD = 2
_MOSTLY = 0.8
_PATTERNS = 40
_OPEN_GUARD = 3
"""Columns beside an opening in which readings of both ends may not be of one moment."""
_ALWAYS = 0.9
_WRONG_MODEL = 0.5
"""Standard errors by which an equation must be off all the time, or it holds."""
_SLOPES = 0.02
"""Variance that each equation has of its own, as a share: slopes by a tenth off make a hundredth."""
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
class Pattern:
    """Moments at which the same equations apply.

    Attributes:
        root: Lower Cholesky factor of their covariance.
    """

    equations: NDArray[np.intp]
    moments: NDArray[np.intp]
    root: Floats


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
        residual = np.where(_void(constraints, frame) | _lacking(constraints, frame), np.nan, constraints.residual)
        scaled = constraints.jacobian * frame.noise
        covariance = scaled @ scaled.T
        # Slopes move with the load: what all but cancels at the usual one does not at another.
        covariance[np.diag_indices_from(covariance)] *= 1 + _SLOPES
        square = residual**2 / np.diag(covariance)[:, None]
        known = np.isfinite(square).any(axis=1)
        shown = np.ones(len(square))
        shown[known] = np.nanmedian(square[known], axis=1) / _MEDIAN_SQUARE
        # Of a grid whose model does not fit everywhere, every equation counts by what it shows.
        wide = np.sqrt(np.maximum(1.0, shown))
        return cls(frame, constraints, residual, constraints.jacobian, covariance * np.outer(wide, wide))

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """Moments by which equations apply at them, the most frequent first; rare ones beyond some are left out."""
        lacking = ~np.isfinite(self.residual)
        kinds, where, counts = np.unique(lacking, axis=1, return_inverse=True, return_counts=True)
        where = where.ravel()
        found = []
        for number in np.argsort(-counts, kind="stable")[:_PATTERNS].tolist():
            kept = np.flatnonzero(~kinds[:, number])
            if len(kept):
                root: Floats = np.linalg.cholesky(self.covariance[np.ix_(kept, kept)]).astype(np.float64)
                found.append(Pattern(kept, np.flatnonzero(where == number), root))
        return tuple(found)

    @cached_property
    def apart(self) -> Floats:
        """Residuals with what stands all the time taken out; zero where one lacks."""
        known = np.isfinite(self.residual).any(axis=1)
        usual = np.zeros(len(self.residual))
        usual[known] = np.nanmedian(self.residual[known], axis=1)
        # A fault of an hour or two moves the median of a day as well, though not by as much as a wrong model does.
        usual[np.abs(usual) < _WRONG_MODEL * np.sqrt(np.diag(self.covariance))] = 0.0
        without: Floats = np.nan_to_num(self.residual - usual[:, None])
        return without

    @cached_property
    def scores(self) -> Floats:
        """Whitened residuals by moment; zero where an equation does not apply."""
        scored = np.zeros(self.residual.shape)
        for one in self.patterns:
            part = self.apart[np.ix_(one.equations, one.moments)]
            scored[np.ix_(one.equations, one.moments)] = solve_triangular(one.root, part, lower=True)
        return scored

    def contrast(self, first: int, stop: int) -> Contrast:
        """Residuals of columns ``first`` to ``stop`` (not included) against those around."""
        inside = self.residual[:, first:stop]
        around = self._around(first, stop)
        count_in, count_out = (np.isfinite(part).sum(axis=1) for part in (inside, around))
        # Means over different moments correlate less than their equations do: those that lack too many tell nothing.
        kept = np.asarray(count_in >= _MOSTLY * max(1, inside.shape[1]))
        if around.shape[1]:
            kept &= count_out >= _MOSTLY * around.shape[1]
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
        noise = self.frame.noise[list(rows)]
        error = np.full((len(rows), self.residual.shape[1]), np.nan)
        sigma = np.full(error.shape, np.inf)
        for one in self.patterns:
            jacobian = self.jacobian[one.equations][:, rows] * noise
            columns = solve_triangular(one.root, jacobian, lower=True)
            held = np.flatnonzero((columns**2).sum(axis=0) > 0)
            if not len(held):
                continue
            inverse = np.linalg.pinv(columns[:, held].T @ columns[:, held], rcond=1e-6, hermitian=True)
            place = np.ix_(held, one.moments)
            error[place] = inverse @ (columns[:, held].T @ self.scores[np.ix_(one.equations, one.moments)])
            sigma[place] = np.sqrt(np.maximum(np.diag(inverse), 1e-12))[:, None]
        lacking = ~np.isfinite(self.frame.value[list(rows)])
        return np.where(lacking, np.nan, error * noise[:, None]), sigma * noise[:, None]


def _void(constraints: Constraints, frame: Frame) -> Bools:
    """Equation by moment: where a branch is open; one that merely carries little obeys its equations."""
    opened = {
        str(frame.sensors[one.row].element): np.zeros(frame.value.shape[1], dtype=bool) for one in open_times(frame)
    }
    for one in open_times(frame):
        flags = opened[str(frame.sensors[one.row].element)]
        flags[max(0, one.first - _OPEN_GUARD) : one.stop + _OPEN_GUARD] = True
    void = np.zeros_like(constraints.void)
    for number in np.flatnonzero(constraints.void.any(axis=1)):
        if constraints.void[number].mean() > _ALWAYS:
            void[number] = True
        elif constraints.label[number][1] in opened:
            void[number] = opened[constraints.label[number][1]]
    return void


def _lacking(constraints: Constraints, frame: Frame) -> Bools:
    """Equation by moment: where a reading that enters it lacks."""
    missing = ~np.isfinite(frame.value)
    lacking = np.zeros(constraints.residual.shape, dtype=bool)
    for row in np.flatnonzero(missing.any(axis=1)):
        lacking |= (constraints.jacobian[:, row] != 0)[:, None] & missing[row]
    return lacking


def _bridged(value: Floats) -> Floats:
    """Gaps closed by straight lines, so that the equations can be linearised; empty rows by zero."""
    closed = value.copy()
    moments = np.arange(value.shape[1])
    for row in np.flatnonzero(~np.isfinite(value).all(axis=1)):
        known = np.isfinite(value[row])
        closed[row] = np.interp(moments, moments[known], value[row, known]) if known.any() else 0.0
    return closed
