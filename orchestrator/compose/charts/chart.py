"""A chart over time in the making: shapes without an axis of numbers, labels that are fields of the evidence.

An axis would print numbers that no tool gave. The lines show the course; the values that matter stand beside them,
each with the place that it comes from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from orchestrator.compose.charts.sheet import Sheet

WIDTH, HEIGHT = 720.0, 240.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 12.0, 12.0, 46.0, 26.0
_LABEL_GAP = 14.0


@dataclass(frozen=True)
class Point:
    """A value at a time."""

    at: datetime
    value: float


class Chart:
    """Builds one picture over the span and range of the points that it is told of.

    Args:
        title: What a screen reader says.
        points: All that will be drawn; they set the scales.
        base: A value that the range includes, such as zero for bars.
    """

    def __init__(self, title: str, points: Sequence[Point], base: float | None = None) -> None:
        values = [point.value for point in points] + ([] if base is None else [base])
        self._first, self._last = min(p.at for p in points), max(p.at for p in points)
        self._low, self._high = min(values), max(values)
        self._labels: list[tuple[float, float]] = []
        self._sheet = Sheet(title, WIDTH, HEIGHT)
        self._add = self._sheet.add
        floor = HEIGHT - _BOTTOM
        self._add("line", "gcc-floor", x1=_LEFT, y1=floor, x2=WIDTH - _RIGHT, y2=floor)

    def ends(self, begin: str, end: str) -> None:
        """The times of the first and the last point, as the report writes times."""
        for x, text, anchor in ((_LEFT, begin, "start"), (WIDTH - _RIGHT, end, "end")):
            self._add("text", "gcc-time time", x=x, y=HEIGHT - 8, **{"text-anchor": anchor}).text = text

    def line(self, points: Iterable[Point], css: str) -> None:
        """Straight strokes from point to point."""
        self._add("polyline", css, points=" ".join(self._place(point) for point in points))

    def band(self, lower: Sequence[Point], upper: Sequence[Point], css: str) -> None:
        """The area between two lines."""
        around = [*upper, *reversed(lower)]
        self._add("polygon", css, points=" ".join(self._place(point) for point in around))

    def bars(self, points: Iterable[Point], width_s: float, css: str) -> None:
        """A bar from the floor of the picture for each point, as wide as a time."""
        floor = HEIGHT - _BOTTOM
        for point in points:
            x, y = self._x(point.at), self._y(point.value)
            wide = max(width_s * self._per_second, 1.5)
            self._add("rect", css, x=x, y=y, width=wide, height=max(floor - y, 0.5))

    def mark(self, at: datetime, css: str) -> None:
        """A line from top to bottom at a time."""
        self._add("line", css, x1=self._x(at), y1=_TOP, x2=self._x(at), y2=HEIGHT - _BOTTOM)

    def value(self, point: Point, text: str, path: str, *, beside: Iterable[float] = (), above: bool = True) -> None:
        """The text of a field beside its point.

        Args:
            point: Where a dot is set.
            text: With the value first or after plain words.
            path: Place of the value in the figure's evidence.
            beside: Other values drawn at that time, which the text keeps clear of.
            above: Whether the text stands above all of them, or below.
        """
        edge = (max if above else min)([point.value, *beside])
        x, y = self._x(point.at), self._y(edge) + (-6 if above else _LABEL_GAP)
        y = min(max(y, _TOP - _LABEL_GAP), HEIGHT - _BOTTOM - 4)
        while any(abs(x - there) < 110 and abs(y - height) < _LABEL_GAP for there, height in self._labels):  # noqa: PLR2004
            y += _LABEL_GAP
        self._labels.append((x, y))
        self._add("circle", "gcc-dot", cx=x, cy=self._y(point.value), r=3)
        anchor = "start" if x < WIDTH / 4 else "end" if x > 3 * WIDTH / 4 else "middle"
        self._add("text", "gcc-value ev", x=x, y=y, **{"text-anchor": anchor, "data-path": path}).text = text

    def words(self, text: str, css: str, place: int) -> None:
        """A word of the key, in the colour of what it explains."""
        self._add("text", css, x=_LEFT + 170 * place, y=14).text = text

    def svg(self) -> str:
        """The finished picture."""
        return self._sheet.svg()

    @property
    def _per_second(self) -> float:
        seconds = (self._last - self._first).total_seconds() or 1.0
        return (WIDTH - _LEFT - _RIGHT) / seconds

    def _x(self, at: datetime) -> float:
        return _LEFT + (at - self._first).total_seconds() * self._per_second

    def _y(self, value: float) -> float:
        span = (self._high - self._low) or 1.0
        return HEIGHT - _BOTTOM - (value - self._low) / span * (HEIGHT - _TOP - _BOTTOM)

    def _place(self, point: Point) -> str:
        return f"{self._x(point.at):.1f},{self._y(point.value):.1f}"
