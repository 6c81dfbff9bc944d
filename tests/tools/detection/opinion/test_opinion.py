"""Second methods: how often they call normal rows unusual, what they make of odd ones, whom they blame."""

import numpy as np
import pytest

from tools.detection.opinion.method import METHODS
from tools.detection.opinion.opinion import Opinion
from tools.detection.schema.statistical import DetectionMethod

SENSORS, HISTORY = 6, 2000


def rows(seed, count=HISTORY):
    """Sensors that share half of their variance."""
    rng = np.random.default_rng(seed)
    return np.sqrt(0.5) * (rng.normal(size=(count, 1)) + rng.normal(size=(count, SENSORS)))


@pytest.fixture(scope="module", params=METHODS)
def opinion(request):
    return Opinion(request.param, rows(1000))


def test_opinion__normal_rows_are_beyond_as_seldom_as_stated(opinion):
    chance = opinion.chance(rows(1001, 4000))
    assert opinion.rate == pytest.approx(1 / 501)
    # p-values of exchangeable rows are uniform: one in twenty is below 0.05, give or take what 500 held-out rows allow
    assert abs(float(np.mean(chance <= 0.05)) - 0.05) < 0.03
    assert float(np.mean(chance <= opinion.rate)) < 5 * opinion.rate


def test_opinion__a_row_far_from_all_others_is_beyond_and_agreed_on(opinion):
    odd = rows(1002, 20) + 8.0 * np.eye(SENSORS)[0]
    # a forest splits within the range that it saw, so one sensor alone hardly sets a row apart
    forest = opinion.method is DetectionMethod.ISOLATION_FOREST
    assert np.median(opinion.chance(odd)) <= (0.1 if forest else 2 * opinion.rate)
    assert opinion.agrees(odd)


def test_opinion__normal_stretches_are_seldom_agreed_on(opinion):
    normal = rows(1003, 4000)
    agreed = [opinion.agrees(part) for part in np.split(normal, 80)]
    assert np.mean(agreed) < 0.15


def test_opinion__the_sensor_that_is_off_gets_the_largest_part(opinion):
    row = np.zeros(SENSORS)
    row[3] = 8.0
    shares = opinion.contribution(row)
    assert shares.argmax() == 3
    assert shares.sum() == pytest.approx(1.0)


def test_opinion__a_missing_value_is_no_evidence(opinion):
    row = np.zeros((1, SENSORS))
    missing = row.copy()
    missing[0, 2] = np.nan
    assert opinion.chance(missing) == opinion.chance(row)


def test_opinion__sensors_that_part_are_beyond_for_what_knows_how_they_move_together():
    parted = np.array([[2.0, -2.0, 0.0, 0.0, 0.0, 0.0]])
    # squared distance by hand: both lie along an eigenvector of eigenvalue 1/2, so 8 / 0.5 = 16
    mahalanobis = Opinion(DetectionMethod.MAHALANOBIS, rows(1000))
    assert mahalanobis.chance(parted)[0] < 0.05
    together = np.full((1, SENSORS), 0.8)
    assert mahalanobis.chance(together)[0] > 0.5


def test_opinion__a_single_sensor_has_an_opinion_as_well():
    for method in METHODS:
        assert Opinion(method, rows(1000)[:, :1]).agrees(np.full((20, 1), 9.0))
