"""Load factor of a transformer: from a loading sensor, or from power and voltage at its ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.assets.signals import Clock, mean_on_clock, on_clock
from tools.assets.unit import LOADING, Unit
from tools.coverage import LeftOut
from tools.element import ElementKind
from tools.telemetry.schema.sensor import Side

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tools.telemetry.schema.sensor import Sensor
    from tools.telemetry.series import Series

    Values = NDArray[np.float64]

_AGREE = 0.02
"""Difference of the load factors of both ends above which one of them is not believed."""

_TAPS = 0.15
"""Most that the ends' load factors may differ for good, by the tap in use."""

_LOADED = 0.05
_PER = {"percent": 0.01, "pu": 1.0, "": 1.0, "mw": 1.0, "mvar": 1.0, "kw": 1e-3}
_LOWEST_PU, _HIGHEST_PU = 0.8, 1.2


@dataclass(frozen=True)
class Terminal:
    """One end of a transformer in the grid model.

    Attributes:
        bus: Index of its bus.
        ratio: Nominal voltage of the bus over the rated voltage of the winding.
    """

    bus: int
    ratio: float


@dataclass(frozen=True, eq=False)
class Load:
    """Load factor at the steps of a clock, of rated current; NaN where unknown.

    Attributes:
        notes: What it rests on where that is not obvious, and what could not be told.
    """

    factor: Values | None
    notes: tuple[LeftOut, ...] = ()


def load_of(
    unit: Unit,
    readings: Mapping[str, Series],
    voltages: Mapping[int, Sequence[Sensor]],
    terminals: Mapping[Side, Terminal],
    clock: Clock,
) -> Load:
    """The load factor of a unit.

    Args:
        unit: The transformer.
        readings: Of all its sensors and of those of voltage, by name.
        voltages: Voltage sensors by bus.
        terminals: Ends by side; empty without a grid model.
        clock: Steps.
    """
    direct = [on_clock(readings[item.name], clock, _PER[item.unit]) for item in unit.of(LOADING) if item.unit in _PER]
    direct = [item for item in direct if np.isfinite(item).any()]
    if direct:
        return Load(np.clip(direct[0], 0.0, None))
    rated = unit.nameplate.rated_power_mva if unit.nameplate else None
    if rated is None:
        return Load(None, (_left_out("loading", "no loading sensor, and no rated power to relate power to"),))
    ends = {}
    notes: list[LeftOut] = []
    for side in (Side.HV, Side.LV):
        power = _apparent(unit, side, readings, clock)
        if power is None:
            continue
        voltage = _voltage(readings, voltages, terminals.get(side), clock)
        if voltage is None:
            notes.append(_left_out(f"voltage at the {side} side", "no reading; the rated voltage stands in"))
        ends[side] = power / rated / (1.0 if voltage is None else voltage)
    if not ends:
        return Load(None, (_left_out("loading", "no loading sensor, and no pair of p and q at one side"),))
    return _agreed(ends, notes)


def _agreed(ends: Mapping[Side, Values], notes: list[LeftOut]) -> Load:
    """The high side's load; the higher of both ends where they disagree, so that no heat is blamed on cooling."""
    first = next(iter(ends.values()))
    if len(ends) == 1:
        return Load(first, tuple(notes))
    other = ends[Side.LV]
    both = np.isfinite(first) & np.isfinite(other)
    if both.any():
        # taps and losses part the ends by a constant share
        share = float(np.median(first[both] / np.maximum(other[both], _LOADED)))
        moved = other * min(max(share, 1 - _TAPS), 1 + _TAPS)
        apart = both & (np.abs(moved - first) > _AGREE)
        if apart.any():
            minutes = int(apart.sum())
            notes.append(LeftOut(what="loading", count=minutes, reason="both ends disagree; the higher one is taken"))
            first = np.where(apart, np.maximum(first, moved), first)
    return Load(np.where(np.isfinite(first), first, other), tuple(notes))


def _apparent(unit: Unit, side: Side, readings: Mapping[str, Series], clock: Clock) -> Values | None:
    parts = []
    for quantity in ("p", "q"):
        sensors = [item for item in unit.of(quantity) if item.side is side and item.unit in _PER]
        mean = mean_on_clock([readings[item.name] for item in sensors], clock)
        if mean is None:
            return None
        parts.append(mean * _PER[sensors[0].unit])
    return np.hypot(*parts)


def _voltage(
    readings: Mapping[str, Series], voltages: Mapping[int, Sequence[Sensor]], terminal: Terminal | None, clock: Clock
) -> Values | None:
    """Voltage at an end, of the winding's rated one; None without a plausible reading."""
    if terminal is None:
        return None
    mean = mean_on_clock([readings[item.name] for item in voltages.get(terminal.bus, ())], clock)
    if mean is None:
        return None
    plausible = np.where((mean > _LOWEST_PU) & (mean < _HIGHEST_PU), mean, np.nan)
    if not np.isfinite(plausible).any():
        return None
    # a voltage hardly moves: where it is unknown its usual value is nearer than none
    return np.where(np.isfinite(plausible), plausible, np.nanmedian(plausible)) * terminal.ratio


def voltage_sensors(sensors: Sequence[Sensor]) -> dict[int, tuple[Sensor, ...]]:
    """Sensors of voltage in per unit, by bus."""
    found: dict[int, tuple[Sensor, ...]] = {}
    for item in sensors:
        at_bus = item.element is not None and item.element.kind is ElementKind.BUS
        if at_bus and item.element is not None and item.quantity == "vm" and item.unit == "pu":
            found[item.element.index] = (*found.get(item.element.index, ()), item)
    return found


def _left_out(what: str, reason: str) -> LeftOut:
    return LeftOut(what=what, count=1, reason=reason)
