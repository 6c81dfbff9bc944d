"""``classify_risk`` on days whose faults the tests put in themselves, with models written by hand."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.tools.detection.faults import biased, lost, stuck
from tests.tools.detection.risk.records import OneModel, member, record
from tests.tools.detection.synthetic_day import START, context, measured, solved_day
from tests.tools.memory_sources import MemoryLogs, MemoryTelemetry
from tests.tools.security.contexts import access
from tools.detection.risk.assess import classify_risk, level_of
from tools.detection.risk.features import NAMES, figures_at
from tools.detection.schema.risk import ClassifyRiskArguments, RiskLevel
from tools.errors import SourceMissingError
from tools.vocabulary import Confidence

AT = START + timedelta(hours=11)
MODEL = record(member(-2.0, contradiction_sigma=((15.0,), (-1.0, 5.0)), failed_logins=((4.0,), (0.0, 3.0))))


def day(seed=51):
    truth = solved_day()
    return truth, measured(truth, seed)


def ctx_of(truth, value, model=MODEL, **more):
    content = None if model is None else model.model_dump(mode="json")
    return replace(context(truth, value), models=OneModel(content), **more)


def figure(ctx, name, at=AT):
    return figures_at(ctx, at).value[NAMES.index(name)]


def test_classify_risk__is_high_where_a_sensor_is_false_and_low_before():
    truth, value = day()
    value = biased(truth, value, "line3.p_from", slice(615, 700), 15)
    result = classify_risk(ctx_of(truth, value), ClassifyRiskArguments(at=AT, hours=2))
    newest, before = result.hours
    assert (newest.level, before.level) == (RiskLevel.HIGH, RiskLevel.LOW)
    assert newest.probability_percent == pytest.approx(100 / (1 + np.exp(-3.0)))
    assert before.probability_percent == pytest.approx(100 / (1 + np.exp(3.0)))
    assert newest.factors[0].name == "contradiction_sigma"
    for hour in result.hours:
        parts = sum(factor.adds for factor in hour.factors) + hour.others_add
        assert hour.average_log_odds + parts == pytest.approx(hour.log_odds)
    assert result.highest == newest


def test_classify_risk__looks_at_nothing_later():
    truth, value = day()
    later = biased(truth, value, "line3.p_from", slice(660, 900), 40)
    one, other = (figures_at(ctx_of(truth, said), AT - timedelta(minutes=1)).value for said in (value, later))
    np.testing.assert_array_equal(one, other)


def test_figures__say_what_was_put_in():
    truth, value = day(52)
    assert figure(ctx_of(truth, value), "missing_percent") == 0
    assert figure(ctx_of(truth, value), "faulty_sensors") == 0
    gone = lost(truth, value, "gen3.q", slice(630, 661), 1.0)
    assert figure(ctx_of(truth, gone), "missing_percent") == pytest.approx(100 * 31 / 61, abs=2)
    still = stuck(truth, value, "gen3.p", slice(560, 661))
    assert figure(ctx_of(truth, still), "frozen_min") == pytest.approx(100, abs=1)
    assert figure(ctx_of(truth, still), "faulty_sensors") == 1


def test_figures__count_failed_log_ins_of_the_hour():
    truth, value = day(53)
    events = [access(AT - timedelta(minutes=m), success=False) for m in (5, 10, 15, 20, 25, 90)]
    ctx = ctx_of(truth, value, logs=MemoryLogs(events))
    assert figure(ctx, "failed_logins") == 5
    result = classify_risk(ctx, ClassifyRiskArguments(at=AT))
    assert result.hours[0].log_odds == pytest.approx(-2.0 - 1.0 + 3.0)


def test_classify_risk__names_the_sources_that_are_not_there():
    truth, value = day(54)
    result = classify_risk(ctx_of(truth, value), ClassifyRiskArguments(at=AT))
    reasons = " ".join(item.reason for item in result.coverage.left_out)
    assert "log" in reasons
    assert result.coverage.solved < result.coverage.checked


def test_classify_risk__a_rate_of_one_in_a_hundred_lowers_the_probability_by_bayes_rule():
    truth, value = day(55)
    ctx = ctx_of(truth, value)
    here, rare = (
        classify_risk(ctx, ClassifyRiskArguments(at=AT, incident_rate_percent=rate)).hours[0].probability_percent
        for rate in (None, 1.0)
    )
    odds = here / (100 - here) / 99
    assert rare == pytest.approx(100 * odds / (1 + odds))


def test_classify_risk__does_not_trust_a_model_that_its_rival_beats():
    truth, value = day(56)
    beaten = record(MODEL.whole, rival_auc=0.95)
    result = classify_risk(ctx_of(truth, value, beaten), ClassifyRiskArguments(at=AT))
    assert not result.model.beats_rival
    assert result.hours[0].confidence is Confidence.LOW


def test_classify_risk__without_a_model_or_a_reading_is_not_checked():
    truth, value = day(57)
    args = ClassifyRiskArguments(at=AT)
    with pytest.raises(SourceMissingError, match="trained model"):
        classify_risk(ctx_of(truth, value, None), args)
    with pytest.raises(SourceMissingError, match="trained model"):
        classify_risk(replace(ctx_of(truth, value), models=None), args)
    with pytest.raises(SourceMissingError, match="readings in the hour before"):
        classify_risk(replace(ctx_of(truth, value), telemetry=MemoryTelemetry()), args)
    with pytest.raises(SourceMissingError, match="readings in the hour before"):
        classify_risk(ctx_of(truth, value), ClassifyRiskArguments(at=START + timedelta(days=9)))
    old = replace(ctx_of(truth, value), models=OneModel(MODEL.model_dump(mode="json") | {"version": 0}))
    with pytest.raises(SourceMissingError, match="train the model anew"):
        classify_risk(old, args)


@pytest.mark.parametrize(
    ("probability", "rate", "level"),
    [
        (0.256, 0.488, RiskLevel.LOW),  # half as likely as in an average hour
        (0.55, 0.488, RiskLevel.ELEVATED),  # hardly more than in an average hour
        (0.70, 0.488, RiskLevel.HIGH),
        (0.05, 0.01, RiskLevel.ELEVATED),
        (0.60, 0.01, RiskLevel.HIGH),
        (0.85, 0.90, RiskLevel.LOW),
    ],
)
def test_level__is_against_the_share_of_hours_with_an_incident(probability, rate, level):
    assert level_of(probability, rate) is level
