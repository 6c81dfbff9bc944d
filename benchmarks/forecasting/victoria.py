"""Victoria's demand, July to December 2014, forecast day by day from local midnight as the tool does it."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import numpy as np

from tools.forecasting.calendar import date_of, holiday_calendar, local_offsets
from tools.forecasting.days import DAY_H, Days, Hours, days_of
from tools.forecasting.features import table_of
from tools.forecasting.hourly import HOUR_US, hourly_mean
from tools.forecasting.model import DayModel
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ZONE, COUNTRY = "Australia/Melbourne", "AU-VIC"
FIRST = date(2014, 7, 1)
DEMAND = Sensor(name="demand", quantity="load", unit="mw", period_s=1800)
WEATHER = Sensor(name="weather", quantity="ambient_temperature", unit="celsius", period_s=1800)


@dataclass(frozen=True)
class Score:
    """Errors over all days, percent; coverage is the share of hours inside P10..P90."""

    days: int
    mape: float
    yesterday: float
    last_week: float
    coverage: float


def read_victoria(folder: Path) -> tuple[Series, Series]:
    """Demand and temperature of the three years as sensors tell them, times in UTC."""
    with gzip.open(folder / "load" / "vic_electricity.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    at_us = np.array([int(_moment(row["Time"]).timestamp()) * 1_000_000 for row in rows])
    quality = np.zeros(len(rows), dtype=np.int8)
    demand, weather = (np.array([float(row[name]) for row in rows]) for name in ("Demand", "Temperature"))
    return Series(DEMAND, at_us, demand, quality), Series(WEATHER, at_us, weather, quality)


def local_days(folder: Path, since: date, *, weather_known: bool) -> tuple[Days, NDArray[np.int64]]:
    """Whole local days from a date on, and the rows of the days that are scored."""
    demand, weather = read_victoria(folder)
    first = int(demand.at_us[0] // HOUR_US)
    count = int(demand.at_us[-1] // HOUR_US) - first + 1
    local = local_offsets(first, count, ZONE)
    begin = next(place for place, hour in enumerate(local) if hour % DAY_H == 0 and date_of(int(hour)) >= since)
    end = int(np.flatnonzero(local % DAY_H == 0)[-1])
    load, temperature = (hourly_mean(series, first, count)[begin:] for series in (demand, weather))
    hours = Hours(local[begin:], load, temperature, temperature if weather_known else None)
    days = days_of(hours, end - begin, 1, holiday_calendar(COUNTRY))
    last = date_of(int(local[end])).toordinal()
    return days, np.arange(days.known - (last - FIRST.toordinal()), days.known)


def score(days: Days, rows: NDArray[np.int64], ahead: int, refit_days: int) -> Score:
    """Each day from what was known so many days before its end; trees are grown anew every ``refit_days`` days."""
    table = table_of(days, ahead)
    guess, low, high = [], [], []
    for start in range(0, len(rows), refit_days):
        wanted = rows[start : start + refit_days]
        band = DayModel(table, int(wanted[0]) - ahead + 1, seed=0).predict(
            table, slice(int(wanted[0]), int(wanted[-1]) + 1)
        )
        guess.append(band.p50)
        low.append(band.p10)
        high.append(band.p90)
    true = days.load[rows]
    inside = (true >= np.vstack(low)) & (true <= np.vstack(high))
    return Score(
        days=len(rows),
        mape=_mape(np.vstack(guess), true),
        yesterday=_mape(days.load[rows - ahead], true),
        last_week=_mape(days.load[rows - 7], true),
        coverage=float(100 * inside[np.isfinite(true)].mean()),
    )


def _mape(guess: NDArray[np.float64], true: NDArray[np.float64]) -> float:
    return float(100 * np.nanmean(np.abs(guess / true - 1)))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
