"""The network that measurements are held against: admittances and places, without any power of a load or unit."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from pandapower import rundcpp
from pandapower.pypower.idx_brch import F_BUS, T_BUS
from pandapower.pypower.idx_bus import BASE_KV, BS, GS, VA
from pandapower.pypower.makeYbus import branch_vectors
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tools.element import ElementKind
from tools.errors import NotSolvedError
from tools.grid.elements import table

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from tools.grid.grid import Grid

FEEDING, DRAWING = 1, -1
INJECTING: dict[ElementKind, int] = {
    ElementKind.GEN: FEEDING,
    ElementKind.SGEN: FEEDING,
    ElementKind.EXT_GRID: FEEDING,
    ElementKind.LOAD: DRAWING,
    ElementKind.STORAGE: DRAWING,
    ElementKind.MOTOR: DRAWING,
}
"""Elements whose power is measured at one bus, and its sign where feeding in is positive."""
# What feeds or draws at a bus in a way that no single power sensor tells.
_OTHER_INJECTING = ("ward", "xward", "asymmetric_load", "asymmetric_sgen", "svc", "ssc", "vsc", "bi_vsc")
_OTHER_BRANCHES = ("dcline", "tcsc", "b2b_vsc")
_SIDES: dict[str, tuple[str, ...]] = {
    "line": ("from", "to"),
    "trafo": ("hv", "lv"),
    "trafo3w": ("hv", "mv", "lv"),
    "impedance": ("from", "to"),
}
_STATUS = ("in_service", "closed", "tap_pos", "step", "parallel", "tap2_pos")
_KEPT = 12


@dataclass(frozen=True, eq=False)
class Network:
    """One topology; nodes are the buses of the solved matrix, so closed couplers are merged.

    Every branch row has two ends: the first half of the arrays of ends holds the from ends, the second the to ends.
    The power into the branch at an end is ``|Va|^2 conj(own) + Va conj(mutual Vb)``.

    Attributes:
        base_mva: Power base.
        vn_kv: Nominal voltage of each node.
        near, far: Node of each end, and that of the other end.
        own, mutual: Admittances of each end, pu.
        shunt: Shunt admittance of each node, pu.
        angle: Start angle of each node, radians: that of the linear power flow, phase shifts included.
        reference: A reference node for each electrical island.
        bus_index: pandapower's buses in table order.
        bus_node: Node of each of them; -1 when it has no supply.
        node_of: The same by bus index.
        end_of: End of a branch by table, index and side; absent when it is out of service.
        injecting: Elements in service at each node, by kind and index.
        unmeasurable: Nodes at which something feeds or draws that no power sensor can tell.
        without_balance: Nodes whose bus result is not the sum of their branches: an extended ward hangs there.
        shunts: Node and admittance (pu) of each shunt in service, by index.
    """

    base_mva: float
    vn_kv: NDArray[np.float64]
    near: NDArray[np.int64]
    far: NDArray[np.int64]
    own: NDArray[np.complex128]
    mutual: NDArray[np.complex128]
    shunt: NDArray[np.complex128]
    angle: NDArray[np.float64]
    reference: NDArray[np.int64]
    bus_index: NDArray[np.int64]
    bus_node: NDArray[np.int64]
    node_of: dict[int, int]
    end_of: dict[tuple[str, int, str], int]
    injecting: dict[int, tuple[tuple[ElementKind, int], ...]]
    unmeasurable: frozenset[int]
    without_balance: frozenset[int]
    shunts: dict[int, tuple[int, complex]]

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.vn_kv)

    @cached_property
    def island(self) -> NDArray[np.int64]:
        """Electrical island of each node."""
        half = len(self.near) // 2
        ends = self.near[:half], self.far[:half]
        graph = coo_matrix((np.ones(half), ends), shape=(self.nodes, self.nodes))
        return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)

    @cached_property
    def buses_at(self) -> dict[int, tuple[int, ...]]:
        """Pandapower's buses at each node."""
        found: dict[int, list[int]] = defaultdict(list)
        for bus, node in self.node_of.items():
            found[node].append(bus)
        return {node: tuple(buses) for node, buses in found.items()}

    @cached_property
    def passive(self) -> NDArray[np.int64]:
        """Nodes at which nothing feeds or draws: their injection is zero for sure."""
        busy = set(self.injecting) | self.unmeasurable
        return np.array([node for node in range(self.nodes) if node not in busy], dtype=np.int64)

    @cached_property
    def two_ended(self) -> dict[tuple[ElementKind, int], tuple[int, int]]:
        """Both ends of the branches that have two, the from or high-voltage end first."""
        return {
            (ElementKind(name), index): (end, self.end_of[name, index, other])
            for (name, index, side), end in self.end_of.items()
            for first, other in (_SIDES[name][:2],)
            if len(_SIDES[name]) == 2 and side == first  # noqa: PLR2004 - ends
        }

    @cached_property
    def rows_of_branch(self) -> dict[tuple[str, int], NDArray[np.int64]]:
        """All ends of each branch, by table and index."""
        half = len(self.near) // 2
        rows: dict[tuple[str, int], set[int]] = defaultdict(set)
        for (name, index, _), end in self.end_of.items():
            rows[name, index].add(end % half)
        return {
            branch: np.array([*sorted(held), *(row + half for row in sorted(held))], dtype=np.int64)
            for branch, held in rows.items()
        }

    def referred_to(self, reference: NDArray[np.int64]) -> Network:
        """The same network with other reference nodes."""
        return replace(self, reference=reference)


