"""The time in which the levels of some series that wander were others: search over all begins and lengths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tools.detection.frame import Floats
from tools.detection.whitening import Boxes, boxes_of, fit_wander, likely_wander

_BEFORE = 50
"""A shift has a time before it: this part of all at least, without which its level is not known."""
_FINENESS = 40
"""Lengths are tried in steps of this part of them."""
_NEAR = 0.75
"""From this share of the limit on, the parameters are taken by likelihood: dearer, and surer by a tenth."""


@dataclass(frozen=True)
class Box:
    """What was found.

    Attributes:
        strength: Standard errors of all series together.
        first, stop: Columns, the last not included.
        heights: By which each series was shifted.
    """

    strength: float
    first: int
    stop: int
    heights: tuple[float, ...]


def strongest_box(series: Sequence[tuple[Floats, float]], lengths: tuple[int, int], limit: float) -> Box:
    """The box that explains most; whether that is enough is for whoever asked.

    Args:
        series: Finite values round zero, and the standard deviation of their white part.
        lengths: Shortest and longest, columns.
        limit: Strength that is asked for; what is far below it is not looked at closely.
    """
    boxes = [boxes_of(values, fit_wander(values, noise), lengths[1]) for values, noise in series]
    found = _strongest(boxes, *lengths)
    if found[0] > _NEAR * limit:
        level = np.zeros(len(series[0][0]))
        level[found[1] : found[2]] = 1.0
        design = np.vstack([np.ones_like(level), level])
        boxes = [boxes_of(values, likely_wander(values, design, noise), lengths[1]) for values, noise in series]
        found = _strongest(boxes, *lengths)
    return Box(*found, tuple(one.size(found[1], found[2]) for one in boxes))


def _strongest(boxes: list[Boxes], shortest: int, longest: int) -> tuple[float, int, int]:
    """Strength, begin and end of the box that explains most; near the best of a coarse search every length is tried."""
    coarse, length = [shortest], shortest
    while length < longest:
        length = min(longest, length + max(1, length // _FINENESS))
        coarse.append(length)
    best = _best(boxes, coarse)
    around = best[2] - best[1]
    room = max(1, around // _FINENESS)
    return max(best, _best(boxes, range(max(shortest, around - room), min(longest, around + room) + 1)))


def _best(boxes: list[Boxes], lengths: Iterable[int]) -> tuple[float, int, int]:
    best, before = (0.0, 0, 0), len(boxes[0].pull) // _BEFORE
    for length in lengths:
        total = boxes[0].scores(length) ** 2
        for other in boxes[1:]:
            total += other.scores(length) ** 2
        total[:before] = 0.0
        first = int(total.argmax())
        best = max(best, (float(np.sqrt(total[first])), first, first + length))
    return best
