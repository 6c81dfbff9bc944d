"""Which buses hang together, and which of them have a source: topology alone, without a power flow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

# Table, terminal columns, and the letter by which net.switch names the table in its column "et".
BRANCH_TERMINALS: dict[str, tuple[tuple[str, ...], str | None]] = {
    "line": (("from_bus", "to_bus"), "l"),
    "trafo": (("hv_bus", "lv_bus"), "t"),
    "trafo3w": (("hv_bus", "mv_bus", "lv_bus"), "t3"),
    "impedance": (("from_bus", "to_bus"), None),
    "tcsc": (("from_bus", "to_bus"), None),
}


@dataclass(frozen=True, eq=False)
class Connectivity:
    """The islands of a net; every array is in the order of ``net.bus``.

    Attributes:
        buses: Bus indices.
        island: Number of the island of each bus; an out-of-service bus is an island of its own.
        energised: Whether the bus is in service and its island holds an external grid or a slack unit in service.
    """

    buses: NDArray[np.int64]
    island: NDArray[np.int64]
    energised: NDArray[np.bool_]

    def position(self, bus: int) -> int:
        """Place of a bus index in the arrays."""
        return int(np.flatnonzero(self.buses == bus)[0])

    def energised_buses(self) -> frozenset[int]:
        """Indices of the buses that have a source."""
        return frozenset(self.buses[self.energised].tolist())

    def members(self, island: int) -> NDArray[np.int64]:
        """Bus indices of one island."""
        inside: NDArray[np.int64] = self.buses[self.island == island]
        return inside


def connectivity(net: pandapowerNet) -> Connectivity:
    """The islands of a net through branches in service, closed switches and in-service buses."""
    buses = net.bus.index.to_numpy(dtype=np.int64)
    in_service = net.bus.in_service.to_numpy(dtype=bool)
    edges = [_branch_edges(net, table) for table in BRANCH_TERMINALS]
    edges.append(_bus_switch_edges(net))
    ends = net.bus.index.get_indexer(np.concatenate(edges).ravel()).reshape(-1, 2)
    ends = ends[in_service[ends].all(axis=1)]
    size = len(buses)
    graph = coo_matrix((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(size, size))
    _, island = connected_components(graph, directed=False)
    sources = net.bus.index.get_indexer(list(slack_buses(net)))
    sources = sources[in_service[sources]]
    energised = in_service & np.isin(island, island[sources])
    return Connectivity(buses, island.astype(np.int64), energised)


def slack_buses(net: pandapowerNet) -> tuple[int, ...]:
    """Buses of the external grids and slack units in service."""
    grids = net.ext_grid.bus[net.ext_grid.in_service.astype(bool)]
    units = net.gen.bus[net.gen.in_service.astype(bool) & net.gen.slack.astype(bool)] if len(net.gen) else ()
    return tuple(sorted({int(bus) for bus in (*grids, *units)}))


def _branch_edges(net: pandapowerNet, table: str) -> NDArray[np.int64]:
    """Bus pairs joined by the branches of one table; an end behind an open switch is not joined."""
    columns, letter = BRANCH_TERMINALS[table]
    if table not in net or not len(net[table]):
        return np.empty((0, 2), dtype=np.int64)
    frame = net[table][net[table].in_service.astype(bool)]
    ends = frame[list(columns)].to_numpy(dtype=np.int64)
    joined = _joined(net, letter, frame.index.to_numpy(dtype=np.int64), ends)
    # a three-winding transformer is a star: with one side cut, the two others are still joined
    pairs = [(a, b) for a in range(len(columns)) for b in range(a + 1, len(columns))]
    return np.concatenate([ends[joined[:, a] & joined[:, b]][:, [a, b]] for a, b in pairs])


def _joined(
    net: pandapowerNet, letter: str | None, index: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which ends of branches are not behind an open switch."""
    joined = np.ones(ends.shape, dtype=np.bool_)
    if letter is None or not len(net.switch):
        return joined
    switches = net.switch[(net.switch.et == letter) & ~net.switch.closed.astype(bool)]
    for element, bus in zip(switches.element, switches.bus, strict=True):
        joined[(index == element)[:, np.newaxis] & (ends == bus)] = False
    return joined


def _bus_switch_edges(net: pandapowerNet) -> NDArray[np.int64]:
    closed = net.switch[(net.switch.et == "b") & net.switch.closed.astype(bool)]
    edges: NDArray[np.int64] = closed[["bus", "element"]].to_numpy(dtype=np.int64).reshape(-1, 2)
    return edges
