"""Load and weather of the day and of the weeks before it.

The hours before the day follow the same curves as the day, lower at weekends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.signal import lfilter

from orchestrator.demoday.clock import HISTORY_DAYS, MINUTES, hours_of_day
from orchestrator.simulation.curves import (
    AMBIENT_WANDER_KELVIN,
    AMBIENT_WANDER_MIN,
    LOAD_PER_KELVIN,
    mixed_curves,
    usual_celsius,
    wander,
)

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

# Shares of homes, offices and works in each load, by index.
MIX: tuple[tuple[float, float, float], ...] = (
    (0.6, 0.3, 0.1), (0.5, 0.3, 0.2), (0.7, 0.2, 0.1), (0.6, 0.2, 0.2), (0.5, 0.4, 0.1), (0.2, 0.2, 0.6),
    (0.1, 0.2, 0.7), (0.7, 0.2, 0.1), (0.6, 0.3, 0.1), (0.8, 0.1, 0.1), (0.4, 0.2, 0.4), (0.6, 0.3, 0.1),
    (0.7, 0.2, 0.1), (0.5, 0.3, 0.2), (0.6, 0.3, 0.1), (0.8, 0.1, 0.1), (0.6, 0.2, 0.2), (0.7, 0.2, 0.1),
    (0.6, 0.3, 0.1), (0.0, 0.2, 0.8), (0.5, 0.3, 0.2),
)  # fmt: skip
CUSTOMERS_PER_MW = (330.0, 24.0, 1.5)
"""Customers of each kind per MW at the peak."""

_DAY_KELVIN, _DAY_MEMORY = 2.5, 0.7
_HOUR_NOISE, _HOUR_MEMORY, _HOUR_KELVIN = 0.006, 0.7, 0.3
_SATURDAY, _SUNDAY = 0.945, 0.905
_LATE_MORNING = 0.05


@dataclass(frozen=True)
class Weather:
    """Air temperature, degrees Celsius.

    Attributes:
        minute: Of each minute of the day.
        hour: Mean of each hour of the history.
    """

    minute: NDArray[np.float64]
    hour: NDArray[np.float64]


def load_curves(hour: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of its peak that each load of the demo grid usually takes, hour by load."""
    return mixed_curves(hour, MIX)


def _history_hours() -> NDArray[np.float64]:
    """Middle of each hour of the history, from its first midnight."""
    return np.arange(HISTORY_DAYS * 24, dtype=np.float64) + np.float64(0.5)


def draw_weather(chance: Generator) -> Weather:
    """Temperatures of the day and of the weeks before; days differ, the day itself is a usual one."""
    minute = usual_celsius(hours_of_day())
    minute = minute + wander(chance, (MINUTES, 1), AMBIENT_WANDER_KELVIN, AMBIENT_WANDER_MIN)[:, 0]
    days = np.zeros(HISTORY_DAYS + 1)
    for day in range(HISTORY_DAYS - 1, -1, -1):  # backwards, so that the weeks lead to the day
        push = _DAY_KELVIN * np.sqrt(1 - _DAY_MEMORY**2) * chance.standard_normal()
        days[day] = _DAY_MEMORY * days[day + 1] + push
    hour = _history_hours()
    unusual = PchipInterpolator(np.arange(HISTORY_DAYS + 1) * 24 + 12.0, days, extrapolate=False)(
        np.clip(hour, 12.0, None)
    )
    noise = _HOUR_KELVIN * chance.standard_normal(len(hour))
    return Weather(minute, usual_celsius(hour % 24) + unusual + noise)


def draw_history(chance: Generator, peak_mw: NDArray[np.float64], weather: Weather) -> NDArray[np.float64]:
    """Mean system load of each hour of the history, MW.

    Args:
        chance: Source of chance.
        peak_mw: Load of each bus at the peak of a usual working day.
        weather: The temperatures; only those of the history are used.
    """
    hour = _history_hours()
    working = load_curves(hour % 24) @ peak_mw
    # the day is a Tuesday, so the history's last day is a Monday
    weekday = (np.arange(len(hour)) // 24 - HISTORY_DAYS + 1) % 7
    late = 1 - _LATE_MORNING * np.exp(-(((hour % 24 - 8.0) / 2.0) ** 2))
    factor = np.where(weekday == 5, _SATURDAY * late, np.where(weekday == 6, _SUNDAY * late, 1.0))  # noqa: PLR2004 - days
    colder = 1 + LOAD_PER_KELVIN * (weather.hour - usual_celsius(hour % 24))
    push = chance.standard_normal(len(hour)) * np.sqrt(1 - _HOUR_MEMORY**2)
    return np.asarray(working * factor * colder * (1 + _HOUR_NOISE * lfilter([1.0], [1.0, -_HOUR_MEMORY], push)))
