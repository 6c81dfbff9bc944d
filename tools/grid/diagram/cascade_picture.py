"""A cascade on the picture of its grid: shaded islands, numbered trips, and the time line below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.element import ElementKind
from tools.grid.diagram.area import AreaContent, branch_routes, put_area
from tools.grid.diagram.canvas import Canvas
from tools.grid.diagram.geometry import middle
from tools.grid.diagram.key import KEY_HEIGHT, draw_key, key_width
from tools.grid.diagram.layout import Point
from tools.grid.diagram.scale import SCALE_HEIGHT, draw_scale
from tools.grid.diagram.time_line import TIME_LINE_PX, draw_time_line, time_line_height
from tools.grid.schema.cascade import CascadePath, TripMechanism

SHADES = 4
_BADGE_PX = 8.5
_SHADE_PX = 24.0


@dataclass(frozen=True)
class CascadeContent:
    """Everything that the picture of a cascade shows.

    Attributes:
        area: The grid as it stands at the end.
        path: What happened.
        at_buses: Buses of the events' elements that are no branches, by canonical element.
    """

    area: AreaContent
    path: CascadePath
    at_buses: Mapping[str, tuple[int, ...]]


def step_css(place: int, steps: int) -> str:
    """The class of a step's colour: one of its own for the beginning, then from the first to the last.

    >>> [step_css(place, 5) for place in range(5)]
    ['gcd-step-begin', 'gcd-step0', 'gcd-step1', 'gcd-step2', 'gcd-step3']
    """
    if place == 0:
        return "gcd-step-begin"
    return f"gcd-step{(place - 1) * SHADES // max(steps - 1, 1)}"


def draw_path(content: CascadeContent, title: str) -> str:
    """The SVG."""
    area, path = content.area, content.path
    wide = max(area.layout.width, key_width(area.overlay), TIME_LINE_PX)
    keyed = area.layout.height + (SCALE_HEIGHT if area.layout.bar_px else 0.0)
    lined = keyed + KEY_HEIGHT
    canvas = Canvas(wide, lined + time_line_height(path), title)
    canvas.describe(
        "The grid with branches that tripped, numbered by the step in which they did, and shaded parts that lost "
        "supply. Below, each step with its time, what went out and why, and the load lost so far."
    )
    _shade_dead(canvas, area)
    put_area(canvas, area)
    _draw_events(canvas, content)
    draw_scale(canvas, area.places, area.layout)
    draw_key(canvas, area.overlay, top=keyed)
    draw_time_line(canvas, path, lined, [step_css(place, len(path.steps)) for place in range(len(path.steps))])
    return canvas.svg()


def _shade_dead(canvas: Canvas, area: AreaContent) -> None:
    """One ground under all that has no supply: its buses, and the branches between them."""
    places = area.layout.places
    dead = {bus for bus, mark in area.overlay.buses.items() if mark == "dead"}
    for branch in area.scope.branches:
        ends = [f"bus:{bus}" for bus in branch.buses]
        if dead.issuperset(ends) and area.overlay.branches[str(branch)] == "dead":
            canvas.path(tuple(places[end] for end in ends), "gcd-shade-way")
    for bus in sorted(dead):
        canvas.circle(places[bus], _SHADE_PX, "gcd-shade")


def _draw_events(canvas: Canvas, content: CascadeContent) -> None:
    """Strokes of the branches that tripped, then over all of them the numbers, those of early steps on top."""
    area, steps = content.area, content.path.steps
    routes = branch_routes(area)
    acted = [
        (place, event)
        for place in range(len(steps) - 1, -1, -1)
        for event in steps[place].events
        if event.mechanism is not TripMechanism.INITIATING
    ]
    for place, event in acted:
        if str(event.element) in routes:
            canvas.path(routes[str(event.element)], f"gcd-trip {step_css(place, len(steps))}")
    for place, event in acted:
        key, number = str(event.element), steps[place].step
        group = canvas.group(f"{key}: {event.mechanism.replace('_', ' ')}, step {number}")
        for at in [middle(routes[key])] if key in routes else _at_buses(content, key):
            canvas.circle(at, _BADGE_PX, f"gcd-badge {step_css(place, len(steps))}", group)
            canvas.value(Point(at.x, at.y + 3.5), str(number), f"/path/steps/{place}/step", "gcd-number")


def _at_buses(content: CascadeContent, element: str) -> Iterator[Point]:
    """Where what is no branch stands; outside the picture nowhere."""
    for bus in content.at_buses.get(element, ()):
        at = content.area.layout.places.get(f"{ElementKind.BUS}:{bus}")
        if at is not None:
            yield at
