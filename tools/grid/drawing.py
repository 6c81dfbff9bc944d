"""``draw_grid``: a picture of the grid or of a part of it, with the solved state laid over it."""

from __future__ import annotations

from tools.context import ToolContext
from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.diagram.area import AreaContent, draw_area
from tools.grid.diagram.branches import branches_of
from tools.grid.diagram.centre import natural_centre, terminals
from tools.grid.diagram.feeders import FeederValues
from tools.grid.diagram.injections import infeed_buses, load_rows, unit_rows
from tools.grid.diagram.marks import BranchMark, BusMark, Overlay
from tools.grid.diagram.note import note_of, note_of_places
from tools.grid.diagram.overlay import View, read_overlay
from tools.grid.diagram.placing import place
from tools.grid.diagram.scope import Scope, choose_scope
from tools.grid.diagram.single_line import finish, pypowsybl_svg, substation_buses
from tools.grid.elements import element_refs, resolve_element
from tools.grid.operating_limits import operating_limits
from tools.grid.schema.common import BranchState, BusState
from tools.grid.schema.drawing import DrawGridArguments, Drawing
from tools.grid.solve import solved_state
from tools.grid.state import hypothesis_net

MOST_VALUES = 48
"""Up to this many buses or branches every value is printed; beyond it only those that break a limit."""


def draw_grid(ctx: ToolContext, args: DrawGridArguments) -> Drawing:
    """Draw the state with its hypothesis; without a solution the topology alone.

    Raises:
        UnknownElementError, AmbiguousElementError: when the centre or an element of the hypothesis is not found.
        InvalidArgumentError: for a single-line diagram without a centre.
    """
    grid = ctx.grids.grid(args.at)
    try:
        state, solved = solved_state(grid, args.outages, args.actions).state, True
    except NotSolvedError:
        state, solved = hypothesis_net(grid, args.outages, args.actions), False
    view = View(state, operating_limits(state.net, ctx.limits), solved)
    if state.net.bus.empty:
        raise InvalidArgumentError(f"grid: {grid.name!r} has no bus, so there is nothing to draw")
    centre = resolve_element(state.net, args.around) if args.around else None
    if args.style == "area":
        return _area(view, centre, args)
    if centre is None:
        raise InvalidArgumentError("around: a single-line diagram shows one substation; name an element in it")
    return _single_line(view, centre)


def _area(view: View, centre: ElementRef | None, args: DrawGridArguments) -> Drawing:
    net = view.net
    start = terminals(net, centre) if centre else natural_centre(view.state)
    scope = choose_scope(_buses(view), branches_of(net), start, args.depth if centre else None)
    scope, layout, places = place(net, scope, args.layout)
    overlay = read_overlay(view, scope)
    values = _printed(overlay)
    content = AreaContent(
        scope=scope,
        layout=layout,
        places=places,
        overlay=overlay,
        buses=element_refs(net, ElementKind.BUS, scope.buses),
        focus=frozenset({str(centre)} if centre else ()),
        infeeds=infeed_buses(net),
        high_voltage=_high_voltage(view, scope),
        values=values,
    )
    drawing = _drawing(view, scope, overlay, values, draw_area(content, _title(view, centre)), _title(view, centre))
    return drawing.model_copy(update={"places": places, "note": " ".join((drawing.note, *note_of_places(places)))})


def _single_line(view: View, centre: ElementRef) -> Drawing:
    net, branches = view.net, branches_of(view.net)
    buses = substation_buses(branches, terminals(net, centre)[0])
    scope = choose_scope(_buses(view), branches, buses, 1)
    overlay = read_overlay(view, scope)
    values = FeederValues(
        buses=tuple(overlay.bus_states[f"bus:{bus}"] for bus in buses if f"bus:{bus}" in overlay.bus_states),
        branches=tuple(
            overlay.branch_states[str(branch)]
            for branch in scope.branches
            if set(buses).intersection(branch.buses) and str(branch) in overlay.branch_states
        ),
        units=unit_rows(view.state, buses) if view.solved else (),
        loads=load_rows(view.state, buses) if view.solved else (),
    )
    svg = finish(pypowsybl_svg(net, scope, buses), values, overlay, _title(view, centre))
    touching = tuple(branch for branch in scope.branches if set(buses).intersection(branch.buses))
    shown = Scope(buses, touching, len(net.bus) - len(buses))
    return _drawing(view, shown, overlay, values, svg, _title(view, centre))


def _buses(view: View) -> list[int]:
    return [int(bus) for bus in view.net.bus.index]


def _title(view: View, centre: ElementRef | None) -> str:
    return f"{view.state.grid.name}, {view.state.case}" + (f", around {centre}" if centre else "")


def _high_voltage(view: View, scope: Scope) -> frozenset[str]:
    """Branches between buses of the model's highest voltage; none where all buses have the same."""
    vn_kv = view.net.bus.vn_kv
    if vn_kv.nunique() == 1:
        return frozenset()
    top = frozenset(int(bus) for bus in vn_kv.index[vn_kv == vn_kv.max()])
    return frozenset(str(branch) for branch in scope.branches if top.issuperset(branch.buses))


def _printed(overlay: Overlay) -> FeederValues:
    """The values that an area picture prints: all of them in a small one, else those beyond a limit."""
    everything = max(len(overlay.buses), len(overlay.branches)) <= MOST_VALUES
    buses: list[BusState] = [
        row
        for key, row in overlay.bus_states.items()
        if everything or overlay.buses[key] in {BusMark.LOW, BusMark.HIGH}
    ]
    branches: list[BranchState] = [
        row
        for key, row in overlay.branch_states.items()
        if (everything and row.loading_percent is not None) or overlay.branches[key] is BranchMark.OVERLOADED
    ]
    return FeederValues(tuple(buses), tuple(branches))


def _which_values(overlay: Overlay, values: FeederValues) -> str:
    if values.units or values.loads:
        return "Active power is printed at the first end of each branch, and at loads and units."
    if len(values.buses) == len(overlay.bus_states):
        return "Voltages are printed, and loadings where a rating can be read."
    return "Values are printed where a limit is broken."


def _drawing(view: View, scope: Scope, overlay: Overlay, values: FeederValues, svg: str, title: str) -> Drawing:
    drawn = element_refs(view.net, ElementKind.BUS, scope.buses)
    drawn += tuple(ElementRef(kind=item.kind, index=item.index, name=item.name) for item in scope.branches)
    return Drawing(
        case=view.state.case,
        title=title,
        svg=svg,
        drawn=drawn,
        buses_drawn=len(scope.buses),
        buses_left_out=scope.left_out,
        overlay=view.solved,
        note=note_of(overlay, values=_which_values(overlay, values), left_out=scope.left_out > 0),
        buses=values.buses,
        branches=values.branches,
        units=values.units,
        loads=values.loads,
    )
