"""Which readings of a series carry a value that may enter a statistic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.telemetry.series import QUALITIES, Series
from tools.vocabulary import ReadingQuality

_BAD, _MISSING = (QUALITIES.index(quality) for quality in (ReadingQuality.BAD, ReadingQuality.MISSING))
_GOOD = QUALITIES.index(ReadingQuality.GOOD)


def code(quality: ReadingQuality) -> int:
    """The stored code of a quality."""
    return QUALITIES.index(quality)


def present(series: Series) -> NDArray[np.bool_]:
    """Readings that carry a value at all."""
    there: NDArray[np.bool_] = np.isfinite(series.value) & (series.quality != _MISSING)
    return there


def usable(series: Series) -> NDArray[np.bool_]:
    """Readings that a statistic may use: with a value, and not marked as bad by their source."""
    fit: NDArray[np.bool_] = present(series) & (series.quality != _BAD)
    return fit


def good(series: Series) -> NDArray[np.bool_]:
    """Readings with a value that their source calls good."""
    fine: NDArray[np.bool_] = np.isfinite(series.value) & (series.quality == _GOOD)
    return fine
