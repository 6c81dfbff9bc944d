"""How buses and branches of a grid hang together, as plain arrays in per unit."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tools.element import ElementKind

if TYPE_CHECKING:
    from pandapower import pandapowerNet

    from tools.grid.grid import Grid

BRANCH_ENDS = {
    ElementKind.LINE: (("from_bus", "from"), ("to_bus", "to")),
    ElementKind.TRAFO: (("hv_bus", "hv"), ("lv_bus", "lv")),
}
"""Columns of the two terminals with the side that a sensor there declares."""
OTHER_BRANCHES = {
    ElementKind.TRAFO3W: ("hv_bus", "mv_bus", "lv_bus"),
    ElementKind.IMPEDANCE: ("from_bus", "to_bus"),
    ElementKind.DCLINE: ("from_bus", "to_bus"),
}
FEEDING = frozenset({ElementKind.GEN, ElementKind.SGEN, ElementKind.EXT_GRID})
DRAWING = frozenset(
    {
        ElementKind.LOAD,
        ElementKind.SHUNT,
        ElementKind.STORAGE,
        ElementKind.WARD,
        ElementKind.XWARD,
        ElementKind.MOTOR,
    }
)


@dataclass(frozen=True)
class Terminal:
    """One end of a branch, or the connection of an element at a bus.

    Attributes:
        node: Number of the bus after closed couplers are merged.
        side: As a sensor declares it; empty for an element with one terminal.
    """

    kind: ElementKind
    index: int
    side: str
    node: int
    in_service: bool


@dataclass(frozen=True, eq=False)
class BranchModel:
    """The part of a grid model that ties measurements together.

    Attributes:
        base_mva: Base of the per-unit figures.
        node_of_bus: Merged bus number by pandapower bus index.
        vn_kv: Nominal voltage by pandapower bus index.
        terminals: All connections.
        key: Lines and two-winding transformers, in the order of the arrays below.
        ends: Buses (pandapower indices) at the from or high-voltage side, and at the other.
        series: Series impedance, pu.
        charging: Shunt admittance at each of the two ends, pu.
        tap: Voltage ratio at the from side, without the phase shift.
        shunts: P and Q drawn at nominal voltage, MW and Mvar, by index of the shunts in service.
    """

    base_mva: float
    node_of_bus: dict[int, int]
    vn_kv: dict[int, float]
    terminals: tuple[Terminal, ...]
    key: tuple[tuple[ElementKind, int], ...]
    ends: tuple[tuple[int, int], ...]
    series: NDArray[np.complex128]
    charging: NDArray[np.complex128]
    tap: NDArray[np.float64]
    shunts: dict[int, tuple[float, float]]


_CACHE: dict[str, BranchModel] = {}
_KEPT = 8
_LOCK = Lock()


def branch_model(grid: Grid) -> BranchModel:
    """The model of a grid; the newest few are kept by fingerprint."""
    with _LOCK:
        held = _CACHE.get(grid.fingerprint)
        if held is None:
            held = _build(deepcopy(grid.net))
            while len(_CACHE) >= _KEPT:
                del _CACHE[next(iter(_CACHE))]
            _CACHE[grid.fingerprint] = held
        return held


def _build(net: pandapowerNet) -> BranchModel:
    from pandapower import rundcpp  # noqa: PLC0415 - heavy, and only needed with a grid
    from pandapower.pypower.idx_brch import BR_B, BR_G, BR_R, BR_X, TAP  # noqa: PLC0415

    # The linear solve always succeeds, and leaves the parameters of the full equations with the net.
    rundcpp(net)
    ppc, lookups = net._ppc, net._pd2ppc_lookups  # noqa: SLF001 - there is no public door to them
    rows = np.real(ppc["branch"])
    places: list[int] = []
    key: list[tuple[ElementKind, int]] = []
    ends: list[tuple[int, int]] = []
    for kind, columns in BRANCH_ENDS.items():
        table = net[kind.value]
        if len(table):
            first = lookups["branch"][kind.value][0]
            places += range(first, first + len(table))
            key += [(kind, int(index)) for index in table.index]
            ends += zip(*(table[column].astype(int) for column, _ in columns), strict=True)
    rows = rows[places]
    node_of_bus = {int(bus): int(lookups["bus"][bus]) for bus in net.bus.index}
    return BranchModel(
        base_mva=float(ppc["baseMVA"]),
        node_of_bus=node_of_bus,
        vn_kv={int(bus): float(vn) for bus, vn in net.bus.vn_kv.items()},
        terminals=tuple(_terminals(net, node_of_bus)),
        key=tuple(key),
        ends=tuple((int(one), int(other)) for one, other in ends),
        series=rows[:, BR_R] + 1j * rows[:, BR_X],
        charging=(rows[:, BR_G] + 1j * rows[:, BR_B]) / 2,
        tap=np.where(rows[:, TAP] == 0, 1.0, rows[:, TAP]),
        shunts=_shunts(net),
    )


def _terminals(net: pandapowerNet, node_of_bus: dict[int, int]) -> list[Terminal]:
    columns = {kind: tuple(ends) for kind, ends in BRANCH_ENDS.items()}
    columns |= {
        kind: tuple((name, name.removesuffix("_bus")) for name in names) for kind, names in OTHER_BRANCHES.items()
    }
    columns |= dict.fromkeys(FEEDING | DRAWING, (("bus", ""),))
    return [
        Terminal(kind, int(index), side, node_of_bus[int(bus)], bool(live))
        for kind, ends in columns.items()
        for column, side in ends
        for index, bus, live in zip(
            net[kind.value].index, net[kind.value][column], net[kind.value].in_service, strict=True
        )
    ]


def _shunts(net: pandapowerNet) -> dict[int, tuple[float, float]]:
    """Powers at the bus's nominal voltage; a shunt's own nominal voltage may differ from it."""
    table = net.shunt
    live = table[table.in_service.astype(bool)]
    scale = live.step * (net.bus.vn_kv.reindex(live.bus).to_numpy(dtype=float) / live.vn_kv) ** 2
    pairs = zip(live.index, live.p_mw * scale, live.q_mvar * scale, strict=True)
    return {int(index): (float(p_mw), float(q_mvar)) for index, p_mw, q_mvar in pairs}
