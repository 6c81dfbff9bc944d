"""Load and weather of the day and of the weeks before it.

A load follows its customers: homes, offices and works have curves of their own, all 1 at the peak of 19:00. Colder
than usual means more load. The hours before the day follow the same curves, lower at weekends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.signal import lfilter

from orchestrator.demoday.clock import HISTORY_DAYS, MINUTES, hours_of_day

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

_HOURS = (0.0, 1.5, 3.5, 5.0, 6.5, 8.0, 10.0, 12.0, 14.0, 16.0, 17.5, 19.0, 20.5, 22.0, 23.0, 24.0)
HOMES = (0.60, 0.53, 0.50, 0.54, 0.70, 0.78, 0.76, 0.78, 0.76, 0.80, 0.90, 1.0, 0.95, 0.81, 0.69, 0.60)
OFFICES = (0.68, 0.64, 0.62, 0.66, 0.80, 0.96, 1.04, 1.02, 1.00, 0.98, 0.98, 1.0, 0.93, 0.82, 0.73, 0.68)
WORKS = (0.88, 0.86, 0.85, 0.88, 0.95, 1.01, 1.03, 1.01, 1.02, 1.01, 1.00, 1.0, 0.97, 0.93, 0.90, 0.88)

# Shares of homes, offices and works in each load, by index.
MIX: tuple[tuple[float, float, float], ...] = (
    (0.6, 0.3, 0.1), (0.5, 0.3, 0.2), (0.7, 0.2, 0.1), (0.6, 0.2, 0.2), (0.5, 0.4, 0.1), (0.2, 0.2, 0.6),
    (0.1, 0.2, 0.7), (0.7, 0.2, 0.1), (0.6, 0.3, 0.1), (0.8, 0.1, 0.1), (0.4, 0.2, 0.4), (0.6, 0.3, 0.1),
    (0.7, 0.2, 0.1), (0.5, 0.3, 0.2), (0.6, 0.3, 0.1), (0.8, 0.1, 0.1), (0.6, 0.2, 0.2), (0.7, 0.2, 0.1),
    (0.6, 0.3, 0.1), (0.0, 0.2, 0.8), (0.5, 0.3, 0.2),
)  # fmt: skip
CUSTOMERS_PER_MW = (330.0, 24.0, 1.5)
"""Customers of each kind per MW at the peak."""

Q_FLOOR = 0.35
"""Share of reactive demand that does not follow the load."""
WANDER, WANDER_MIN = 0.006, 45.0
"""Standard deviation of a load round its curve, and the minutes over which it forgets."""

MEAN_CELSIUS, SWING_KELVIN, WARMEST_H = 6.0, 4.0, 15.0
AMBIENT_WANDER_KELVIN, AMBIENT_WANDER_MIN = 0.25, 120.0
LOAD_PER_KELVIN = -0.008
"""More load per kelvin colder than usual."""
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


def usual_celsius(hour: NDArray[np.float64]) -> NDArray[np.float64]:
    """The usual temperature of March at an hour of the day."""
    return np.asarray(MEAN_CELSIUS + SWING_KELVIN * np.cos((hour - WARMEST_H) * 2 * np.pi / 24))


def load_curves(hour: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of its peak that each load usually takes, hour by load."""
    kinds = [CubicSpline(_HOURS, knots, bc_type="periodic")(hour % 24) for knots in (HOMES, OFFICES, WORKS)]
    return np.asarray(np.stack(kinds, axis=1) @ np.array(MIX).T)


def wander(chance: Generator, columns: int, deviation: float, memory_min: float) -> NDArray[np.float64]:
    """Slow random movement round zero, minute by column (Ornstein and Uhlenbeck)."""
    keep = np.exp(-1.0 / memory_min)
    push = chance.standard_normal((MINUTES, columns)) * np.sqrt(1 - keep**2)
    push[0] /= np.sqrt(1 - keep**2)
    return np.asarray(deviation * lfilter([1.0], [1.0, -keep], push, axis=0))


def _history_hours() -> NDArray[np.float64]:
    """Middle of each hour of the history, from its first midnight."""
    return np.arange(HISTORY_DAYS * 24, dtype=np.float64) + np.float64(0.5)


def draw_weather(chance: Generator) -> Weather:
    """Temperatures of the day and of the weeks before; days differ, the day itself is a usual one."""
    minute = usual_celsius(hours_of_day())
    minute = minute + wander(chance, 1, AMBIENT_WANDER_KELVIN, AMBIENT_WANDER_MIN)[:, 0]
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
