"""What moves at once in the readings: loads and units that leave their own course, branches that open."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import uniform_filter1d

from tools.detection.branch_model import DRAWING, FEEDING
from tools.detection.frame import Floats, Frame
from tools.detection.open_branches import open_times
from tools.robust import MAD_TO_SIGMA

_WIDTHS_MIN = (2.0, 5.0, 12.0)
_LIMIT = 5.5
"""Robust standard deviations of a sensor's own usual steps: a normal one exceeds it once in twenty-five million."""
_MOVED_SIGMA = 6.0
"""Standard errors by which a sensor moves with an event."""
_SWING_WIDTH_MIN, _SWING_MIN = 5.0, 60.0
_SWING_RATIO, _SWING_LIMIT = 5.0, 8.0
"""Mean square of steps over an hour against its usual one, as a ratio and in robust standard deviations."""
_OUTSTANDING = 2.5
_BRIDGED_MIN = 20.0
_NEAR_MIN = 6.0
_RETURN = 0.5
"""Part of a step within which its return must equal it."""
_LEAST = 60
_FEW = 2


@dataclass(frozen=True)
class Movement:
    """A time in which the grid, or what sensors say of it, moved.

    Attributes:
        leader: Row that shows it most clearly.
        first, stop: Columns, the last not included.
        size: Of the step of that row, in its own unit.
        strength: The same in its usual steps.
        moved: Rows of all sensors that moved when it began.
        opened: Whether it is a branch that carries nothing.
    """

    leader: int
    first: int
    stop: int
    size: float
    strength: float
    moved: tuple[int, ...]
    opened: bool = False


def movements(frame: Frame, wrong: Collection[tuple[int, int, int]]) -> list[Movement]:
    """Every movement, by begin.

    Args:
        frame: Readings.
        wrong: Row and columns (first, stop) of readings that are known to be wrong, and tell of no movement.
    """
    if frame.value.shape[1] < _LEAST:
        return []
    value = _without(frame, wrong)
    opened = [
        Movement(
            leader=item.row,
            first=item.first,
            stop=item.stop,
            size=abs(item.before),
            strength=abs(item.before) / float(frame.noise[item.row]),
            moved=_moved(frame, value, item.first or item.stop),
            opened=True,
        )
        for item in open_times(frame)
    ]
    near = frame.columns(_NEAR_MIN)
    told = {edge for item in opened for edge in (item.first, item.stop)}
    steps = [
        one for one in _steps(frame, value) if not any(one.first - near <= edge <= one.stop + near for edge in told)
    ]
    found = [*opened, *_paired(steps)]
    swings = [
        one
        for one in _swings(frame, value)
        if not any(one.first < item.stop + near and item.first < one.stop + near for item in found)
    ]
    return sorted([*found, *swings], key=lambda one: one.first)


def _without(frame: Frame, wrong: Collection[tuple[int, int, int]]) -> Floats:
    value = frame.value.copy()
    guard = frame.columns(2)
    for row, first, stop in wrong:
        value[row, max(0, first - guard) : stop + guard] = np.nan
    return value


def _injections(frame: Frame) -> list[int]:
    kinds = FEEDING | DRAWING
    mine = [
        row
        for row, sensor in enumerate(frame.sensors)
        if sensor.quantity == "p" and sensor.element is not None and sensor.element.kind in kinds
    ]
    return mine if len(mine) >= _FEW else [row for row, sensor in enumerate(frame.sensors) if sensor.quantity == "p"]


def _steps(frame: Frame, value: Floats) -> list[Movement]:
    rows = _injections(frame)
    best = np.zeros((len(rows), value.shape[1]))
    size = np.zeros_like(best)
    for minutes in _WIDTHS_MIN:
        width = frame.columns(minutes)
        step = _differences(value[rows], width)
        scale = np.maximum(_spread(step), frame.noise[rows] * np.sqrt(2.0 / width))
        usual = np.array([np.median(one[np.isfinite(one)]) if np.isfinite(one).any() else 0.0 for one in step])
        score = np.nan_to_num(np.abs(step - usual[:, None]) / scale[:, None])
        better = score > best
        best, size = np.where(better, score, best), np.where(better, np.nan_to_num(step), size)
    loud = best.max(axis=0, initial=0.0) > _LIMIT
    stops = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(np.int8), [0]])))
    runs: list[tuple[int, int]] = []
    for first, stop in zip(stops[::2].tolist(), stops[1::2].tolist(), strict=True):
        if runs and first - runs[-1][1] <= frame.columns(_BRIDGED_MIN):
            runs[-1] = runs[-1][0], stop
        else:
            runs.append((first, stop))
    return [_step(frame, value, rows, (best, size), run) for run in runs]


