"""The fast sensors of a time, read in pieces of bounded length, each reading judged before it is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from tools.detection.oscillation.even import Floats, Moments, Sampled, sample
from tools.detection.oscillation.supply import Life, judge_frequency, judge_other, judge_voltage
from tools.detection.schema.oscillations import Feed, FeedState
from tools.telemetry.moments import from_us, to_us
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.sources import TelemetrySource

PIECE = timedelta(minutes=20)
"""Ten to twenty minutes are what ambient modes are usually estimated from; a day is looked at in such pieces."""
ANGLES = frozenset({"va", "angle"})
_TURN = 360.0


@dataclass(frozen=True, eq=False)
class Live:
    """Live readings of one sensor in one piece of time."""

    sensor: Sensor
    sampled: Sampled


@dataclass(eq=False)
class Watch:
    """What was seen of one sensor so far, piece by piece."""

    sensor: Sensor
    readings: int = 0
    periods: list[float] = field(default_factory=list)
    irregular: bool = False
    gaps: int = 0
    repeated: int = 0
    dead: int = 0
    frozen: int = 0
    live: int = 0
    dead_us: tuple[int, int] | None = None
    last_us: int = 0

    def note(self, sampled: Sampled, life: Life) -> None:
        """One more piece."""
        self.readings += len(sampled.at_us)
        self.gaps += sampled.gaps
        self.repeated += sampled.repeated
        self.irregular |= sampled.irregular
        if sampled.period_s is not None:
            self.periods.append(sampled.period_s)
        self.dead += int(life.dead.sum())
        self.frozen += int(life.frozen.sum())
        self.live += int(life.live.sum())
        if len(sampled.at_us):
            self.last_us = int(sampled.at_us[-1])
        gone = sampled.at_us[~life.live]
        if len(gone):
            first = self.dead_us[0] if self.dead_us else int(gone[0])
            self.dead_us = first, int(gone[-1])

    @property
    def period_s(self) -> float | None:
        """Usual period over all pieces."""
        return float(np.median(self.periods)) if self.periods else None

    def feed(self, visible_share: float) -> Feed:
        """As the result tells it."""
        period = self.period_s
        visible = None if period is None else visible_share / period / (2.0 if self.irregular else 1.0)
        return Feed(
            subject=self.sensor.ref,
            element=self.sensor.element,
            quantity=self.sensor.quantity,
            state=self._state(),
            readings=self.readings,
            period_s=period,
            visible_to_hz=visible,
            irregular=self.irregular,
            gaps=self.gaps,
            repeated=self.repeated,
            dead_readings=self.dead + self.frozen,
            dead_from=from_us(self.dead_us[0]) if self.dead_us else None,
            dead_to=from_us(self.dead_us[1]) if self.dead_us and self.dead_us[1] < self.last_us else None,
        )

    def _state(self) -> FeedState:
        if not self.readings:
            return FeedState.EMPTY
        if self.dead:
            return FeedState.NO_SUPPLY
        return FeedState.FROZEN if self.frozen else FeedState.LIVE


def pieces(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The time in pieces of equal length, none longer than ``PIECE``; each ends a microsecond before the next."""
    count = max(1, -(-(end - start) // PIECE))
    length = (end - start) / count
    for number in range(count):
        last = number == count - 1
        yield start + number * length, end if last else start + (number + 1) * length - timedelta(microseconds=1)


def read_piece(
    telemetry: TelemetrySource,
    watched: Mapping[str, Watch],
    span: tuple[datetime, datetime],
    nominal_hz: float,
    nominal_volts: Mapping[str, float],
) -> list[Live]:
    """The live readings of a piece; what is dead at an element by its voltage is dead for all its sensors.

    Args:
        telemetry: Where readings come from.
        watched: What is kept of each sensor, by name.
        span: Begin and end of the piece.
        nominal_hz: Nominal frequency.
        nominal_volts: Nominal magnitude of each voltage sensor, in its unit.
    """
    series = telemetry.series(list(watched), *span)
    taken = {name: sample(series[name]) for name in watched}
    lives = {
        name: _judge(watched[name].sensor, sampled, nominal_hz, nominal_volts.get(name))
        for name, sampled in taken.items()
    }
    dark = _dark_times([watch.sensor for watch in watched.values()], taken, lives)
    found = []
    for name, sampled in taken.items():
        sensor = watched[name].sensor
        life = _with_dark(lives[name], sampled, dark.get(str(sensor.element)))
        watched[name].note(sampled, life)
        live = _only(sampled, life, sensor)
        if len(live.at_us):
            found.append(Live(sensor, live))
    return found


def nominal_volts(sensors: Sequence[Sensor], bus_kv: Mapping[str, float]) -> dict[str, float]:
    """Nominal magnitude of voltage sensors whose unit or bus tells it."""
    known = {}
    for sensor in sensors:
        if sensor.quantity == "vm" and sensor.unit == "pu":
            known[sensor.name] = 1.0
        elif sensor.quantity == "vm" and sensor.unit == "kv" and str(sensor.element) in bus_kv:
            known[sensor.name] = bus_kv[str(sensor.element)]
    return known


def is_frequency(sensor: Sensor) -> bool:
    """Whether a sensor measures the frequency of the grid."""
    return sensor.unit == "hz" and sensor.quantity in {"frequency", "f"}


def _judge(sensor: Sensor, sampled: Sampled, nominal_hz: float, volts: float | None) -> Life:
    step_s = sampled.period_s or 1.0
    if is_frequency(sensor):
        return judge_frequency(sampled.value, step_s, nominal_hz)
    if volts is not None:
        return judge_voltage(sampled.value, step_s, volts)
    return judge_other(sampled.value, step_s)


def _dark_times(
    sensors: Sequence[Sensor], taken: Mapping[str, Sampled], lives: Mapping[str, Life]
) -> dict[str, tuple[Moments, np.ndarray[tuple[int], np.dtype[np.bool_]]]]:
    """By element: the times of a voltage measured there, and whether it was gone."""
    return {
        str(sensor.element): (taken[sensor.name].at_us, lives[sensor.name].dead)
        for sensor in sensors
        if sensor.quantity == "vm" and sensor.element is not None and len(taken[sensor.name].at_us)
    }


def _with_dark(
    life: Life, sampled: Sampled, dark: tuple[Moments, np.ndarray[tuple[int], np.dtype[np.bool_]]] | None
) -> Life:
    if dark is None or not dark[1].any():
        return life
    at_us, gone = dark
    nearest = np.clip(np.searchsorted(at_us, sampled.at_us, side="right") - 1, 0, len(at_us) - 1)
    dead = life.dead | gone[nearest]
    return Life(dead, life.frozen & ~dead)


def _only(sampled: Sampled, life: Life, sensor: Sensor) -> Sampled:
    """The live readings; an angle is unwound, so that it does not jump by a turn."""
    keep = life.live
    value: Floats = sampled.value[keep]
    if sensor.quantity in ANGLES and sensor.unit == "degree":
        value = np.unwrap(value, period=_TURN)
    return Sampled(
        sampled.at_us[keep], value, sampled.period_s, sampled.irregular, gaps=sampled.gaps, repeated=sampled.repeated
    )


def begin_us(live: Sequence[Live], start: datetime) -> int:
    """First live reading of a piece."""
    return min((int(item.sampled.at_us[0]) for item in live), default=to_us(start))
