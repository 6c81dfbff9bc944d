"""A resident state moved to other loads, units and voltages of the same topology, without pandapower.

The matrices stay; what the buses take and feed changes, and the engine solves anew. What is moved agrees with the state
made whole by pandapower to the tolerance of both solutions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.screening.engine import BatchModel
from tools.grid.screening.reduction import measure, no_figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.screening.arrays import GridArrays
    from tools.grid.screening.monitor import Monitor
    from tools.grid.screening.resident import Resident

_NONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Move:
    """What differs from the resident state, by bus of the matrix.

    Attributes:
        units_mva: More fed in by units that hold a voltage.
        others_mva: More fed in by everything else; what loads draw more is negative.
        vm_pu: Voltage that is held; NaN where none is given.
    """

    units_mva: NDArray[np.complex128]
    others_mva: NDArray[np.complex128]
    vm_pu: NDArray[np.float64]


@dataclass(frozen=True)
class Moved:
    """The state after a move."""

    arrays: GridArrays
    monitor: Monitor

    @cached_property
    def model(self) -> BatchModel:
        """The engine's model of the state, for taking circuits out; who only looks at the state needs none."""
        return BatchModel(self.arrays, check=False)


@dataclass(frozen=True)
class MovedOutages:
    """Outages of a moved state.

    Attributes:
        figures: As of a screening, one for each circuit asked for.
        voltage: Solved voltages by place of the circuit; kept only where asked for.
    """

    figures: NDArray[np.void]
    voltage: dict[int, NDArray[np.complex128]]


def move(state: Resident, by: Move) -> Moved | None:
    """The state with other powers and voltages; None when it does not solve."""
    if state.model is None:
        return None
    arrays = state.arrays
    voltage = state.model.solve_base(
        arrays.injection + (by.units_mva + by.others_mva) / arrays.base_mva, np.abs(arrays.voltage), by.vm_pu
    )
    if voltage is None:
        return None
    now = replace(arrays, voltage=voltage)
    return Moved(now, _monitor(state, now, by))


def take_out_each(state: Resident, moved: Moved, asked: Sequence[int], *, keep_voltages: bool = False) -> MovedOutages:
    """Take circuits out one at a time; one that does not solve from the state is tried from other starts."""
    own = np.array(asked, dtype=np.int64)
    opened = [state.opened[circuit] for circuit in asked]
    figures = no_figures(len(own))
    if not len(own):
        return MovedOutages(figures, {})
    batch = moved.model.solve(opened)
    good = np.flatnonzero(batch.converged)
    voltage = batch.voltage if len(good) == len(batch.voltage) else batch.voltage[good]
    done = batch.outage[good]
    figures[done] = measure(moved.arrays, moved.monitor, voltage, [opened[k] for k in done.tolist()], own[done], _NONE)
    kept = {int(place): np.array(row) for place, row in zip(done, voltage, strict=True)} if keep_voltages else {}
    failed = [k for k in range(len(own)) if not figures["solved"][k] and not len(state.dead[int(own[k])])]
    for k, found in zip(failed, moved.model.solve_again([opened[k] for k in failed]), strict=True):
        if found is not None:
            part = slice(k, k + 1)
            figures[part] = measure(moved.arrays, moved.monitor, found[None, :], [opened[k]], own[part], _NONE)
            if keep_voltages:
                kept[k] = found
    return MovedOutages(figures, kept)


def _monitor(state: Resident, now: GridArrays, by: Move) -> Monitor:
    """The limits with what stands before the outages in the moved state."""
    watch = state.monitor
    units = watch.units
    injection = now.injection[units.bus]
    fed = units.base + (injection - units.injection) * now.base_mva - by.others_mva[units.bus]
    units = replace(units, base=fed, injection=injection)
    vm_pu = np.abs(now.voltage)[watch.bus_place]
    loading = watch.thermal.loading_percent(now.voltage[None, :])[0]
    return replace(
        watch,
        units=units,
        low_before=watch.normal.low(vm_pu),
        high_before=watch.normal.high(vm_pu),
        over_before=watch.normal.over(loading),
        units_before=units.beyond_before(),
        loading_before_percent=loading,
    )