def _step(frame: Frame, value: Floats, rows: list[int], found: tuple[Floats, Floats], run: tuple[int, int]) -> Movement:
    best, size = found
    place, column = np.unravel_index(int(best[:, run[0] : run[1]].argmax()), (len(rows), run[1] - run[0]))
    at = run[0] + int(column)
    short = run[1] - run[0] <= 2 * frame.columns(_WIDTHS_MIN[-1])
    return Movement(
        leader=rows[int(place)],
        first=at if short else run[0],
        stop=at + 1 if short else run[1],
        size=float(size[place, at]),
        strength=float(best[place, at]),
        moved=_moved(frame, value, at),
    )


def _swings(frame: Frame, value: Floats) -> list[Movement]:
    """Times in which a sensor's steps are larger than usual for long, though none of them stands out by itself."""
    rows = _injections(frame)
    width, hour = frame.columns(_SWING_WIDTH_MIN), frame.columns(_SWING_MIN)
    if value.shape[1] < 4 * hour:
        return []
    step = np.nan_to_num(_differences(value[rows], width))
    # what a load does over hours is its course, and no swing
    step -= uniform_filter1d(step, hour, axis=1)
    scale = np.maximum(_spread(step), frame.noise[rows] * np.sqrt(2.0 / width))[:, None]
    score = step / scale
    energy = uniform_filter1d(score**2, hour, axis=1)
    usual = np.median(energy, axis=1, keepdims=True)
    ratio = energy / np.maximum(usual, 1.0)
    loud = (ratio > _SWING_RATIO) & (energy - usual > _SWING_LIMIT * np.maximum(_spread(energy)[:, None], 0.1))
    found = []
    for place, row in enumerate(rows):
        stops = np.flatnonzero(np.diff(np.concatenate([[0], loud[place].astype(np.int8), [0]])))
        for first, stop in zip(stops[::2].tolist(), stops[1::2].tolist(), strict=True):
            low, high = max(0, first - hour // 2), min(value.shape[1], stop + hour // 2)
            out = low + np.flatnonzero(np.abs(score[place, low:high]) > _OUTSTANDING)
            if len(out) > 1:
                at = int(out[np.abs(score[place, out]).argmax()])
                size, strength = float(step[place, at]), float(ratio[place, first:stop].max())
                found.append(Movement(row, int(out[0]), int(out[-1]) + 1, size, strength, _moved(frame, value, at)))
    found.sort(key=lambda one: -one.strength)
    kept: list[Movement] = []
    for one in found:
        if not any(one.first < other.stop and other.first < one.stop for other in kept):
            kept.append(one)
    return kept


def _differences(value: Floats, width: int) -> Floats:
    """Mean of the next readings less that of the last ones, at each column; NaN where too few are there."""
    count = value.shape[1]
    known = np.isfinite(value)
    sums = np.pad(np.cumsum(np.where(known, value, 0.0), axis=1), ((0, 0), (1, 0)))
    numbers = np.pad(np.cumsum(known, axis=1), ((0, 0), (1, 0)))
    at = np.arange(count)
    low, high = np.maximum(at - width, 0), np.minimum(at + width, count)
    after, before = sums[:, high] - sums[:, at], sums[:, at] - sums[:, low]
    count_after, count_before = numbers[:, high] - numbers[:, at], numbers[:, at] - numbers[:, low]
    whole = (2 * count_after >= width) & (2 * count_before >= width)
    step: Floats = np.where(whole, after / np.maximum(count_after, 1) - before / np.maximum(count_before, 1), np.nan)
    return step


def _spread(step: Floats) -> Floats:
    """Robust standard deviation of each row."""
    wide = np.zeros(len(step))
    for row, values in enumerate(step):
        known = values[np.isfinite(values)]
        if len(known):
            wide[row] = MAD_TO_SIGMA * float(np.median(np.abs(known - np.median(known))))
    return wide


def _moved(frame: Frame, value: Floats, column: int) -> tuple[int, ...]:
    width = frame.columns(_WIDTHS_MIN[1])
    near = value[:, max(0, column - width) : column + width]
    step = _differences(near, width)[:, min(column, width)] if near.shape[1] > min(column, width) else None
    if step is None:
        return ()
    score = np.abs(step) / (frame.noise * np.sqrt(2.0 / width))
    return tuple(int(row) for row in np.argsort(-np.nan_to_num(score)) if np.nan_to_num(score)[row] > _MOVED_SIGMA)


def _paired(steps: list[Movement]) -> list[Movement]:
    """A step and its return are one movement."""
    found: list[Movement] = []
    for step in steps:
        last = found[-1] if found else None
        back = last is not None and last.leader == step.leader and last.stop - last.first == 1
        if (
            last is not None
            and back
            and step.stop - step.first == 1
            and abs(last.size + step.size) < _RETURN * abs(last.size)
        ):
            found[-1] = Movement(last.leader, last.first, step.first, last.size, last.strength, last.moved)
        else:
            found.append(step)
    return found
