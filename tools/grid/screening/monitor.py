"""What is watched in every outage: limits of buses, circuits and units as arrays over a solved state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.operating_limits import (
    LOADING_TOLERANCE_PERCENT,
    VOLTAGE_TOLERANCE_PU,
    operating_limits,
    operating_state,
)
from tools.grid.screening.thermal import Thermal, thermal
from tools.grid.screening.units import UnitLimits, unit_limits
from tools.grid.violations import find_violations
from tools.limits import LimitTable, OperatingState

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from tools.grid.screening.arrays import GridArrays
    from tools.grid.solve import SolvedState


@dataclass(frozen=True)
class Band:
    """Limits in one operating state, NaN where there is none: voltages by watched bus, loadings by rated circuit."""

    vm_min_pu: NDArray[np.float64]
    vm_max_pu: NDArray[np.float64]
    loading_percent: NDArray[np.float64]

    def low(self, vm_pu: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which voltages are below their limit."""
        return np.asarray(vm_pu < self.vm_min_pu - VOLTAGE_TOLERANCE_PU)

    def high(self, vm_pu: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which voltages are above their limit."""
        return np.asarray(vm_pu > self.vm_max_pu + VOLTAGE_TOLERANCE_PU)

    def over(self, loading_percent: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which loadings are above their limit."""
        return np.asarray(loading_percent > self.loading_percent + LOADING_TOLERANCE_PERCENT)


@dataclass(frozen=True)
class Monitor:
    """Limits, ratings and the state before the outages.

    Attributes:
        bus_index: pandapower index of each watched bus: those that have supply before the outages.
        bus_place: Its bus in the solved matrix.
        thermal: Circuits with a real rating.
        units: Limits of units by bus.
        normal: Limits before an outage: those of the state as ``check_limits`` reads them.
        contingency: Limits after an outage.
        low_before, high_before, over_before: What is beyond its limit before any outage.
        units_before: Unit buses beyond a limit before any outage.
        loading_before_percent: Loading of the rated circuits before any outage.
        base_violations: Broken limits before any outage, counted as ``check_limits`` counts them: each unit by
            itself, static generators included, where the watch over the outages looks at buses.
    """

    bus_index: NDArray[np.int64]
    bus_place: NDArray[np.int64]
    thermal: Thermal
    units: UnitLimits
    normal: Band
    contingency: Band
    low_before: NDArray[np.bool_]
    high_before: NDArray[np.bool_]
    over_before: NDArray[np.bool_]
    units_before: NDArray[np.bool_]
    loading_before_percent: NDArray[np.float64]
    base_violations: int

    @property
    def loading_meaningful(self) -> bool:
        """Whether at least one circuit has a rating that is no placeholder."""
        return bool(len(self.thermal.circuits))


def monitor(solved: SolvedState, arrays: GridArrays, table: LimitTable) -> Monitor:
    """What to watch in a solved state; limits of the grid model come first."""
    net = solved.net
    watched = np.flatnonzero(arrays.bus_place >= 0)
    rated = thermal(net, arrays)
    normal, contingency = (
        _band(net, arrays, watched, rated, table, state)
        for state in (operating_state(solved.state), OperatingState.CONTINGENCY)
    )
    vm_pu = np.abs(arrays.voltage)[arrays.bus_place[watched]]
    loading = rated.loading_percent(arrays.voltage[None, :])[0]
    units = unit_limits(net, arrays)
    return Monitor(
        bus_index=arrays.bus_index[watched],
        bus_place=arrays.bus_place[watched],
        thermal=rated,
        units=units,
        normal=normal,
        contingency=contingency,
        low_before=normal.low(vm_pu),
        high_before=normal.high(vm_pu),
        over_before=normal.over(loading),
        units_before=units.beyond_before(),
        loading_before_percent=loading,
        base_violations=len(find_violations(solved, operating_limits(net, table, operating_state(solved.state)))),
    )


def _band(
    net: pandapowerNet,
    arrays: GridArrays,
    watched: NDArray[np.int64],
    rated: Thermal,
    table: LimitTable,
    state: OperatingState,
) -> Band:
    limits = operating_limits(net, table, state)
    by_element = {
        (kind.value, index): value
        for kind, limit in limits.loading_percent.items()
        for index, value in zip(limit.index.tolist(), limit.value.tolist(), strict=True)
    }
    circuits = arrays.circuits
    loading = [by_element[circuits.table[c], int(circuits.index[c])] for c in rated.circuits.tolist()]
    return Band(limits.vm_min_pu.value[watched], limits.vm_max_pu.value[watched], np.array(loading, dtype=float))
