"""A solved state as plain per-unit arrays: what the batch solve, the topology and the reduction work on.

The arrays come from the matrices that pandapower itself solved (``net._ppc``), not from the element tables: bus
fusion by closed switches, dangling lines, three-winding transformers, phase shifters and every transformer model
are in them already, exactly as in the base solution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pandapower.pypower.idx_brch import F_BUS, SHIFT, T_BUS
from pandapower.pypower.idx_bus import BASE_KV, BS, BUS_TYPE, GS, REF, VA, VM
from pandapower.pypower.makeYbus import branch_vectors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from pandapower import pandapowerNet

OUTAGE_TABLES = ("line", "trafo", "trafo3w")
SQRT3 = 3.0**0.5


@dataclass(frozen=True)
class Circuits:
    """The branches that can go out and carry a rating; arrays in the order line, trafo, trafo3w, each by table row.

    A line or transformer is one row of the branch matrix, a three-winding transformer three.

    Attributes:
        table: pandapower table of each circuit.
        index: Index in that table.
        first: Position of the circuit's first row in ``rows``.
        rows: Rows of the branch matrix, grouped by circuit.
        owner: Circuit of each entry of ``rows``.
    """

    table: tuple[str, ...]
    index: NDArray[np.int64]
    first: NDArray[np.int64]
    rows: NDArray[np.int64]
    owner: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.table)

    def rows_of(self, circuit: int) -> NDArray[np.int64]:
        """Rows of the branch matrix that an outage of this circuit opens."""
        rows: NDArray[np.int64] = self.rows[self.owner == circuit]
        return rows

    def find(self, table: str, index: int) -> int | None:
        """Position of a circuit; None when it is out of service or not in the matrix."""
        found = np.flatnonzero((self.index == index) & (np.array(self.table) == table))
        return int(found[0]) if len(found) else None


@dataclass(frozen=True)
class GridArrays:
    """One solved state; buses are those of the solved matrix unless said otherwise.

    Attributes:
        base_mva: Power base.
        vn_kv: Nominal voltage of each bus.
        start, end: Buses of each branch row.
        yff, yft, ytf, ytt: Admittances of each branch row, pu.
        shunt: Shunt admittance of each bus, pu.
        voltage: Solved complex voltage, pu.
        reference: Reference buses.
        regulated: Voltage-regulated buses other than the reference.
        phase_shift: Branch rows whose two transfer admittances differ.
        bus_index: pandapower's bus indices, in table order.
        bus_place: Bus of the matrix for each pandapower bus; -1 where it is out of service or without supply.
        circuits: What can go out.
    """

    base_mva: float
    vn_kv: NDArray[np.float64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    yff: NDArray[np.complex128]
    yft: NDArray[np.complex128]
    ytf: NDArray[np.complex128]
    ytt: NDArray[np.complex128]
    shunt: NDArray[np.complex128]
    voltage: NDArray[np.complex128]
    reference: NDArray[np.int64]
    regulated: NDArray[np.int64]
    phase_shift: NDArray[np.bool_]
    bus_index: NDArray[np.int64]
    bus_place: NDArray[np.int64]
    circuits: Circuits

    @property
    def injection(self) -> NDArray[np.complex128]:
        """Complex power fed into the branches at each bus, shunts not included, pu."""
        current = np.zeros(len(self.voltage), dtype=complex)
        v_start, v_end = self.voltage[self.start], self.voltage[self.end]
        np.add.at(current, self.start, self.yff * v_start + self.yft * v_end)
        np.add.at(current, self.end, self.ytf * v_start + self.ytt * v_end)
        power: NDArray[np.complex128] = self.voltage * np.conj(current + self.shunt * self.voltage)
        return power


def grid_arrays(net: pandapowerNet) -> GridArrays:
    """The arrays of a net that pandapower has just solved; the net is only read.

    Args:
        net: Solved by ``runpp``; its ``_ppc`` must be that of the last solve.
    """
    solved = solved_matrices(net)
    lookups = net._pd2ppc_lookups  # noqa: SLF001
    bus, branch = solved["bus"].real, solved["branch"]
    ytt, yff, yft, ytf = (np.asarray(values, dtype=complex) for values in branch_vectors(branch, len(branch)))
    base_mva = float(solved["baseMVA"])
    bus_index = net.bus.index.to_numpy(dtype=np.int64)
    place = np.asarray(lookups["bus"], dtype=np.int64)[bus_index]
    place = np.where(net.res_bus.vm_pu.isna().to_numpy(), -1, place)
    return GridArrays(
        base_mva=base_mva,
        vn_kv=bus[:, BASE_KV].astype(float),
        start=branch[:, F_BUS].real.astype(np.int64),
        end=branch[:, T_BUS].real.astype(np.int64),
        yff=yff,
        yft=yft,
        ytf=ytf,
        ytt=ytt,
        shunt=(bus[:, GS] + 1j * bus[:, BS]) / base_mva,
        voltage=np.array(solved["V"], dtype=complex),
        reference=np.asarray(solved["ref"], dtype=np.int64),
        regulated=np.asarray(solved["pv"], dtype=np.int64),
        phase_shift=(branch[:, SHIFT].real != 0) | ~np.isclose(yft, ytf, rtol=1e-12, atol=0),
        bus_index=bus_index,
        bus_place=place,
        circuits=_circuits(net, np.asarray(solved["branch_is"], dtype=bool), lookups["branch"]),
    )


def solved_matrices(net: pandapowerNet) -> Mapping[str, Any]:
    """What pandapower worked on, by its own names: bus, branch, baseMVA, V, ref, pv, branch_is.

    Args:
        net: As for ``grid_arrays``.
    """
    whole = net._ppc  # noqa: SLF001 - pandapower has no public door to the matrices it solved
    inside: Mapping[str, Any] = whole["internal"]
    if "V" in inside:
        return inside
    # where every live bus holds the reference there is nothing to solve, and pandapower keeps the whole matrices only
    bus = whole["bus"][whole["bus"][:, BUS_TYPE] == REF]
    return {
        "bus": bus,
        "branch": whole["branch"][inside["branch_is"]],
        "branch_is": inside["branch_is"],
        "baseMVA": whole["baseMVA"],
        "V": bus[:, VM] * np.exp(1j * np.deg2rad(bus[:, VA])),
        "ref": np.arange(len(bus)),
        "pv": np.empty(0, dtype=np.int64),
    }


def _circuits(net: pandapowerNet, in_matrix: NDArray[np.bool_], blocks: dict[str, tuple[int, int]]) -> Circuits:
    """Which rows belong to which line or transformer; rows that are out of service are not in the matrix."""
    solved_row = np.where(in_matrix, np.cumsum(in_matrix) - 1, -1)
    tables: list[str] = []
    indices: list[int] = []
    groups: list[NDArray[np.int64]] = []
    for table in OUTAGE_TABLES:
        if table not in blocks:
            continue
        first, last = blocks[table]
        # a three-winding transformer's rows come as all high, all middle, all low sides
        by_element = solved_row[first:last].reshape(-1, len(net[table])).T
        for index, rows in zip(net[table].index, by_element, strict=True):
            if net[table].in_service.at[index] and (rows >= 0).any():
                tables.append(table)
                indices.append(int(index))
                groups.append(rows[rows >= 0])
    sizes = np.array([len(rows) for rows in groups], dtype=np.int64)
    return Circuits(
        table=tuple(tables),
        index=np.array(indices, dtype=np.int64),
        first=np.cumsum(sizes) - sizes,
        rows=np.concatenate(groups) if groups else np.empty(0, dtype=np.int64),
        owner=np.repeat(np.arange(len(groups)), sizes),
    )
