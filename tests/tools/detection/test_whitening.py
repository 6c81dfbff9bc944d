"""Shifts in a series that wanders: sizes, false alarms and what the theory of the matched filter says."""

import numpy as np
import pytest
from scipy.linalg import toeplitz
from scipy.signal import lfilter

from tools.detection.whitening import Wander, boxes_of, fit_wander, likely_wander

COUNT, FIRST, STOP = 900, 400, 500
WANDER = Wander(noise=1.0, size=2.0, keep=np.exp(-1 / 45))


def _wandering(seed: int, wander: Wander = WANDER) -> np.ndarray:
    chance = np.random.default_rng(seed)
    push = chance.standard_normal(COUNT + 500) * wander.size * np.sqrt(1 - wander.keep**2)
    return lfilter([1.0], [1.0, -wander.keep], push)[500:] + wander.noise * chance.standard_normal(COUNT)


def _covariance() -> np.ndarray:
    return WANDER.noise**2 * np.eye(COUNT) + WANDER.size**2 * toeplitz(WANDER.keep ** np.arange(COUNT))


def test_scores__are_those_of_the_whole_covariance():
    series, box = _wandering(1), np.zeros(COUNT)
    box[FIRST:STOP] = 1.0
    weighted = np.linalg.solve(_covariance(), box)
    expected = weighted @ series / np.sqrt(weighted @ box)
    found = boxes_of(series, WANDER, 200).scores(STOP - FIRST)[FIRST]
    assert found == pytest.approx(expected, abs=0.05)


def test_scores__are_standard_normal_without_a_shift():
    scores = np.concatenate([boxes_of(_wandering(seed), WANDER, 60).scores(60)[::60] for seed in range(60)])
    assert float(scores.std()) == pytest.approx(1.0, abs=0.08)
    assert abs(float(scores.mean())) < 0.1


def test_size__is_that_of_the_shift():
    series = _wandering(2)
    series[FIRST:STOP] += 8.0
    boxes = boxes_of(series, WANDER, 200)
    assert boxes.size(FIRST, STOP) == pytest.approx(8.0, abs=2.5)  # standard error 0.8
    assert int(boxes.scores(STOP - FIRST).argmax()) == pytest.approx(FIRST, abs=1)


def test_size__of_a_shift_that_lasts_to_the_end():
    series = _wandering(3)
    series[-50:] += 8.0
    assert boxes_of(series, WANDER, 200).size(COUNT - 50, COUNT) == pytest.approx(8.0, abs=3.5)


def test_fit_wander__finds_the_parameters_though_a_shift_is_there():
    series = _wandering(4)
    series[FIRST:STOP] += 15.0
    found = fit_wander(series, 0.1)
    assert found.noise == pytest.approx(WANDER.noise, rel=0.25)
    assert found.size * np.sqrt(1 - found.keep**2) == pytest.approx(WANDER.size * np.sqrt(1 - WANDER.keep**2), rel=0.4)


def test_likely_wander__finds_the_process_and_none_in_white_noise():
    level = np.ones((1, COUNT))
    found = [likely_wander(_wandering(seed), level, 0.1) for seed in range(10)]
    assert float(np.median([one.noise for one in found])) == pytest.approx(WANDER.noise, rel=0.1)
    assert float(np.median([one.size for one in found])) == pytest.approx(WANDER.size, rel=0.25)
    still = Wander(noise=1.0, size=0.0, keep=WANDER.keep)
    sizes = [likely_wander(_wandering(seed, still), level, 1.0).size for seed in range(10)]
    assert float(np.median(sizes)) <= 0.1


def test_likely_wander__does_not_take_a_known_course_for_wandering():
    course = np.zeros(COUNT)
    course[300:600] = np.sin(np.linspace(0, np.pi, 300))
    series = np.random.default_rng(5).standard_normal(COUNT) + 8 * course
    assert likely_wander(series, np.vstack([np.ones(COUNT), course]), 1.0).size <= 0.35
    assert likely_wander(series, np.ones((1, COUNT)), 1.0).size > 1.0
