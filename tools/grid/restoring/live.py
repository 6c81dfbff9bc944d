"""The part of the grid that has voltage before the restoration, on the matrix of the restoration."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref, number_in, row_of
from tools.grid.screening.arrays import grid_arrays
from tools.grid.screening.losses import demand_by_bus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from tools.grid.restoring.wiring import Wiring
    from tools.grid.solve import SolvedState

_HELD = ("gen", "ext_grid")


@dataclass(frozen=True)
class Anchor:
    """A source that takes the balance whatever the others do: of the live part, or a neighbour without limits.

    Attributes:
        ref: The element.
        bus: Its bus of the matrix.
        p_mw, q_mvar: What it gives before the restoration.
        least_mw, most_mw: Its limits, widened to that; infinite where there are none.
        least_mvar, most_mvar: As these.
    """

    ref: ElementRef
    bus: int
    p_mw: float
    q_mvar: float
    least_mw: float
    most_mw: float
    least_mvar: float
    most_mvar: float


@dataclass(frozen=True)
class Live:
    """The part that has voltage, by bus of the matrix.

    Attributes:
        buses: Which buses.
        injection_mva: What is fed into the branches there before the restoration.
        held_pu: Voltages that units hold there; NaN where none does.
        load_mw: Load there.
        voltage: Solved voltage; one elsewhere.
        anchors: What balances it.
        capacity_mw: Of its units in service; infinite where one has no limit.
    """

    buses: NDArray[np.bool_]
    injection_mva: NDArray[np.complex128]
    held_pu: NDArray[np.float64]
    load_mw: NDArray[np.float64]
    voltage: NDArray[np.complex128]
    anchors: tuple[Anchor, ...]
    capacity_mw: float


def references(net: pandapowerNet) -> list[ElementRef]:
    """External grids and slack units in service that have a result."""
    grids = [element_ref(net, ElementKind.EXT_GRID, int(i)) for i in net.ext_grid.index[net.res_ext_grid.p_mw.notna()]]
    slack = net.gen.index[net.gen.slack.astype(bool) & net.res_gen.p_mw.notna()] if len(net.gen) else ()
    live = [ref for ref in grids if net.ext_grid.at[ref.index, "in_service"]]
    return live + [element_ref(net, ElementKind.GEN, int(i)) for i in slack if net.gen.at[i, "in_service"]]


def live_part(solved: SolvedState | None, wires: Wiring, refs: Sequence[ElementRef]) -> Live:
    """The live part of a solved state; nothing is live where there is none."""
    size = len(wires.arrays.voltage)
    mask, injection = np.zeros(size, dtype=bool), np.zeros(size, dtype=complex)
    held, load, voltage = np.full(size, np.nan), np.zeros(size), np.ones(size, dtype=complex)
    if solved is None:
        return Live(mask, injection, held, load, voltage, (), 0.0)
    net, own = solved.net, grid_arrays(solved.net)
    fed, kept = own.injection * own.base_mva, np.concatenate((own.regulated, own.reference))
    for index, at, drawn in zip(own.bus_index.tolist(), own.bus_place.tolist(), demand_by_bus(net), strict=True):
        to = wires.place.get(index, -1)
        if at >= 0 and to >= 0:
            load[to] += drawn
            mask[to], injection[to], voltage[to] = True, fed[at], own.voltage[at]
            held[to] = abs(own.voltage[at]) if at in kept else np.nan
    mask |= _inner(wires, mask)
    return Live(mask, injection, held, load, voltage, tuple(_anchor(net, ref, wires) for ref in refs), _capacity(net))


def _inner(wires: Wiring, live: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Buses of the matrix that no table has, such as star points, between live buses and not at a dark branch."""
    arrays = wires.arrays
    told = np.zeros(len(live), dtype=bool)
    told[list(wires.place.values())] = True
    dark_rows = np.concatenate([branch.rows for branch in wires.branches]) if wires.branches else np.empty(0, int)
    rows = np.setdiff1d(np.arange(len(arrays.start)), dark_rows)
    near: NDArray[np.bool_] = np.zeros(len(live), dtype=bool)
    for start, end in ((arrays.start[rows], arrays.end[rows]), (arrays.end[rows], arrays.start[rows])):
        near[end[live[start] & ~told[end]]] = True
    return near


def _anchor(net: pandapowerNet, ref: ElementRef, wires: Wiring) -> Anchor:
    row, result = row_of(net, ref.kind, ref.index), net[f"res_{ref.kind}"].loc[ref.index]

    def limit(column: str, none: float) -> float:
        value = number_in(row, column)
        return none if value is None else value

    p, q = float(result.p_mw), float(result.q_mvar)
    return Anchor(
        ref,
        wires.place[int(str(row["bus"]))],
        p,
        q,
        min(limit("min_p_mw", -inf), p),
        max(limit("max_p_mw", inf), p),
        min(limit("min_q_mvar", -inf), q),
        max(limit("max_q_mvar", inf), q),
    )


def _capacity(net: pandapowerNet) -> float:
    """Of the synchronous units that have a result."""
    total = 0.0
    for name in _HELD:
        for index in net[name].index[net[name].in_service.astype(bool) & net[f"res_{name}"].p_mw.notna()]:
            row = row_of(net, ElementKind(name), int(index))
            most = number_in(row, "max_p_mw")
            output = max(float(net[f"res_{name}"].at[index, "p_mw"]), 0.0)
            total += (inf if name == "ext_grid" else output) if most is None else max(most, 0.0)
    return total
