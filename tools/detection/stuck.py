"""Runs in which a sensor repeats itself though its own noise, or what it measures, should move it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from tools.detection.frame import Bools, Floats
from tools.telemetry.series import Series
from tools.telemetry.trust import usable

_TOLERANCE = 0.2
"""Range of a run, in standard errors, that still counts as no movement."""
_LEAST = 15
_CHANCE = 1e-9
"""Chance of a run by mere luck at one reading: a thousand sensors for a week make one in a hundred such weeks."""
_EXACT = 0.8
_BY_NATURE = 0.9


def living(series: Series) -> Bools:
    """Usable readings that are no part of a run in which the sensor repeats one value other than zero.

    What is switched off truly reads zero, again and again.
    """
    keep = usable(series)
    for run in stuck_runs(series):
        if run.exact and run.value != 0:
            keep &= (series.at_us < run.start_us) | (series.at_us > run.end_us)
    return keep


@dataclass(frozen=True)
class StuckRun:
    """Readings that repeat.

    Attributes:
        start_us, end_us: First and last reading of the run.
        readings: How many.
        value: What is repeated, in the sensor's unit.
        exact: Whether most readings are equal to the last digit; else they only move far less than noise would.
        lasting: Whether the run goes on to the last reading there is.
    """

    start_us: int
    end_us: int
    readings: int
    value: float
    exact: bool
    lasting: bool


def stuck_runs(series: Series) -> tuple[StuckRun, ...]:
    """Runs of one sensor; none when it has too few readings to say what is usual."""
    keep = usable(series)
    at_us, value = series.at_us[keep], series.value[keep]
    if len(value) < 2 * _LEAST:
        return ()
    noise = series.sensor.noise
    length = _needed(value, noise)
    if length is None or len(value) < length:
        return ()
    windows = np.lib.stride_tricks.sliding_window_view(value, length)
    still = np.flatnonzero(np.ptp(windows, axis=1) <= (_TOLERANCE * noise if noise else 0.0))
    if not len(still):
        return ()
    breaks = np.flatnonzero(np.diff(still) > 1)
    firsts = still[np.concatenate([[0], breaks + 1])]
    lasts = still[np.concatenate([breaks, [len(still) - 1]])] + length - 1
    return tuple(_run(at_us, value, int(first), int(last)) for first, last in zip(firsts, lasts, strict=True))


def _needed(value: Floats, noise: float | None) -> int | None:
    """Length of a run that luck does not explain; None when this sensor repeats itself by nature."""
    step = np.abs(np.diff(value))
    moving = step[step > 0]
    if noise:
        # Rounding makes equal readings likelier: the chance that one more falls into the same narrow bin.
        resolution = float(moving.min()) if len(moving) else 0.0
        chance = min(0.95, (resolution + _TOLERANCE * noise) / (noise * sqrt(2 * pi)))
    else:
        longest = _longest_repeat(step == 0)
        outside = len(step) - longest
        repeats = (int((step == 0).sum()) - longest) / outside if outside > _LEAST else 1.0
        if repeats > _BY_NATURE:
            return None
        chance = max(0.3, repeats)
    return max(_LEAST, ceil(log(_CHANCE) / log(chance)))


def _longest_repeat(equal: Bools) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], equal.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _run(at_us: NDArray[np.int64], value: Floats, first: int, last: int) -> StuckRun:
    repeated = float(np.median(value[first : last + 1]))
    exact = float((value[first : last + 1] == repeated).mean()) >= _EXACT
    if exact:
        # Windows at the edges may have taken in a neighbour that merely lies near.
        equal = np.flatnonzero(value[first : last + 1] == repeated)
        first, last = first + int(equal[0]), first + int(equal[-1])
    return StuckRun(
        start_us=int(at_us[first]),
        end_us=int(at_us[last]),
        readings=last - first + 1,
        value=repeated,
        exact=exact,
        lasting=last == len(value) - 1,
    )
