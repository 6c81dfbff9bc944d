"""Swings of minutes in series made here: found with their period, and not where a load wanders or jumps."""

import numpy as np
import pytest
from scipy.signal import lfilter

from tools.detection.oscillation.slow import amplitudes, slow_swings

STEPS, STEP_S = 1440, 60.0
NOISE = np.full(8, 0.3)
TIME_S = np.arange(STEPS) * STEP_S


def _channels(seed: int, count: int = 8) -> np.ndarray:
    """Daily courses of 100 MW with noise of 0.3; every other one wanders by 0.6 with a memory of 45 minutes."""
    chance = np.random.default_rng(seed)
    keep = np.exp(-1 / 45)
    push = chance.standard_normal((count, STEPS)) * 0.6 * np.sqrt(1 - keep**2)
    wandering = lfilter([1.0], [1.0, -keep], push, axis=1) * (np.arange(count) % 2)[:, None]
    course = 100 + 20 * np.sin(TIME_S * 2 * np.pi / 86_400 - np.arange(count)[:, None])
    return course + wandering + 0.3 * chance.standard_normal((count, STEPS))


def _swing(amplitude: float, period_s: float, first: int, stop: int) -> np.ndarray:
    inside = (np.arange(STEPS) >= first) & (np.arange(STEPS) < stop)
    return amplitude * np.sin(2 * np.pi * TIME_S / period_s) * inside


@pytest.mark.parametrize(("period_s", "amplitude"), [(300, 0.6), (600, 0.6), (1200, 1.0), (700, 20.0)])
def test_slow_swings__finds_period_time_and_size(period_s, amplitude):
    channels = _channels(1)
    channels[2] += _swing(amplitude, period_s, 600, 720)
    [found] = slow_swings(channels, NOISE, STEP_S)
    assert found.channel == 2
    assert 1 / found.frequency_hz == pytest.approx(period_s, rel=0.1)
    assert 570 <= found.first < found.stop - 40
    assert found.stop <= 750
    size = abs(amplitudes(channels[[2], 610:710], 1 / period_s, STEP_S)[0])
    assert size == pytest.approx(amplitude, abs=0.15)  # three standard errors: 3 * 0.3 * sqrt(2 / 100)


@pytest.mark.parametrize("seed", range(8))
def test_slow_swings__is_silent_without_any(seed):
    assert not list(slow_swings(_channels(seed), NOISE, STEP_S))


@pytest.mark.parametrize("height", [2.0, 10.0, 40.0])
def test_slow_swings__a_load_that_jumps_and_comes_back_does_not_swing(height):
    channels = _channels(1)
    channels[3, 500:590] += height
    assert not list(slow_swings(channels, NOISE, STEP_S))


def test_slow_swings__says_nothing_when_too_few_windows_tell_what_is_usual():
    channels = _channels(1)[:, :200]
    channels[2] += 5 * np.sin(2 * np.pi * TIME_S[:200] / 600)
    assert not list(slow_swings(channels, NOISE, STEP_S))
