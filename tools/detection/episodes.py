"""The course of one sensor's error in time: when it began and ended, and whether it came at once or crept in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import ruptures as rpt

from tools.detection.frame import Floats, Frame
from tools.detection.scan import MATERIAL
from tools.detection.smoothing import running_mean

_BRIDGED_MIN = 15.0
"""Two episodes that are no farther apart are one."""
_EDGE_MIN = 10.0
"""What an error reaches within this time of its begin, it reached at once."""
_AT_ONCE = 0.5
"""Share of its height that an error must jump by to have come at once."""
_CLEAR_EDGE = 4.0
"""Standard errors that half the height must have at an edge for the edge to be told."""
_LEANING = 0.3
"""Share of its height that an error whose begin is not seen must grow by to be a drift."""
_LOOKED_BACK_MIN = 240.0
"""A drift is looked for this long before it stands out."""
_PEAK_MIN = 15.0
_SPIKE_MIN = 5.0
_FEW = 4


class Course(StrEnum):
    """How an error comes."""

    SPIKE = "spike"  # over before it can mislead
    STEP = "step"
    DRIFT = "drift"


@dataclass(frozen=True)
class Episode:
    """One time in which a sensor was wrong.

    Attributes:
        first, stop: Columns, the last not included.
        lasting: Whether it goes on to the end of what was looked at.
        worst: Column of the farthest error.
        error: Error there, smoothed over a few moments, in the sensor's own unit.
        rate_per_h: Of a drift: its slope.
        strength: Standard errors of the whole run.
    """

    course: Course
    first: int
    stop: int
    lasting: bool
    worst: int
    error: float
    rate_per_h: float | None
    strength: float


def find_episodes(frame: Frame, row: int, error: Floats, sigma: Floats, limit: float) -> tuple[Episode, ...]:
    """Cut a sensor's error into episodes.

    Args:
        frame: For clock and noise.
        row: The sensor.
        error: Its error by moment; NaN where unknown, which bridges.
        sigma: Standard error of that.
        limit: Standard errors that a run must exceed.
    """
    known = np.isfinite(error) & np.isfinite(sigma)
    if known.sum() < _FEW:
        return ()
    places = np.flatnonzero(known)
    error, sigma = error[known], sigma[known]
    score = error / sigma
    blocks = _blocks(score, error, limit, float(frame.noise[row]), frame.columns(_BRIDGED_MIN))
    floors = [0, *(stop for _, stop in blocks)]
    ceilings = [*(first for first, _ in blocks), len(score)][1:]
    return tuple(
        _episode(frame, places, error, score, block, (floor, ceiling))
        for block, floor, ceiling in zip(blocks, floors, ceilings, strict=False)
    )


def _blocks(score: Floats, error: Floats, limit: float, noise: float, bridge: int) -> list[tuple[int, int]]:
    """Runs of segments whose mean error is neither chance nor immaterial."""
    # An episode must gain what the scan demanded, and it has two ends.
    search = rpt.KernelCPD(kernel="linear", min_size=1).fit(score[:, None])
    stops = [int(stop) for stop in search.predict(pen=limit**2 / 2)]
    blocks: list[tuple[int, int]] = []
    for first, stop in zip([0, *stops[:-1]], stops, strict=True):
        length = stop - first
        sure = abs(float(score[first:stop].mean())) * np.sqrt(length) > limit
        if not sure or abs(float(error[first:stop].mean())) < MATERIAL * noise:
            continue
        if blocks and first - blocks[-1][1] <= bridge:
            blocks[-1] = blocks[-1][0], stop
        else:
            blocks.append((first, stop))
    return blocks


def _episode(
    frame: Frame,
    places: np.ndarray[tuple[int], np.dtype[np.intp]],
    error: Floats,
    score: Floats,
    block: tuple[int, int],
    room: tuple[int, int],
) -> Episode:
    first, stop = block
    length = stop - first
    smooth = running_mean(error[first:stop], min(frame.columns(_PEAK_MIN), length))
    worst = int(np.abs(smooth).argmax())
    peak = float(smooth[worst])
    rate = None
    edge = frame.columns(_EDGE_MIN)
    course = Course.STEP
    if length < frame.columns(_SPIKE_MIN):
        course = Course.SPIKE
    elif first == 0 and _leans(error[first:stop], peak):
        # It began before what is looked at.
        course = Course.DRIFT
        rate = float(np.polyfit(np.arange(length), error[first:stop], 1)[0]) * 3600.0 / frame.step_s
    elif first > 0 and not (
        _is_box(score[room[0] : room[1]], block[0] - room[0], block[1] - room[0])
        if _is_faint(score[first:stop], error[first:stop], peak, edge)
        else _at_once(error, first, peak, edge)
    ):
        course = Course.DRIFT
        # What it does at its height and after says nothing about how it came.
        risen = first + int(np.argmax(np.abs(smooth) >= 0.9 * abs(peak))) + 1
        low = max(room[0], first - frame.columns(_LOOKED_BACK_MIN))
        onset, slope = _hinge(score[low:risen], error[low:risen])
        first = low + onset
        rate = slope * 3600.0 / frame.step_s
    if course is not Course.SPIKE and stop < len(error) and not _at_once(error[::-1], len(error) - stop, peak, edge):
        fallen = block[0] + length - int(np.argmax(np.abs(smooth[::-1]) >= 0.9 * abs(peak))) - 1
        high = min(room[1], stop + frame.columns(_LOOKED_BACK_MIN))
        onset, _ = _hinge(score[fallen:high][::-1], error[fallen:high][::-1])
        stop = high - onset
    return Episode(
        course=course,
        first=int(places[first]),
        stop=int(places[stop - 1]) + 1,
        lasting=int(places[stop - 1]) >= frame.value.shape[1] - 2,
        worst=int(places[block[0] + worst]),
        error=peak,
        rate_per_h=rate,
        strength=abs(float(score[block[0] : block[1]].mean())) * float(np.sqrt(length)),
    )


def _is_faint(score: Floats, error: Floats, peak: float, edge: int) -> bool:
    """Whether noise hides how the error came: its edge says less than its whole course."""
    sigma = float(np.median(np.abs(error) / np.maximum(np.abs(score), 1e-12)))
    return _AT_ONCE * abs(peak) < _CLEAR_EDGE * sigma * float(np.sqrt(2.0 / edge))


def _is_box(score: Floats, first: int, stop: int) -> bool:
    """Whether a level explains an error better than a slope that begins at zero, each with its own begin and end."""
    around = stop - first
    low, high = max(0, first - around), min(len(score), stop + around)
    part = score[low:high]
    count = len(part)
    moment = np.arange(count + 1, dtype=float)
    sums = np.concatenate([[0.0], np.cumsum(part)])
    turned = np.concatenate([[0.0], np.cumsum(part * (moment[:-1] + 1))])
    begin, end = np.triu_indices(count + 1, _FEW)
    length = (end - begin).astype(float)
    level = (sums[end] - sums[begin]) ** 2 / length
    rising = turned[end] - turned[begin] - begin * (sums[end] - sums[begin])
    slope = rising**2 / (length * (length + 1) * (2 * length + 1) / 6)
    return bool(level.max() >= slope.max())


def _at_once(error: Floats, first: int, peak: float, edge: int) -> bool:
    """Whether the error jumped at a column rather than rose around it."""
    before, after = error[max(0, first - edge) : first], error[first : first + edge]
    return abs(float(after.mean()) - float(before.mean())) >= _AT_ONCE * abs(peak)


def _leans(error: Floats, peak: float) -> bool:
    """Whether an error grows through a time by a good part of its height."""
    slope = float(np.polyfit(np.arange(len(error)), error, 1)[0])
    return slope * peak > 0 and abs(slope) * len(error) >= _LEANING * abs(peak)


def _hinge(score: Floats, error: Floats) -> tuple[int, float]:
    """Onset and slope of ``slope * max(0, t - onset)``, by least squares over every onset.

    The slope is of ``error`` a column, the onset that of ``score``.
    """
    count = len(score)
    moment = np.arange(count, dtype=float)
    rise = np.maximum(0.0, moment[None, :] - moment[: max(1, count - 2), None])
    square = (rise**2).sum(axis=1)
    gain = np.divide((rise @ score) ** 2, square, out=np.zeros_like(square), where=square > 0)
    onset = int(gain.argmax())
    slope = float(rise[onset] @ error / square[onset]) if square[onset] else 0.0
    return onset, slope
