"""N-1 security of every minute, by the project's own batch screening on the minute's voltages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.simulation.flows import drawn_mva
from tools.grid.screening.engine import BatchModel
from tools.grid.screening.reduction import measure, no_figures
from tools.grid.screening.topology import cut_off

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orchestrator.simulation.flows import Topology
    from orchestrator.simulation.injections import Injections
    from tools.grid.screening.arrays import GridArrays
    from tools.grid.screening.monitor import Monitor

_NONE = np.empty(0, dtype=np.int64)
_VIOLATIONS = ("standing", "new_overloads", "new_voltages", "new_units")


@dataclass(frozen=True)
class MinuteSecurity:
    """Outages that leave the grid in one piece, by minute.

    Attributes:
        base: Limits violated before any outage.
        insecure: Outages after which a limit is violated or that do not solve.
        loading_percent: Highest loading after any of them.
        overloaded: The circuit that has it, as (table, index).
    """

    base: NDArray[np.int64]
    insecure: NDArray[np.int64]
    loading_percent: NDArray[np.float64]
    overloaded: tuple[tuple[str, int], ...]


def screen_minutes(
    of: Topology, powers: Injections, minutes: NDArray[np.int64], voltage: NDArray[np.complex128]
) -> MinuteSecurity:
    """Take every branch out whose outage cuts nothing off, at each of some minutes.

    Args:
        of: The grid before the outages.
        powers: What is drawn and fed in.
        minutes: Minutes of the day.
        voltage: Voltages at these minutes, minute by bus.
    """
    circuits = of.arrays.circuits
    opened = np.split(circuits.rows, circuits.first[1:])
    whole = [k for k, buses in enumerate(cut_off(of.arrays, opened)) if not len(buses)]
    rows, own = [opened[k] for k in whole], np.array(whole, dtype=np.int64)
    drawn = drawn_mva(of.solved.net, powers, minutes)
    base, figures = [], []
    for volts, load in zip(voltage, drawn, strict=True):
        arrays = replace(of.arrays, voltage=volts[_bus_order(of)])
        watch = _monitor(of, arrays, load[_bus_order(of)])
        base.append(watch.base_violations)
        figures.append(_outages(arrays, watch, rows, own))
    broken = [~one["solved"] | (sum(one[name] for name in _VIOLATIONS) > 0) for one in figures]
    worst = [int(one["loading_circuit"][one["loading_percent"].argmax()]) for one in figures]
    return MinuteSecurity(
        base=np.array(base, dtype=np.int64),
        insecure=np.array([one.sum() for one in broken], dtype=np.int64),
        loading_percent=np.array([one["loading_percent"].max() for one in figures]),
        overloaded=tuple((circuits.table[k], int(circuits.index[k])) for k in worst),
    )


def _outages(
    arrays: GridArrays, watch: Monitor, opened: list[NDArray[np.int64]], own: NDArray[np.int64]
) -> NDArray[np.void]:
    """Figures of each outage; those that do not solve say so."""
    figures = no_figures(len(own))
    batch = BatchModel(arrays).solve(opened)
    good = np.flatnonzero(batch.converged)
    done = batch.outage[good]
    rows = [opened[k] for k in done.tolist()]
    figures[done] = measure(arrays, watch, batch.voltage[good], rows, own[done], _NONE)
    return figures


def _monitor(of: Topology, arrays: GridArrays, drawn_mva: NDArray[np.complex128]) -> Monitor:
    """The topology's monitor with the state of one minute as what was before the outages."""
    watch = of.monitor
    injection = arrays.injection[watch.units.bus]
    fed = injection * arrays.base_mva + drawn_mva[watch.units.bus]
    units = replace(watch.units, base=fed, injection=injection)
    vm_pu = np.abs(arrays.voltage)[watch.bus_place]
    loading = watch.thermal.loading_percent(arrays.voltage[None, :])[0]
    return replace(
        watch,
        units=units,
        low_before=watch.normal.low(vm_pu),
        high_before=watch.normal.high(vm_pu),
        over_before=watch.normal.over(loading),
        units_before=units.beyond_before(),
        loading_before_percent=loading,
    )


def _bus_order(of: Topology) -> NDArray[np.int64]:
    """Which pandapower bus each bus of the matrix is."""
    return np.argsort(of.arrays.bus_place)