_CACHE: OrderedDict[str, Network] = OrderedDict()
_LOCK = Lock()


def network(grid: Grid) -> Network:
    """The network of a grid; the newest few topologies are kept.

    Raises:
        NotSolvedError: when no bus has a source.
    """
    key = _key(grid)
    with _LOCK:
        held = _CACHE.get(key)
        if held is not None:
            _CACHE.move_to_end(key)
            return held
    built = build_network(deepcopy(grid.net))
    with _LOCK:
        _CACHE[key] = built
        while len(_CACHE) > _KEPT:
            _CACHE.popitem(last=False)
    return built


def _key(grid: Grid) -> str:
    """Equal for equal topologies of one model: loads and outputs do not enter."""
    digest = sha256(grid.fingerprint.encode())
    for kind in (*ElementKind, "svc", "tcsc", "ssc", "vsc"):
        rows = grid.net.get(str(kind))
        if rows is None or not len(rows):
            continue
        for column in _STATUS:
            if column in rows:
                digest.update(rows[column].to_numpy(dtype=float).tobytes())
    return digest.hexdigest()


def build_network(net: pandapowerNet) -> Network:
    """The network of a private net, which is solved on the way.

    Raises:
        NotSolvedError: when no bus has a source.
    """
    try:
        # The linear solve needs no convergence, and leaves the parameters of the full equations with the net.
        rundcpp(net)
    except (UserWarning, ValueError, KeyError, FloatingPointError) as error:
        raise NotSolvedError(f"at: the grid has no network to estimate on: {error}") from error
    solved, lookups = net._ppc["internal"], net._pd2ppc_lookups  # noqa: SLF001 - there is no public door to them
    bus, branch = solved["bus"].real, solved["branch"]
    ytt, yff, yft, ytf = (np.asarray(values, dtype=complex) for values in branch_vectors(branch, len(branch)))
    start, end = (branch[:, column].real.astype(np.int64) for column in (F_BUS, T_BUS))
    base_mva = float(solved["baseMVA"])
    bus_index = net.bus.index.to_numpy(dtype=np.int64)
    place = np.asarray(lookups["bus"], dtype=np.int64)
    bus_node = np.where(net.res_bus.va_degree.isna().to_numpy(), -1, place[bus_index])
    node_of = {int(b): int(n) for b, n in zip(bus_index, bus_node, strict=True) if n >= 0}
    if not node_of:
        raise NotSolvedError("at: no bus of the grid has a source in service, so there is no state to estimate")
    injecting, unmeasurable = _injections(net, node_of)
    stars = [int(place[aux]) for aux in lookups.get("aux", {}).get("xward", ())]
    return Network(
        base_mva=base_mva,
        vn_kv=bus[:, BASE_KV].astype(float),
        near=np.concatenate((start, end)),
        far=np.concatenate((end, start)),
        own=np.concatenate((yff, ytt)),
        mutual=np.concatenate((yft, ytf)),
        shunt=(bus[:, GS] + 1j * bus[:, BS]) / base_mva,
        angle=np.deg2rad(bus[:, VA]),
        reference=_references(solved, start, end),
        bus_index=bus_index,
        bus_node=bus_node,
        node_of=node_of,
        end_of=_ends(net, np.asarray(solved["branch_is"], dtype=bool), lookups["branch"], len(branch)),
        injecting=injecting,
        unmeasurable=frozenset(unmeasurable | set(stars)),
        without_balance=frozenset(
            node_of[int(b)] for b in table(net, ElementKind.XWARD).get("bus", ()) if b in node_of
        ),
        shunts=_shunts(net, node_of, base_mva),
    )


