"""The sensors that a load forecast reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.element import ElementKind
from tools.errors import InvalidArgumentError, SourceMissingError, UnknownElementError
from tools.subject import SubjectRef

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.telemetry.schema.sensor import Sensor

LOAD, POWER = "load", "p"
TEMPERATURE = "ambient_temperature"
WEATHER_FORECAST = "ambient_temperature_forecast"
"""Quantity of a sensor whose readings are predictions: those beyond the origin may be used."""

_MW = {"mw": 1.0, "kw": 1e-3}


@dataclass(frozen=True)
class LoadSensors:
    """What is added up to the load.

    Attributes:
        subject: The one sensor; None when several are added up.
        is_system: The load of the whole grid, not of a part of it.
    """

    sensors: tuple[Sensor, ...]
    subject: SubjectRef | None
    is_system: bool

    @property
    def words(self) -> str:
        """How an error message names them."""
        return str(self.subject) if self.subject else f"the {len(self.sensors)} load sensors together"


def load_sensors(sensors: Sequence[Sensor], name: str | None) -> LoadSensors:
    """The sensor asked for; else the one of the system's load; else those of all loads.

    Raises:
        UnknownElementError: when no sensor has the name.
        InvalidArgumentError: when the sensor measures no active power, or several claim to measure the system's load.
        SourceMissingError: when there is no load sensor.
    """
    if name is not None:
        return _one(_named(sensors, name))
    system = [item for item in sensors if item.quantity == LOAD and item.element is None and item.asset is None]
    if len(system) > 1:
        raise InvalidArgumentError(
            f"sensor: {', '.join(item.name for item in system)} all measure the load of the system; name one of them"
        )
    if system:
        return _one(system[0])
    parts = [item for item in sensors if item.quantity == POWER and _is_load(item)]
    if not parts:
        raise SourceMissingError("sensor of the system load or of any load")
    return LoadSensors(tuple(_in_mw(item) for item in parts), subject=None, is_system=True)


def factor_mw(sensor: Sensor) -> float:
    """What turns a reading into MW drawn."""
    return sensor.sign * _MW[sensor.unit]


def of_quantity(sensors: Sequence[Sensor], quantity: str) -> tuple[Sensor, ...]:
    """Sensors of a quantity of the surroundings."""
    return tuple(item for item in sensors if item.quantity == quantity)


def _named(sensors: Sequence[Sensor], name: str) -> Sensor:
    bare = name.removeprefix("sensor:")
    for item in sensors:
        if item.name == bare:
            return item
    raise UnknownElementError("sensor", bare, (item.name for item in sensors))


def _one(sensor: Sensor) -> LoadSensors:
    system = sensor.quantity == LOAD and sensor.element is None
    return LoadSensors((_in_mw(sensor),), subject=sensor.ref, is_system=system)


def _is_load(sensor: Sensor) -> bool:
    return sensor.element is not None and sensor.element.kind is ElementKind.LOAD


def _in_mw(sensor: Sensor) -> Sensor:
    if sensor.unit not in _MW:
        raise InvalidArgumentError(
            f"sensor: {sensor.name!r} has unit {sensor.unit!r}; a load is forecast from mw or kw"
        )
    return sensor
