"""Limits that every step of a restoration keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.operating_limits import operating_limits
from tools.grid.screening.thermal import Thermal, thermal
from tools.limits import OperatingState

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.restoring.live import Live
    from tools.grid.restoring.wiring import Wiring
    from tools.grid.schema.restoration import PlanRestorationArguments
    from tools.limits import LimitTable


@dataclass(frozen=True)
class Bounds:
    """Limits that every step keeps: voltages by pandapower bus in table order, loadings by rated circuit."""

    low_pu: NDArray[np.float64]
    high_pu: NDArray[np.float64]
    loading_percent: NDArray[np.float64]
    thermal: Thermal


def bounds_of(
    wires: Wiring, live: Live, dark: frozenset[int], args: PlanRestorationArguments, table: LimitTable
) -> Bounds:
    """The band of the restoration at dark buses; at live ones the limits after an outage, none stricter than now."""
    net, arrays = wires.net, wires.arrays
    limits = operating_limits(net, table, OperatingState.CONTINGENCY)
    rated = thermal(net, arrays)
    vm_pu = np.abs(live.voltage)[arrays.bus_place]
    is_dark = np.isin(arrays.bus_index, list(dark))
    low = np.where(np.isnan(limits.vm_min_pu.value), args.vm_min_pu, limits.vm_min_pu.value)
    high = np.where(np.isnan(limits.vm_max_pu.value), args.vm_max_pu, limits.vm_max_pu.value)
    by_element = {
        (kind.value, index): value
        for kind, limit in limits.loading_percent.items()
        for index, value in zip(limit.index.tolist(), limit.value.tolist(), strict=True)
    }
    most = np.array([by_element[arrays.circuits.table[c], int(arrays.circuits.index[c])] for c in rated.circuits])
    both_live = _both_live(wires, rated.circuits)
    now = rated.loading_percent(np.where(live.buses, live.voltage, 0.0)[None, :])[0]
    return Bounds(
        low_pu=np.where(is_dark, args.vm_min_pu, np.minimum(low, vm_pu)),
        high_pu=np.where(is_dark, args.vm_max_pu, np.maximum(high, vm_pu)),
        loading_percent=np.where(both_live, np.maximum(most, now), most),
        thermal=rated,
    )


def _both_live(wires: Wiring, circuits: NDArray[np.int64]) -> NDArray[np.bool_]:
    dark_circuits = {(branch.ref.kind.value, branch.ref.index) for branch in wires.branches}
    table = wires.arrays.circuits
    return np.array([(table.table[c], int(table.index[c])) not in dark_circuits for c in circuits.tolist()], dtype=bool)
