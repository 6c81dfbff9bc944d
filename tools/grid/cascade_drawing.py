"""``draw_cascade``: where a cascade ran, step by step, and what it cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.element import ElementKind, ElementRef
from tools.grid.cascade import simulate_cascade
from tools.grid.diagram.area import AreaContent
from tools.grid.diagram.branches import branches_of
from tools.grid.diagram.cascade_picture import CascadeContent, draw_path
from tools.grid.diagram.centre import terminals
from tools.grid.diagram.feeders import FeederValues
from tools.grid.diagram.injections import infeed_buses
from tools.grid.diagram.marks import BranchMark, BusMark, Overlay
from tools.grid.diagram.note import note_of_path, note_of_places
from tools.grid.diagram.placing import place
from tools.grid.diagram.scope import Scope, choose_scope
from tools.grid.diagram.time_line import MOST_STEPS
from tools.grid.elements import element_refs
from tools.grid.schema.cascade import CascadePath, SimulateCascadeArguments
from tools.grid.schema.cascade_drawing import CascadeDrawing, DrawCascadeArguments
from tools.grid.state import hypothesis_net

if TYPE_CHECKING:
    from pandapower import pandapowerNet

    from tools.context import ToolContext

SMALL = 60
"""Up to this many buses the whole grid is drawn; of larger ones what lies near the trips."""
AROUND = 3
"""Branches away from a trip or a dead bus that are still drawn in a larger grid."""


def draw_cascade(ctx: ToolContext, args: DrawCascadeArguments) -> CascadeDrawing:
    """Draw the worst of the cascades: trips numbered by step, dead islands shaded, a time line below.

    Raises:
        NotSolvedError, UnknownElementError, AmbiguousElementError, InvalidArgumentError: as ``simulate_cascade``.
    """
    wanted = args.model_dump(exclude={"layout"}) | {"limit": 1, "offset": 0, "paths": 1}
    [path] = simulate_cascade(ctx, SimulateCascadeArguments.model_validate(wanted)).paths
    grid = ctx.grids.grid(args.at)
    net = hypothesis_net(grid, args.outages, args.actions).net
    scope, layout, places = place(net, _scope(net, path), args.layout)
    buses = element_refs(net, ElementKind.BUS, scope.buses)
    area = AreaContent(
        scope=scope,
        layout=layout,
        places=places,
        overlay=_overlay(scope, path),
        buses=buses,
        focus=frozenset(),
        infeeds=infeed_buses(net),
        high_voltage=frozenset(),
        values=FeederValues(),
    )
    title = f"{grid.name}, {path.case}: the way of the outages"
    at_buses = {str(ref): terminals(net, ref) for ref in _affected(path) if ref.kind not in _DRAWN_AS_BRANCHES}
    return CascadeDrawing(
        case=path.case,
        title=title,
        svg=draw_path(CascadeContent(area, path, at_buses), title),
        path=path,
        drawn=buses + tuple(ElementRef(kind=one.kind, index=one.index, name=one.name) for one in scope.branches),
        buses_drawn=len(scope.buses),
        buses_left_out=scope.left_out,
        places=places,
        steps_not_listed=max(len(path.steps) - MOST_STEPS, 0),
        note=" ".join((*note_of_path(path, left_out=scope.left_out > 0), *note_of_places(places))),
    )


_DRAWN_AS_BRANCHES = frozenset({ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W})


def _affected(path: CascadePath) -> tuple[ElementRef, ...]:
    """Everything that went out or shed load, in order."""
    return tuple(dict.fromkeys(event.element for step in path.steps for event in step.events))


def _scope(net: pandapowerNet, path: CascadePath) -> Scope:
    centre = [bus for ref in _affected(path) for bus in terminals(net, ref)] + [ref.index for ref in path.dead]
    buses = [int(bus) for bus in net.bus.index]
    return choose_scope(buses, branches_of(net), centre, None if len(buses) <= SMALL else AROUND)


def _overlay(scope: Scope, path: CascadePath) -> Overlay:
    """Marks of the end: what began it, what is open in the model, what has no supply."""
    dead = {ref.index for ref in path.dead}
    begun = {str(ref) for ref in path.initiating}
    alive = BusMark.UNKNOWN if path.dead_omitted else BusMark.NORMAL

    def branch_mark(key: str, buses: tuple[int, ...], in_service: bool) -> BranchMark:
        if key in begun:
            return BranchMark.OUT
        if not in_service:
            return BranchMark.OPEN
        return BranchMark.DEAD if dead.issuperset(buses) else BranchMark.UNKNOWN

    return Overlay(
        solved=True,
        loading_meaningful=False,
        buses={f"bus:{bus}": BusMark.DEAD if bus in dead else alive for bus in scope.buses},
        branches={str(one): branch_mark(str(one), one.buses, one.in_service) for one in scope.branches},
    )
