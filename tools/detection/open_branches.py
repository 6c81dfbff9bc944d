"""Branches whose flow went to zero at both ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tools.detection.frame import Frame
from tools.element import ElementKind

_DEAD_SIGMA = 5.0
_ALIVE_SIGMA = 15.0
_LEAST_MIN = 3.0
_BRIDGED_MIN = 3.0
_BRANCHES = frozenset({ElementKind.LINE, ElementKind.TRAFO})


@dataclass(frozen=True)
class OpenTime:
    """A time in which a branch carried nothing.

    Attributes:
        row: Sensor that tells it: the active power at one end.
        first, stop: Columns, the last not included.
        lasting: Whether it goes on to the end.
        before: What that sensor said before (or, when it was open from the begin, after), in its unit.
    """

    row: int
    first: int
    stop: int
    lasting: bool
    before: float


def open_times(frame: Frame) -> Iterator[OpenTime]:
    """Times in which all flows of a branch are within their noise of zero, and were or will be far from it."""
    groups: dict[str, list[int]] = {}
    for row, sensor in enumerate(frame.sensors):
        if sensor.element and sensor.element.kind in _BRANCHES and sensor.side and sensor.quantity in {"p", "q"}:
            groups.setdefault(str(sensor.element), []).append(row)
    for rows in groups.values():
        if len({frame.sensors[row].side for row in rows}) > 1:
            yield from _of_branch(frame, rows)


def _of_branch(frame: Frame, rows: list[int]) -> Iterator[OpenTime]:
    size = np.abs(frame.value[rows]) / frame.noise[rows][:, None]
    known = np.isfinite(size)
    dead = np.where(known, size, 0.0).max(axis=0) < _DEAD_SIGMA
    dead &= known.sum(axis=0) >= min(2, len(rows))
    leader = max(rows, key=lambda row: (frame.sensors[row].quantity == "p", -row))
    stops = np.flatnonzero(np.diff(np.concatenate([[0], dead.astype(np.int8), [0]])))
    runs = _joined([(int(a), int(b)) for a, b in zip(stops[::2], stops[1::2], strict=True)], frame)
    for first, stop in runs:
        near = frame.columns(10)
        beside = frame.value[rows, max(0, first - near) : first] if first else frame.value[rows, stop : stop + near]
        told = frame.value[leader, max(0, first - near) : first] if first else frame.value[leader, stop : stop + near]
        beside, told = beside[np.isfinite(beside).all(axis=1)], told[np.isfinite(told)]
        lively = beside.size and bool(  # without a column where it is open all the time
            (np.abs(np.median(beside, axis=1)) > _ALIVE_SIGMA * frame.noise[rows].max()).any()
        )
        if stop - first >= frame.columns(_LEAST_MIN) and lively and len(told):
            yield OpenTime(leader, first, stop, stop >= frame.value.shape[1], float(np.median(told)))


def _joined(runs: list[tuple[int, int]], frame: Frame) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, stop in runs:
        if joined and first - joined[-1][1] <= frame.columns(_BRIDGED_MIN):
            joined[-1] = joined[-1][0], stop
        else:
            joined.append((first, stop))
    return joined
