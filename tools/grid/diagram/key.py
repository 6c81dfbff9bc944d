"""The key below a picture: the marks that occur in it, each with its word."""

from collections.abc import Callable

from tools.grid.diagram.canvas import Canvas
from tools.grid.diagram.layout import Point
from tools.grid.diagram.marks import BranchMark, BusMark, Overlay

KEY_HEIGHT = 34.0
_SAMPLE_PX = 26.0
_LETTER_PX = 6.2
_GAP_PX = 16.0

_Sample = Callable[[Canvas, Point], None]


def _stroke(css: str) -> _Sample:
    def draw(canvas: Canvas, at: Point) -> None:
        canvas.path((at, Point(at.x + _SAMPLE_PX - 6, at.y)), css)

    return draw


def _crossed(canvas: Canvas, at: Point) -> None:
    _stroke("gcd-wire-out")(canvas, at)
    for sign in (-1, 1):
        canvas.path((Point(at.x + 5, at.y - 5 * sign), Point(at.x + 15, at.y + 5 * sign)), "gcd-cross")


def _triangle(tip: float) -> _Sample:
    def draw(canvas: Canvas, at: Point) -> None:
        corners = (Point(at.x + 2, at.y - tip * 0.6), Point(at.x + 16, at.y - tip * 0.6), Point(at.x + 9, at.y + tip))
        canvas.polygon(corners, "gcd-alarm")

    return draw


def _ring(canvas: Canvas, at: Point) -> None:
    canvas.circle(Point(at.x + 9, at.y), 5, "gcd-dead")


_BRANCHES: tuple[tuple[BranchMark, str, _Sample], ...] = (
    (BranchMark.OVERLOADED, "above its limit", _stroke("gcd-wire-over")),
    (BranchMark.OUT, "outage", _crossed),
    (BranchMark.OPEN, "out of service", _stroke("gcd-wire-open")),
    (BranchMark.DEAD, "without supply", _stroke("gcd-wire-dead")),
)
_BUSES: tuple[tuple[BusMark, str, _Sample], ...] = (
    (BusMark.LOW, "voltage too low", _triangle(8)),
    (BusMark.HIGH, "voltage too high", _triangle(-8)),
    (BusMark.DEAD, "dead bus", _ring),
)


def key_entries(overlay: Overlay) -> tuple[tuple[str, _Sample], ...]:
    """Word and sample of each mark that occurs, buses first."""
    seen_branches, seen_buses = set(overlay.branches.values()), set(overlay.buses.values())
    buses = [(word, sample) for mark, word, sample in _BUSES if mark in seen_buses]
    return (*buses, *((word, sample) for mark, word, sample in _BRANCHES if mark in seen_branches))


def key_width(overlay: Overlay) -> float:
    """Width (px) that the key takes."""
    return sum(_SAMPLE_PX + len(word) * _LETTER_PX + _GAP_PX for word, _ in key_entries(overlay)) + _GAP_PX


def draw_key(canvas: Canvas, overlay: Overlay, top: float) -> None:
    """Draw the key in a row."""
    at = Point(_GAP_PX, top + KEY_HEIGHT / 2)
    for word, sample in key_entries(overlay):
        sample(canvas, at)
        canvas.words(Point(at.x + _SAMPLE_PX, at.y + 4), word, "gcd-key")
        at = Point(at.x + _SAMPLE_PX + len(word) * _LETTER_PX + _GAP_PX, at.y)
