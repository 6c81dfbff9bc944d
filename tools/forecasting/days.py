"""Days of hourly values that end where the forecast begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.forecasting.calendar import date_of
from tools.forecasting.hourly import bridged

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import date

    from numpy.typing import NDArray

DAY_H = 24


@dataclass(frozen=True, eq=False)
class Days:
    """Known days and the days ahead, one row a day of 24 hours by the local clock, cut at the hour of the origin.

    Attributes:
        known: Rows that are known; the rows after them lie ahead.
        load: MW, NaN where unknown.
        temperature: degC as measured, NaN where unknown; None without a sensor.
        weather: degC in the hour itself: measured in known rows, predicted ahead; None without a prediction.
        hour: Hour of the local day, of each of the 24 columns.
        weekday: 0 is Monday, at each hour.
        day_of_year: At each hour.
        holiday: At each hour.
    """

    known: int
    load: NDArray[np.float64]
    temperature: NDArray[np.float64] | None
    weather: NDArray[np.float64] | None
    hour: NDArray[np.int64]
    weekday: NDArray[np.int64]
    day_of_year: NDArray[np.int64]
    holiday: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Hours:
    """Consecutive hours with what is known of them.

    Attributes:
        local: Hour of wall-clock time since 1970.
        load: MW, NaN where unknown.
        temperature: As measured, degC; None without a sensor.
        weather: As predicted, degC; None without a prediction.
    """

    local: NDArray[np.int64]
    load: NDArray[np.float64]
    temperature: NDArray[np.float64] | None = None
    weather: NDArray[np.float64] | None = None


def days_of(hours: Hours, origin: int, ahead: int, holidays: Container[date]) -> Days:
    """Fold hours into days; position ``origin`` is the first hour ahead, ``ahead`` the number of days ahead."""
    begin = int(hours.local[origin])
    known = (begin - int(hours.local[0])) // DAY_H
    first = begin - known * DAY_H
    grid = np.arange(first, begin + ahead * DAY_H)

    def folded(values: NDArray[np.float64], until: int | None) -> NDArray[np.float64]:
        return bridged(_on_clock(hours.local[:until], values[:until], grid)).reshape(-1, DAY_H)

    temperature = None if hours.temperature is None else folded(hours.temperature, origin)
    weather = None
    if temperature is not None and hours.weather is not None:
        ahead_of = folded(hours.weather, None)
        if np.isfinite(ahead_of[known:]).all():
            weather = np.vstack([temperature[:known], ahead_of[known:]])
    dates = [date_of(int(hour)) for hour in grid[::DAY_H]] + [date_of(int(grid[-1]) + DAY_H)]
    return Days(
        known=known,
        load=folded(hours.load, origin),
        temperature=temperature,
        weather=weather,
        hour=grid[:DAY_H] % DAY_H,
        weekday=((grid // DAY_H + 3) % 7).reshape(-1, DAY_H),  # day 0, 1970-01-01, was a Thursday
        day_of_year=_by_hour([day.timetuple().tm_yday for day in dates], grid),
        holiday=_by_hour([day in holidays for day in dates], grid).astype(np.bool_),
    )


def _on_clock(local: NDArray[np.int64], values: NDArray[np.float64], grid: NDArray[np.int64]) -> NDArray[np.float64]:
    """Values at hours of the clock: the hour that comes twice is averaged, the one that is skipped is unknown."""
    place = local - grid[0]
    usable = (place >= 0) & (place < len(grid)) & np.isfinite(values)
    number = np.bincount(place[usable], minlength=len(grid))
    total = np.bincount(place[usable], weights=values[usable], minlength=len(grid))
    found = np.full(len(grid), np.nan)
    np.divide(total, number, out=found, where=number > 0)
    return found


def _by_hour(of_dates: list[int] | list[bool], grid: NDArray[np.int64]) -> NDArray[np.int64]:
    """What is known of dates, at each hour: a row reaches into a second date unless it begins at midnight."""
    day = grid // DAY_H - grid[0] // DAY_H
    found: NDArray[np.int64] = np.asarray(of_dates, dtype=np.int64)[day].reshape(-1, DAY_H)
    return found
