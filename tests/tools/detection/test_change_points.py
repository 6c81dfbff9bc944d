"""When a sensor changed, against changes put in at a known reading."""

import numpy as np
import pytest

from tools.detection.change_points import changed_at
from tools.detection.schema.statistical import EpisodeKind

AT = np.arange(400, dtype=np.int64) * 60_000_000


def place(moment):
    return None if moment is None else moment // 60_000_000


def test_changed_at__a_step_without_noise_is_found_to_the_reading():
    value = np.where(np.arange(400) < 203, 1.0, 4.0)
    assert place(changed_at(AT, value, int(AT[210]), EpisodeKind.STEP)) == 203


@pytest.mark.parametrize("seed", range(1000, 1006))
def test_changed_at__a_step_of_six_deviations_is_found_under_noise(seed):
    value = np.random.default_rng(seed).normal(size=400) + 6.0 * (np.arange(400) >= 200)
    assert abs(place(changed_at(AT, value, int(AT[205]), EpisodeKind.STEP)) - 200) <= 1


@pytest.mark.parametrize("seed", range(1000, 1006))
def test_changed_at__a_drift_begins_near_the_bend_long_before_its_alarm(seed):
    rise = np.maximum(0.0, np.arange(400) - 170.0) * 0.2
    value = np.random.default_rng(seed).normal(size=400) + rise
    assert abs(place(changed_at(AT, value, int(AT[200]), EpisodeKind.DRIFT)) - 170) <= 12


def test_changed_at__missing_values_are_passed_over():
    value = np.where(np.arange(400) < 203, 1.0, 4.0)
    value[190:203:2] = np.nan
    assert place(changed_at(AT, value, int(AT[210]), EpisodeKind.STEP)) == 203


@pytest.mark.parametrize("kind", [EpisodeKind.SPIKE, EpisodeKind.DROPOUT, EpisodeKind.OSCILLATION])
def test_changed_at__other_kinds_have_no_moment_of_change(kind):
    assert changed_at(AT, np.where(np.arange(400) < 203, 1.0, 4.0), int(AT[210]), kind) is None


@pytest.mark.parametrize("value", [np.full(400, 5.0), np.full(400, np.nan)])
def test_changed_at__nothing_to_look_at_has_no_moment(value):
    assert changed_at(AT, value, int(AT[210]), EpisodeKind.STEP) is None
