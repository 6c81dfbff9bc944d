"""A risk model at work, against sums done by hand."""

from math import exp, log

import numpy as np
import pytest
from pydantic import ValidationError

from tests.tools.detection.risk.records import member, record
from tools.detection.risk.features import NAMES
from tools.detection.risk.model import at_rate, judge
from tools.detection.risk.record import StepsRecord


def figures(**said):
    return np.array([said.get(name, np.nan) for name in NAMES])


STEPS = member(-1.0, spike_sigma=((5.0, 9.0), (-0.5, 1.0, 3.0)), failed_logins=((4.5,), (0.0, 2.0)))


@pytest.mark.parametrize(
    ("said", "log_odds"),
    [
        ({"spike_sigma": 1.0, "failed_logins": 0.0}, -1.5),
        ({"spike_sigma": 5.0, "failed_logins": 0.0}, -1.5),  # an edge belongs to what lies below it
        ({"spike_sigma": 5.1, "failed_logins": 5.0}, 2.0),
        ({"spike_sigma": 100.0}, 2.0),  # what has no source takes no part
        ({}, -1.0),
    ],
)
def test_judge__adds_up_the_steps(said, log_odds):
    judged = judge(record(STEPS), figures(**said))
    assert judged.base + judged.parts.sum() == pytest.approx(log_odds)
    assert judged.probability == pytest.approx(1 / (1 + exp(-log_odds)))


def test_judge__the_interval_is_that_of_the_resampled_models():
    others = [member(log(share / (1 - share))) for share in np.linspace(0.2, 0.4, 21)]
    judged = judge(record(member(log(0.3 / 0.7)), *others), figures())
    assert (judged.lowest, judged.probability, judged.highest) == pytest.approx((0.21, 0.3, 0.39))


def test_judge__the_probability_lies_in_its_interval_even_when_the_resampled_models_disagree():
    judged = judge(record(member(2.0), member(0.0), member(0.0)), figures())
    assert judged.lowest == pytest.approx(0.5)
    assert judged.highest == judged.probability


def test_at_rate__is_bayes_rule():
    probability, learnt, real = 0.8, 0.5, 0.1
    likelihood_ratio = (probability / (1 - probability)) / (learnt / (1 - learnt))
    odds = likelihood_ratio * real / (1 - real)
    assert at_rate(probability, learnt, real) == pytest.approx(odds / (1 + odds))
    assert at_rate(probability, learnt, learnt) == pytest.approx(probability)


def test_record__refuses_what_cannot_be_a_model():
    with pytest.raises(ValidationError, match="right is 2, one more than edges"):
        StepsRecord(feature="alarms", edges=(1.0,), values=(1.0,))
    with pytest.raises(ValidationError, match="ascending"):
        StepsRecord(feature="alarms", edges=(2.0, 1.0), values=(1.0, 2.0, 3.0))
    with pytest.raises(ValidationError, match=r"'weather' is not known; right would be one of contradiction_sigma"):
        record(member(0.0, weather=((1.0,), (0.0, 1.0))))
    with pytest.raises(ValidationError, match="train the model anew"):
        record(STEPS).model_validate(record(STEPS).model_dump() | {"version": 0})
