"""The time line under a cascade: step by step when, what went out and why, and the load lost so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.grid.diagram.canvas import Canvas
from tools.grid.diagram.feeders import shown
from tools.grid.diagram.layout import Point
from tools.grid.schema.cascade import CascadePath, TripMechanism

TIME_LINE_PX = 640.0
MOST_STEPS = 12
"""Steps that the time line has room for: the first ones."""
_NAMED = 3
_HEAD, _ROW = 34.0, 20.0
_AXIS, _TIME, _WHAT, _WHY, _LOST = 20.0, 38.0, 108.0, 318.0, 620.0


@dataclass(frozen=True)
class _Line:
    """What goes out in a step for one reason."""

    place: int
    first: int
    mechanism: TripMechanism
    elements: tuple[str, ...]


def time_line_height(path: CascadePath) -> float:
    """Height (px) that the time line takes."""
    more = 1 if len(path.steps) > MOST_STEPS else 0
    return _HEAD + (len(list(_lines(path))) + more) * _ROW + 10.0


def draw_time_line(canvas: Canvas, path: CascadePath, top: float, colours: Sequence[str]) -> None:
    """Draw the time line from ``top`` on; ``colours`` are the classes of the steps of the path."""
    lines = list(_lines(path))
    for x, words in ((_TIME, "after"), (_WHAT, "what goes out or sheds"), (_WHY, "why")):
        canvas.words(Point(x, top + 18), words, "gcd-key")
    canvas.words(Point(_LOST - 78, top + 18), "load lost so far", "gcd-key")
    begin, end = top + _HEAD, top + _HEAD + (len(lines) - 1) * _ROW
    canvas.path((Point(_AXIS, begin), Point(_AXIS, end)), "gcd-scale")
    for row, line in enumerate(lines):
        step, y = path.steps[line.place], begin + row * _ROW
        where = f"/path/steps/{line.place}"
        new = row == 0 or lines[row - 1].place != line.place
        if new:
            canvas.circle(Point(_AXIS, y), 8.5, f"gcd-badge {colours[line.place]}")
            canvas.value(Point(_AXIS, y + 3.5), str(step.step), f"{where}/step", "gcd-number")
            canvas.value(Point(_TIME, y + 4), shown(step.time_s, "s"), f"{where}/time_s", "gcd-key", "start")
            lost = shown(step.unserved_p_mw, "mw")
            canvas.value(Point(_LOST, y + 4), lost, f"{where}/unserved_p_mw", "gcd-key", "end")
        canvas.identifier(Point(_WHAT, y + 4), _named(line.elements), "gcd-key", "start")
        why = f"{where}/events/{line.first}/mechanism"
        canvas.value(Point(_WHY, y + 4), line.mechanism.replace("_", " "), why, "gcd-key", "start")
    if len(path.steps) > MOST_STEPS:
        y = end + _ROW + 4
        canvas.words(Point(_TIME, y), "later steps, in the table:", "gcd-key")
        left = len(path.steps) - MOST_STEPS
        canvas.value(Point(_TIME + 150, y), str(left), "/steps_not_listed", "gcd-key", "start")


def _lines(path: CascadePath) -> Iterator[_Line]:
    for place, step in enumerate(path.steps[:MOST_STEPS]):
        by_reason: dict[TripMechanism, list[int]] = {}
        for number, event in enumerate(step.events):
            by_reason.setdefault(event.mechanism, []).append(number)
        for mechanism, numbers in by_reason.items():
            elements = tuple(f"{step.events[n].element.kind} {step.events[n].element.index}" for n in numbers)
            yield _Line(place, numbers[0], mechanism, tuple(dict.fromkeys(elements)))


def _named(elements: tuple[str, ...]) -> str:
    """The first few by name.

    >>> _named(("line 1", "line 2", "bus 3", "bus 4"))
    'line 1, line 2, bus 3 and others'
    """
    return ", ".join(elements[:_NAMED]) + (" and others" if len(elements) > _NAMED else "")
