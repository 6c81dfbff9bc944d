"""From true values to readings: noise, quality, and what a faulty sensor makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from tools.telemetry.series import QUALITIES, Series
from tools.vocabulary import ReadingQuality

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from orchestrator.simulation.sensors import Channel

GOOD = QUALITIES.index(ReadingQuality.GOOD)
MISSING = QUALITIES.index(ReadingQuality.MISSING)
DECIMALS = {"pu": 5, "celsius": 2}
"""Digits after the point that a sensor sends; 3 for powers."""

_MAGNITUDE = "vm"

Fault = Callable[[Series], Series]


def measure(
    chance: Generator,
    channels: tuple[Channel, ...],
    times: NDArray[np.int64],
    history: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]],
    faults: Mapping[str, Fault],
) -> tuple[Series, ...]:
    """Readings of all sensors, in the channels' order.

    Args:
        chance: Source of the noise; drawn for every sensor alike, so that a fault moves no other reading.
        channels: Sensors with their true values.
        times: Of the readings, microseconds since 1970 UTC.
        history: Times and true hourly means before, by sensor.
        faults: What is wrong with a sensor, by name.
    """
    found = []
    for channel in channels:
        sensor = channel.sensor
        noise = (sensor.noise or 0.0) * chance.standard_normal(len(times))
        value = channel.true + noise
        if sensor.quantity == _MAGNITUDE:
            value = np.abs(value)  # noise turns no magnitude negative, not even that of a dead bus
        value = np.round(value, DECIMALS.get(sensor.unit, 3))
        series = Series(sensor, times, value, np.full(len(times), GOOD, dtype=np.int8))
        series = faults[sensor.name](series) if sensor.name in faults else series
        found.append(_with_history(series, history[sensor.name]) if sensor.name in history else series)
    return tuple(found)


def _with_history(day: Series, before: tuple[NDArray[np.int64], NDArray[np.float64]]) -> Series:
    """The readings behind the hourly means of the weeks before them, each at the begin of its hour."""
    hours, hourly = before
    past = np.round(hourly, DECIMALS.get(day.sensor.unit, 3))
    return Series(
        sensor=day.sensor,
        at_us=np.concatenate((hours, day.at_us)),
        value=np.concatenate((past, day.value)),
        quality=np.concatenate((np.full(len(past), GOOD, dtype=np.int8), day.quality)),
    )
