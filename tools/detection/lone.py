"""Jumps and spikes in the course of a sensor that nothing else implies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from tools.detection.frame import Floats, Frame
from tools.detection.scan import FIRM
from tools.robust import MAD_TO_SIGMA

_SIDE_MIN = 15.0
_LEAST = 60
_MATERIAL_SIGMA = 5.0
_SPIKE_SIGMA = 8.0
_GAPPED = 3
_TRUST = 1.5
"""Thresholds are this much wider than theory: what these sensors measure has a course of its own."""


@dataclass(frozen=True)
class Jump:
    """A change of level at once, or a single reading far from its neighbours.

    Attributes:
        first, stop: Columns, the last not included; a jump lasts until the next one back, or to the end.
        lasting: Whether it goes on to the end.
        worst: Column of the value that is told.
        error: Value less what the course before (or around) leads to expect.
        strength: The same in standard errors.
        spike: Whether it is a single reading.
    """

    first: int
    stop: int
    lasting: bool
    worst: int
    error: float
    strength: float
    spike: bool


def find_jumps(frame: Frame, row: int, sensors: int) -> Iterator[Jump]:
    """Jumps and spikes of one sensor, by its own course.

    Args:
        frame: Readings.
        row: The sensor.
        sensors: How many are judged this way: together they must not raise a false alarm.
    """
    places = np.flatnonzero(np.isfinite(frame.value[row]))
    if len(places) < _LEAST:
        return
    value = frame.value[row, places]
    noise = float(frame.noise[row])
    limit = _TRUST * float(norm.isf(FIRM / 2 / max(1, sensors * frame.value.shape[1])))
    around = _spikes(value, noise)
    for place in np.flatnonzero(np.abs(around) > max(limit, _SPIKE_SIGMA)):
        at = int(places[place])
        yield Jump(
            at,
            at + 1,
            at == frame.value.shape[1] - 1,
            at,
            float(around[place]) * noise,
            abs(float(around[place])),
            spike=True,
        )
    calm = np.where(np.abs(around) > _SPIKE_SIGMA, value - around * noise, value)
    yield from _levels(frame, places, calm, noise, limit)


def _spikes(value: Floats, noise: float) -> Floats:
    """Each reading against the median of its four neighbours, in standard errors; a step stands on two of them."""
    padded = np.pad(value, 2, "edge")
    near = np.stack([padded[shift : shift + len(value)] for shift in (0, 1, 3, 4)])
    apart = value - np.median(near, axis=0)
    spread = max(noise, MAD_TO_SIGMA * float(np.median(np.abs(apart))))
    # Both neighbours on each side must agree among themselves, or this is the edge of a step.
    calm = np.ptp(near, axis=0) < 6 * spread
    scored: Floats = np.where(calm, apart / spread, 0.0)
    return scored


def _levels(
    frame: Frame, places: np.ndarray[tuple[int], np.dtype[np.intp]], value: Floats, noise: float, limit: float
) -> Iterator[Jump]:
    side = max(5, frame.columns(_SIDE_MIN))
    if len(value) < 4 * side:
        return
    jump = _jumps(value, side)
    # Two straight lines, each extrapolated half a step beyond its end: variance 4/n each, and what the course adds.
    spread = max(noise * np.sqrt(8.0 / side), MAD_TO_SIGMA * float(np.median(np.abs(jump - np.median(jump)))))
    score = np.abs(jump) / spread
    # Across a gap nobody knows how the course went on.
    score[places[2 * side - 1 :] - places[: len(jump)] > _GAPPED * side] = 0.0
    score[np.abs(jump) < _MATERIAL_SIGMA * noise] = 0.0
    found: list[tuple[int, float, float]] = []
    while score.max() > limit:
        best = int(score.argmax())
        found.append((best + side, float(jump[best]), float(score[best])))
        score[max(0, best - side) : best + side + 1] = 0.0
    found.sort()
    level = 0.0
    for number, (first, size, strength) in enumerate(found):
        returns = abs(level + size) < abs(level) / 2
        level += size
        if returns:
            level = 0.0
            continue
        stop = found[number + 1][0] if number + 1 < len(found) else len(value)
        yield Jump(
            first=int(places[first]),
            stop=int(places[stop - 1]) + 1,
            lasting=stop == len(value),
            worst=int(places[min(first + side // 2, stop - 1)]),
            error=size,
            strength=strength,
            spike=False,
        )


def _jumps(value: Floats, side: int) -> Floats:
    """Level of a straight line through the next readings, less that of one through the last, at each boundary."""
    moment = np.arange(side, dtype=float)
    design = np.column_stack([np.ones(side), moment])
    # Weights that give a fitted line's value half a step before its first reading.
    ahead = np.array([1.0, -0.5]) @ np.linalg.pinv(design)
    windows = np.lib.stride_tricks.sliding_window_view(value, side)
    after, before = windows[side:] @ ahead, windows[:-side] @ ahead[::-1]
    apart: Floats = after - before
    return apart
