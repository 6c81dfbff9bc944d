"""From true values to readings: noise, quality, and what a faulty sensor makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.demoday.clock import history_times_us, minute_times_us
from tools.telemetry.series import QUALITIES, Series
from tools.vocabulary import ReadingQuality

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from orchestrator.demoday.sensors import Channel

GOOD = QUALITIES.index(ReadingQuality.GOOD)
MISSING = QUALITIES.index(ReadingQuality.MISSING)
DECIMALS = {"pu": 5, "celsius": 2}
"""Digits after the point that a sensor sends; 3 for powers."""

Fault = Callable[[Series], Series]


def measure(
    chance: Generator,
    channels: tuple[Channel, ...],
    history: Mapping[str, NDArray[np.float64]],
    faults: Mapping[str, Fault],
) -> tuple[Series, ...]:
    """Readings of all sensors, in the channels' order.

    Args:
        chance: Source of the noise; drawn for every sensor alike, so that a fault moves no other reading.
        channels: Sensors with their true values.
        history: True hourly means before the day, by sensor.
        faults: What is wrong with a sensor, by name.
    """
    times = minute_times_us()
    found = []
    for channel in channels:
        sensor = channel.sensor
        noise = (sensor.noise or 0.0) * chance.standard_normal(len(times))
        value = np.round(channel.true + noise, DECIMALS.get(sensor.unit, 3))
        series = Series(sensor, times, value, np.full(len(times), GOOD, dtype=np.int8))
        series = faults[sensor.name](series) if sensor.name in faults else series
        found.append(_with_history(series, history[sensor.name]) if sensor.name in history else series)
    return tuple(found)


def _with_history(day: Series, hourly: NDArray[np.float64]) -> Series:
    """The readings of the day behind the hourly means of the weeks before it, each at the begin of its hour."""
    past = np.round(hourly, DECIMALS.get(day.sensor.unit, 3))
    return Series(
        sensor=day.sensor,
        at_us=np.concatenate((history_times_us(), day.at_us)),
        value=np.concatenate((past, day.value)),
        quality=np.concatenate((np.full(len(past), GOOD, dtype=np.int8), day.quality)),
    )
