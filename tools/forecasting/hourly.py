"""Hourly means of readings, hour by hour without a break."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tools.detection.stuck import living

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.telemetry.series import Series

HOUR_US = 3_600_000_000
_BRIDGED_H = 3
_WHOLE = 0.5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def hour_number(moment: datetime) -> int:
    """Whole hours since 1970 UTC, rounded up."""
    return -((_EPOCH - moment) // timedelta(hours=1))


def moment_of(hour: int) -> datetime:
    """Begin of an hour by its number."""
    return _EPOCH + timedelta(hours=hour)


def hourly_mean(series: Series, first: int, count: int) -> NDArray[np.float64]:
    """Means of ``count`` hours from hour ``first`` on, NaN where an hour has no usable reading.

    A last hour that is not half over is left out: its few readings are no mean of an hour.
    """
    good = living(series)
    at_us, value = series.at_us[good], series.value[good]
    hour = at_us // HOUR_US - first
    inside = (hour >= 0) & (hour < count)
    hour, value, at_us = hour[inside], value[inside], at_us[inside]
    number = np.bincount(hour, minlength=count)
    total = np.bincount(hour, weights=value, minlength=count)
    mean = np.full(count, np.nan)
    np.divide(total, number, out=mean, where=number > 0)
    if len(at_us) and not _covers(at_us, int(hour[-1]) + first):
        mean[hour[-1]] = np.nan
    return mean


def period_us(series: Series) -> int:
    """Usual time between the newest readings, microseconds; one hour when there are too few to tell."""
    newest = series.at_us[-100:]
    return min(int(np.median(np.diff(newest))), HOUR_US) if len(newest) > 1 else HOUR_US


def bridged(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values with gaps of at most three hours filled in by straight lines; longer ones stay NaN."""
    known = np.flatnonzero(np.isfinite(values))
    filled = values.copy()
    for before, after in pairwise(known.tolist()):
        if 1 < after - before <= _BRIDGED_H + 1:
            filled[before : after + 1] = np.linspace(values[before], values[after], after - before + 1)
    return filled


def _covers(at_us: NDArray[np.int64], hour: int) -> bool:
    """Whether the readings reach beyond the middle of their last hour; one a whole period before counts for it."""
    spacing = int(np.median(np.diff(at_us[-100:]))) if len(at_us) > 1 else HOUR_US
    return bool(at_us[-1] + min(spacing, HOUR_US) - hour * HOUR_US >= _WHOLE * HOUR_US)
