"""``check_data_quality`` on wrong scales, wrong clocks and repeated readings that the tests put in themselves."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.tools.detection.faults import lost, stuck
from tests.tools.detection.synthetic_day import END, START, context, measured, solved_day
from tests.tools.memory_sources import MemoryTelemetry, series
from tools.context import Clock
from tools.detection.anomalies import detect_anomalies
from tools.detection.clocks import find_lag
from tools.detection.data_quality import check_data_quality
from tools.detection.scale import wrong_scale
from tools.detection.schema.anomalies import DetectAnomaliesArguments
from tools.detection.schema.quality import CheckDataQualityArguments, QualityKind, ScaleError
from tools.telemetry.series import QUALITIES, Series
from tools.vocabulary import ReadingQuality


def check(ctx, **arguments):
    return check_data_quality(ctx, CheckDataQualityArguments(limit=100, **arguments))


def bounded(truth, name, lowest, highest):
    row = truth.row(name)
    sensor = truth.sensors[row].model_copy(update={"lowest": lowest, "highest": highest})
    return replace(truth, sensors=(*truth.sensors[:row], sensor, *truth.sensors[row + 1 :]))


@pytest.mark.parametrize(
    ("name", "slope", "error"),
    [
        ("line3.p_from", 1e3, ScaleError.THOUSANDFOLD),  # kW sent for MW
        ("load7.p", 1e-3, ScaleError.THOUSANDTH),
        ("gen3.p", 1e3, ScaleError.THOUSANDFOLD),
        ("line3.p_from", -1.0, ScaleError.REVERSED),
        ("gen6.q", -1.0, ScaleError.REVERSED),
        ("bus15.vm", 1e2, ScaleError.PERCENT),
    ],
)
@pytest.mark.parametrize("minutes", [slice(500, 700), slice(0, 1440)])
def test_check_data_quality__names_a_wrong_scale(name, slope, error, minutes):
    truth = solved_day()
    value, row = measured(truth, 31), truth.row(name)
    value[row, minutes] *= slope
    ctx = context(truth, value)
    [issue] = check(ctx).issues
    assert (issue.subject.name, issue.kind, issue.scale) == (name, QualityKind.SCALE, error)
    noise = truth.sensors[row].noise
    meant = truth.value[row, minutes]
    assert meant.min() - noise < issue.expected.value < meant.max() + noise
    assert abs((issue.start - START) / timedelta(minutes=1) - minutes.start) <= 2
    told = detect_anomalies(ctx, DetectAnomaliesArguments()).anomalies
    assert name not in {item.subject.name for item in told}  # told once


@pytest.mark.parametrize(("slope", "error"), [(1e3, ScaleError.THOUSANDFOLD), (1e6, ScaleError.MILLIONFOLD)])
def test_check_data_quality__names_the_scale_of_what_its_range_forbids(slope, error):
    truth = bounded(solved_day(), "load7.p", 0.0, 2000.0)
    value, row = measured(truth, 32), truth.row("load7.p")
    value[row, 700:800] *= slope
    [issue] = check(context(truth, value)).issues
    assert (issue.kind, issue.scale, issue.readings) == (QualityKind.SCALE, error, 100)


def test_check_data_quality__knows_fahrenheit_by_the_level_before():
    truth = bounded(solved_day(), "ambient", -30.0, 45.0)
    value, row = measured(truth, 33), truth.row("ambient")
    value[row, 900:960] = 1.8 * value[row, 900:960] + 32
    [issue] = check(context(truth, value)).issues
    assert (issue.kind, issue.scale) == (QualityKind.SCALE, ScaleError.FAHRENHEIT)
    assert issue.expected.value == pytest.approx(np.median(truth.value[row, 900:960]), abs=0.2)


@pytest.mark.parametrize("said", [0.0, 0.04, -3.0, 55.0, 41.0])
def test_wrong_scale__needs_more_than_a_wrong_value(said):
    rng = np.random.default_rng(34)
    assert wrong_scale(said + rng.normal(0, 0.3, 60), np.full(60, 40.0), 0.3, "mw") is None


def test_wrong_scale__says_nothing_of_what_is_near_zero():
    rng = np.random.default_rng(35)
    assert wrong_scale(-1.0 + rng.normal(0, 0.3, 60), np.full(60, 1.0), 0.3, "mw") is None


@pytest.mark.parametrize(("name", "minutes"), [("line3.p_from", 5), ("gen3.p", -4), ("load7.p", 12)])
def test_check_data_quality__tells_a_clock_that_is_off(name, minutes):
    truth = solved_day()
    value, row = measured(truth, 36), truth.row(name)
    moments = np.clip(np.arange(1440) - minutes, 0, 1439)
    value[row] = value[row, moments]
    value[row, moments == 0] = value[row, 0] + np.random.default_rng(1).normal(0, truth.sensors[row].noise)
    issues = [issue for issue in check(context(truth, value)).issues if issue.kind is not QualityKind.STUCK]
    assert [(issue.subject.name, issue.kind) for issue in issues] == [(name, QualityKind.CLOCK)]
    assert issues[0].late_s == 60 * minutes


def test_find_lag__sees_none_in_a_bias_or_in_noise():
    rng = np.random.default_rng(37)
    course, sigma = 100 * np.sin(np.arange(1440) / 150), np.full(1440, 1.5)
    noisy = course + rng.normal(0, 1, 1440)
    assert find_lag(noisy, course + rng.normal(0, 1, 1440), sigma, 60) is None
    assert find_lag(noisy + 20, course + rng.normal(0, 1, 1440), sigma, 60) is None
    assert find_lag(np.roll(noisy, 7), course + rng.normal(0, 1, 1440), sigma, 60).columns == 7


def test_find_lag__sees_none_in_a_step_for_a_time_on_a_slope():
    rng = np.random.default_rng(38)
    course, sigma = 10 * np.sin(np.arange(1440) / 229), np.full(1440, 1.4)
    stepped = course + rng.normal(0, 1, 1440)
    stepped[600:900] -= 3  # while the course falls, a clock that is early would look like it
    assert find_lag(stepped, course + rng.normal(0, 1, 1440), sigma, 60) is None


def test_check_data_quality__tells_stamps_ahead_of_their_arrival():
    truth = solved_day()
    ctx = context(truth, measured(truth, 38))
    ctx = replace(ctx, clock=Clock(START + timedelta(hours=20), START + timedelta(hours=20)))
    held = ctx.telemetry.series([sensor.name for sensor in truth.sensors], START, START + timedelta(hours=20))
    ahead = ctx.telemetry.series(["gen3.p"], START, START + timedelta(hours=21))
    [issue] = check(replace(ctx, telemetry=MemoryTelemetry(*(held | ahead).values()))).issues
    assert (issue.subject.name, issue.kind, issue.readings) == ("gen3.p", QualityKind.CLOCK, 60)
    assert issue.late_s == -3600


def test_check_data_quality__tells_readings_that_are_sent_again():
    truth = solved_day()
    ctx = context(truth, measured(truth, 39))
    held = dict(ctx.telemetry.series([sensor.name for sensor in truth.sensors], START, END))
    whole = held["gen3.p"]
    twice = slice(300, 320)
    again = Series(whole.sensor, whole.at_us[twice] + 2_000_000, whole.value[twice].copy(), whole.quality[twice].copy())
    order = np.argsort(np.concatenate([whole.at_us, again.at_us]))
    joined = {
        part: np.concatenate([getattr(whole, part), getattr(again, part)])[order]
        for part in ("at_us", "value", "quality")
    }
    held["gen3.p"] = Series(whole.sensor, **joined)
    [issue] = check(replace(ctx, telemetry=MemoryTelemetry(*held.values()))).issues
    assert (issue.subject.name, issue.kind, issue.readings) == ("gen3.p", QualityKind.DUPLICATE, 20)


def test_check_data_quality__scores_by_readings():
    truth = bounded(solved_day(), "load7.p", 0.0, 2000.0)
    value = lost(truth, measured(truth, 40), "gen3.q", slice(600, 780), 1.0)
    value = stuck(truth, value, "gen3.p", slice(900, 1150))
    value[truth.row("load7.p"), 100:110] = 1e9
    quality = check(context(truth, value))
    scores = {item.subject.name: item for item in quality.scores}
    assert scores.keys() == {"gen3.q", "gen3.p", "load7.p"}
    assert scores["gen3.q"].score == pytest.approx(1 - 180 / 1440)
    assert scores["load7.p"].score == pytest.approx(1 - 10 / 1440)
    assert scores["gen3.p"].score == pytest.approx(1 - 0.5 * 250 / 1440, abs=2 / 1440)
    assert (scores["gen3.q"].missing, scores["load7.p"].bad) == (180, 10)
    assert [item.score for item in quality.scores] == sorted(item.score for item in quality.scores)
    lost_shares = 180 / 1440 + 10 / 1440 + 0.5 * 250 / 1440
    assert quality.score == pytest.approx(1 - lost_shares / len(truth.sensors), abs=1e-4)


def test_check_data_quality__scores_what_the_source_marked():
    truth = solved_day()
    ctx = context(truth, measured(truth, 41))
    held = ctx.telemetry.series([sensor.name for sensor in truth.sensors], START, END)
    held["gen3.p"].quality[500:560] = QUALITIES.index(ReadingQuality.BAD)
    held["gen4.p"].quality[-20:] = QUALITIES.index(ReadingQuality.SUSPECT)
    quality = check(replace(ctx, telemetry=MemoryTelemetry(*held.values())))
    bad, suspect = (next(item for item in quality.scores if item.subject.name == name) for name in ("gen3.p", "gen4.p"))
    assert bad.score == pytest.approx(1 - 60 / 1440)
    assert suspect.score == pytest.approx(1 - 0.5 * 20 / 1440)
    assert (bad.newest, suspect.newest) == (ReadingQuality.GOOD, ReadingQuality.SUSPECT)


def test_check_data_quality__one_spike_of_a_lone_sensor_costs_half_a_reading():
    truth = solved_day()
    value = measured(truth, 42)
    value[truth.row("ambient"), 700] += 30
    [scored] = check(context(truth, value)).scores
    assert (scored.subject.name, scored.suspect) == ("ambient", 1)
    assert scored.score == pytest.approx(1 - 0.5 / 1440)


def test_check_data_quality__of_a_sensor_without_any_reading_there_is_no_score():
    truth = solved_day()
    ctx = context(truth, measured(truth, 43))
    held = ctx.telemetry.series([sensor.name for sensor in truth.sensors], START, END)
    empty = series(held["gen3.p"].sensor, START, 60, [])
    quality = check(replace(ctx, telemetry=MemoryTelemetry(*(held | {"gen3.p": empty}).values())))
    assert quality.scores == ()
    assert quality.score == 1.0
    assert (quality.coverage.left_out[0].what, quality.coverage.left_out[0].count) == ("sensors", 1)
