"""Measurements of one transformer on one even clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.robust import MAD_TO_SIGMA
from tools.telemetry.trust import usable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.telemetry.series import Series

    Values = NDArray[np.float64]

MINUTE_US = 60_000_000
_SHORT_DAYS = 4
_LONG_STEP_MIN = 5
_BRIDGED_MIN = 30
_BRIDGED_PERIODS = 3


@dataclass(frozen=True)
class Clock:
    """Even steps over a span.

    Attributes:
        start_us: First step, microseconds since 1970 UTC.
        step_min: Minutes between steps; one, or five over long spans.
        count: Steps.
    """

    start_us: int
    step_min: int
    count: int

    @property
    def at_us(self) -> NDArray[np.int64]:
        """Times of all steps."""
        return self.start_us + np.arange(self.count) * (self.step_min * MINUTE_US)


def clock_of(start_us: int, end_us: int) -> Clock:
    """The clock of a span; ends included."""
    minutes = (end_us - start_us) // MINUTE_US
    step = 1 if minutes <= _SHORT_DAYS * 24 * 60 else _LONG_STEP_MIN
    return Clock(start_us, step, int(minutes // step) + 1)


def on_clock(series: Series, clock: Clock, factor: float = 1.0) -> Values:
    """Readings at the steps of the clock, straight lines between; NaN in gaps of more than half an hour.

    Gaps of a sensor that reports less often are measured by its own period.
    """
    good = usable(series)
    at_us, value = series.at_us[good], series.value[good]
    if not len(at_us):
        return np.full(clock.count, np.nan)
    wanted = clock.at_us
    found = np.interp(wanted, at_us, value)
    period = float(np.median(np.diff(at_us))) if len(at_us) > 1 else 0.0
    bridged = max(_BRIDGED_MIN * MINUTE_US, _BRIDGED_PERIODS * period)
    after = np.minimum(np.searchsorted(at_us, wanted), len(at_us) - 1)
    before = np.maximum(np.searchsorted(at_us, wanted, side="right") - 1, 0)
    far = (at_us[after] - at_us[before] > bridged) | (np.abs(wanted - at_us[after]) > bridged)
    far |= np.abs(wanted - at_us[before]) > bridged
    found[far] = np.nan
    return found * factor


def mean_on_clock(series: Sequence[Series], clock: Clock) -> Values | None:
    """Mean of several sensors of the same; None without any reading."""
    held = [on_clock(item, clock) for item in series if len(item)]
    if not held:
        return None
    stacked = np.stack(held)
    known = np.isfinite(stacked)
    number = known.sum(axis=0)
    mean = np.full(clock.count, np.nan)
    np.divide(np.where(known, stacked, 0.0).sum(axis=0), number, out=mean, where=number > 0)
    return mean


def spread(values: Values) -> float:
    """Standard error of a slow signal, from the differences of neighbours, robust against jumps."""
    steps = np.diff(values[np.isfinite(values)])
    return float(np.median(np.abs(steps)) * MAD_TO_SIGMA / np.sqrt(2)) if len(steps) else 0.0


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Begin and end (excluded) of every stretch of true values.

    >>> runs(np.array([False, True, True, False, True]))
    [(1, 3), (4, 5)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]
