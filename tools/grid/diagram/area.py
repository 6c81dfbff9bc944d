"""An area picture: buses as nodes, branches as strokes, the state as shape, stroke and colour together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from tools.element import ElementKind, ElementRef
from tools.grid.diagram.branches import Branch
from tools.grid.diagram.canvas import Canvas
from tools.grid.diagram.feeders import FeederValues, shown
from tools.grid.diagram.geometry import between, freest_direction, middle, parallel_offsets, route
from tools.grid.diagram.key import KEY_HEIGHT, draw_key, key_entries, key_width
from tools.grid.diagram.layout import Layout, Point
from tools.grid.diagram.marks import BranchMark, BusMark, Overlay
from tools.grid.diagram.scale import SCALE_HEIGHT, draw_scale
from tools.grid.diagram.scope import Scope
from tools.grid.schema.common import BranchState
from tools.grid.schema.drawing import Places

_TEXT_PX = Point(44.0, 16.0)
"""Room of a printed value."""
_NODE_PX = 5.0
_WOUND = frozenset({ElementKind.TRAFO, ElementKind.TRAFO3W})
_WIRE = {
    BranchMark.NORMAL: "gcd-wire",
    BranchMark.UNKNOWN: "gcd-wire",
    BranchMark.OVERLOADED: "gcd-wire-over",
    BranchMark.OUT: "gcd-wire-out",
    BranchMark.OPEN: "gcd-wire-open",
    BranchMark.DEAD: "gcd-wire-dead",
}


@dataclass(frozen=True)
class AreaContent:
    """Everything an area picture shows.

    Attributes:
        focus: Canonical elements that the question is about; they are ringed.
        places: What its places mean; they may have a scale.
        infeeds: Buses with a unit or a grid connection; drawn as squares.
        high_voltage: Branches of the model's highest voltage; drawn thicker.
        values: The values to print, in the order in which the result lists them.
    """

    scope: Scope
    layout: Layout
    places: Places
    overlay: Overlay
    buses: tuple[ElementRef, ...]
    focus: frozenset[str]
    infeeds: frozenset[int]
    high_voltage: frozenset[str]
    values: FeederValues


def draw_area(content: AreaContent, title: str) -> str:
    """The SVG of an area picture."""
    layout = content.layout
    wide = max(layout.width, key_width(content.overlay))
    keyed = layout.height + (SCALE_HEIGHT if layout.bar_px else 0.0)
    high = keyed + (KEY_HEIGHT if key_entries(content.overlay) else 0.0)
    canvas = Canvas(wide, high, title)
    put_area(canvas, content)
    draw_scale(canvas, content.places, layout)
    draw_key(canvas, content.overlay, top=keyed)
    return canvas.svg()


def put_area(canvas: Canvas, content: AreaContent) -> None:
    """Branches, buses, labels and values; neither scale nor key."""
    layout, routes = content.layout, branch_routes(content)
    for branch in content.scope.branches:
        _draw_branch(canvas, content, branch, routes[str(branch)])
    for bus in content.buses:
        _draw_node(canvas, content, bus)
    taken = [_label_bus(canvas, content, bus) for bus in content.buses]
    taken += [layout.places[str(bus)] for bus in content.buses]
    for position, row in enumerate(content.values.branches):
        points = routes[str(row.element)]
        # a transformer's stands below its windings
        at = middle(points) if row.element.kind in _WOUND else _label_place(points, taken)
        taken += _print_loading(canvas, content, at, (position, row))


def _node(branch: Branch, side: int) -> str:
    return f"bus:{branch.buses[side]}"


def branch_routes(content: AreaContent) -> dict[str, tuple[Point, ...]]:
    """The stroke of each branch, by canonical element."""
    places = content.layout.places
    pairs = [frozenset((_node(branch, 0), _node(branch, 1))) for branch in content.scope.branches]
    offsets = parallel_offsets(pairs)
    return {
        str(branch): (
            (places[_node(branch, 0)], places[str(branch)], places[_node(branch, 1)])
            if branch.kind is ElementKind.TRAFO3W
            else route(places[_node(branch, 0)], places[_node(branch, 1)], offset)
        )
        for branch, offset in zip(content.scope.branches, offsets, strict=True)
    }


def _draw_branch(canvas: Canvas, content: AreaContent, branch: Branch, points: tuple[Point, ...]) -> None:
    key = str(branch)
    mark = content.overlay.branches.get(key, BranchMark.UNKNOWN)
    group = canvas.group(f"{_title(key, branch.name)}: {mark}")
    css = _WIRE[mark] + (" gcd-ehv" if mark is BranchMark.NORMAL and key in content.high_voltage else "")
    canvas.path(points, css, group)
    if branch.kind is ElementKind.TRAFO3W:
        canvas.path((points[1], content.layout.places[_node(branch, 2)]), css, group)
    if branch.kind in _WOUND:
        _draw_windings(canvas, group, points, mark)
    if mark is BranchMark.OUT:
        _draw_cross(canvas, group, middle(points))
    if key in content.focus:
        canvas.circle(middle(points), 13, "gcd-focus", group)


def _draw_windings(canvas: Canvas, group: ET.Element, points: tuple[Point, ...], mark: BranchMark) -> None:
    css = {BranchMark.OVERLOADED: "gcd-winding-over", BranchMark.DEAD: "gcd-dead", BranchMark.OPEN: "gcd-dead"}
    at = points[1] if len(points) == 3 else middle(points)  # noqa: PLR2004 - the star point of three windings
    length = max(abs(points[-1].x - points[0].x) + abs(points[-1].y - points[0].y), 1.0)
    step = Point((points[-1].x - points[0].x) / length * 4, (points[-1].y - points[0].y) / length * 4)
    for sign in (-1, 1):
        centre = Point(at.x + sign * step.x, at.y + sign * step.y)
        canvas.circle(centre, 6, css.get(mark, "gcd-winding"), group)


def _draw_cross(canvas: Canvas, group: ET.Element, at: Point) -> None:
    for sign in (-1, 1):
        canvas.path((Point(at.x - 6, at.y - 6 * sign), Point(at.x + 6, at.y + 6 * sign)), "gcd-cross", group)


def _draw_node(canvas: Canvas, content: AreaContent, bus: ElementRef) -> None:
    at, mark = content.layout.places[str(bus)], content.overlay.buses.get(str(bus), BusMark.UNKNOWN)
    group = canvas.group(f"{_title(str(bus), bus.name)}: {mark}")
    if str(bus) in content.focus:
        canvas.circle(at, 11, "gcd-focus", group)
    if mark in {BusMark.LOW, BusMark.HIGH}:
        tip = 8 if mark is BusMark.LOW else -8
        corners = (Point(at.x - 8, at.y - tip * 0.7), Point(at.x + 8, at.y - tip * 0.7), Point(at.x, at.y + tip))
        canvas.polygon(corners, "gcd-alarm", group)
        return
    css = "gcd-dead" if mark is BusMark.DEAD else "gcd-node"
    if bus.index in content.infeeds:
        canvas.rect(Point(at.x - _NODE_PX, at.y - _NODE_PX), 2 * _NODE_PX, 2 * _NODE_PX, css, group)
    else:
        canvas.circle(at, _NODE_PX, css, group)


def _label_bus(canvas: Canvas, content: AreaContent, bus: ElementRef) -> Point:
    """Prints number and voltage; the middle of what was printed."""
    at = content.layout.places[str(bus)]
    ends = [
        content.layout.places[_node(branch, side)]
        for branch in content.scope.branches
        if bus.index in branch.buses
        for side in range(len(branch.buses))
        if branch.buses[side] != bus.index
    ]
    away = freest_direction(at, ends)
    anchor = "start" if away.x > 0.4 else "end" if away.x < -0.4 else "middle"  # noqa: PLR2004 - about 65 degrees
    rows = [(position, row) for position, row in enumerate(content.values.buses) if str(row.element) == str(bus)]
    lines = 1 + len(rows)
    # the block of text keeps clear of the node whichever way it lies
    top = at.y + away.y * (15 if lines == 1 else 20) + 4 - (lines - 1) * 6
    x = at.x + away.x * 13
    canvas.identifier(Point(x, top), str(bus.index), "gcd-id", anchor)
    for position, row in rows:
        alarm = content.overlay.buses.get(str(bus)) in {BusMark.LOW, BusMark.HIGH}
        css = "gcd-value gcd-alarm-text" if alarm else "gcd-value"
        canvas.value(Point(x, top + 12), shown(row.vm_pu, "pu"), f"/buses/{position}/vm_pu", css, anchor)
    aside = {"start": _TEXT_PX.x / 2, "end": -_TEXT_PX.x / 2}.get(anchor, 0.0)
    return Point(x + aside, top + (1 if rows else -4))


def _label_place(points: Sequence[Point], taken: Sequence[Point]) -> Point:
    """The middle of a branch, or the place beside it that is freest where something stands there."""
    one, other = points[len(points) // 2 - 1], points[len(points) // 2]
    places = [between(one, other, share) for share in (0.5, 0.38, 0.62, 0.28, 0.72)]
    return max(places, key=lambda place: min(1.0, *(_room(text, place) for text in taken)))


def _room(text: Point, place: Point) -> float:
    """How far apart two texts are; from one on they do not touch."""
    return max(abs(text.x - place.x) / _TEXT_PX.x, abs(text.y - place.y) / _TEXT_PX.y)


def _print_loading(
    canvas: Canvas, content: AreaContent, at: Point, numbered: tuple[int, BranchState]
) -> tuple[Point, ...]:
    """Prints the loading of a branch, where it is known, and where it was printed."""
    position, row = numbered
    if row.loading_percent is None:
        return ()
    over = content.overlay.branches.get(str(row.element)) is BranchMark.OVERLOADED
    below = 18 if row.element.kind in _WOUND else 3.5
    css = "gcd-value gcd-alarm-text" if over else "gcd-value"
    path = f"/branches/{position}/loading_percent"
    canvas.value(Point(at.x, at.y + below), shown(row.loading_percent, "percent"), path, css)
    if over:
        canvas.identifier(Point(at.x, at.y + below - 12), f"{row.element.kind} {row.element.index}", "gcd-branch-id")
    return (Point(at.x, at.y + below - 3.5),)


def _title(canonical: str, name: str) -> str:
    return f"{canonical} {name}" if name else canonical
