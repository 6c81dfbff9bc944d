"""Heat that load and ambient do not explain: when it begins and when it ends.

The oil is slow, so its temperature leaves the expected one long after the cause. The residual of its differential
equation, deviation plus time constant times its slope, follows the cause at once: it is the extra rise that the
transformer is heading for. Where it stays above what noise and model allow, there is an excess; the very minute is
where the course of the deviation has its bend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.assets.signals import runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

MODEL_KELVIN = 3.0
"""What the model of the standard may miss of a healthy transformer's top oil."""

_NOISES = 6.0
_LOW_SHARE = 0.5
_BLOCK_MIN = 10
_SMOOTH_BLOCKS = 3
_JOINED_MIN = 60
_LEAST_MIN = 30
_BEND_MIN = 75
_SETTLED_MIN = 20


@dataclass(frozen=True)
class Excess:
    """One time of unexplained heat, in steps of the clock.

    Attributes:
        begin: First step.
        end: Last step; None while it lasts.
        worst: Step of the largest deviation.
        from_begin: It was there before the span, so that its begin is not known.
        earliest: Where the begin cannot be told from earlier ones, the earliest that it may be.
    """

    begin: int
    end: int | None
    worst: int
    from_begin: bool
    earliest: int | None = None


def find_excesses(deviation: Values, lag_min: float, step_min: int, noise: float) -> list[Excess]:
    """Times at which the oil runs hotter than explained.

    Args:
        deviation: Measured minus expected top oil, kelvin; NaN where unknown.
        lag_min: Time constant of the top oil, minutes.
        step_min: Minutes between values.
        noise: Standard error of one value, kelvin.
    """
    length = max(round(_BLOCK_MIN / step_min), 1)
    blocks = block_means(deviation - min(float(np.nanmedian(deviation)), 0.0), length)
    drive, drive_noise = _drive(blocks, length * step_min / lag_min, noise / np.sqrt(length))
    high = max(MODEL_KELVIN, _NOISES * drive_noise)
    found = []
    for first, last in _stretches(drive, high, length * step_min):
        # a block's drive is that of the blocks around it
        excess = _bounded(deviation, (first * length, min((last + 1) * length, len(deviation))), step_min, high)
        if excess is not None:
            found.append(excess)
    return found


def block_means(values: Values, length: int) -> Values:
    """Means over blocks of so many values; NaN where nothing is known."""
    whole = values[: len(values) // length * length].reshape(-1, length)
    known = np.isfinite(whole)
    number = known.sum(axis=1)
    mean = np.full(len(whole), np.nan)
    np.divide(np.where(known, whole, 0.0).sum(axis=1), number, out=mean, where=number > 0)
    return mean


def _drive(blocks: Values, steps: float, noise: float) -> tuple[Values, float]:
    """Residual of the differential equation over some blocks, kelvin, centred; and its standard error."""
    keep = float(np.exp(-steps * _SMOOTH_BLOCKS))
    drive = np.full(len(blocks), np.nan)
    ahead = (blocks[_SMOOTH_BLOCKS:] - keep * blocks[:-_SMOOTH_BLOCKS]) / (1 - keep)
    half = _SMOOTH_BLOCKS // 2
    drive[half : half + len(ahead)] = ahead
    if len(ahead):
        drive[:half], drive[half + len(ahead) :] = ahead[0], ahead[-1]
    return drive, noise * float(np.sqrt(1 + keep**2)) / (1 - keep)


def _stretches(drive: Values, high: float, block_min: float) -> list[tuple[int, int]]:
    """Stretches of blocks above the low threshold that reach the high one; short breaks are bridged."""
    joined: list[tuple[int, int]] = []
    for begin, end in runs(drive > _LOW_SHARE * high):
        if joined and (begin - joined[-1][1]) * block_min <= _JOINED_MIN:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return [(begin, end) for begin, end in joined if np.nanmax(drive[begin:end]) >= high]


def _bounded(deviation: Values, rough: tuple[int, int], step_min: int, high: float) -> Excess | None:
    """The excess with its bends; None when the deviation itself stays within what the model may miss."""
    begin, end = rough
    # the oil is hottest around the end of the cause
    until = min(end + round(_SETTLED_MIN / step_min), len(deviation))
    smooth = _running_median(deviation[begin:until], max(round(_BLOCK_MIN / step_min), 1))
    if not np.isfinite(smooth).any() or np.nanmax(smooth) < min(high, MODEL_KELVIN):
        return None
    if (end - begin) * step_min < _LEAST_MIN:
        return None
    margin = round(_BEND_MIN / step_min)
    from_begin = begin * step_min < _LEAST_MIN
    lasts = (len(deviation) - end) * step_min < _LEAST_MIN
    first = begin if from_begin else _bend(deviation, begin, margin, upwards=True)
    last = None if lasts else max(_bend(deviation, end, margin, upwards=False) - 1, first)
    return Excess(0 if from_begin else first, last, begin + int(np.nanargmax(smooth)), from_begin)


def _bend(deviation: Values, around: int, margin: int, *, upwards: bool) -> int:
    """Step at which two smooth courses meet with the sharpest change of slope, least squares over all steps."""
    low, high = max(around - margin, 0), min(around + margin, len(deviation))
    values = deviation[low:high]
    place = (np.arange(len(values)) - len(values) / 2) / max(margin, 1)
    known = np.isfinite(values)
    best, found = np.inf, around
    for candidate in range(len(values) // 6, len(values) - len(values) // 6):
        after = np.maximum(place - place[candidate], 0.0)
        before = np.minimum(place - place[candidate], 0.0)
        # a healthy course is near a straight line; an unhealthy one, or one that cools down, is curved
        columns = [np.ones_like(place), after, after**2, before] if upwards else [np.ones_like(place), after, before]
        columns += [] if upwards else [after**2, before**2]
        design = np.stack(columns, axis=1)[known]
        weights, rest, _, _ = np.linalg.lstsq(design, values[known], rcond=None)
        change = weights[1] - weights[3 if upwards else 2]
        if len(rest) and rest[0] < best and (change > 0) == upwards:
            best, found = float(rest[0]), low + candidate
    return found


def _running_median(values: Values, length: int) -> Values:
    """Median over neighbours, so that one wild reading is no deviation."""
    padded = np.concatenate([np.full(length // 2, np.nan), values, np.full(length - 1 - length // 2, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, length)
    known = np.isfinite(windows).any(axis=1)
    found = np.full(len(values), np.nan)
    found[known] = np.nanmedian(windows[known], axis=1)
    return found
