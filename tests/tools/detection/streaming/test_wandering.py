"""The variance that a wandering quantity may reach, against its definition and against known processes."""

import numpy as np
import pytest

from tools.detection.streaming.wandering import Wandering, fit_wandering


def by_definition(factor, power, rows, ahead):
    """Kriging variance of a window's mean by numerical integration: 2 mean(gamma) - mean of gamma within."""
    inside = (np.arange(4000) + 0.5) * rows / 4000
    between = (factor * (ahead + rows - inside) ** power).mean()
    lag = np.abs(inside[:, None] - inside[None, ::7])
    return 2 * between - (factor * lag**power).mean()


@pytest.mark.parametrize("power", [0.0, 0.4, 1.0, 1.6])
@pytest.mark.parametrize("ahead", [0.0, 30.0, 700.0])
def test_variance__is_that_of_the_definition(power, ahead):
    wandering = Wandering(np.array([0.02]), np.array([power]), np.array([0.0]), 400)
    assert wandering.variance(ahead)[0] == pytest.approx(by_definition(0.02, power, 400, ahead), rel=2e-3)


def test_variance__of_a_random_walk_grows_by_its_step_variance_a_row():
    # gamma(h) = q h / 2; mean of the window to its end has variance q n / 3, and each row ahead adds q
    wandering = Wandering(np.array([0.5]), np.array([1.0]), np.array([0.0]), 300)
    assert wandering.variance(0.0)[0] == pytest.approx(100.0)
    assert wandering.variance(50.0)[0] == pytest.approx(150.0)


def test_fit_wandering__tells_a_level_from_a_random_walk():
    rng = np.random.default_rng(0)
    steady, walking = rng.normal(size=4000), np.cumsum(rng.normal(size=4000))
    fitted = fit_wandering(np.column_stack([steady, walking / walking.std()]), 15)
    assert fitted.power[0] < 0.05
    assert 0.7 < fitted.power[1] < 1.3
    assert fitted.variance(8000.0)[0] == pytest.approx(1.0, rel=0.15)
    assert fitted.variance(8000.0)[1] > 3.0
