"""``detect_anomalies`` by season and weather: what is told, over which window, and what is said without one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.tools.memory_sources import MemoryTelemetry, series
from tools.context import Clock, ToolContext
from tools.detection.anomalies import detect_anomalies
from tools.detection.schema.anomalies import DetectAnomaliesArguments
from tools.errors import GridUnavailableError, InvalidArgumentError
from tools.limits import LimitTable
from tools.telemetry.schema.sensor import Sensor

DAY = datetime(2026, 3, 9, tzinfo=UTC)
END = DAY + timedelta(hours=24)
LOAD = Sensor(name="town.load", quantity="load", unit="mw", period_s=900)
AIR = Sensor(name="town.air", quantity="ambient_temperature", unit="celsius", period_s=900)
QUARTER_S = 900
A_DAY = 96


class NoGrid:
    def grid(self, at=None):  # noqa: ARG002 - a GridSource
        raise GridUnavailableError("no grid")


def weather(count, seed):
    rng = np.random.default_rng(seed)
    days = np.repeat(rng.normal(0, 4, -(-count // A_DAY)), A_DAY)[:count]
    return 8 + 5 * np.sin(2 * np.pi * np.arange(count) / A_DAY) + days


def load(count, air, seed):
    course = 100 + 20 * np.sin(2 * np.pi * np.arange(count) / A_DAY)
    return course + 2.0 * (18 - air) + np.random.default_rng(seed).normal(size=count)


def held(days, seed=1000, change=(0, 0, 0.0), *, with_air=True):
    """``days`` of history and the judged day; ``change`` is first and last hour of that day, and MW."""
    count = (days + 1) * A_DAY
    air = weather(count, seed)
    value = load(count, air, seed + 1)
    first, last, size = change
    value[days * A_DAY + 4 * first : days * A_DAY + 4 * last] += size
    begin = DAY - timedelta(days=days)
    found = [series(LOAD, begin, QUARTER_S, value)]
    return [*found, series(AIR, begin, QUARTER_S, air)] if with_air else found


def look(*sensors, **arguments):
    ctx = ToolContext(
        grids=NoGrid(), limits=LimitTable(limits=()), clock=Clock(END, END), telemetry=MemoryTelemetry(*sensors)
    )
    return detect_anomalies(ctx, DetectAnomaliesArguments(start=DAY, end=END, limit=100, **arguments))


def of(report, name):
    return next(row for row in report.baselines if row.subject.name == name)


def test_judge_by_season__hours_that_left_the_usual_are_told_with_their_size():
    row = of(look(*held(30, change=(9, 14, 25.0))), "town.load")
    [found] = row.departures
    assert (found.start, found.end, found.hours) == (DAY + timedelta(hours=9), DAY + timedelta(hours=14), 5)
    assert found.deviation.value == pytest.approx(25.0, abs=2.0)
    assert found.deviation.unit == "mw"
    assert found.score > 0.999
    assert row.weather is not None
    assert row.weather.name == "town.air"


def test_judge_by_season__a_cold_day_is_no_anomaly_where_the_weather_is_measured():
    sensors = held(30)
    count = 31 * A_DAY
    air = weather(count, 1000)
    air[30 * A_DAY :] -= 12  # beyond all of the window, and 24 MW more
    cold = [series(LOAD, DAY - timedelta(days=30), QUARTER_S, load(count, air, 1001))]
    seen = series(AIR, DAY - timedelta(days=30), QUARTER_S, air)
    assert of(look(*sensors), "town.load").departures == ()
    assert of(look(*cold, seen), "town.load").departures == ()
    # nobody measures it: an unusual day, as far as the clock tells
    blind = of(look(*cold), "town.load")
    assert blind.weather is None


@pytest.mark.parametrize(("asked", "there", "used"), [(30, 100, 30), (60, 100, 60), (90, 100, 90), (90, 40, 40)])
def test_judge_by_season__says_which_window_was_asked_for_and_what_of_it_is_there(asked, there, used):
    row = of(look(*held(there), window_days=asked), "town.load")
    assert (row.window_days, row.history_days) == (asked, used)
    assert row.trained_from == DAY - timedelta(days=used)
    assert row.trained_until == DAY
    assert row.history_hours == 24 * used


def test_judge_by_season__the_newest_hour_lies_within_its_bounds():
    row = of(look(*held(30)), "town.load")
    latest = row.latest
    assert latest.at == DAY + timedelta(hours=23)
    assert latest.low.value < latest.value.value < latest.high.value
    assert latest.expected.value == pytest.approx((latest.low.value + latest.high.value) / 2)


def test_judge_by_season__a_departure_at_the_end_lasts():
    [found] = of(look(*held(30, change=(20, 24, 25.0))), "town.load").departures
    assert (found.start, found.end) == (DAY + timedelta(hours=20), None)


@pytest.mark.parametrize(("days", "reason"), [(0, "less than two weeks"), (13, "less than two weeks")])
def test_judge_by_season__says_when_the_history_is_too_short(days, reason):
    report = look(*held(days, with_air=False))
    assert report.baselines == ()
    [left_out] = [item for item in report.coverage.left_out if item.what == "sensors by season and weather"]
    assert (left_out.count, reason in left_out.reason) == (1, True)


def test_judge_by_season__a_constant_history_is_not_checked():
    report = look(series(LOAD, DAY - timedelta(days=30), QUARTER_S, np.full(31 * A_DAY, 7.0)))
    assert report.baselines == ()
    assert any("constant" in item.reason for item in report.coverage.left_out)


def test_judge_by_season__a_sensor_of_an_element_is_judged_when_it_is_named():
    at_line = LOAD.model_copy(update={"name": "line.p", "asset": "T1", "quantity": "p"})
    count = 31 * A_DAY
    there = series(at_line, DAY - timedelta(days=30), QUARTER_S, load(count, weather(count, 1), 2))
    unnamed = look(there)
    assert unnamed.baselines == ()
    assert any("when they are named" in item.reason for item in unnamed.coverage.left_out)
    assert [row.subject.name for row in look(there, sensors=("line.p",)).baselines] == ["line.p"]


def test_judge_by_season__names_a_zone_or_country_that_nobody_knows():
    with pytest.raises(InvalidArgumentError, match="time_zone: 'Mars/Base'"):
        look(*held(30), time_zone="Mars/Base")
    with pytest.raises(InvalidArgumentError, match="country: no holidays are known of 'QQ'"):
        look(*held(30), country="QQ")


@pytest.mark.parametrize(
    "values",
    [np.zeros(0), np.array([5.0]), np.full(31 * A_DAY, np.nan), np.full(31 * A_DAY, 5.0)],
    ids=["empty", "one row", "nothing but gaps", "constant"],
)
def test_judge_by_season__what_says_nothing_is_listed_and_nothing_is_made_of_it(values):
    report = look(series(LOAD, DAY - timedelta(days=30), QUARTER_S, values))
    assert (report.baselines, report.statistical) == ((), ())
    listed = {item.what for item in report.coverage.left_out}
    assert {"sensors by season and weather", "sensors by their own past"} <= listed


def test_judge_by_season__no_reading_of_the_day_has_no_newest_hour():
    count = 30 * A_DAY
    report = look(series(LOAD, DAY - timedelta(days=30), QUARTER_S, load(count, weather(count, 1), 2)))
    row = of(report, "town.load")
    assert (row.judged_hours, row.latest, row.departures) == (0, None, ())


def test_judge_by_season__a_time_longer_than_two_weeks_is_left_out():
    ctx = ToolContext(
        grids=NoGrid(), limits=LimitTable(limits=()), clock=Clock(END, END), telemetry=MemoryTelemetry(*held(30))
    )
    report = detect_anomalies(ctx, DetectAnomaliesArguments(start=DAY - timedelta(days=15), end=END))
    assert report.baselines == ()
    assert any("the time is long" in item.reason for item in report.coverage.left_out)


def test_judge_by_season__clock_change_keeps_the_course_on_the_wall_clock():
    # people live by the clock: in the last days of March their hours move by one against UTC
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    begin, end = change - timedelta(days=45), change + timedelta(days=2)
    hours = np.arange(int((end - begin) / timedelta(hours=1)))
    moments = [begin + timedelta(hours=int(hour)) for hour in hours]
    local = np.array([moment.astimezone(ZoneInfo("Europe/Vienna")).hour for moment in moments])
    value = 100 + 30 * np.sin(2 * np.pi * local / 24) + np.random.default_rng(1000).normal(size=len(local))
    hourly = LOAD.model_copy(update={"period_s": 3600})
    ctx = ToolContext(
        grids=NoGrid(),
        limits=LimitTable(limits=()),
        clock=Clock(end, end),
        telemetry=MemoryTelemetry(series(hourly, begin, 3600, value)),
    )
    asked = {"start": change + timedelta(hours=12), "end": end}
    by_clock = detect_anomalies(ctx, DetectAnomaliesArguments(**asked, time_zone="Europe/Vienna"))
    by_utc = detect_anomalies(ctx, DetectAnomaliesArguments(**asked))
    assert of(by_clock, "town.load").departures == ()
    assert of(by_utc, "town.load").departures
