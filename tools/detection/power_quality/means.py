"""Means over aligned times, as IEC 61000-4-30 aggregates: the root of the mean square, ten minutes on the clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.telemetry.moments import SECOND_US

Floats = NDArray[np.float64]
Moments = NDArray[np.int64]

_PRESENT = 0.5
"""Share of the readings due that a mean needs."""


@dataclass(frozen=True, eq=False)
class Means:
    """Means of consecutive times.

    Attributes:
        slot: Number of each time since 1970, times ``mean_s``.
        value: The mean.
        missing: Times between the first and the last without enough readings.
    """

    slot: Moments
    value: Floats
    missing: int


def aggregate(at_us: Moments, value: Floats, mean_s: float, period_s: float, *, square: bool) -> Means:
    """Means over times of ``mean_s`` on the clock.

    Args:
        at_us: Ascending times.
        value: At these times.
        mean_s: Length of each time.
        period_s: Usual time between readings.
        square: Whether the mean is that of squares, as of a voltage.
    """
    if not len(at_us):
        return Means(np.zeros(0, dtype=np.int64), np.zeros(0), 0)
    slot = at_us // round(mean_s * SECOND_US)
    begins = np.flatnonzero(np.diff(slot, prepend=slot[0] - 1))
    counts = np.diff(begins, append=len(slot))
    sums = np.add.reduceat(value**2 if square else value, begins)
    mean = np.sqrt(sums / counts) if square else sums / counts
    due = max(1.0, mean_s / period_s)
    enough = counts >= _PRESENT * due
    there = slot[begins]
    missing = int(there[-1] - there[0] + 1 - enough.sum())
    return Means(there[enough], np.asarray(mean[enough], dtype=np.float64), missing)
