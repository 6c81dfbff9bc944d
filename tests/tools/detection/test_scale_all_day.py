"""``check_data_quality`` on scales that are too small all day: what proves them, and what only looks so."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.tools.detection.synthetic_day import END, START, context, measured, solved_day
from tests.tools.memory_sources import MemoryTelemetry, series
from tools.detection.anomalies import detect_anomalies
from tools.detection.data_quality import check_data_quality
from tools.detection.scale import lasting_scale
from tools.detection.schema.anomalies import DetectAnomaliesArguments
from tools.detection.schema.quality import CheckDataQualityArguments, QualityKind, ScaleError
from tools.telemetry.schema.sensor import Sensor
from tools.vocabulary import Confidence

MINUTES = 1440
DAYS = 4
LONE = Sensor(name="plant.flow", quantity="flow", unit="mw", period_s=60, noise=0.5, grid="test")
ERRORS = {1e-3: ScaleError.THOUSANDTH, 1e-2: ScaleError.HUNDREDTH, 1e3: ScaleError.THOUSANDFOLD}


def check(ctx, **arguments):
    return check_data_quality(ctx, CheckDataQualityArguments(limit=100, **arguments))


@pytest.mark.parametrize("noise", ["declared", "not declared"])
@pytest.mark.parametrize("name", ["load7.p", "gen3.p", "line12.p_from", "trafo5.p_hv"])
def test_check_data_quality__names_a_thousandth_that_the_others_prove(name, noise):
    truth = solved_day()
    value, row = measured(truth, 41), truth.row(name)
    value[row] *= 1e-3
    if noise == "not declared":
        bare = truth.sensors[row].model_copy(update={"noise": None})
        seen = replace(truth, sensors=(*truth.sensors[:row], bare, *truth.sensors[row + 1 :]))
    else:
        seen = truth
    ctx = context(seen, value)
    [issue] = check(ctx).issues
    assert (issue.subject.name, issue.kind, issue.scale) == (name, QualityKind.SCALE, ScaleError.THOUSANDTH)
    assert (issue.start, issue.end, issue.readings) == (START, None, MINUTES)
    assert issue.expected.value == pytest.approx(np.median(truth.value[row]), abs=truth.sensors[row].noise)
    assert name not in {item.subject.name for item in detect_anomalies(ctx, DetectAnomaliesArguments()).anomalies}


@pytest.mark.parametrize("slope", [1e-3, 1e-2])
def test_check_data_quality__names_a_voltage_that_its_nominal_value_proves_and_accuses_nobody_else(slope):
    truth = solved_day()
    value, row = measured(truth, 42), truth.row("bus15.vm")
    value[row] *= slope
    quality = check(context(truth, value))
    [issue] = quality.issues
    assert (issue.subject.name, issue.kind, issue.scale) == ("bus15.vm", QualityKind.SCALE, ERRORS[slope])
    [score] = quality.scores
    assert (score.subject.name, score.score, score.bad) == ("bus15.vm", 0.0, MINUTES)
    assert issue.expected.value == pytest.approx(np.median(truth.value[row]), abs=0.001)


def test_check_data_quality__knows_the_nominal_voltage_in_kilovolts():
    truth = solved_day()
    value, row = measured(truth, 43), truth.row("bus15.vm")
    vn_kv = float(truth.net.bus.vn_kv.at[15])
    in_kv = truth.sensors[row].model_copy(update={"unit": "kv", "noise": 0.001 * vn_kv})
    value[row] *= vn_kv * 1e-3  # MV for kV
    seen = replace(truth, sensors=(*truth.sensors[:row], in_kv, *truth.sensors[row + 1 :]))
    [issue] = check(context(seen, value)).issues
    assert (issue.subject.name, issue.scale) == ("bus15.vm", ScaleError.THOUSANDTH)
    assert issue.expected.value == pytest.approx(vn_kv * np.median(truth.value[row]), rel=0.001)


def test_lasting_scale__of_a_dead_bus_is_none():
    """Its sensor shows its own noise around nothing, which is no nominal voltage scaled."""
    rng = np.random.default_rng(44)
    for said in (np.zeros(MINUTES), rng.normal(0, 0.001, MINUTES), np.abs(rng.normal(0, 0.001, MINUTES))):
        assert lasting_scale(said, np.ones(MINUTES), 0.001, "pu") is None


def test_lasting_scale__that_does_not_last_is_none():
    said = np.full(MINUTES, 40.0)
    said[:1000] *= 1e-3
    assert lasting_scale(said, np.full(MINUTES, 40.0), 0.3, "mw") is None
    assert lasting_scale(np.full(MINUTES, 0.04), np.full(MINUTES, 40.0), 0.3, "mw").error is ScaleError.THOUSANDTH


def course():
    """Three days before and the day itself, of something with a daily course that nothing else measures."""
    minute = np.arange(DAYS * MINUTES)
    noise = np.random.default_rng(45).normal(0, LONE.noise, len(minute))
    return 60 + 25 * np.sin(2 * np.pi * minute / MINUTES) + noise


def lone(value):
    """The tool's answer on the last day; what lies before it is the sensor's history."""
    truth = solved_day()
    told = series(LONE, START - timedelta(days=DAYS - 1), 60, value)
    ctx = replace(context(truth, truth.value, known=False), telemetry=MemoryTelemetry(told))
    return check(ctx, start=START, end=END).issues


@pytest.mark.parametrize("slope", [1e-3, 1e3])
def test_check_data_quality__names_a_scale_that_the_days_before_speak_for_with_low_confidence(slope):
    value = course()
    meant = float(np.median(value[-MINUTES:]))
    value[-MINUTES:] *= slope
    [issue] = [item for item in lone(value) if item.kind is QualityKind.SCALE]
    assert (issue.subject.name, issue.scale, issue.confidence) == ("plant.flow", ERRORS[slope], Confidence.LOW)
    assert issue.expected.value == pytest.approx(meant, abs=LONE.noise)


def _off(value):
    value[-MINUTES:] = np.random.default_rng(46).normal(0, LONE.noise, MINUTES)


def _zero(value):
    value[-MINUTES:] = 0.0


def _turned(value):
    value[-MINUTES:] *= -1.0


def _one_day_before(value):
    value[-2 * MINUTES : -MINUTES] *= 1e3


def _always(value):
    value *= 1e-3


@pytest.mark.parametrize("change", [_off, _zero, _turned, _one_day_before, _always], ids=lambda one: one.__name__[1:])
def test_check_data_quality__of_what_else_may_happen_it_says_no_wrong_scale(change):
    """Switched off, turned round, a day before that was wrong, and a small quantity that always was one."""
    value = course()
    change(value)
    assert not [item for item in lone(value) if item.kind is QualityKind.SCALE]
