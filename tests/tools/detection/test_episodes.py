"""Errors that noise nearly hides: a level is a step and a slope is a drift, whatever their edges look like."""

import numpy as np
import pytest

from tests.tools.detection.test_demand import STEPS, day
from tools.detection.episodes import Course, find_episodes

FIRST, STOP, LIMIT, SIGMA = 600, 800, 5.9, 1.2


def _courses(shape: np.ndarray, seeds: int = 20) -> list[Course]:
    """Course of the strongest episode of each of several noises, in units of the sensor's own noise."""
    frame, _ = day(1)
    found = []
    for seed in range(seeds):
        error = SIGMA * np.random.default_rng(seed).standard_normal(STEPS)
        error[FIRST:STOP] += shape
        scale = float(frame.noise[0])
        episodes = find_episodes(frame, 0, scale * error, np.full(STEPS, scale * SIGMA), LIMIT)
        found.append(max(episodes, key=lambda item: item.strength).course)
    return found


@pytest.mark.parametrize("height", [0.9, 1.2, -1.5])
def test_find_episodes__a_faint_level_is_a_step(height):
    courses = _courses(np.full(STOP - FIRST, height))
    assert courses.count(Course.STEP) >= 18


@pytest.mark.parametrize("height", [2.5, -3.0])
def test_find_episodes__a_faint_slope_is_a_drift(height):
    courses = _courses(np.linspace(0, height, STOP - FIRST))
    assert courses.count(Course.DRIFT) >= 18


def test_find_episodes__noise_alone_has_none():
    frame, _ = day(1)
    scale = float(frame.noise[0])
    for seed in range(20):
        error = SIGMA * scale * np.random.default_rng(seed).standard_normal(STEPS)
        assert not find_episodes(frame, 0, error, np.full(STEPS, scale * SIGMA), LIMIT)
