"""Unexplained heat in made-up courses of the oil whose cause is known to the minute."""

import numpy as np
import pytest

from tests.tools.assets.test_thermal import ONAF, ambient_at, load_at
from tools.assets.excess import find_excesses
from tools.assets.thermal import oil_lag_min, steady_rise, top_oil

MINUTES = np.arange(1440)


def deviation(extra, lag=1.0, seed: int = 0, noise: float = 0.2, step: int = 1):
    """Oil with an extra rise, and slower where there is one, by the differential equation, minus what is expected."""
    load, ambient = load_at(MINUTES) * 0.6, ambient_at(MINUTES)
    target = ambient + steady_rise(ONAF, load) + extra
    slower = np.where(extra > 0, lag, 1.0)
    oil = np.empty(len(MINUTES))
    oil[0] = target[0]
    for minute in MINUTES[1:]:
        oil[minute] = oil[minute - 1] + (target[minute] - oil[minute - 1]) / (oil_lag_min(ONAF) * slower[minute])
    measured = oil + noise * np.random.default_rng(seed).standard_normal(len(oil))
    return (measured - top_oil(ONAF, load, ambient, 1.0))[::step]


def find(values, step: int = 1, noise: float = 0.2):
    return find_excesses(values, oil_lag_min(ONAF), step, noise)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rise", [8.0, 15.0])
def test_find_excesses__sudden_loss_is_dated_to_minutes(seed, rise):
    start, end = 400 + 37 * seed, 750 + 41 * seed
    extra = np.where((start <= MINUTES) & (end > MINUTES), rise, 0.0)
    [found] = find(deviation(extra, lag=1.4, seed=seed))
    assert abs(found.begin - start) <= 15
    assert abs(found.end - end) <= 15
    assert start < found.worst <= end + 20


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("ramp_min", [30, 60])
def test_find_excesses__slow_onset_is_dated_within_a_quarter_of_an_hour(seed, ramp_min):
    start, end = 420 + 29 * seed, 900
    extra = np.clip((MINUTES - start) / ramp_min, 0, 1) * 16.0 * (end > MINUTES)
    [found] = find(deviation(extra, seed=seed))
    assert abs(found.begin - start) <= 15


@pytest.mark.parametrize("seed", range(10))
def test_find_excesses__a_healthy_day_has_none(seed):
    assert find(deviation(np.zeros(1440), seed=seed)) == []


def test_find_excesses__what_the_model_may_miss_is_no_excess():
    assert find(deviation(2.0 + 0.5 * np.sin(MINUTES / 1440 * 2 * np.pi))) == []


def test_find_excesses__one_that_lasts_has_no_end():
    [found] = find(deviation(np.where(MINUTES >= 1100, 12.0, 0.0)))
    assert found.end is None
    assert abs(found.begin - 1100) <= 15


def test_find_excesses__one_from_before_the_span_says_so():
    values = deviation(np.zeros(1440)) + 6.0
    [found] = find(values)
    assert (found.begin, found.end, found.from_begin) == (0, None, True)


def test_find_excesses__two_on_one_day():
    extra = np.where((MINUTES >= 200) & (MINUTES < 450), 12.0, 0.0)
    extra += np.where((MINUTES >= 900) & (MINUTES < 1200), 12.0, 0.0)
    found = find(deviation(extra))
    assert [abs(item.begin - start) <= 15 for item, start in zip(found, (200, 900), strict=True)] == [True, True]


def test_find_excesses__steps_of_five_minutes_will_do():
    extra = np.where((MINUTES >= 500) & (MINUTES < 900), 12.0, 0.0)
    [found] = find(deviation(extra, step=5), step=5)
    assert abs(5 * found.begin - 500) <= 15
    assert abs(5 * found.end - 900) <= 15


def test_find_excesses__wild_readings_and_gaps_are_no_heat():
    values = deviation(np.zeros(1440))
    values[300] = 80.0
    values[600:640] = np.nan
    assert find(values) == []


def test_find_excesses__a_transformer_that_runs_cooler_than_its_plate_can_lose_cooling_too():
    extra = np.where((MINUTES >= 500) & (MINUTES < 800), 12.0, 0.0)
    [found] = find(deviation(extra) - 5.0)
    assert abs(found.begin - 500) <= 15
