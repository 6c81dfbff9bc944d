"""The tool ``find_path``: how two elements hang together, and which branches alone hold them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx

from tools.context import ToolContext
from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError
from tools.grid.describe import terminals
from tools.grid.elements import element_ref, resolve_element
from tools.grid.lengths import lengths_known
from tools.grid.path_graph import branch_graph
from tools.grid.schema.element import FindPathArguments, GridPath, PathStep
from tools.grid.state import hypothesis_net

if TYPE_CHECKING:
    from pandapower import pandapowerNet

SOURCE = "source"
_CRITICAL = 50


@dataclass(frozen=True)
class _Edge:
    """One branch on the way, and the bus it leads to."""

    key: ElementRef
    to_bus: int
    x_ohm: float | None
    length_km: float | None


def find_path(ctx: ToolContext, args: FindPathArguments) -> GridPath:
    """The shortest path by impedance between two elements of a state.

    A branch stands for the first of its buses that is in service. Closed bus-to-bus switches are steps of the path.

    Raises:
        UnknownElementError, AmbiguousElementError: for a reference that names nothing or several elements.
        InvalidArgumentError: when ``source`` is asked for and no infeed is in service.
    """
    state = hypothesis_net(ctx.grids.grid(args.at), args.outages, args.actions)
    net = state.net
    graph = branch_graph(net)
    start = resolve_element(net, args.start)
    from_bus = _bus_of(net, start)
    end, to_bus = _end(net, graph, args.end, from_bus)
    if from_bus not in graph or to_bus not in graph or not nx.has_path(graph, from_bus, to_bus):
        return GridPath(
            case=state.case, start=start, end=end, connected=False, steps=(), steps_total=0, independent_paths=0
        )
    edges = list(_edges(graph, nx.shortest_path(graph, from_bus, to_bus, weight="weight")))
    steps = [
        PathStep(
            element=edge.key,
            to_bus=element_ref(net, ElementKind.BUS, edge.to_bus),
            length_km=edge.length_km if lengths_known(net) else None,
            x_ohm=edge.x_ohm,
        )
        for edge in edges
    ]
    lengths = [step.length_km for step in steps if step.element.kind is not ElementKind.SWITCH]
    independent = _independent(graph, from_bus, to_bus)
    # edge-disjoint paths may still share a three-winding transformer, which fails as a whole
    critical = list(_critical(graph, edges, from_bus, to_bus))
    return GridPath(
        case=state.case,
        start=start,
        end=end,
        connected=True,
        steps=tuple(steps[args.offset : args.offset + args.limit]),
        steps_total=len(steps),
        length_km=None if None in lengths else sum(length for length in lengths if length is not None),
        independent_paths=min(independent, 1) if critical else independent,
        critical=tuple(critical[:_CRITICAL]),
    )


def _bus_of(net: pandapowerNet, ref: ElementRef) -> int:
    """The bus that an element stands for: the first of its buses in service, else its first bus."""
    buses = [bus.index for bus in terminals(net, ref)]
    return next((bus for bus in buses if bool(net.bus["in_service"].at[bus])), buses[0])


def _end(net: pandapowerNet, graph: nx.MultiGraph, text: str, from_bus: int) -> tuple[ElementRef, int]:
    if text.strip().casefold() != SOURCE:
        end = resolve_element(net, text)
        return end, _bus_of(net, end)
    infeeds = list(_infeeds(net))
    if not infeeds:
        raise InvalidArgumentError("end: no infeed is in service; give the element that the path should lead to")
    far = nx.single_source_dijkstra_path_length(graph, from_bus, weight="weight") if from_bus in graph else {}
    return min(infeeds, key=lambda infeed: far.get(infeed[1], float("inf")))


def _infeeds(net: pandapowerNet) -> Iterator[tuple[ElementRef, int]]:
    """External grids and units in service, in the order in which equally near ones are preferred."""
    for kind in (ElementKind.EXT_GRID, ElementKind.GEN):
        rows = net[kind.value]
        alive = rows[rows["in_service"].astype(bool)]
        for index, bus in zip(alive.index, alive["bus"], strict=True):
            yield element_ref(net, kind, int(index)), int(bus)


def _edges(graph: nx.MultiGraph, nodes: list[int]) -> Iterator[_Edge]:
    """The branch with the least impedance between each two nodes of the path; one step through a star."""
    for start, end in pairwise(nodes):
        best = min(graph[start][end].values(), key=lambda branch: branch["weight"])
        if isinstance(end, int):
            yield _Edge(best["ref"], end, best["x_ohm"], best["length_km"])


def _independent(graph: nx.MultiGraph, start: int, end: int) -> int:
    """Edge-disjoint paths; none is counted from a bus to itself."""
    if start == end:
        return 0
    widths = nx.Graph()
    for a, b in graph.edges():
        width = widths.edges[a, b]["capacity"] + 1 if widths.has_edge(a, b) else 1
        widths.add_edge(a, b, capacity=width)
    return int(nx.maximum_flow_value(widths, start, end))


def _critical(graph: nx.MultiGraph, edges: list[_Edge], start: int, end: int) -> Iterator[ElementRef]:
    """Elements whose outage alone cuts every path; such an element is a step of each path, so also of this one."""
    for edge in edges:
        rest = nx.subgraph_view(graph, filter_edge=_without(graph, edge.key))
        if not nx.has_path(rest, start, end):
            yield edge.key


def _without(graph: nx.MultiGraph, ref: ElementRef) -> Callable[[object, object, int], bool]:
    def keeps(start: object, end: object, key: int) -> bool:
        return bool(graph.edges[start, end, key]["ref"] != ref)

    return keeps
