"""Load ahead by the hour with its uncertainty: the tool.

Boosted trees correct the load of a week ago from the loads of the last known days, the calendar and the temperature.
The temperatures ahead are not known: those of the last known day stand in for them, unless a sensor of quantity
``ambient_temperature_forecast`` gives predictions. The intervals are conformal: they come from errors on blocks of
days that the trees had not seen.
"""

from __future__ import annotations

from datetime import timedelta
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import GridUnavailableError, InvalidArgumentError
from tools.forecasting.calendar import holiday_calendar
from tools.forecasting.capacity import capacity_mw
from tools.forecasting.days import DAY_H, days_of
from tools.forecasting.features import table_of
from tools.forecasting.held_out import held_out
from tools.forecasting.history import measured_mw, read_history
from tools.forecasting.model import Band, DayModel
from tools.forecasting.schema.load import ForecastHour, ForecastLoadArguments, LoadForecast
from tools.forecasting.sensors import load_sensors
from tools.grid.snapshot_timeline import NoReadingsError

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from tools.context import ToolContext
    from tools.forecasting.days import Days

METHOD = "Gradient boosted trees on past load, calendar{temperature}; conformal intervals from days held out"
_TEMPERATURE = {
    "none": "",
    "stand-in": " and temperature, that of the last known day standing in for the days ahead",
    "forecast": " and temperature, ahead as the weather forecast gives it",
}


def forecast_load(ctx: ToolContext, args: ForecastLoadArguments) -> LoadForecast:
    """Mean load of each hour ahead as P10, P50 and P90, with errors on a week held out.

    Raises:
        SourceMissingError: without telemetry, without a load sensor, or with less than fourteen days of history.
        InvalidArgumentError: when the origin lies after the run's ``as_of``, or an argument is unknown.
        UnknownElementError: when no sensor has the name.
    """
    telemetry = ctx.need_telemetry()
    at = args.at or ctx.clock.as_of
    if at > ctx.clock.as_of:
        raise InvalidArgumentError(f"at {at.isoformat()} is after the run's as_of {ctx.clock.as_of.isoformat()}")
    load = load_sensors(telemetry.sensors(), args.sensor)
    history = read_history(telemetry, load, at, args.horizon_h, args.time_zone)
    ahead = -(-args.horizon_h // DAY_H)
    days = days_of(history.hours, history.origin, ahead, holiday_calendar(args.country))
    hours = [min(args.horizon_h - DAY_H * day, DAY_H) for day in range(ahead)]
    band, past = _forecast(days, ahead, ctx.seed)
    place = history.hours.local[history.origin :][: args.horizon_h] - history.hours.local[history.origin]
    measured = measured_mw(telemetry, load, history.begin, args.horizon_h, ctx.clock.as_of)
    capacity = _capacity(ctx, at) if load.is_system else None
    rows = _rows(history.begin, band, place, measured, capacity)
    errors = held_out(days, past, hours)
    worst = max((row for row in rows if row.measured_mw is not None), key=_deviation, default=None)
    return LoadForecast(
        subject=load.subject,
        at=at,
        horizon_h=args.horizon_h,
        method=METHOD.format(temperature=_TEMPERATURE[_use_of_temperature(days)]),
        history_days=history.days,
        uses_temperature=days.temperature is not None,
        rows=rows,
        peak=max(rows, key=lambda row: row.p50_mw),
        thinnest=min(rows, key=lambda row: row.margin_mw or 0.0) if capacity is not None else None,
        mae_mw=errors.mae_mw,
        mape_percent=errors.mape_percent,
        yesterday_mape_percent=errors.yesterday_mape_percent,
        last_week_mape_percent=errors.last_week_mape_percent,
        coverage_percent=errors.coverage_percent,
        worst_deviation_mw=None if worst is None or worst.measured_mw is None else worst.measured_mw - worst.p50_mw,
        worst_deviation_at=None if worst is None else worst.at,
        simulated=history.simulated,
    )


def _forecast(days: Days, ahead: int, seed: int) -> tuple[Band, list[Band]]:
    """The days ahead one below the other, and the last known week as each of the models saw it."""
    coming, past = [], []
    for day in range(1, ahead + 1):
        table = table_of(days, day)
        model = DayModel(table, days.known, seed)
        row = days.known + day - 1
        coming.append(model.predict(table, slice(row, row + 1)))
        past.append(model.last_week(table))
    stacked = [np.concatenate([getattr(band, name).ravel() for band in coming]) for name in ("p10", "p50", "p90")]
    return Band(*stacked), past


def _rows(
    begin: datetime,
    band: Band,
    place: NDArray[np.int64],
    measured: NDArray[np.float64],
    capacity: float | None,
) -> tuple[ForecastHour, ...]:
    """One row an hour; ``place`` is where the local clock puts it, the same twice when the clock goes back."""
    found = []
    for number, column in enumerate(np.minimum(place, len(band.p50) - 1)):
        known = float(measured[number])
        p90 = float(band.p90[column])
        hour = ForecastHour(
            at=begin + timedelta(hours=number),
            p10_mw=float(band.p10[column]),
            p50_mw=float(band.p50[column]),
            p90_mw=p90,
            measured_mw=known if isfinite(known) else None,
            capacity_mw=capacity,
            margin_mw=None if capacity is None else capacity - p90,
        )
        found.append(hour)
    return tuple(found)


def _deviation(row: ForecastHour) -> float:
    return abs((row.measured_mw or 0.0) - row.p50_mw)


def _use_of_temperature(days: Days) -> str:
    if days.temperature is None:
        return "none"
    return "stand-in" if days.weather is None else "forecast"


def _capacity(ctx: ToolContext, at: datetime) -> float | None:
    """What the units in service can give, those of the model where no state of the time is known; None without one."""
    try:
        return capacity_mw(ctx.grids.grid(at).net)
    except NoReadingsError:
        return capacity_mw(ctx.loaded_grid().net)
    except GridUnavailableError:
        return None
