"""The signal-to-noise ratio is the textbook's, and at its threshold an ideal detector really sees."""

import numpy as np
import pytest
from scipy.stats import norm

from orchestrator.scenarios.detectability import CHANCE, threshold

SHORT = {"period": {"hours": 4}}


def test_seen__a_constant_offset_of_k_sigma_over_n_readings_has_snr_k_root_n(made):
    trouble = {"kind": "step", "sensor": "line4.p_from", "start_min": 60, "duration_min": 60, "size_sigma": 2}
    found = made(trouble, **SHORT).truth[0].detectability
    assert found.snr_known_course == pytest.approx(2 * np.sqrt(60), rel=0.01)  # rounding adds a little noise
    assert (
        0.9 * found.snr_known_course < found.snr < found.snr_known_course
    )  # the other sensors tell most of the course
    assert found.detectable


def test_seen__a_ramp_has_the_snr_of_its_squares(made):
    trouble = {"kind": "drift", "sensor": "line4.p_from", "start_min": 60, "duration_min": 60, "rate_sigma_per_h": 6}
    ramp = 6 * np.arange(1, 61) / 60
    found = made(trouble, **SHORT).truth[0].detectability
    assert found.snr_known_course == pytest.approx(np.sqrt((ramp**2).sum()), rel=0.01)


@pytest.mark.parametrize("size", [0.1, 0.3])
def test_seen__an_offset_far_below_the_noise_cannot_be_seen(made, size):
    trouble = {"kind": "step", "sensor": "line4.p_from", "start_min": 60, "duration_min": 60, "size_sigma": size}
    assert not made(trouble, **SHORT).truth[0].detectability.detectable


def test_threshold__a_matched_filter_finds_98_percent_there():
    readings, length = 10_000, 50
    least = threshold(readings)
    chance = np.random.default_rng(5)
    shape = np.sin(np.arange(length)) + 0.3
    shape *= least / np.sqrt((shape**2).sum())
    tested = chance.standard_normal((20_000, length)) + shape
    statistic = tested @ shape / np.sqrt((shape**2).sum())
    assert np.mean(statistic > norm.isf(1 / readings)) == pytest.approx(CHANCE, abs=0.004)


def test_seen__missing_readings_need_no_ratio(made):
    trouble = {"kind": "dropout", "sensor": "line4.p_from", "start_min": 60, "duration_min": 10}
    found = made(trouble, **SHORT).truth[0].detectability
    assert found.detectable
    assert found.snr is None
