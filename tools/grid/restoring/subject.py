"""What is to be restored: the dark part with its plant, the part that is live, and the limits of both."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import networkx as nx

from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError
from tools.grid.case import BASE
from tools.grid.connectivity import connectivity
from tools.grid.elements import element_ref, resolve_element
from tools.grid.path_graph import branch_graph
from tools.grid.restoring.bounds import Bounds, bounds_of
from tools.grid.restoring.live import Live, live_part, references
from tools.grid.restoring.plant import UNIT_KINDS, Load, Shunt, Unit, loads_of, shunts_of, units_of
from tools.grid.restoring.wiring import Wiring, tie_refs, wiring
from tools.grid.schema.restoration import PlanRestorationArguments, RestorationSource, SourceKind
from tools.grid.solve import SolvedState, solved_state
from tools.grid.soundness import require_values
from tools.grid.state import State, hypothesis_net
from tools.grid.supply import intact_supply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandapower import pandapowerNet

    from tools.grid.grid import Grid
    from tools.limits import LimitTable


@dataclass(frozen=True)
class Subject:
    """All that the sequence works on; nothing in it changes.

    Attributes:
        case: Label of the state before the restoration.
        intended: The grid with outages and actions, as if nothing were dark.
        moved_slack: Unit that balances the live part because its slack is lost.
        dark: Buses without voltage at the beginning.
        wiring: The matrix.
        units, loads, shunts: Of the dark part; loads in the order in which they come back.
        first: Units that give voltage by themselves, by position, with their times.
        sources: As they are told.
        live: The part that has voltage.
        bounds: The limits.
        radial: The model is run without loops, so none is closed.
    """

    case: str
    intended: pandapowerNet
    moved_slack: ElementRef | None
    dark: frozenset[int]
    wiring: Wiring
    units: tuple[Unit, ...]
    loads: tuple[Load, ...]
    shunts: tuple[Shunt, ...]
    first: dict[int, float]
    sources: tuple[RestorationSource, ...]
    live: Live
    bounds: Bounds
    radial: bool


def dark_buses(grid: Grid, args: PlanRestorationArguments) -> tuple[State, SolvedState | None, frozenset[int]]:
    """The grid as intended, the live part solved (None where there is none), and the buses without voltage.

    Raises:
        NotSolvedError: when a value that the equations need is missing, or the live part does not solve.
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for buses and outages that cannot be.
    """
    intended = hypothesis_net(grid, args.outages, args.actions)
    require_values(intended)
    buses = frozenset(int(bus) for bus in intended.net.bus.index[intended.net.bus.in_service.astype(bool)])
    if args.whole_grid:
        return intended, None, buses
    named = [resolve_element(intended.net, text, (ElementKind.BUS,)) for text in args.dead]
    if gone := next((ref for ref in named if ref.index not in buses), None):
        raise InvalidArgumentError(f"dead: {gone} is out of service already")
    out = (*args.outages, *(str(ref) for ref in named))
    # an island without any source is no power flow, and no error: all of it is dark
    live = hypothesis_net(grid, out, args.actions)
    if not connectivity(live.net).energised.any():
        return intended, None, buses
    solved = solved_state(grid, out, args.actions)
    return intended, solved, buses - solved.topology.energised_buses()


def subject(
    intended: State,
    solved: SolvedState | None,
    dark: frozenset[int],
    args: PlanRestorationArguments,
    never: frozenset[str],
    table: LimitTable,
) -> Subject:
    """Put together what is restored.

    Args:
        intended: The grid with outages and actions.
        solved: The live part; None where there is none.
        dark: Buses without voltage; at least one.
        args: What is asked.
        never: Elements that must not be used, canonical, beside those out by ``outages``.
        table: Limits for the live part.

    Raises:
        InvalidArgumentError: without any source, and for references that do not fit the dark part.
        NotSolvedError: when the unloaded grid does not solve.
    """
    net = intended.net
    first = _sources(net, dark, args, never, whole=solved is None)
    live_buses = [int(net[ref.kind].at[ref.index, "bus"]) for ref, _ in first]
    anchors = [] if solved is None else references(solved.net)
    live_buses += [int(solved.net[ref.kind].at[ref.index, "bus"]) for ref in anchors] if solved else []
    faulted = frozenset(str(ref) for ref in intended.outages) | never
    wires = wiring(net, dark, tie_refs(net, args.ties, faulted), live_buses, never)
    planned = intact_supply(intended.grid).slack_p_mw
    units = tuple(one for one in units_of(net, wires.place, dark, args, planned) if str(one.ref) not in never)
    live = live_part(solved, wires, anchors)
    position = {str(unit.ref): at for at, unit in enumerate(units)}
    times = {position[str(ref)]: start for ref, start in first}
    return Subject(
        case=_label(intended, solved),
        intended=net,
        moved_slack=solved.state.moved_slack if solved else None,
        dark=dark,
        wiring=wires,
        units=units,
        loads=loads_of(net, wires.place, dark, args),
        shunts=shunts_of(net, wires.place, dark),
        first=times,
        sources=_told(units, times, live, args),
        live=live,
        bounds=bounds_of(wires, live, dark, args, table),
        radial=_radial(intended.grid.net),
    )


def _label(intended: State, solved: SolvedState | None) -> str:
    if solved is not None:
        return solved.case
    return "blackout" if intended.case == BASE else f"blackout, {intended.case}"


def _sources(
    net: pandapowerNet, dark: frozenset[int], args: PlanRestorationArguments, never: frozenset[str], *, whole: bool
) -> list[tuple[ElementRef, float]]:
    """Who gives voltage in the dark part: those named, else external grids as live neighbours where all is dark."""
    named = {resolve_element(net, one.element, UNIT_KINDS): one.start_min for one in args.black_start}
    for ref in named:
        if not net[ref.kind].at[ref.index, "in_service"] or str(ref) in never:
            raise InvalidArgumentError(
                f"black_start: {ref} is out of service, by outages, permit or record, or the model"
            )
        if int(net[ref.kind].at[ref.index, "bus"]) not in dark:
            raise InvalidArgumentError(f"black_start: {ref} is not in the dark part")
    if named or not whole:
        return sorted(named.items(), key=lambda item: (item[1], item[0].kind, item[0].index))
    table = net.ext_grid
    refs = [
        element_ref(net, ElementKind.EXT_GRID, int(index))
        for index in table.index[table.in_service.astype(bool) & table.bus.isin(dark)]
    ]
    refs = [ref for ref in refs if str(ref) not in never]
    if not refs:
        raise InvalidArgumentError(
            "black_start: nothing has voltage and the model has no external grid that could stand for a live "
            "neighbour; name at least one unit that starts without the grid, such as gen:0"
        )
    return [(ref, 0.0) for ref in refs]


def _told(
    units: Sequence[Unit], first: dict[int, float], live: Live, args: PlanRestorationArguments
) -> tuple[RestorationSource, ...]:
    named = bool(args.black_start)
    standing = [
        RestorationSource(
            element=anchor.ref,
            source=SourceKind.LIVE_PART,
            named=False,
            capacity_p_mw=live.capacity_mw if isfinite(live.capacity_mw) else None,
            start_min=0.0,
        )
        for anchor in live.anchors
    ]
    started = [
        RestorationSource(
            element=units[at].ref,
            source=SourceKind.NEIGHBOUR if units[at].ref.kind is ElementKind.EXT_GRID else SourceKind.BLACK_START,
            named=named,
            capacity_p_mw=units[at].most_mw if isfinite(units[at].most_mw) else None,
            start_min=start,
        )
        for at, start in first.items()
    ]
    return (*standing, *started)


def _radial(net: pandapowerNet) -> bool:
    """Whether the grid is run without loops."""
    graph = branch_graph(net)
    return bool(graph.number_of_edges() == graph.number_of_nodes() - nx.number_connected_components(graph))
