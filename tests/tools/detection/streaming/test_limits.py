"""Control limits against tables of the chi-squared law."""

import numpy as np
import pytest
from scipy.stats import chi2, norm

from tools.detection.streaming.limits import FALSE_ALARM_RATE, Chart, Limit, limits_for


def test_limit__is_the_quantile_of_tables():
    # NIST/SEMATECH e-Handbook 1.3.6.7.4: upper critical value, 10 degrees of freedom, 0.001
    assert Limit(10, 1, 0.001).action == pytest.approx(29.588, abs=1e-3)
    assert Limit(10, 1, 0.001).warning == pytest.approx(18.307, abs=1e-3)


def test_limits__of_one_among_many_are_those_of_bonferroni():
    limit = Limit(1, 8, 0.001)
    assert limit.action == pytest.approx(norm.ppf(1 - 0.001 / 16) ** 2)


def test_limit__of_a_sum_fits_sensors_that_move_together():
    mixing = np.random.default_rng(0).normal(size=(5, 5))
    covariance = mixing @ mixing.T
    scatter = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(scatter, scatter)
    draws = np.random.default_rng(1).multivariate_normal(np.zeros(5), correlation, size=400_000)
    limit = limits_for(correlation)[Chart.TOGETHER]
    beyond = ((draws**2).sum(axis=1) > limit.action).mean()
    assert limit.rate / 3 < beyond < 3 * limit.rate
    plain = chi2.isf(limit.rate, 5)
    assert ((draws**2).sum(axis=1) > plain).mean() > 5 * limit.rate


def test_chance__at_the_action_limit_is_the_stated_rate():
    for limit in limits_for(np.eye(8)).values():
        assert limit.chance(limit.action) == pytest.approx(FALSE_ALARM_RATE / len(Chart))


def test_chance__counts_from_a_raised_limit():
    raised = Limit(4, 1, 0.01, stretch=2.0)
    assert raised.chance(raised.action) == pytest.approx(0.01)
    assert raised.chance(10.0) == pytest.approx(chi2.sf(5.0, 4))
