"""Limits of generating units, bus by bus: what the reference and the voltage-regulated buses feed after an outage.

Reactive limits are not enforced by the solve, so every outage is checked against them. Units at one bus share what it
feeds in proportion to their ranges, as pandapower does, so they exceed their limits together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from tools.grid.operating_limits import POWER_TOLERANCE_MVA

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from tools.grid.screening.arrays import GridArrays


@dataclass(frozen=True)
class UnitLimits:
    """Units by the bus of the solved matrix that they feed.

    Attributes:
        bus: Reference and regulated buses with units in service.
        units: Units at each bus.
        base: P + jQ that the units at each bus feed before any outage, MVA.
        injection: Complex power fed into the branches at each bus before any outage, pu.
        p_min, p_max, q_min, q_max: Sum of the units' limits, MW and Mvar; infinite where one has none.
        base_mva: Power base.
        rows: Admittance rows of these buses.
    """

    bus: NDArray[np.int64]
    units: NDArray[np.int64]
    base: NDArray[np.complex128]
    injection: NDArray[np.complex128]
    p_min: NDArray[np.float64]
    p_max: NDArray[np.float64]
    q_min: NDArray[np.float64]
    q_max: NDArray[np.float64]
    base_mva: float
    rows: csr_matrix

    def beyond(self, power: NDArray[np.complex128]) -> NDArray[np.bool_]:
        """Which buses feed more or less than their units may; ``power`` is state by unit bus, MVA."""
        p, q, slip = power.real, power.imag, POWER_TOLERANCE_MVA
        active = (p > self.p_max + slip) | (p < self.p_min - slip)
        return np.asarray(active | (q > self.q_max + slip) | (q < self.q_min - slip))

    def beyond_before(self) -> NDArray[np.bool_]:
        """Which buses exceed their units' limits before any outage."""
        beyond: NDArray[np.bool_] = self.beyond(self.base[None, :])[0]
        return beyond

    def power_mva(
        self, arrays: GridArrays, voltage: NDArray[np.complex128], opened: list[NDArray[np.int64]]
    ) -> NDArray[np.complex128]:
        """What the units at each bus feed, MVA, for each state with its own branch rows open.

        Args:
            arrays: The intact state's matrices.
            voltage: State by bus, pu; zero at buses that are cut off.
            opened: Branch rows that are open in each state.
        """
        at_bus = voltage[:, self.bus]
        current = np.asarray((self.rows @ voltage.T).T)
        column = np.full(len(arrays.voltage), -1, dtype=np.int64)
        column[self.bus] = np.arange(len(self.bus))
        for state, rows in enumerate(opened):
            for row in rows.tolist():
                start, end = int(arrays.start[row]), int(arrays.end[row])
                v_start, v_end = voltage[state, start], voltage[state, end]
                if column[start] >= 0:
                    current[state, column[start]] -= arrays.yff[row] * v_start + arrays.yft[row] * v_end
                if column[end] >= 0:
                    current[state, column[end]] -= arrays.ytf[row] * v_start + arrays.ytt[row] * v_end
        change = at_bus * np.conj(current) - self.injection
        # units that are cut off feed nothing and are counted as lost generation, not as a violation
        return np.where(at_bus == 0, self.base, self.base + change * self.base_mva)


def unit_limits(net: pandapowerNet, arrays: GridArrays) -> UnitLimits:
    """Limits and base output of the units of a state that pandapower has just solved."""
    place = dict(zip(arrays.bus_index.tolist(), arrays.bus_place.tolist(), strict=True))
    sums: dict[int, list[tuple[float, ...]]] = {}
    for table in ("ext_grid", "gen"):
        frame, result = net[table], net[f"res_{table}"]
        columns = [_limit(frame, name) for name in ("min_p_mw", "max_p_mw", "min_q_mvar", "max_q_mvar")]
        output = zip(result.p_mw, result.q_mvar, strict=True)
        for bus, in_service, feeds, limits in zip(
            frame.bus, frame.in_service, output, zip(*columns, strict=True), strict=True
        ):
            if in_service and place[int(bus)] >= 0:
                sums.setdefault(place[int(bus)], []).append((*feeds, *limits))
    bus = np.array(sorted(sums), dtype=np.int64)
    total = np.array([np.sum(sums[b], axis=0) for b in bus.tolist()]).reshape(-1, 6)
    injection = arrays.injection
    return UnitLimits(
        bus=bus,
        units=np.array([len(sums[b]) for b in bus.tolist()], dtype=np.int64),
        base=total[:, 0] + 1j * total[:, 1],
        injection=injection[bus],
        p_min=total[:, 2],
        p_max=total[:, 3],
        q_min=total[:, 4],
        q_max=total[:, 5],
        base_mva=arrays.base_mva,
        rows=_admittance(arrays)[bus],
    )


def _limit(frame: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """A limit column with what is missing taken as no limit."""
    missing = -np.inf if name.startswith("min") else np.inf
    if name not in frame:
        return np.full(len(frame), missing)
    return np.asarray(frame[name].astype(float).fillna(missing), dtype=np.float64)


def _admittance(arrays: GridArrays) -> csr_matrix:
    """The bus admittance matrix, shunts included as they are part of what a bus takes."""
    size = len(arrays.voltage)
    start, end, every = arrays.start, arrays.end, np.arange(size)
    row = np.concatenate((start, start, end, end, every))
    column = np.concatenate((start, end, start, end, every))
    value = np.concatenate((arrays.yff, arrays.yft, arrays.ytf, arrays.ytt, arrays.shunt))
    return csr_matrix((value, (row, column)), shape=(size, size))
