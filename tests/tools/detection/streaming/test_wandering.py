"""Prediction of a wandering level and its variance, against known processes and an independent form of kriging."""

import numpy as np
import pytest

from tools.detection.streaming.wandering import Wandering, fit_wandering

ROWS, LAG = 400, 15


def fitted(values):
    return fit_wandering(values[:, None], LAG)


def with_power(power):
    """A fit whose exponent is set: the factor is one, and the weights are solved for it."""
    rng = np.random.default_rng(0)
    steps = rng.normal(size=8 * ROWS)
    walking = np.cumsum(steps)
    values = {0.0: steps, 1.0: walking}.get(power)
    if values is None:
        values = (1 - power) * steps + power * walking
    return fitted(values[-ROWS:])


def covariance(first, second, power):
    """Of fractional Brownian motion with ``gamma(h) = h ** power``."""
    apart = np.abs(first - second)
    return first**power + second**power - np.where(apart > 0, apart**power, 0.0)


@pytest.mark.parametrize("mixed", [0.0, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("ahead", [40.0, 400.0, 1500.0])
def test_variance__is_that_of_the_prediction_error(mixed, ahead):
    found = with_power(mixed)
    power, weights = float(found.power[0]), found.weights[:, 0]
    # Far from where the motion begins, at 0, so that its origin plays no part.
    points, wanted = 1e4 - found.back, 1e4 + ahead
    between = covariance(points, np.full_like(points, wanted), power)
    among = covariance(points[:, None], points[None, :], power)
    error = covariance(wanted, wanted, power) - 2 * weights @ between + weights @ among @ weights
    expected = max(float(found.factor[0]) * error, float(found.least[0]))
    assert found.variance(ahead)[0] == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("mixed", [0.3, 1.0])
def test_weights__add_up_to_one_and_no_others_predict_better(mixed):
    found = with_power(mixed)
    power, weights = float(found.power[0]), found.weights[:, 0]
    assert weights.sum() == pytest.approx(1.0)
    points, wanted = 1e4 - found.back, 1e4 + ROWS
    between = covariance(points, np.full_like(points, wanted), power)
    among = covariance(points[:, None], points[None, :], power)
    best = -2 * weights @ between + weights @ among @ weights
    rng = np.random.default_rng(1)
    for _ in range(50):
        other = weights + (change := rng.normal(0, 0.05, len(weights))) - change.mean()
        assert -2 * other @ between + other @ among @ other > best


def test_level__of_what_keeps_it_is_the_mean_of_its_points_and_stays_as_sure():
    still = Wandering(*(np.zeros(1),) * 3, np.zeros(0), np.zeros((0, 1)), np.zeros(1), np.zeros(1))
    assert still.variance(10.0)[0] == 0.0
    found = fitted(np.random.default_rng(3).normal(size=4000))
    assert found.power[0] < 0.05
    assert found.weights[:, 0] == pytest.approx(np.full(16, 1 / 16), abs=0.02)
    assert found.variance(8000.0)[0] == pytest.approx(1 + 1 / 16, rel=0.15)


def test_level__of_a_random_walk_is_its_last_value_and_each_row_adds_a_step():
    walk = np.cumsum(np.random.default_rng(4).normal(size=200_000))
    found = fitted(walk)
    assert found.power[0] == pytest.approx(1.0, abs=0.05)
    assert found.weights[0, 0] == pytest.approx(1.0, abs=0.1)
    assert found.level[0] == pytest.approx(walk[-1], abs=0.1 * walk.std())
    # gamma of a walk of unit steps is h / 2: its prediction is off by the steps since the end.
    assert 2 * found.factor[0] * 400 ** found.power[0] == pytest.approx(400.0, rel=0.2)
