"""``read_telemetry`` on series whose answer is known."""

import csv
import gzip
from datetime import UTC, datetime, timedelta
from statistics import median

import numpy as np
import pytest

from tests.tools.memory_sources import MemoryTelemetry, series
from tools.context import Clock, ToolContext
from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError, SourceMissingError, UnknownElementError
from tools.limits import LimitTable
from tools.telemetry.reading import read_telemetry
from tools.telemetry.schema.reading import ReadTelemetryArguments, TelemetryReading
from tools.telemetry.schema.sensor import Sensor, Side
from tools.telemetry.series import QUALITIES
from tools.vocabulary import ReadingQuality

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CODE = {quality: QUALITIES.index(quality) for quality in ReadingQuality}


def sensor(name="flow", **fields):
    return Sensor(**{"name": name, "quantity": "p", "unit": "mw", "period_s": 60, "stale_after_s": 300} | fields)


def context(*held, telemetry=True, as_of=NOON):
    source = MemoryTelemetry(*held) if telemetry else None
    return ToolContext(grids=None, limits=LimitTable(limits=()), clock=Clock(as_of, as_of), telemetry=source)


def read(ctx, **arguments):
    return read_telemetry(ctx, ReadTelemetryArguments(**arguments))


def test_read_telemetry__tells_the_newest_value_its_age_and_the_span():
    held = series(sensor(), NOON - 10 * MINUTE, 60, [5, 1, 9, 4, 4, 4, 4, 4, 4, 7])  # the last is a minute old
    answer = read(context(held), start=NOON - 10 * MINUTE, end=NOON)
    [row] = answer.rows
    assert (row.value.value, row.value.unit, row.age_s, row.quality) == (7, "mw", 60, ReadingQuality.GOOD)
    assert (row.at, row.stale, row.readings) == (NOON - MINUTE, False, 10)
    assert (row.lowest.value, row.mean.value, row.highest.value) == (1, 4.6, 9)
    assert (row.lowest_at, row.highest_at) == (NOON - 9 * MINUTE, NOON - 8 * MINUTE)
    assert (answer.good, answer.suspect, answer.stale_sensors, answer.missing) == (1, 0, 0, 0)
    assert (answer.first, answer.last, answer.oldest_age_s) == (NOON - 10 * MINUTE, NOON - MINUTE, 60)
    assert (row.usual, row.above_usual, row.usual_days) == (None, None, 0)


def test_read_telemetry__never_looks_past_the_time():
    held = series(sensor(), NOON - 10 * MINUTE, 60, range(20))
    [row] = read(context(held), at=NOON - 90 * timedelta(seconds=1)).rows
    assert (row.value.value, row.age_s, row.highest.value) == (8, 30, 8)


def test_read_telemetry__keeps_bad_and_missing_readings_out_of_every_statistic():
    quality = [CODE[ReadingQuality(name)] for name in ("good", "bad", "missing", "suspect", "good")]
    held = series(sensor(), NOON - 4 * MINUTE, 60, [1, 1000, np.nan, 2, 3], quality)
    [row] = read(context(held)).rows
    assert (row.readings, row.lowest.value, row.mean.value, row.highest.value) == (5, 1, 2, 3)


@pytest.mark.parametrize(
    ("age", "value", "quality", "counted"),
    [
        (0, 1.0, "good", "good"),
        (5, 1.0, "good", "good"),  # the bound itself is still fresh
        (6, 1.0, "good", "stale_sensors"),
        (6, 1.0, "suspect", "stale_sensors"),
        (0, 1.0, "suspect", "suspect"),
        (0, 1.0, "substituted", "suspect"),
        (0, 1.0, "bad", "suspect"),
        (0, np.nan, "good", "missing"),
        (0, np.nan, "missing", "missing"),
    ],
)
def test_read_telemetry__counts_each_sensor_in_one_state(age, value, quality, counted):
    held = series(sensor(), NOON - age * MINUTE, 60, [value], [CODE[ReadingQuality(quality)]])
    answer = read(context(held))
    counts = {name: getattr(answer, name) for name in ("good", "suspect", "stale_sensors", "missing")}
    assert counts == {name: int(name == counted) for name in counts}
    assert answer.rows[0].stale is (counted in {"stale_sensors", "missing"})
    assert (answer.rows[0].value is None) is (counted == "missing")


def test_read_telemetry__says_what_there_is_when_asked_for_a_time_before():
    held = series(sensor(), NOON - 10 * MINUTE, 60, range(5))
    answer = read(context(held), at=NOON - DAY)
    [row] = answer.rows
    assert (row.value, row.at, row.age_s, row.quality, row.stale) == (None, None, None, ReadingQuality.MISSING, True)
    assert (answer.missing, answer.first, answer.last) == (1, NOON - 10 * MINUTE, NOON - 6 * MINUTE)


@pytest.mark.parametrize(("days", "expected"), [(6, None), (7, 4.0), (28, 14.5), (40, 14.5)])
def test_read_telemetry__takes_the_median_of_the_same_hour_on_at_most_28_days(days, expected):
    hours = np.arange(days * 24 + 1)  # hourly up to the time asked for
    ago = days - hours // 24
    value = np.where(hours % 24 == 0, ago, 1000.0)
    value[-1] = 50.0
    held = series(sensor(stale_after_s=7200, period_s=3600), NOON - days * DAY, 3600, value)
    [row] = read(context(held)).rows
    assert row.usual_days == min(days, 28)
    assert (row.usual and row.usual.value) == expected
    assert (row.above_usual and row.above_usual.value) == (None if expected is None else 50.0 - expected)


