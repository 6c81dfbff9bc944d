"""Forecasts of made-up loads whose future is known, and of Victoria's real one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandapower as pp
import pytest

from benchmarks.forecasting.victoria import COUNTRY, ZONE, local_days, read_victoria, score
from tests.tools.grid.conftest import OneGrid
from tests.tools.memory_sources import MemoryTelemetry, microseconds, series
from tools.context import Clock, ToolContext
from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError, SourceMissingError, UnknownElementError
from tools.forecasting.load import forecast_load
from tools.forecasting.schema.load import ForecastLoadArguments
from tools.grid.grid import Grid
from tools.limits import LimitTable
from tools.result import canonical_json
from tools.telemetry.schema.sensor import Sensor

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
SYSTEM = Sensor(name="system.load", quantity="load", unit="mw", period_s=3600)
HOURS = np.arange(35 * 24)


def shape(hours):
    """A working week with a quieter weekend, MW."""
    weekend = (hours // 24) % 7 >= 5
    return 1000 + 200 * np.sin((hours % 24 - 8) / 24 * 2 * np.pi) - 100 * weekend


def noisy(hours, seed: int = 1):
    return shape(hours) * (1 + 0.01 * np.random.default_rng(seed).standard_normal(len(hours)))


def history(values=None, sensor: Sensor = SYSTEM):
    """Hourly readings that end where MONDAY begins; 35 days are five whole weeks."""
    values = noisy(HOURS) if values is None else values
    return series(sensor, MONDAY - timedelta(hours=len(values)), 3600, values)


def net_of(max_p_mw: float, slack_mw: float | None):
    net = pp.create_empty_network()
    bus = pp.create_bus(net, 110.0)
    pp.create_ext_grid(net, bus, **({} if slack_mw is None else {"max_p_mw": slack_mw}))
    pp.create_gen(net, bus, p_mw=1.0, max_p_mw=max_p_mw)
    pp.create_gen(net, bus, p_mw=1.0, max_p_mw=5000.0, in_service=False)
    return net


def forecast(*held, as_of: datetime = MONDAY, net=None, seed: int = 0, **arguments):
    grid = Grid(name="test", fingerprint="f" * 64, net=net_of(900.0, 600.0) if net is None else net)
    context = ToolContext(
        OneGrid(grid), LimitTable(limits=()), Clock(as_of, as_of), seed=seed, telemetry=MemoryTelemetry(*held)
    )
    return forecast_load(context, ForecastLoadArguments(**arguments))


def test_forecast__comes_close_to_a_load_of_pure_habit():
    found = forecast(history())
    true = shape(np.arange(24))  # the day ahead is a Monday
    assert found.rows[0].at == MONDAY
    assert len(found.rows) == 24
    assert np.abs(np.array([row.p50_mw for row in found.rows]) / true - 1).mean() < 0.01
    assert found.mape_percent < found.last_week_mape_percent < found.yesterday_mape_percent
    assert all(row.p10_mw <= row.p50_mw <= row.p90_mw for row in found.rows)


def test_forecast__intervals_hold_four_hours_of_five():
    inside = []
    for week in range(4):
        values = noisy(np.arange(36 * 24), seed=week)
        found = forecast(history(values[: 35 * 24]))
        inside += [row.p10_mw <= true <= row.p90_mw for row, true in zip(found.rows, values[35 * 24 :], strict=True)]
    assert 0.7 < np.mean(inside) < 0.92


def test_forecast__is_the_same_twice_and_does_not_look_ahead():
    held = history()
    later = series(SYSTEM, MONDAY, 3600, np.full(48, 9999.0))
    both = type(held)(
        SYSTEM,
        np.concatenate([held.at_us, later.at_us]),
        np.concatenate([held.value, later.value]),
        np.concatenate([held.quality, later.quality]),
    )
    alone, again = forecast(held, horizon_h=48), forecast(held, horizon_h=48)
    assert canonical_json(alone) == canonical_json(again)
    knowing = forecast(both, as_of=MONDAY + timedelta(hours=47), at=MONDAY, horizon_h=48)
    assert [row.p90_mw for row in knowing.rows] == [row.p90_mw for row in alone.rows]
    assert knowing.rows[0].measured_mw == 9999.0
    assert knowing.worst_deviation_mw == pytest.approx(9999.0 - min(row.p50_mw for row in knowing.rows))


def test_forecast__an_hour_that_is_not_over_has_no_measured_mean():
    sensor = SYSTEM.model_copy(update={"period_s": 60})
    held = history(sensor=sensor)
    minutes = series(sensor, MONDAY, 60, np.full(90, 700.0))
    both = type(held)(
        sensor,
        np.concatenate([held.at_us, minutes.at_us]),
        np.concatenate([held.value, minutes.value]),
        np.concatenate([held.quality, minutes.quality]),
    )
    found = forecast(both, as_of=MONDAY + timedelta(minutes=89), at=MONDAY)
    assert [row.measured_mw for row in found.rows[:3]] == [700.0, None, None]


def test_forecast__loads_add_up_where_no_sensor_measures_the_whole():
    parts = [
        Sensor(
            name=f"load{index}.p",
            element=ElementRef(kind=ElementKind.LOAD, index=index),
            quantity="p",
            unit=unit,
            sign=sign,
        )
        for index, (unit, sign) in enumerate([("mw", 1), ("kw", -1)])
    ]
    found = forecast(history(0.4 * noisy(HOURS), parts[0]), history(-600.0 * noisy(HOURS), parts[1]))
    whole = forecast(history())
    assert found.subject is None
    assert [row.p50_mw for row in found.rows] == pytest.approx([row.p50_mw for row in whole.rows], rel=1e-9)


def test_forecast__margin_is_what_units_in_service_leave_above_p90():
    found = forecast(history())
    assert {row.capacity_mw for row in found.rows} == {1500.0}
    assert found.thinnest.margin_mw == pytest.approx(1500.0 - max(row.p90_mw for row in found.rows))


def test_forecast__a_slack_without_bound_gives_no_margin():
    found = forecast(history(), net=net_of(900.0, None))
    assert found.thinnest is None
    assert {row.margin_mw for row in found.rows} == {None}


def test_forecast__a_part_of_the_grid_is_not_held_against_all_generation():
    feeder = Sensor(name="feeder", element=ElementRef(kind=ElementKind.LOAD, index=0), quantity="p", unit="mw")
    found = forecast(history(), history(0.1 * noisy(HOURS), feeder), sensor="feeder")
    assert str(found.subject) == "sensor:feeder"
    assert found.thinnest is None


def test_forecast__temperature_is_used_where_there_is_one():
    warm = Sensor(name="ambient", quantity="ambient_temperature", unit="celsius")
    temperature = 10 + 5 * np.sin(HOURS / 24)
    assert not forecast(history()).uses_temperature
    assert forecast(history(), history(temperature, warm)).uses_temperature


def test_forecast__a_weather_forecast_explains_what_the_last_day_cannot():
    # the load follows a temperature that jumps from day to day without memory
    rng = np.random.default_rng(5)
    temperature = np.repeat(rng.normal(10, 8, 62), 24)
    load = 1000 + 20 * temperature + rng.normal(0, 2, 62 * 24)
    known = 60 * 24
    warm = Sensor(name="ambient", quantity="ambient_temperature", unit="celsius")
    ahead = Sensor(name="weather", quantity="ambient_temperature_forecast", unit="celsius")
    begin = MONDAY - timedelta(hours=known)
    held = history(load[:known]), series(warm, begin, 3600, temperature[:known])
    blind, seeing = forecast(*held), forecast(*held, series(ahead, begin, 3600, temperature))
    errors = [
        np.abs(np.array([row.p50_mw for row in found.rows]) - load[known : known + 24]).mean()
        for found in (blind, seeing)
    ]
    assert errors[1] < 0.5 * errors[0]
    assert seeing.mape_percent < 0.5 * blind.mape_percent


def test_forecast__gaps_and_bad_readings_are_no_load_of_zero():
    values = noisy(HOURS)
    values[100:102] = np.nan
    values[300:340] = np.nan
    quality = np.zeros(len(values), dtype=np.int8)
    quality[500:503] = 2
    values[500:503] = 0.0
    holed = series(SYSTEM, MONDAY - timedelta(hours=len(values)), 3600, values, quality)
    found = forecast(holed)
    assert np.abs(np.array([row.p50_mw for row in found.rows]) / shape(np.arange(24)) - 1).mean() < 0.015


def test_forecast__a_load_around_zero_still_has_a_forecast_but_no_percent():
    found = forecast(history(noisy(HOURS) - 1000.0))
    assert found.mape_percent is None
    assert found.mae_mw < 25


@pytest.mark.parametrize(
    ("days", "said"), [(13, r"14 days: sensor:system\.load has 13\.0 days"), (0, "no reading before the origin")]
)
def test_forecast__too_little_history_is_told(days, said):
    with pytest.raises(SourceMissingError, match=said):
        forecast(history(noisy(HOURS)[: days * 24]))


def test_forecast__fourteen_days_are_enough():
    assert len(forecast(history(noisy(HOURS)[: 14 * 24]), horizon_h=72).rows) == 72


def test_forecast__old_news_is_no_basis():
    with pytest.raises(SourceMissingError, match="newest reading"):
        forecast(history(), as_of=MONDAY + timedelta(hours=30))


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"sensor": "sistem.load"}, UnknownElementError, r"Close names: system\.load"),
        ({"country": "XX"}, InvalidArgumentError, "country"),
        ({"country": "AU-XYZ"}, InvalidArgumentError, "VIC"),
        ({"time_zone": "Mars/Base"}, InvalidArgumentError, "time_zone"),
        ({"at": MONDAY + timedelta(hours=1)}, InvalidArgumentError, "as_of"),
    ],
)
def test_forecast__a_wrong_argument_is_named(arguments, error, said):
    with pytest.raises(error, match=said):
        forecast(history(), **arguments)


def test_forecast__a_sensor_that_measures_no_load_is_refused():
    warm = Sensor(name="ambient", quantity="ambient_temperature", unit="celsius")
    with pytest.raises(InvalidArgumentError, match="celsius"):
        forecast(history(sensor=warm), sensor="ambient")


def test_forecast__hours_follow_the_local_clock_over_the_change_to_summer_time():
    # a load that depends on Vienna's clock alone; on 2026-03-29 clocks go forward
    start = datetime(2026, 2, 16, tzinfo=UTC)
    count = 43 * 24
    local = np.array([_vienna_hour(start + timedelta(hours=int(hour))) for hour in range(count + 24)])
    held = series(SYSTEM, start, 3600, 1000.0 + 300.0 * (local == 7) + np.arange(count + 24) % 2)
    cut = type(held)(SYSTEM, held.at_us[:count], held.value[:count], held.quality[:count])
    found = forecast(cut, as_of=start + timedelta(hours=count), time_zone="Europe/Vienna")
    [peak] = [row.at for row in found.rows if row.p50_mw > 1150]
    assert _vienna_hour(peak) == 7


def _vienna_hour(moment: datetime) -> int:
    return moment.astimezone(ZoneInfo("Europe/Vienna")).hour


@pytest.mark.realdata
def test_forecast__beats_yesterday_and_last_week_in_victoria(realdata):
    """Day ahead from local midnight, July to December 2014, on a year and a half; refitted every two months."""
    days, rows = local_days(realdata, date(2013, 1, 1), weather_known=False)
    found = score(days, rows, ahead=1, refit_days=62)
    assert found.days == 183
    assert found.last_week == pytest.approx(5.48, abs=0.1)  # published floors of the protocol
    assert found.yesterday == pytest.approx(7.05, abs=0.1)
    assert found.mape < 0.75 * found.last_week
    assert 75 < found.coverage < 87


@pytest.mark.realdata
def test_forecast__takes_half_hours_of_another_zone(realdata):
    demand, weather = read_victoria(realdata)
    midnight = datetime(2014, 10, 6, tzinfo=ZoneInfo(ZONE))  # the day after the clocks went forward
    end = (midnight + timedelta(days=1)).astimezone(UTC)
    held = MemoryTelemetry(*(_window(item, midnight - timedelta(days=63), end) for item in (demand, weather)))
    context = ToolContext(
        OneGrid(Grid("v", "f" * 64, net_of(1.0, None))), LimitTable(limits=()), Clock(end, end), telemetry=held
    )
    found = forecast_load(context, ForecastLoadArguments(at=midnight, time_zone=ZONE, country=COUNTRY))
    true = [_hour(demand, row.at) for row in found.rows]
    assert [row.measured_mw for row in found.rows] == pytest.approx(true)
    assert found.mape_percent < found.yesterday_mape_percent
    assert np.abs(np.array([row.p50_mw for row in found.rows]) / true - 1).mean() < 0.08


def _window(held, start: datetime, end: datetime):
    inside = (held.at_us >= microseconds(start)) & (held.at_us < microseconds(end))
    return type(held)(held.sensor, held.at_us[inside], held.value[inside], held.quality[inside])


def _hour(demand, moment: datetime) -> float:
    first = np.searchsorted(demand.at_us, microseconds(moment))
    return float(demand.value[first : first + 2].mean())
