"""``check_data_quality`` on days whose faults the tests put in themselves."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from tests.tools.detection.faults import biased, drifted, lost, stuck
from tests.tools.detection.synthetic_day import END, START, context, measured, solved_day, switched
from tests.tools.memory_sources import MemoryTelemetry, series
from tools.detection.data_quality import check_data_quality
from tools.detection.schema.quality import CheckDataQualityArguments, QualityKind
from tools.errors import SourceMissingError, UnknownElementError
from tools.telemetry.series import QUALITIES
from tools.vocabulary import Confidence, ReadingQuality, Severity


def minute(moment: datetime) -> float:
    return (moment - START).total_seconds() / 60


def check(ctx, **arguments):
    return check_data_quality(ctx, CheckDataQualityArguments(limit=100, **arguments))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_check_data_quality__finds_nothing_on_a_day_without_faults(seed):
    truth = solved_day()
    quality = check(context(truth, measured(truth, seed)))
    assert quality.issues == ()
    assert quality.good_percent == 100.0
    assert quality.readings == truth.value.size


@pytest.mark.parametrize(
    ("name", "sigmas"),
    [("line3.p_from", 20), ("line20.q_to", -30), ("load7.p", 30), ("gen3.p", -20), ("bus15.vm", 15), ("bus33.vm", -30)],
)
def test_check_data_quality__finds_a_drift_from_its_begin(name, sigmas):
    truth = solved_day()
    value = drifted(truth, measured(truth, 4), name, slice(400, 640), sigmas)
    [issue] = check(context(truth, value)).issues
    assert (issue.subject.name, issue.kind, issue.severity) == (name, QualityKind.DRIFT, Severity.WARNING)
    assert abs(minute(issue.start) - 400) <= 15
    assert abs(minute(issue.end) - 639) <= 15
    noise = truth.sensors[truth.row(name)].noise
    assert issue.rate_per_h.value == pytest.approx(sigmas * noise / 4, rel=0.15)
    assert issue.deviation.value == pytest.approx(sigmas * noise, rel=0.2)


def test_check_data_quality__finds_a_drift_that_began_before_the_time():
    truth = solved_day()
    value = drifted(truth, measured(truth, 5), "line3.p_from", slice(300, 900), 60)
    quality = check(context(truth, value), start=START + timedelta(minutes=600), end=START + timedelta(minutes=850))
    [issue] = quality.issues
    assert (issue.subject.name, issue.kind) == ("line3.p_from", QualityKind.DRIFT)
    assert issue.end is None
    noise = truth.sensors[truth.row("line3.p_from")].noise
    assert issue.rate_per_h.value == pytest.approx(6 * noise, rel=0.2)


@pytest.mark.parametrize("name", ["line3.p_from", "load7.p", "gen3.p", "trafo5.p_lv"])
def test_check_data_quality__finds_a_stuck_sensor_and_what_it_should_say(name):
    truth = solved_day()
    value = stuck(truth, measured(truth, 6), name, slice(900, 1150))
    [issue] = check(context(truth, value)).issues
    assert (issue.subject.name, issue.kind) == (name, QualityKind.STUCK)
    assert abs(minute(issue.start) - 900) <= 1
    assert abs(minute(issue.end) - 1149) <= 1
    assert issue.value.value == value[truth.row(name), 900]
    real = truth.value[truth.row(name), 900:1150]
    farthest = np.abs(real - issue.value.value).max()
    assert abs(issue.deviation.value) == pytest.approx(farthest, rel=0.1, abs=truth.sensors[truth.row(name)].noise * 2)


def test_check_data_quality__finds_a_stuck_sensor_that_nothing_else_implies():
    truth = solved_day()
    value = stuck(truth, measured(truth, 7), "ambient", slice(600, 700))
    [issue] = check(context(truth, value)).issues
    assert (issue.subject.name, issue.kind, issue.expected) == ("ambient", QualityKind.STUCK, None)


def test_check_data_quality__does_not_call_an_open_line_stuck():
    truth = switched(solved_day(), solved_day(without_line=14), slice(900, 1100))
    value = measured(truth, 8)
    for name in ("p_from", "p_to", "q_from", "q_to"):
        value[truth.row(f"line14.{name}"), 900:1100] = 0.0  # a meter on a dead line: exactly nothing
    assert check(context(truth, value)).issues == ()


def test_check_data_quality__calls_a_zero_stuck_that_the_others_contradict():
    truth = solved_day()
    value = measured(truth, 9)
    value[truth.row("line3.p_from"), 900:1100] = 0.0
    [issue] = check(context(truth, value)).issues
    assert (issue.subject.name, issue.kind) == ("line3.p_from", QualityKind.STUCK)


@pytest.mark.parametrize("share", [1.0, 0.7, 0.4])
def test_check_data_quality__finds_a_dropout_also_with_gaps_in_it(share):
    truth = solved_day()
    value = lost(truth, measured(truth, 10), "gen3.q", slice(600, 780), share)
    quality = check(context(truth, value))
    [issue] = quality.issues
    missing = int(np.isnan(value).sum())
    assert (issue.subject.name, issue.kind, issue.readings) == ("gen3.q", QualityKind.DROPOUT, missing)
    assert abs(minute(issue.start) - 600) <= 15
    assert abs(minute(issue.end) - 779) <= 15
    assert quality.missing_readings == missing
    assert quality.good_percent == pytest.approx(100 * (1 - missing / truth.value.size))


def test_check_data_quality__bears_everyday_loss():
    truth = solved_day()
    value = measured(truth, 11)
    inside = value[:, 1:-1]  # a reading may be on its way at either end
    inside[np.random.default_rng(11).random(inside.shape) < 0.002] = np.nan
    quality = check(context(truth, value))
    assert quality.issues == ()
    assert quality.missing_readings == int(np.isnan(value).sum())


def test_check_data_quality__keeps_faults_of_different_sensors_apart():
    truth = solved_day()
    value = drifted(truth, measured(truth, 12), "line3.p_from", slice(300, 600), 30)
    value = stuck(truth, value, "gen3.p", slice(200, 500))
    value = lost(truth, value, "load7.p", slice(350, 600), 0.6)
    value = biased(truth, value, "line20.p_to", slice(400, 500), 15)
    found = {(issue.subject.name, issue.kind) for issue in check(context(truth, value)).issues}
    assert found == {
        ("line3.p_from", QualityKind.DRIFT),
        ("gen3.p", QualityKind.STUCK),
        ("load7.p", QualityKind.DROPOUT),
    }


def test_check_data_quality__tells_values_that_cannot_be():
    truth = solved_day()
    row = truth.row("bus15.vm")
    bounded = truth.sensors[row].model_copy(update={"lowest": 0.7, "highest": 1.3})
    truth = replace(truth, sensors=(*truth.sensors[:row], bounded, *truth.sensors[row + 1 :]))
    value = measured(truth, 13)
    value[row, 700:710] = 1e9
    [issue] = check(context(truth, value)).issues
    assert (issue.kind, issue.readings, issue.value.value) == (QualityKind.OUT_OF_RANGE, 10, 1e9)
    assert issue.deviation.value == pytest.approx(1e9 - 1.3)


def test_check_data_quality__names_two_sensors_of_one_quantity_that_nothing_else_can_judge():
    truth = solved_day()
    air = truth.sensors[truth.row("ambient")]
    oil = air.model_copy(update={"element": truth.sensors[truth.row("trafo5.p_hv")].element, "quantity": "i"})
    twins = [oil.model_copy(update={"name": name, "unit": "mw", "quantity": "p"}) for name in ("one", "other")]
    rng = np.random.default_rng(14)
    course = 50 + 10 * np.sin(np.arange(1440) / 200)
    held = [series(twin, START, 60, course + rng.normal(0, 0.2, 1440)) for twin in twins]
    held[1].value[600:800] += 3
    ctx = replace(context(truth, truth.value), telemetry=MemoryTelemetry(*held))
    [issue] = check(ctx, start=START, end=END).issues
    assert (issue.kind, issue.subject.name) == (QualityKind.CONFLICT, "other")
    assert abs(issue.deviation.value) == pytest.approx(3, abs=0.5)


def test_check_data_quality__tells_a_sensor_that_fell_silent_before():
    truth = solved_day()
    value = measured(truth, 15)
    value[truth.row("load7.p"), 300:] = np.nan
    quality = check(context(truth, value), start=START + timedelta(hours=6), end=END)
    [issue] = quality.issues
    assert (issue.kind, issue.subject.name, issue.end) == (QualityKind.STALE, "load7.p", None)
    assert minute(issue.start) == 299


def test_check_data_quality__reads_hourly_values_before_the_day_as_another_rhythm():
    truth = solved_day()
    ctx = context(truth, measured(truth, 16))
    today = ctx.telemetry.series(["system.load"], START, END)["system.load"]
    past = series(today.sensor, START - timedelta(days=2), 3600, np.linspace(4000, 4100, 48))
    joined = type(past)(
        past.sensor,
        *(np.concatenate([getattr(past, part), getattr(today, part)]) for part in ("at_us", "value", "quality")),
    )
    quality = check(
        replace(ctx, telemetry=MemoryTelemetry(joined)),
        start=START - timedelta(hours=12),
        end=START + timedelta(hours=12),
    )
    assert (quality.issues, quality.missing_readings) == ((), 0)


def test_check_data_quality__counts_what_the_source_marked():
    truth = solved_day()
    ctx = context(truth, measured(truth, 17))
    held = ctx.telemetry.series([sensor.name for sensor in truth.sensors], START, END)
    held["gen3.p"].quality[500:560] = QUALITIES.index(ReadingQuality.BAD)
    held["gen3.p"].value[500:560] = 1e6  # what a bad reading says must not reach the others
    held["gen4.p"].quality[10:20] = QUALITIES.index(ReadingQuality.SUSPECT)
    quality = check(replace(ctx, telemetry=MemoryTelemetry(*held.values())))
    assert (quality.bad_readings, quality.suspect_readings, quality.missing_readings) == (60, 10, 0)
    assert quality.good_percent == pytest.approx(100 * (1 - 70 / truth.value.size))
    [issue] = quality.issues
    assert (issue.subject.name, issue.kind, issue.readings) == ("gen3.p", QualityKind.DROPOUT, 60)


def test_check_data_quality__says_what_no_other_measurement_implies():
    truth = solved_day()
    quality = check(context(truth, measured(truth, 18)))
    assert quality.coverage.checked == len(truth.sensors)
    assert quality.coverage.solved == len(truth.sensors) - 1  # all but the air
    assert quality.coverage.left_out[0].count == 1


def test_check_data_quality__does_without_a_grid_what_it_can():
    truth = solved_day()
    value = stuck(truth, measured(truth, 19), "gen3.p", slice(200, 500))
    value = drifted(truth, value, "line3.p_from", slice(300, 600), 30)
    quality = check(context(truth, value, known=False))
    assert [(issue.subject.name, issue.kind) for issue in quality.issues] == [("gen3.p", QualityKind.STUCK)]
    assert quality.coverage.solved == 0
    assert "no grid model" in quality.coverage.left_out[0].reason


def test_check_data_quality__refuses_what_is_not_there():
    truth = solved_day()
    ctx = context(truth, truth.value)
    with pytest.raises(UnknownElementError, match=r"gen3\.p"):
        check(ctx, sensors=("gen3.pp",))
    with pytest.raises(UnknownElementError, match="line:3"):
        check(ctx, elements=("line:333",))
    with pytest.raises(SourceMissingError):
        check(replace(ctx, telemetry=None))
    assert check(replace(ctx, telemetry=MemoryTelemetry())).sensors == 0


@pytest.mark.parametrize(("name", "other", "seed"), [("load20.p", "gen8.p", 20), ("gen8.p", "load20.p", 21)])
def test_check_data_quality__accuses_one_of_two_that_stand_in_the_same_balance(name, other, seed):
    truth = solved_day()  # a load and a unit at bus 38
    value = drifted(truth, measured(truth, seed), name, slice(116, 340), 25)
    ctx = context(truth, value)
    [issue] = check(ctx).issues
    assert (issue.subject.name in {name, other}, issue.kind) == (True, QualityKind.DRIFT)
    assert issue.confidence is not Confidence.HIGH  # only its own course tells it from the other
