"""The scale bar of a map, with an arrow to the north."""

from tools.grid.diagram.canvas import Canvas
from tools.grid.diagram.layout import Layout, Point
from tools.grid.schema.drawing import Places

SCALE_HEIGHT = 34.0
_LEFT_PX, _TICK_PX = 40.0, 4.0


def draw_scale(canvas: Canvas, places: Places, layout: Layout) -> None:
    """Bar and arrow below the buses; nothing where the places have no scale."""
    if places.scale_bar_km is None:
        return
    start = Point(_LEFT_PX, layout.height + SCALE_HEIGHT / 2)
    end = Point(start.x + layout.bar_px, start.y)
    ends = (Point(at.x, at.y + way * _TICK_PX) for at, way in ((start, -1), (start, 0), (end, 0), (end, -1)))
    canvas.path(tuple(ends), "gcd-scale")
    canvas.value(Point(end.x + 8, end.y + 4), f"{places.scale_bar_km:g} km", "/places/scale_bar_km", "gcd-key", "start")
    canvas.polygon((Point(16, start.y), Point(20, start.y - 12), Point(24, start.y)), "gcd-north")
    canvas.words(Point(16.5, start.y + 11), "N", "gcd-key")
