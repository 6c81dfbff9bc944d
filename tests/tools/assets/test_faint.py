"""Oil by the difference equation of IEC 60076-7 with a cooler that stands still: found when it is, silent when not."""

import numpy as np
import pytest

from tools.assets.faint import find_faint

MINUTES, LAG_MIN, NOISE = 1440, 75.0, 0.2
FIRST, STOP = 600, 900


def _load(seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    hour = np.arange(MINUTES) / 60
    return 0.5 + 0.2 * np.sin((hour - 9) * 2 * np.pi / 24) + 0.002 * chance.standard_normal(MINUTES)


def _oil(load: np.ndarray, capability: float = 1.0, slower: float = 1.0) -> np.ndarray:
    """Top oil in air of 10 degrees; the loss lasts from FIRST to STOP."""
    share, lag = np.ones(MINUTES), np.full(MINUTES, LAG_MIN)
    share[FIRST:STOP], lag[FIRST:STOP] = capability, LAG_MIN * slower
    target = 10 + 52 * ((1 + 6 * (load / share) ** 2) / 7) ** 0.8
    oil = np.empty(MINUTES)
    oil[0] = target[0]
    for minute in range(1, MINUTES):
        oil[minute] = oil[minute - 1] + (target[minute] - oil[minute - 1]) / lag[minute]
    return oil


def _measured(oil: np.ndarray, seed: int) -> np.ndarray:
    return oil + NOISE * np.random.default_rng([seed, 7]).standard_normal(MINUTES)


@pytest.mark.parametrize(("capability", "slower"), [(0.93, 1.4), (0.97, 1.4), (0.95, 1.0)])
def test_find_faint__finds_a_loss_of_less_than_the_model_may_miss(capability, slower):
    load = _load(1)
    expected, hot = _oil(load), _oil(load, capability, slower)
    assert np.abs(hot - expected).max() < 3.0
    found = find_faint((_measured(hot, 1), expected, load), LAG_MIN, 1, NOISE, 5)
    assert found is not None
    assert found.begin == pytest.approx(FIRST, abs=60)


@pytest.mark.parametrize("seed", range(12))
def test_find_faint__is_silent_when_all_fans_turn(seed):
    load = _load(seed)
    expected = _oil(load)
    assert find_faint((_measured(expected, seed), expected, load), LAG_MIN, 1, NOISE, 5) is None


def test_find_faint__takes_neither_a_bias_nor_a_wrong_rated_rise_for_a_loss():
    load = _load(2)
    expected = _oil(load)
    wrong = 10 + 1.04 * (expected - 10) + 0.5
    assert find_faint((_measured(wrong, 2), expected, load), LAG_MIN, 1, NOISE, 5) is None


def test_find_faint__does_not_look_across_a_gap():
    load = _load(1)
    measured = _measured(_oil(load, 0.93, 1.4), 1)
    measured[300:360] = np.nan
    assert find_faint((measured, _oil(load), load), LAG_MIN, 1, NOISE, 5) is None


@pytest.mark.parametrize("seed", range(6))
def test_find_faint__at_little_load_by_the_slowness_of_the_oil_and_with_a_begin_that_holds_the_true_one(seed):
    load = 0.12 * _load(seed)
    expected, slow = _oil(load), _oil(load, 1.0, 1.4)
    ambient = 6 * np.sin((np.arange(MINUTES) / 60 - 8) * 2 * np.pi / 24)
    swing = _followed(ambient, np.full(MINUTES, LAG_MIN)), _followed(ambient, _lag(1.4))
    found = find_faint((_measured(slow + swing[1], seed), expected + swing[0], load), LAG_MIN, 1, NOISE, 5)
    assert found is not None
    assert (found.begin if found.earliest is None else found.earliest) - 30 <= FIRST <= found.begin + 30


def _lag(slower: float) -> np.ndarray:
    lag = np.full(MINUTES, LAG_MIN)
    lag[FIRST:STOP] *= slower
    return lag


def _followed(target: np.ndarray, lag: np.ndarray) -> np.ndarray:
    oil = np.empty(MINUTES)
    oil[0] = target[0]
    for minute in range(1, MINUTES):
        oil[minute] = oil[minute - 1] + (target[minute] - oil[minute - 1]) / lag[minute]
    return oil
