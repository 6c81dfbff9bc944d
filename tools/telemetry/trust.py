"""Which readings of a series carry a value that may enter a statistic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.telemetry.series import QUALITIES, Series
from tools.vocabulary import ReadingQuality

_BAD, _MISSING = (QUALITIES.index(quality) for quality in (ReadingQuality.BAD, ReadingQuality.MISSING))
_GOOD = QUALITIES.index(ReadingQuality.GOOD)
_RANGE_SIGMA = 5.0


def code(quality: ReadingQuality) -> int:
    """The stored code of a quality."""
    return QUALITIES.index(quality)


def present(series: Series) -> NDArray[np.bool_]:
    """Readings that carry a value at all."""
    there: NDArray[np.bool_] = np.isfinite(series.value) & (series.quality != _MISSING)
    return there


def beyond_range(series: Series) -> NDArray[np.bool_]:
    """Readings outside the range that the sensor declares by more than its noise explains."""
    low, high = series.sensor.lowest, series.sensor.highest
    room = _RANGE_SIGMA * (series.sensor.noise or 0.0)
    outside = np.zeros(len(series), dtype=bool)
    if low is not None:
        outside |= series.value < low - room
    if high is not None:
        outside |= series.value > high + room
    return outside


def unmarked(series: Series) -> NDArray[np.bool_]:
    """Readings with a value that their source does not mark as bad, be it possible or not."""
    fit: NDArray[np.bool_] = present(series) & (series.quality != _BAD)
    return fit


def usable(series: Series) -> NDArray[np.bool_]:
    """Readings that a statistic may use: with a value, not marked as bad by their source, and within their range."""
    fit: NDArray[np.bool_] = unmarked(series) & ~beyond_range(series)
    return fit


def good(series: Series) -> NDArray[np.bool_]:
    """Readings with a value that their source calls good."""
    fine: NDArray[np.bool_] = np.isfinite(series.value) & (series.quality == _GOOD)
    return fine


def judged(series: Series) -> NDArray[np.int8]:
    """The quality of each reading by its source, its value and its range: the codes that tools go by.

    A reading without a value is missing, one beyond the sensor's range is bad, whatever its source says.
    """
    codes = series.quality.astype(np.int8, copy=True)
    codes[beyond_range(series)] = _BAD
    codes[~np.isfinite(series.value)] = _MISSING
    return codes
