"""How far a solved outage is from the next limit: the one that still holds and is nearest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.screening.monitor import Monitor
    from tools.grid.screening.study import Solution


@dataclass(frozen=True)
class Nearest:
    """The nearest limit that holds.

    Attributes:
        place: Rated circuit (column of a loading matrix) or watched bus.
        room: Distance to the limit, percent of the rating or pu; zero or more.
    """

    place: int
    room: float


def nearest_loading(solution: Solution, own: NDArray[np.int64]) -> Nearest | None:
    """The circuit that would be overloaded next; None where none with a rating is left below it."""
    monitor = solution.monitor
    if not monitor.loading_meaningful:
        return None
    loading = monitor.thermal.loading_percent(solution.voltage[None, :])[0]
    out = np.isin(monitor.thermal.circuits, own)
    room = np.where(out | monitor.contingency.over(loading), np.nan, monitor.contingency.loading_percent - loading)
    return _nearest(room)


def nearest_voltage(solution: Solution) -> Nearest | None:
    """The bus whose voltage would leave its limits next; None where no limit is left that holds."""
    monitor, band = solution.monitor, solution.monitor.contingency
    vm_pu = np.abs(solution.voltage)[monitor.bus_place]
    up = np.where(band.high(vm_pu), np.nan, band.vm_max_pu - vm_pu)
    down = np.where(band.low(vm_pu), np.nan, vm_pu - band.vm_min_pu)
    # a bus that is held at its limit, or beyond one of them, has no distance to speak of on that side
    return _nearest(np.where(vm_pu > 0, np.fmin(up, down), np.nan))


def units_beyond(solution: Solution, monitor: Monitor, power_mva: NDArray[np.complex128]) -> NDArray[np.int64]:
    """Columns of the unit buses that exceed a limit which they kept before the outage."""
    beyond = solution.monitor.units.beyond(power_mva[None, :])[0] & ~monitor.units_before
    return np.flatnonzero(beyond & (solution.monitor.units.units > 0))


def _nearest(room: NDArray[np.float64]) -> Nearest | None:
    if np.isnan(room).all():
        return None
    place = int(np.nanargmin(room))
    return Nearest(place, max(float(room[place]), 0.0))
