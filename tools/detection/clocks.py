"""Clocks that are wrong: a sensor whose course follows that of the others by a fixed time, or stamps ahead of arrival.

The lag is that at which the sensor's course fits best what the others imply; it is told where the shift explains the
misfit and no other shift does nearly as well. Both courses are compared without their mean, so that a bias is no lag.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tools.detection.frame import Floats
from tools.detection.smoothing import running_mean

LONGEST_MIN = 60.0
_SMOOTHED = 11
_NOISES = 6.0
_LATE = 5.0
_EXPLAINED = 2.0
"""Mean square of what is left, in the noise's: a shift that leaves more is not the whole story."""
_LEAST_COLUMNS = 120
_SHARE_KNOWN = 0.9


@dataclass(frozen=True)
class Lag:
    """A course that comes late (or early).

    Attributes:
        columns: By how many; above zero when the sensor is late.
        gain: How much smaller the squared misfit is with it than with a drift or a step, in squared standard errors.
    """

    columns: int
    gain: float


def find_lags(value: Floats, expected: Floats, sigma: Floats, rows: Iterable[int], most: int) -> dict[int, Lag]:
    """The lags among sensors, by row.

    Args:
        value: Readings, sensor by column; NaN where there is none.
        expected: What the others imply.
        sigma: Standard error of the difference.
        rows: Sensors that the others imply.
        most: Largest lag that is looked for, columns.
    """
    found = {}
    for row in rows:
        if _late(value[row], expected[row], sigma[row]):
            lag = find_lag(value[row], expected[row], sigma[row], most)
            if lag is not None:
                found[int(row)] = lag
    return found


def _late(said: Floats, expected: Floats, sigma: Floats) -> bool:
    """Whether the misfit goes with the slope of what is expected, as for whoever is late: a cheap first look."""
    known = np.isfinite(said) & np.isfinite(expected) & np.isfinite(sigma)
    if known.sum() < _LEAST_COLUMNS:
        return False
    slope = np.gradient(running_mean(expected[known], _SMOOTHED))
    rest = (said - expected)[known] / sigma[known]
    rest -= rest.mean()
    scaled = slope / sigma[known]
    length = float(np.sqrt((scaled**2).sum()))
    return length > 0 and abs(float((rest * scaled).sum())) / length > _LATE


def find_lag(said: Floats, expected: Floats, sigma: Floats, most: int) -> Lag | None:
    """The lag of a sensor behind what the others imply; None when there is none, or it cannot be seen.

    Args:
        said: Readings by column; NaN where there is none.
        expected: What the others imply at the same columns.
        sigma: Standard error of the difference.
        most: Largest lag that is looked for, columns.
    """
    most = min(most, len(said) // 4)
    known = np.isfinite(said) & np.isfinite(sigma) & np.isfinite(expected)
    if most < 1 or known.sum() < max(_LEAST_COLUMNS, _SHARE_KNOWN * len(said)):
        return None
    moments = np.arange(len(said))
    course = running_mean(np.interp(moments, moments[known], expected[known]), _SMOOTHED)
    judged = moments[known][(moments[known] >= most) & (moments[known] < len(said) - most)]
    misfit = {
        shift: _misfit((said[judged] - course[judged - shift]) / sigma[judged]) for shift in range(-most, most + 1)
    }
    best = min(misfit, key=lambda shift: misfit[shift])
    # A drift leans as well, and a step may: the lag must fit better than a line or a box through the misfit does.
    rest = (said[judged] - course[judged]) / sigma[judged]
    rival = min(_misfit(rest - np.polyval(np.polyfit(judged, rest, 1), judged)), _misfit_of_box(rest))
    gain = rival - misfit[best]
    # What noise alone makes of the difference of two misfits: twice the noise times that of the smoothed course.
    chance = 2.0 * float(np.sqrt(2.0 * len(judged) / _SMOOTHED))
    if abs(best) in {0, most} or gain < _NOISES * chance or misfit[best] > _EXPLAINED * len(judged):
        return None
    return Lag(best, gain)


def _misfit(scaled: Floats) -> float:
    return float(((scaled - scaled.mean()) ** 2).sum())


def _misfit_of_box(scaled: Floats) -> float:
    """What a level that is another for a time leaves, with the best begin and end."""
    centred = scaled - scaled.mean()
    sums = np.concatenate([[0.0], np.cumsum(centred)])
    count = len(scaled)
    length = np.arange(1, count)
    highest = [float(np.abs(sums[part:] - sums[:-part]).max()) for part in length]
    explained = float((np.array(highest) ** 2 * count / (length * (count - length))).max())
    return float((centred**2).sum()) - explained
