"""Marks of a heat map: a colour and a frame for each step, a hatch for each reason without a value."""

from xml.etree import ElementTree as ET

from orchestrator.compose.charts.heat_levels import Level
from orchestrator.compose.charts.sheet import Sheet
from tools.grid.schema.outage_effects import NoValue

KEY: tuple[tuple[Level | NoValue, str], ...] = (
    (Level.FAR_WITHIN, "far within its limits"),
    (Level.WITHIN, "within its limits"),
    (Level.NEAR, "near its limit"),
    (Level.BEYOND, "beyond its limit"),
    (Level.FAR_BEYOND, "far beyond its limit"),
    (NoValue.OUT, "itself out"),
    (NoValue.WITHOUT_SUPPLY, "without supply"),
    (NoValue.NOT_SOLVED, "no solution: not known"),
)
Box = tuple[float, float, float, float]
"""Left, top, width and height, px."""
_HATCH_PX = 7.0


def draw_level(sheet: Sheet, group: ET.Element, level: Level, box: Box) -> None:
    """A filled cell."""
    x, y, width, height = box
    sheet.put(group, "rect", f"gcc-level{int(level)}", x=x, y=y, width=width, height=height)


def draw_absent(sheet: Sheet, group: ET.Element, absent: NoValue, box: Box) -> None:
    """A cross for what is out, strokes for what has no supply, strokes both ways for what has no solution."""
    x, y, width, height = box
    sheet.put(group, "rect", "gcc-none", x=x, y=y, width=width, height=height)
    if absent is NoValue.OUT:
        strokes = [(x, y, x + width, y + height), (x, y + height, x + width, y)]
    else:
        strokes = list(_rising(box))
        if absent is NoValue.NOT_SOLVED:
            strokes += [(2 * x + width - a, b, 2 * x + width - c, d) for a, b, c, d in strokes]
    drawn = " ".join(f"M{x1:.1f},{y1:.1f} {x2:.1f},{y2:.1f}" for x1, y1, x2, y2 in strokes)
    sheet.put(group, "path", "gcc-hatch", d=drawn)


def _rising(box: Box) -> list[Box]:
    """Strokes at half a right angle, cut at the edges of the box."""
    x, y, width, height = box
    strokes = []
    for step in range(1, int((width + height) / _HATCH_PX) + 1):
        reach = step * _HATCH_PX
        low = max(0.0, reach - width)
        high = min(reach, height)
        strokes.append((x + reach - low, y + low, x + reach - high, y + high))
    return strokes
