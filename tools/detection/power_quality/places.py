"""What the sensors of power quality measure, place by place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from tools.element import ElementRef
from tools.limits import QualityQuantity
from tools.telemetry.schema.sensor import Sensor

_PHASE_NEUTRAL, _LINE_TO_LINE = ("vm_a", "vm_b", "vm_c"), ("vm_ab", "vm_bc", "vm_ca")
_VOLTAGES = frozenset({"vm", *_PHASE_NEUTRAL, *_LINE_TO_LINE})
_ANGLES = ("va_a", "va_b", "va_c")
_HARMONIC = re.compile(r"(?:vm_)?harmonic_(\d{1,2})")
_THD = frozenset({"thd", "vm_thd", "thd_v"})
_UNBALANCE = frozenset({"unbalance", "vm_unbalance"})
LOW_VOLTAGE_KV = 0.4


class Way(StrEnum):
    """How a figure is made of the readings of a place."""

    PLAIN = "plain"
    PHASORS = "phasors"
    LINE_VOLTAGES = "line_voltages"
    POWERS = "powers"


@dataclass(frozen=True)
class Place:
    """Sensors that make one figure.

    Attributes:
        quantity: What standards limit; None for the power factor.
        sensors: In the order of the phases.
        scale: Readings times this are in the unit of the limit.
        declared_kv: Declared voltage; None where nobody tells it.
    """

    quantity: QualityQuantity | None
    way: Way
    sensors: tuple[Sensor, ...]
    scale: float = 1.0
    declared_kv: float | None = None
    order: int | None = None

    @property
    def element(self) -> ElementRef | None:
        """Where it is."""
        return self.sensors[0].element


def find_places(
    sensors: Sequence[Sensor], bus_kv: Mapping[str, float], declared_kv: float | None, nominal_hz: float
) -> tuple[list[Place], list[Sensor]]:
    """All places, and voltages whose declared value nobody tells."""
    places: list[Place] = []
    untold: list[Sensor] = []
    for sensor in sensors:
        kv = bus_kv.get(str(sensor.element), declared_kv)
        if sensor.quantity not in _VOLTAGES:
            places += _plain(sensor, kv, nominal_hz)
        elif (scale := _voltage_scale(sensor, kv)) is not None:
            places.append(Place(QualityQuantity.VOLTAGE, Way.PLAIN, (sensor,), scale, kv))
        else:
            untold.append(sensor)
    return [*places, *_combined(sensors, bus_kv, declared_kv)], untold


def _plain(sensor: Sensor, kv: float | None, nominal_hz: float) -> list[Place]:
    """The place of a sensor that measures a figure of power quality itself; none of another one."""
    if sensor.quantity in {"frequency", "f"} and sensor.unit == "hz":
        return [Place(QualityQuantity.FREQUENCY, Way.PLAIN, (sensor,), 1.0 / nominal_hz, kv)]
    if match := _HARMONIC.fullmatch(sensor.quantity):
        return [Place(QualityQuantity.HARMONIC, Way.PLAIN, (sensor,), 1.0, kv, order=int(match[1]))]
    if sensor.quantity == "power_factor":
        return [Place(None, Way.PLAIN, (sensor,), 1.0, kv)]
    for names, quantity in ((_UNBALANCE, QualityQuantity.UNBALANCE), (_THD, QualityQuantity.THD)):
        if sensor.quantity in names:
            return [Place(quantity, Way.PLAIN, (sensor,), 1.0, kv)]
    return []


def _voltage_scale(sensor: Sensor, kv: float | None) -> float | None:
    if sensor.unit == "pu":
        return 1.0
    if sensor.unit != "kv" or kv is None:
        return None
    return (sqrt(3.0) if sensor.quantity in _PHASE_NEUTRAL else 1.0) / kv


def _combined(sensors: Sequence[Sensor], bus_kv: Mapping[str, float], declared_kv: float | None) -> list[Place]:
    """Unbalance out of three phases, the power factor out of active and reactive power, at one element and side."""
    at: dict[tuple[str, str], dict[str, Sensor]] = defaultdict(dict)
    for sensor in sensors:
        if sensor.element is not None or sensor.asset is not None:
            at[str(sensor.element or sensor.asset), str(sensor.side)].setdefault(sensor.quantity, sensor)
    found: list[Place] = []
    for (name, _), held in at.items():
        kv = bus_kv.get(name, declared_kv)
        if not any(quantity in held for quantity in _UNBALANCE):
            if all(quantity in held for quantity in _LINE_TO_LINE):
                three = tuple(held[quantity] for quantity in _LINE_TO_LINE)
                found.append(Place(QualityQuantity.UNBALANCE, Way.LINE_VOLTAGES, three, 1.0, kv))
            elif all(quantity in held for quantity in (*_PHASE_NEUTRAL, *_ANGLES)):
                six = tuple(held[quantity] for quantity in (*_PHASE_NEUTRAL, *_ANGLES))
                found.append(Place(QualityQuantity.UNBALANCE, Way.PHASORS, six, 1.0, kv))
        if "p" in held and "q" in held and "power_factor" not in held:
            found.append(Place(None, Way.POWERS, (held["p"], held["q"]), 1.0, kv))
    return found
