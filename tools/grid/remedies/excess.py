"""How far solved states exceed the limits that hold in them, in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.remedies.outages import after_outage, by_balance
from tools.grid.screening.reduction import POINTS_PER_PU

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tools.grid.screening.arrays import GridArrays
    from tools.grid.screening.monitor import Monitor
    from tools.grid.screening.resident import Resident


@dataclass(frozen=True)
class Excess:
    """How far each limit is exceeded, in points; negative is room. State by rated circuit, bus and unit bus.

    A limit that does not exist, a bus without supply and the circuit that is out have minus infinity. ``units`` has
    highest P, lowest P, highest Q and lowest Q in its last axis.
    """

    loading: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    units: NDArray[np.float64]

    @property
    def total(self) -> NDArray[np.float64]:
        """Sum of what is exceeded in each state."""
        parts = (self.loading, self.low, self.high, self.units)
        found: NDArray[np.float64] = sum(np.maximum(part, 0.0).sum(axis=(1, *range(2, part.ndim))) for part in parts)
        return found

    @property
    def flat(self) -> NDArray[np.float64]:
        """State by limit: loadings, low voltages, high voltages, and the four limits of each unit."""
        return np.hstack((self.loading, self.low, self.high, self.units.reshape(len(self.units), -1)))

    @property
    def kinds(self) -> NDArray[np.int64]:
        """Of each limit of ``flat`` its place among the four parts."""
        sizes = self.loading.shape[1], self.low.shape[1], self.high.shape[1], 4 * self.units.shape[1]
        return np.repeat(np.arange(4), sizes)


# What the tolerances of the limits come to in points: below it nothing is exceeded.
_ROUNDING_POINTS = 1e-4


def excess(
    arrays: GridArrays,
    monitor: Monitor,
    voltage: NDArray[np.complex128],
    opened: list[NDArray[np.int64]],
    own: Sequence[tuple[int, ...]],
    *,
    after_outage: bool,
) -> Excess:
    """Excess of solved states over the limits of the state itself, or over those after an outage.

    Args:
        arrays: The state before outages.
        monitor: What is watched.
        voltage: State by bus, pu.
        opened: Branch rows open in each state.
        own: Circuits that are out in each state.
        after_outage: Which limits hold.
    """
    band, units = monitor.contingency if after_outage else monitor.normal, monitor.units
    loading = np.full((len(voltage), len(monitor.thermal.circuits)), -np.inf)
    if monitor.loading_meaningful and len(voltage):
        loading = monitor.thermal.loading_percent(voltage) - band.loading_percent
        for place, out in enumerate(own):
            loading[place, np.isin(monitor.thermal.circuits, out)] = -np.inf
    vm_pu = np.abs(voltage)[:, monitor.bus_place]
    dead = vm_pu == 0
    low, high = (band.vm_min_pu - vm_pu) * POINTS_PER_PU, (vm_pu - band.vm_max_pu) * POINTS_PER_PU
    power = units.power_mva(arrays, voltage, opened)
    sides = (
        (power.real, units.p_max, 1.0),
        (power.real, units.p_min, -1.0),
        (power.imag, units.q_max, 1.0),
        (power.imag, units.q_min, -1.0),
    )
    beyond = np.stack([_beyond(sign * value, sign * limit) for value, limit, sign in sides], axis=2)
    beyond[voltage[:, units.bus] == 0] = -np.inf
    # the active power of a unit is an input but at the reference, where it takes the balance; one that was set beyond
    # its limit counts once, in the state itself
    set_mw = ~np.isin(units.bus, arrays.reference)
    kept = -np.inf if after_outage else np.where(beyond[:, set_mw, :2] > 0, beyond[:, set_mw, :2], -np.inf)
    beyond[:, set_mw, :2] = kept
    low, high = np.where(dead, -np.inf, low), np.where(dead, -np.inf, high)
    return Excess(_cut(loading), _cut(low), _cut(high), _cut(beyond))


def excess_after(
    state: Resident, arrays: GridArrays, monitor: Monitor, voltages: Mapping[int, NDArray[np.complex128]]
) -> tuple[list[int], Excess]:
    """Solved circuits in ascending order, and the excess after the outage of each.

    Args:
        state: The state whose matrices hold.
        arrays: The state before the outages.
        monitor: What is watched.
        voltages: By circuit.
    """
    parts, solved = [], []
    for circuits in by_balance(state, sorted(voltages)).values():
        voltage: NDArray[np.complex128] = np.array([voltages[circuit] for circuit in circuits], dtype=complex)
        opened, own = [state.opened[circuit] for circuit in circuits], [(circuit,) for circuit in circuits]
        here = after_outage(state, arrays, circuits[0])
        parts.append(excess(here, monitor, voltage, opened, own, after_outage=True))
        solved += circuits
    if not parts:
        none = np.empty((0, len(arrays.voltage)), dtype=complex)
        return [], excess(arrays, monitor, none, [], [], after_outage=True)
    order = np.argsort(solved)
    joined = [np.concatenate([getattr(part, name) for part in parts])[order] for name in Excess.__dataclass_fields__]
    return sorted(solved), Excess(*joined)


def excess_now(arrays: GridArrays, monitor: Monitor) -> Excess:
    """Excess of the state before any outage, as a list of one state."""
    none = [np.empty(0, dtype=np.int64)]
    return excess(arrays, monitor, arrays.voltage[None, :], none, [()], after_outage=False)


def _cut(part: NDArray[np.float64]) -> NDArray[np.float64]:
    cleared = np.nan_to_num(part, nan=-np.inf, neginf=-np.inf, posinf=np.inf)
    return np.where((cleared > 0) & (cleared <= _ROUNDING_POINTS), 0.0, cleared)


def _beyond(value: NDArray[np.float64], highest: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points beyond the highest value of each unit; what has none has room without end."""
    finite = np.isfinite(highest)
    beyond = (value - np.where(finite, highest, 0.0)) * points_of(highest)
    return np.where(finite, beyond, -np.inf)


def points_of(limit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of one MVA beyond a limit of a unit: a point is a percent of the limit."""
    return np.where(np.isfinite(limit), 100.0 / np.maximum(np.abs(limit), 1.0), 0.0)
