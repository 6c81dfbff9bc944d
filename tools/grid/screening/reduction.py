"""From the voltages of many outages to a few figures for each, block by block so that memory stays bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.screening.arrays import GridArrays
    from tools.grid.screening.monitor import Monitor

# States reduced at once: small enough that a block of voltages and loadings stays in the processor's cache.
BLOCK = 32

# Figures of one outage. Buses are places in Monitor.bus_index, circuits places in GridArrays.circuits; -1 means none.
# depth is in points: one percent of overload, or a hundredth of a pu beyond a voltage limit.
FIGURES = np.dtype(
    [
        ("solved", bool),
        ("lowest_pu", float),
        ("lowest_bus", np.int64),
        ("highest_pu", float),
        ("highest_bus", np.int64),
        ("loading_percent", float),
        ("loading_circuit", np.int64),
        ("new_overloads", np.int64),
        ("new_voltages", np.int64),
        ("standing", np.int64),
        ("new_units", np.int64),
        ("units", np.int64),
        ("depth", float),
        ("hit", bool),
    ]
)
POINTS_PER_PU = 100.0


def no_figures(outages: int) -> NDArray[np.void]:
    """Figures of outages that did not solve."""
    figures = np.zeros(outages, dtype=FIGURES)
    for name in ("lowest_bus", "highest_bus", "loading_circuit"):
        figures[name] = -1
    return figures


def measure(
    arrays: GridArrays,
    monitor: Monitor,
    voltage: NDArray[np.complex128],
    opened: Sequence[NDArray[np.int64]],
    own: NDArray[np.int64],
    wanted: NDArray[np.int64],
) -> NDArray[np.void]:
    """The figures of solved outages.

    Args:
        arrays: The state before the outages.
        monitor: What is watched.
        voltage: Outage by bus, pu; zero at buses that are cut off.
        opened: Branch rows open in each outage.
        own: Circuit that is out in each outage, or several in a row of a matrix; -1 stands for none.
        wanted: Circuits of which an overload makes ``hit`` true.
    """
    figures = no_figures(len(voltage))
    columns = np.flatnonzero(np.isin(monitor.thermal.circuits, wanted))
    for first in range(0, len(voltage), BLOCK):
        part = slice(first, first + BLOCK)
        block, chunk = figures[part], voltage[part]
        block["solved"] = True
        _voltages(block, monitor, np.abs(chunk)[:, monitor.bus_place])
        if monitor.loading_meaningful:
            _loadings(block, monitor, monitor.thermal.loading_percent(chunk), own[part], columns)
        beyond = monitor.units.beyond(monitor.units.power_mva(arrays, chunk, list(opened[part])))
        block["units"] = beyond @ monitor.units.units
        block["new_units"] = (beyond & ~monitor.units_before) @ monitor.units.units
    return figures


def _voltages(block: NDArray[np.void], monitor: Monitor, vm_pu: NDArray[np.float64]) -> None:
    """Voltages of the buses that still have supply; a bus that is cut off has none to judge."""
    band = monitor.contingency
    alive = vm_pu > 0
    every = np.arange(len(vm_pu))
    lowest = np.where(alive, vm_pu, np.inf)
    block["lowest_bus"] = lowest.argmin(axis=1)
    block["lowest_pu"] = lowest[every, block["lowest_bus"]]
    block["highest_bus"] = vm_pu.argmax(axis=1)
    block["highest_pu"] = vm_pu[every, block["highest_bus"]]
    low, high = band.low(vm_pu) & alive, band.high(vm_pu)
    new = (low & ~monitor.low_before) | (high & ~monitor.high_before)
    block["new_voltages"] = new.sum(axis=1)
    block["standing"] += low.sum(axis=1) + high.sum(axis=1) - block["new_voltages"]
    if low.any() or high.any():
        beyond_pu = np.where(low, band.vm_min_pu - vm_pu, 0) + np.where(high, vm_pu - band.vm_max_pu, 0)
        block["depth"] += beyond_pu.sum(axis=1) * POINTS_PER_PU


def _loadings(
    block: NDArray[np.void],
    monitor: Monitor,
    loading: NDArray[np.float64],
    own: NDArray[np.int64],
    wanted: NDArray[np.int64],
) -> None:
    """Loadings of the rated circuits; what is out carries nothing, though its terminals have a voltage."""
    band, circuits = monitor.contingency, monitor.thermal.circuits
    every = np.arange(len(loading))
    for out in own.reshape(len(loading), -1).T:
        column = np.searchsorted(circuits, out)
        rated = (column < len(circuits)) & (circuits[np.minimum(column, len(circuits) - 1)] == out)
        loading[every[rated], column[rated]] = 0.0
    worst = loading.argmax(axis=1)
    block["loading_circuit"] = circuits[worst]
    block["loading_percent"] = loading[every, worst]
    over = band.over(loading)
    if not over.any():
        return
    block["new_overloads"] = (over & ~monitor.over_before).sum(axis=1)
    block["standing"] += over.sum(axis=1) - block["new_overloads"]
    block["depth"] += np.where(over, loading - band.loading_percent, 0).sum(axis=1)
    block["hit"] = over[:, wanted].any(axis=1)
