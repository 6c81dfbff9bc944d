"""Contrasts and departures against closed forms, and against chance."""

import numpy as np
import pytest

from tools.causal.contrasts import Step, Swing, gapless
from tools.causal.departures import find_steps, find_swing, limit
from tools.causal.powers import Power
from tools.element import ElementKind

LOAD = (ElementKind.LOAD, 1, "")


def power(value, sigma=1.0):
    return Power(LOAD, np.asarray(value, dtype=float), sigma, 0)


def test_step__of_a_step_is_its_height_and_of_a_ramp_nothing():
    kernel = Step.of(60)
    stair = np.where(np.arange(400) >= 200, 3.0, 0.0)
    assert kernel.over(stair)[200] == pytest.approx(3.0)
    assert np.abs(kernel.over(stair)[:190]).max() == pytest.approx(0.0)
    ramp = 0.5 * np.arange(400.0)
    assert np.abs(kernel.over(ramp)).max() == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("kernel", [Step.of(60), Swing.of(12, 0.3)])
def test_contrast__has_the_noise_that_it_says(kernel):
    value = np.random.default_rng(1).normal(0, 2.0, 40_000)
    found = kernel.over(value)[100:-100].std()
    assert found == pytest.approx(kernel.noise(2.0), rel=0.05)


def test_swing__grows_with_the_amplitude_and_forgets_level_and_slope():
    kernel = Swing.of(20, 0.0)
    place = np.arange(600)
    wave = np.cos(2 * np.pi * (place - 300) / 20)
    once, twice = (kernel.over(size * wave)[300] for size in (1.0, 2.0))
    assert twice == pytest.approx(2 * once)
    assert kernel.over(wave + 7.0 + 0.3 * place)[300] == pytest.approx(once, abs=1e-6)


def test_contrast__sums_as_flows_do():
    one, other = np.random.default_rng(2).normal(size=(2, 300))
    kernel = Swing.of(15, 0.5)
    assert kernel.over(one + other) == pytest.approx(kernel.over(one) + kernel.over(other), abs=1e-9)


def test_gapless__closes_gaps_by_straight_lines():
    assert gapless(np.array([1.0, np.nan, np.nan, 4.0])) == pytest.approx([1, 2, 3, 4])


def test_find_steps__finds_a_step_and_where_it_was_undone():
    value = np.random.default_rng(3).normal(0, 1.0, 1440)
    value[500:640] += 8.0
    [step] = find_steps([power(value)], Step.of(60), limit(1, 1440))
    assert abs(step.first - 500) <= 1
    assert abs(step.stop - 640) <= 1
    assert step.size_mw == pytest.approx(8.0, abs=3 * Step.of(60).noise(1.0))


def test_find_steps__finds_nothing_in_noise():
    rng = np.random.default_rng(4)
    threshold = limit(40, 1440)
    assert not any(find_steps([power(rng.normal(0, 1, 1440))], Step.of(60), threshold) for _ in range(40))


def test_find_swing__says_how_fast_how_far_and_when():
    place = np.arange(1440)
    value = np.random.default_rng(5).normal(0, 1.0, 1440)
    value[600:720] += 3.0 * np.sin(2 * np.pi * (place[600:720] - 600) / 14)
    found = find_swing(value, 1)
    assert found.cycle == pytest.approx(14, rel=0.03)
    assert found.amplitude_mw == pytest.approx(3.0, rel=0.2)
    assert abs(found.first - 600) <= 14
    assert abs(found.stop - 720) <= 14


def test_find_swing__finds_none_in_noise_and_takes_no_step_for_one():
    rng = np.random.default_rng(6)
    assert not any(find_swing(rng.normal(0, 1, 1440), 40) for _ in range(40))
    stair = np.where((np.arange(1440) >= 600) & (np.arange(1440) < 690), 20.0, 0.0) + rng.normal(0, 1, 1440)
    assert find_swing(stair, 1) is None
