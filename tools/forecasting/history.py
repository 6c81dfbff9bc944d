"""The hours before and after an origin, read from the sensors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import SourceMissingError
from tools.forecasting.calendar import local_offsets
from tools.forecasting.days import DAY_H, Hours
from tools.forecasting.hourly import HOUR_US, hour_number, hourly_mean, moment_of, period_us
from tools.forecasting.pieces import read_pieces
from tools.forecasting.sensors import TEMPERATURE, WEATHER_FORECAST, LoadSensors, factor_mw, of_quantity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from tools.telemetry.schema.sensor import Sensor
    from tools.telemetry.series import Series
    from tools.telemetry.sources import TelemetrySource

    Values = NDArray[np.float64]

LEAST_DAYS = 14
_MOST_DAYS = 3 * 366
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, eq=False)
class History:
    """What is known at an origin.

    Attributes:
        hours: From the first known hour to the end of the last day ahead.
        origin: Position of the first hour ahead.
        begin: Begin of that hour.
        days: Length of the known load.
        simulated: Whether any reading was made up.
    """

    hours: Hours
    origin: int
    begin: datetime
    days: float
    simulated: bool


def read_history(
    telemetry: TelemetrySource, load: LoadSensors, at: datetime, ahead_h: int, zone: str | None
) -> History:
    """Hourly means of load and temperature up to the origin; nothing later is asked for but weather forecasts.

    Raises:
        SourceMissingError: when the history is shorter than fourteen days, or ended a day before the origin.
    """
    begin = hour_number(at)
    # readings of the hour that begins at the origin are part of what is to be foreseen
    last = min(at, moment_of(begin) - _MICROSECOND)
    readings = _read(telemetry, load.sensors, last - timedelta(days=_MOST_DAYS), last)
    first, days = _extent(readings, load, begin)
    count = begin - first
    total = sum(hourly_mean(item, first, count) * factor_mw(item.sensor) for item in readings.values())
    ahead = np.full(-(-ahead_h // DAY_H) * DAY_H, np.nan)
    warm = of_quantity(telemetry.sensors(), TEMPERATURE)
    predicted = of_quantity(telemetry.sensors(), WEATHER_FORECAST)
    start, end = moment_of(first), moment_of(begin + len(ahead))
    hours = Hours(
        local=local_offsets(first, count + len(ahead), zone),
        load=np.concatenate([np.asarray(total), ahead]),
        temperature=_surroundings(_read(telemetry, warm, start, last), first, count, len(ahead)),
        weather=_surroundings(_read(telemetry, predicted, start, end), first, count + len(ahead), 0),
    )
    simulated = any(item.simulated for item in (*load.sensors, *warm))
    return History(hours, origin=count, begin=moment_of(begin), days=days, simulated=simulated)


def measured_mw(telemetry: TelemetrySource, load: LoadSensors, begin: datetime, count: int, known: datetime) -> Values:
    """Mean load of the hours from ``begin`` on that are over by the readings up to ``known``; NaN for the others."""
    first = hour_number(begin)
    readings = _read(telemetry, load.sensors, begin, known)
    found = np.zeros(count) if readings else np.full(count, np.nan)
    for series in readings.values():
        mean = hourly_mean(series, first, count)
        if len(series):
            # the last reading stands for the time up to the next one
            over = (int(series.at_us[-1]) + period_us(series)) // HOUR_US - first
            mean[max(over, 0) :] = np.nan
        found = found + mean * factor_mw(series.sensor)
    return found


def _read(
    telemetry: TelemetrySource, sensors: Sequence[Sensor], start: datetime, end: datetime
) -> Mapping[str, Series]:
    if not sensors or start > end:
        return {}
    return read_pieces(telemetry, sensors, start, end)


def _extent(readings: Mapping[str, Series], load: LoadSensors, begin: int) -> tuple[int, float]:
    """First hour that every sensor knows, and the days from there to the newest reading."""
    empty = [name for name, item in readings.items() if not len(item)]
    if empty or not readings:
        raise SourceMissingError(f"load history: {load.words} has no reading before the origin from {empty[:3]}")
    first = max(int(item.at_us[0]) for item in readings.values())
    newest = min(int(item.at_us[-1]) for item in readings.values())
    days = (newest - first + HOUR_US) / HOUR_US / DAY_H
    if days < LEAST_DAYS:
        raise SourceMissingError(f"load history of {LEAST_DAYS} days: {load.words} has {max(days, 0):.1f} days")
    behind_h = begin - newest / HOUR_US
    if behind_h > DAY_H:
        raise SourceMissingError(f"load of the last day: the newest reading of {load.words} is {behind_h:.0f} h old")
    return -(-first // HOUR_US), days


def _surroundings(readings: Mapping[str, Series], first: int, count: int, ahead: int) -> Values | None:
    """Mean over the sensors hour by hour; None without any reading."""
    held = [hourly_mean(item, first, count) for item in readings.values() if len(item)]
    if not held:
        return None
    stacked = np.stack(held)
    known = np.isfinite(stacked)
    number = known.sum(axis=0)
    mean = np.full(count, np.nan)
    np.divide(np.where(known, stacked, 0.0).sum(axis=0), number, out=mean, where=number > 0)
    return np.concatenate([mean, np.full(ahead, np.nan)])
