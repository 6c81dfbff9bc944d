"""Sensors that lie: one drifts, one sticks, one drops out, and the readings of one are falsified."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.demoday.clock import at_minute
from orchestrator.demoday.grid import demo_grid
from orchestrator.demoday.truth import Truth
from orchestrator.simulation.measuring import Fault
from orchestrator.simulation.sensor_faults import add, hold, lose, stays_plausible
from tools.element import ElementKind

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from orchestrator.simulation.sensors import Channel
    from tools.telemetry.schema.sensor import Sensor

DRIFT, STUCK, DROPOUT, FALSE = "drifting_sensor", "stuck_sensor", "dropping_sensor", "false_data"
HOURS = {DRIFT: (2.5, 4.0), STUCK: (2.5, 4.0), DROPOUT: (1.5, 4.0), FALSE: (1.5, 4.0)}
FIRST, LAST = 60, 22 * 60
"""Minutes between which all faults lie."""
DRIFT_PER_HOUR, FALSE_BIAS = (5.0, 9.0), (12.0, 20.0)
"""In standard errors of the sensor; either sign."""
LEAST_MOVE = 15.0
"""What a stuck sensor measures moves by at least this many standard errors."""
_GAP_MIN, _BETWEEN_MIN = (5, 25), (1, 4)
_SAID_SO = 0.3  # share of the gaps in which the source says that the value is missing
_TRIES = 5000
_QUANTITIES = {"p", "q", "vm"}
_ENDS = {ElementKind.LINE: ("from_bus", "to_bus"), ElementKind.TRAFO: ("hv_bus", "lv_bus")}


@dataclass(frozen=True)
class SensorFault:
    """What happens to the readings of one sensor."""

    kind: str
    sensor: str
    start: int
    end: int
    apply: Fault

    def truth(self) -> Truth:
        """From the first to the last reading concerned."""
        return Truth(self.kind, f"sensor:{self.sensor}", at_minute(self.start), at_minute(self.end - 1), "cyber")


def draw_faults(
    chance: Generator, channels: Sequence[Channel], taken: Collection[int], trafo: int
) -> tuple[SensorFault, ...]:
    """Four faults, one of each kind, no two of them on neighbouring buses.

    Args:
        chance: Source of chance.
        channels: All sensors.
        taken: Buses that are left alone: those of the evening's outage.
        trafo: Transformer that is left alone: the one without cooling.

    Raises:
        ArithmeticError: when sensors and times like that are not found.
    """
    able = [channel for channel in channels if _able(channel.sensor, trafo)]
    around = _neighbours()
    used: set[int] = set(taken)
    found: list[SensorFault] = []
    for kind, make in _MAKERS.items():
        for _ in range(_TRIES):
            channel = able[int(chance.integers(len(able)))]
            buses = places_of(channel.sensor)
            start = int(chance.integers(FIRST, LAST - 60 * int(np.ceil(HOURS[kind][1]))))
            end = start + int(60 * chance.uniform(*HOURS[kind]))
            fault = make(chance, channel, start, end) if not buses & used else None
            if fault is not None:
                found.append(SensorFault(kind, channel.sensor.name, start, end, fault))
                used |= buses.union(*(around[bus] for bus in buses))
                break
        else:
            raise ArithmeticError(f"{kind}: no sensor and time that fit, in {_TRIES} tries")
    return tuple(found)


def places_of(sensor: Sensor) -> frozenset[int]:
    """Buses at which a sensor's element is."""
    if sensor.element is None:
        return frozenset()
    kind, index = sensor.element.kind, sensor.element.index
    if kind is ElementKind.BUS:
        return frozenset({index})
    row = demo_grid().net[kind.value].loc[index]
    return frozenset(int(row[column]) for column in _ENDS.get(kind, ("bus",)))


def _able(sensor: Sensor, trafo: int) -> bool:
    """Whether the measurements around a sensor can tell that it lies.

    Where two elements feed or draw at one bus, an error of either looks the same.
    """
    element = sensor.element
    if element is None or sensor.quantity not in _QUANTITIES:
        return False
    if element.kind in {ElementKind.EXT_GRID, ElementKind.SHUNT}:
        return False
    if element.kind is ElementKind.TRAFO and element.index == trafo:
        return False
    if element.kind in {ElementKind.LOAD, ElementKind.GEN}:
        [bus] = places_of(sensor)
        net = demo_grid().net
        return sum(int((net[table].bus == bus).sum()) for table in ("load", "gen", "ext_grid", "shunt")) == 1
    return True


def _neighbours() -> dict[int, set[int]]:
    net = demo_grid().net
    around: dict[int, set[int]] = {int(bus): set() for bus in net.bus.index}
    for kind, (one, other) in _ENDS.items():
        for a, b in zip(net[kind.value][one], net[kind.value][other], strict=True):
            around[int(a)].add(int(b))
            around[int(b)].add(int(a))
    return around


def _drifting(chance: Generator, channel: Channel, start: int, end: int) -> Fault | None:
    """The sensor leaves the truth at a constant rate, until it is put right again."""
    rate = _either_sign(chance, DRIFT_PER_HOUR) * (channel.sensor.noise or 0.0) / 60
    added = np.zeros(len(channel.true))
    added[start:end] = rate * np.arange(1, end - start + 1)
    return _added(channel, added)


def _falsified(chance: Generator, channel: Channel, start: int, end: int) -> Fault | None:
    """Somebody adds a constant that stays inside the plausible range."""
    added = np.zeros(len(channel.true))
    added[start:end] = _either_sign(chance, FALSE_BIAS) * (channel.sensor.noise or 0.0)
    return _added(channel, added)


def _added(channel: Channel, added: NDArray[np.float64]) -> Fault | None:
    """Readings with something added; None where that would leave the plausible range."""
    return add(added) if stays_plausible(channel.sensor, channel.true + added) else None


def _stuck(chance: Generator, channel: Channel, start: int, end: int) -> Fault | None:
    """The last reading is repeated, while the truth moves on."""
    del chance
    moved = float(np.ptp(channel.true[start:end]))
    if moved < LEAST_MOVE * (channel.sensor.noise or 0.0):
        return None

    return hold(start, end)


def _dropping(chance: Generator, channel: Channel, start: int, end: int) -> Fault | None:
    """Readings come and go; of most gaps nothing is stored, of some the source says that there is no value."""
    gone, told = np.zeros(len(channel.true), dtype=bool), np.zeros(len(channel.true), dtype=bool)
    minute = start
    while minute < end:
        until = min(minute + int(chance.integers(*_GAP_MIN)), end)
        gone[minute:until] = True
        told[minute:until] = chance.random() < _SAID_SO
        minute = until + int(chance.integers(*_BETWEEN_MIN))
    gone[end - 1] = True

    return lose(gone, told)


def _either_sign(chance: Generator, span: tuple[float, float]) -> float:
    return float(chance.choice((-1.0, 1.0)) * chance.uniform(*span))


_Maker = Callable[["Generator", "Channel", int, int], Fault | None]
_MAKERS: dict[str, _Maker] = {DRIFT: _drifting, STUCK: _stuck, DROPOUT: _dropping, FALSE: _falsified}
