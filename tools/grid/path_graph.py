"""A grid as a graph: buses joined by branches in service and closed switches, weighted by impedance."""

from __future__ import annotations

from collections.abc import Mapping
from math import copysign, hypot, isfinite, nan, sqrt
from typing import TYPE_CHECKING

import networkx as nx

from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref, number_in, table, text_of
from tools.grid.model_defects.values import BUS_COLUMNS

if TYPE_CHECKING:
    from pandapower import pandapowerNet

_OpenEnds = frozenset[tuple[ElementKind, int, int]]
_LETTERS = {"l": ElementKind.LINE, "t": ElementKind.TRAFO, "t3": ElementKind.TRAFO3W}
_BRANCHES = (ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W, ElementKind.IMPEDANCE)
_SWITCH_WEIGHT = 1e-9  # a switch is the shortest way there is, but not for nothing: fewer switches are better


def branch_graph(net: pandapowerNet) -> nx.MultiGraph:
    """Buses in service as nodes, by index; each edge has ``ref``, ``weight`` (pu), ``x_ohm`` and ``length_km``.

    A three-winding transformer is a node of its own, a pair of kind and index, joined to its buses. DC lines carry
    no synchronism and do not join buses here.
    """
    graph = nx.MultiGraph()
    graph.add_nodes_from(int(bus) for bus in net.bus.index[net.bus["in_service"].astype(bool)])
    cut = _open_ends(net)
    for kind in _BRANCHES:
        rows = table(net, kind)
        alive = rows[rows["in_service"].astype(bool)] if len(rows) else rows
        for index, cells in zip(alive.index, alive.to_dict("records"), strict=True):
            row: dict[str, object] = {str(column): cell for column, cell in cells.items()}
            ref = ElementRef(kind=kind, index=int(index), name=text_of(row.get("name")))
            _add_branch(graph, net, ref, row, cut)
    closed = net.switch[(net.switch["et"] == "b") & net.switch["closed"].astype(bool)]
    for index, a, b in zip(closed.index, closed["bus"], closed["element"], strict=True):
        if int(a) in graph and int(b) in graph:
            ref = element_ref(net, ElementKind.SWITCH, int(index))
            graph.add_edge(int(a), int(b), ref=ref, weight=_SWITCH_WEIGHT, x_ohm=None, length_km=None)
    return graph


def _open_ends(net: pandapowerNet) -> _OpenEnds:
    """Ends of branches behind an open switch, as kind, index and bus."""
    opened = net.switch[~net.switch["closed"].astype(bool) & net.switch["et"].isin(list(_LETTERS))]
    return frozenset(
        (_LETTERS[letter], int(element), int(bus))
        for letter, element, bus in zip(opened["et"], opened["element"], opened["bus"], strict=True)
    )


def _add_branch(
    graph: nx.MultiGraph, net: pandapowerNet, ref: ElementRef, row: Mapping[str, object], cut: _OpenEnds
) -> None:
    kind, index = ref.kind, ref.index
    buses = [int(str(row[column])) for column in BUS_COLUMNS[kind]]
    alive = [bus for bus in buses if bus in graph and (kind, index, bus) not in cut]
    vn_kv = float(str(net.bus["vn_kv"].at[buses[0]]))
    x_ohm, weight = _impedance(kind, row, vn_kv if vn_kv > 0 else nan)
    edge = {"ref": ref, "x_ohm": x_ohm, "length_km": None}
    if kind is ElementKind.TRAFO3W:  # a star: one winding out leaves the two others joined
        for bus in alive:
            graph.add_edge(bus, (kind, index), **edge, weight=weight / 2)
    elif len(alive) == len(buses):
        edge["length_km"] = number_in(row, "length_km") if kind is ElementKind.LINE else None
        graph.add_edge(*alive, **edge, weight=weight)


def _impedance(kind: ElementKind, row: Mapping[str, object], vn_kv: float) -> tuple[float | None, float]:
    """Reactance in ohm at the first bus's level (None for three windings), and the magnitude in pu of 1 MVA."""

    def value(column: str) -> float:
        number = number_in(row, column)
        return nan if number is None else number

    if kind is ElementKind.LINE:
        scale = value("length_km") / (number_in(row, "parallel") or 1.0)
        r_ohm, x_ohm = value("r_ohm_per_km") * scale, value("x_ohm_per_km") * scale
        return _finite(x_ohm), _weight(hypot(r_ohm, x_ohm) / vn_kv**2)
    if kind is ElementKind.TRAFO:
        sn_mva = value("sn_mva") * (number_in(row, "parallel") or 1.0)
        z_pu, r_pu = value("vk_percent") / 100 / sn_mva, value("vkr_percent") / 100 / sn_mva
        x_pu = copysign(sqrt(max(z_pu**2 - r_pu**2, 0.0)), z_pu)
        return _finite(x_pu * value("vn_hv_kv") ** 2), _weight(z_pu)
    if kind is ElementKind.IMPEDANCE:
        x_pu = value("xft_pu") / value("sn_mva")
        return _finite(x_pu * vn_kv**2), _weight(hypot(value("rft_pu"), value("xft_pu")) / value("sn_mva"))
    return None, _weight(value("vk_hv_percent") / 100 / value("sn_hv_mva"))


def _finite(number: float) -> float | None:
    return number if isfinite(number) else None


def _weight(z_pu: float) -> float:
    """A weight that Dijkstra's algorithm can use also where the model has no impedance."""
    return max(abs(z_pu), _SWITCH_WEIGHT) if isfinite(z_pu) else 1.0