def test_read_telemetry__tells_how_much_warmer_in_kelvin():
    oil = sensor("oil", quantity="top_oil_temperature", unit="celsius", period_s=3600, asset="T4")
    [row] = read(context(series(oil, NOON - 10 * DAY, 3600, [40.0] * 240 + [46.5]))).rows
    assert (row.usual.value, row.usual.unit) == (40.0, "celsius")
    assert (row.above_usual.value, row.above_usual.unit) == (6.5, "kelvin")
    assert str(row.asset) == "asset:T4"


def test_read_telemetry__names_sensors_that_contradict_each_other():
    place = {"element": ElementRef(kind=ElementKind.LINE, index=3), "side": Side.FROM, "noise": 0.5}
    first = series(sensor("a", **place), NOON, 60, [100.0])
    second = series(sensor("b", **place, sign=-1), NOON, 60, [-110.0])
    other_end = series(sensor("c", **place | {"side": Side.TO}), NOON, 60, [-50.0])
    answer = read(context(first, second, other_end))
    [conflict] = answer.conflicts
    assert [str(item) for item in conflict.sensors] == ["sensor:a", "sensor:b"]
    assert (conflict.lowest.value, conflict.highest.value, conflict.difference.value) == (100, 110, 10)
    assert conflict.allowed.value == pytest.approx(4 * 0.5 * 2**0.5)
    assert [row.value.value for row in answer.rows] == [100, -110, -50]  # each says what it says


def test_read_telemetry__sees_no_conflict_within_the_noise_or_with_a_bad_reading():
    place = {"element": ElementRef(kind=ElementKind.LINE, index=3), "noise": 0.5}
    first = series(sensor("a", **place), NOON, 60, [100.0])
    near = series(sensor("b", **place), NOON, 60, [102.0])
    bad = series(sensor("c", **place), NOON, 60, [500.0], [CODE[ReadingQuality.BAD]])
    old = series(sensor("d", **place), NOON - HOUR, 60, [500.0])
    assert read(context(first, near, bad, old)).conflicts == ()


def test_read_telemetry__gives_a_history_in_pieces():
    quality = [CODE[ReadingQuality.GOOD]] * 7 + [CODE[ReadingQuality.BAD]]
    held = series(sensor(), NOON, 60, [1, 3, 5, 5, 2, 4, 6, 999], quality)  # the last ten minutes are empty
    answer = read(context(held), start=NOON, end=NOON + 20 * MINUTE, buckets=5)
    [history] = answer.histories
    assert history.bucket_s == 240
    told = [(b.at - NOON, b.readings, b.lowest.value, b.mean.value, b.highest.value) for b in history.buckets]
    assert told == [(0 * MINUTE, 4, 1, 3.5, 5), (4 * MINUTE, 3, 2, 4, 6)]
    assert TelemetryReading.model_validate(answer.model_dump()) == answer  # what is built quickly is valid as well


def test_read_telemetry__pages_and_counts_all():
    held = [series(sensor(f"s{number}"), NOON, 60, [number]) for number in range(25)]
    answer = read(context(*held), limit=10, offset=20)
    assert ([row.subject.name for row in answer.rows], answer.omitted) == (["s20", "s21", "s22", "s23", "s24"], 20)
    assert (answer.sensors, answer.good) == (25, 25)


def test_read_telemetry__says_that_readings_are_made_up():
    assert read(context(series(sensor(simulated=True), NOON, 60, [1]))).simulated
    assert not read(context(series(sensor(), NOON, 60, [1]))).simulated


def test_read_telemetry__refuses_what_it_cannot_answer():
    held = series(sensor(), NOON, 60, [1])
    with pytest.raises(SourceMissingError, match="no telemetry"):
        read(context(telemetry=False))
    with pytest.raises(UnknownElementError, match="flow"):
        read(context(held), sensors=("flwo",))
    with pytest.raises(InvalidArgumentError, match="start"):
        read(context(held), start=NOON, end=None)
    assert read(context()).sensors == 0


@pytest.mark.realdata
def test_read_telemetry__answers_the_oil_temperature_of_etth1(realdata):
    with gzip.open(realdata / "transformer" / "ETTh1.csv.gz", "rt") as lines:
        told = {
            datetime.fromisoformat(row["date"]).replace(tzinfo=UTC): float(row["OT"]) for row in csv.DictReader(lines)
        }
    start = min(told)
    oil = sensor("OT", quantity="top_oil_temperature", unit="celsius", period_s=3600, stale_after_s=7200)
    at = datetime(2017, 3, 1, 14, 30, tzinfo=UTC)
    held = series(oil, start, 3600, [told[start + hour * HOUR] for hour in range(len(told))])
    [row] = read(context(held, as_of=max(told)), sensors=("OT",), at=at).rows
    asked = at.replace(minute=0)
    usual = median(told[asked - day * DAY] for day in range(1, 29))
    assert (row.value.value, row.age_s, row.usual_days) == (told[asked], 1800, 28)
    assert row.usual.value == pytest.approx(usual)
    assert row.above_usual.value == pytest.approx(told[asked] - usual)