def _references(
    solved: dict[str, NDArray[np.float64]], start: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.int64]:
    """One reference for each island: further ones keep a free angle, for it is measured, not given."""
    count = len(solved["bus"])
    graph = coo_matrix((np.ones(len(start)), (start, end)), shape=(count, count))
    _, island = connected_components(graph, directed=False)
    first = {int(island[node]): int(node) for node in np.sort(np.asarray(solved["ref"], dtype=np.int64))[::-1]}
    return np.array(sorted(first.values()), dtype=np.int64)


def _ends(
    net: pandapowerNet, in_matrix: NDArray[np.bool_], blocks: dict[str, tuple[int, int]], rows: int
) -> dict[tuple[str, int, str], int]:
    """End of every branch in the matrix; of a three-winding transformer those away from its star point."""
    solved_row = np.where(in_matrix, np.cumsum(in_matrix) - 1, -1)
    found: dict[tuple[str, int, str], int] = {}
    for name, sides in _SIDES.items():
        if name not in blocks:
            continue
        first, last = blocks[name]
        three = len(sides) == 3  # noqa: PLR2004 - windings
        by_element = solved_row[first:last].reshape(3 if three else 1, -1)
        for place, index in enumerate(net[name].index):
            for number, side in enumerate(sides):
                row = int(by_element[number if three else 0, place])
                far_end = (side != "hv") if three else number == 1
                if row >= 0:
                    found[name, int(index), side] = row + rows * far_end
    return found


def _injections(
    net: pandapowerNet, node_of: dict[int, int]
) -> tuple[dict[int, tuple[tuple[ElementKind, int], ...]], set[int]]:
    """What feeds or draws at each node, and the nodes where that cannot be measured."""
    found: dict[int, list[tuple[ElementKind, int]]] = defaultdict(list)
    for kind in INJECTING:
        rows = table(net, kind)
        for index, bus, live in zip(rows.index, rows.get("bus", ()), rows.get("in_service", ()), strict=True):
            if live and int(bus) in node_of:
                found[node_of[int(bus)]].append((kind, int(index)))
    dark: set[int] = set()
    for name in (*_OTHER_INJECTING, *_OTHER_BRANCHES):
        rows = net.get(name)
        if rows is None or not len(rows):
            continue
        for column in [column for column in rows.columns if column == "bus" or column.endswith("_bus")]:
            dark |= {node_of[int(bus)] for bus in rows[column].dropna() if int(bus) in node_of}
    return {node: tuple(elements) for node, elements in found.items()}, dark


def _shunts(net: pandapowerNet, node_of: dict[int, int], base_mva: float) -> dict[int, tuple[int, complex]]:
    """Admittances at the bus's nominal voltage; a shunt's own nominal voltage may differ from it."""
    rows = table(net, ElementKind.SHUNT)
    found = {}
    for index in rows.index:
        row = rows.loc[index]
        bus = int(row["bus"])
        if bool(row["in_service"]) and bus in node_of:
            scale = float(row["step"]) * (float(net.bus.at[bus, "vn_kv"]) / float(row["vn_kv"])) ** 2 / base_mva
            found[int(index)] = (node_of[bus], complex(float(row["p_mw"]), -float(row["q_mvar"])) * scale)
    return found
