"""Chi-square test, and the largest normalised residual, taken out one after the other.

The residual of a measurement has the variance ``sigma^2 (1 - K)`` with ``K`` its share in its own estimate; divided by
its root it is standard normal (Handschin, Schweppe, Kohlas and Fiechter, IEEE Trans. PAS-94, 1975; Abur and Exposito,
chapter 5). Where ``K`` is one, the measurement is critical: its residual is zero whatever it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtri, ndtri

from tools.grid.estimation.wls import Fit, Problem, fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

CRITICAL_SHARE = 1e-4
"""A measurement whose residual keeps less of its variance is critical: an error of 400 sigma would not be seen."""
CRITICAL_SHARE_PARTLY = 1e-2
"""The same where states are not determined: what holds them there, and rounding, leave that much to others."""
MOST_REJECTED_SHARE = 0.1
"""Share of the measurements beyond which taking out is given up: then the model or the noise is wrong."""
ALIKE = 0.99
"""Correlation of two residuals from which on nobody can tell which of the two measurements is wrong."""


def chi_square_limit(confidence_percent: float, degrees_of_freedom: int) -> float:
    """Value that the sum of squares stays below with this confidence when only noise is in the measurements.

    >>> round(chi_square_limit(95.0, 10), 3)
    18.307
    """
    return float(chdtri(degrees_of_freedom, 1.0 - confidence_percent / 100.0))


def residual_limit(confidence_percent: float, checked: int) -> float:
    """Limit that the largest of so many normalised residuals stays below with at least this confidence.

    By Sidak's inequality for correlated normals (J. American Statistical Association 62, 1967).

    >>> round(residual_limit(99.0, 1), 3), round(residual_limit(99.0, 300), 2)
    (2.576, 4.15)
    """
    one = (confidence_percent / 100.0) ** (1.0 / max(checked, 1))
    return float(ndtri((1.0 + one) / 2.0))


@dataclass(frozen=True, eq=False)
class Judged:
    """What the residuals of a fit say.

    Attributes:
        variance: Of the estimated value of each measurement.
        kept: Share of its variance that each residual keeps, ``1 - K``; 1 for measurements that do not count.
        normalised: Normalised residual, with the sign of measured less estimated; NaN of critical measurements and
            of those that do not count.
        critical: Measurements that count, and whose error cannot be seen.
        objective: Sum of squares of the weighted residuals, J.
        degrees_of_freedom: Measurements less the states that they determine.
    """

    variance: Floats
    kept: Floats
    normalised: Floats
    critical: Bools
    objective: float
    degrees_of_freedom: int


def judge(problem: Problem, found: Fit, variance: Floats | None = None) -> Judged:
    """Test a fit; ``variance`` of the estimated values where it is known already."""
    active = found.active
    sigma = np.where(active, problem.sigma, 1.0)
    if variance is None:
        variance = problem.equations.spread(found.slopes, found.gain.covariance)
    kept = np.where(active, 1.0 - variance / sigma**2, 1.0)
    critical = active & (kept < (CRITICAL_SHARE_PARTLY if found.ridge else CRITICAL_SHARE))
    tested = active & ~critical
    scaled = np.where(active, np.where(active, found.residual, 0.0) / sigma, 0.0)
    normalised = np.where(tested, scaled / np.sqrt(np.where(tested, kept, 1.0)), np.nan)
    degrees = max(round(float(kept[active].sum())), 0)
    return Judged(variance, kept, normalised, critical, float((scaled**2).sum()), degrees)


@dataclass(frozen=True)
class Rejection:
    """A measurement that was taken out.

    Attributes:
        number: Of the measurement.
        normalised: Its normalised residual at that moment.
        alike: Measurements of which the wrong one may as well be.
    """

    number: int
    normalised: float
    alike: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Cleaned:
    """A fit without the measurements that were rejected, in the order of their rejection."""

    fit: Fit
    judged: Judged
    rejections: tuple[Rejection, ...]
    exhausted: bool


def clean(problem: Problem, found: Fit, limit: float, **solving: object) -> Cleaned:
    """Take out what contradicts the rest, then put back what turns out to fit.

    Args:
        problem: Measurements.
        found: Their fit; its gain matrix is changed.
        limit: Largest normalised residual that is taken for noise.
        solving: ``ridge`` and ``free`` of ``fit``.
    """
    rejections: list[Rejection] = []
    judged = judge(problem, found)
    most = max(1, int(MOST_REJECTED_SHARE * found.active.sum()))
    while True:
        size = np.nan_to_num(np.abs(judged.normalised))
        worst = int(size.argmax()) if len(size) else 0
        if not len(size) or size[worst] <= limit:
            break
        if len(rejections) >= most:
            return Cleaned(found, judged, tuple(rejections), exhausted=True)
        joint = _joint(problem, found, worst)
        rejections.append(Rejection(worst, float(judged.normalised[worst]), _alike(problem, judged, worst, joint)))
        # what the measurement told of the others is lost with it
        own = float(problem.sigma[worst]) ** 2 * float(judged.kept[worst])
        gain, variance = found.gain, judged.variance + joint**2 / own
        found = _with(problem, found, worst, counts=False, solving=solving)
        judged = judge(problem, found, variance if found.gain is gain else None)
    return _put_back(problem, Cleaned(found, judged, tuple(rejections), exhausted=False), limit, solving)


def _row(problem: Problem, found: Fit, number: int) -> Floats:
    """Derivatives of one measurement."""
    equations = problem.equations
    first, stop = equations.indptr[number], equations.indptr[number + 1]
    row = np.zeros(equations.place.count)
    row[equations.col[first:stop]] = found.slopes[first:stop]
    return row


def _with(problem: Problem, found: Fit, number: int, *, counts: bool, solving: dict[str, object]) -> Fit:
    """The fit after one measurement was taken out or put back."""
    weight = 1.0 / float(problem.sigma[number]) ** 2
    found.gain.reweigh(_row(problem, found, number), weight if counts else -weight)
    active = found.active.copy()
    active[number] = counts
    return fit(problem, found.state, active, held=found.gain, **solving)  # type: ignore[arg-type]


def _joint(problem: Problem, found: Fit, number: int) -> Floats:
    """Covariance of the estimated value of one measurement with those of all."""
    equations = problem.equations
    reach = found.gain.covariance @ _row(problem, found, number)
    return equations.along(found.slopes, reach)


def _alike(problem: Problem, judged: Judged, number: int, joint: Floats) -> tuple[int, ...]:
    """Measurements whose residual moves with that of another one, whichever of the two is wrong."""
    tested = np.isfinite(judged.normalised)
    tested[number] = False
    own = np.where(tested, problem.sigma**2 * judged.kept, 1.0) * problem.sigma[number] ** 2 * judged.kept[number]
    return tuple(np.flatnonzero(tested & (np.abs(joint) > ALIKE * np.sqrt(own))).tolist())


def expected_error(problem: Problem, found: Fit, number: int) -> tuple[float, float]:
    """What a measurement that does not count says too much, and the standard error of that difference."""
    row = _row(problem, found, number)
    variance = float(row @ found.gain.covariance @ row) + float(problem.sigma[number]) ** 2
    return float(found.residual[number]), variance**0.5


def _put_back(problem: Problem, cleaned: Cleaned, limit: float, solving: dict[str, object]) -> Cleaned:
    """A measurement that was taken out for another's error fits once that other one is out."""
    found, left = cleaned.fit, list(cleaned.rejections)
    while left:
        errors = [expected_error(problem, found, item.number) for item in left]
        sizes = [abs(error) / sigma for error, sigma in errors]
        best = int(np.argmin(sizes))
        if sizes[best] > limit:
            break
        found = _with(problem, found, left.pop(best).number, counts=True, solving=solving)
    if len(left) == len(cleaned.rejections):
        return cleaned
    return Cleaned(found, judge(problem, found), tuple(left), exhausted=False)
