"""Runs of repeated readings."""

import numpy as np
import pytest

from tests.tools.detection.synthetic_day import START
from tests.tools.memory_sources import microseconds, series
from tools.detection.stuck import stuck_runs
from tools.telemetry.schema.sensor import Sensor

RNG = np.random.default_rng(0)


def runs(value, **fields):
    return stuck_runs(series(Sensor(name="s", quantity="p", unit="mw", period_s=60, **fields), START, 60, value))


def test_stuck_runs__finds_first_and_last_repeated_reading():
    value = 100 + RNG.normal(0, 1, 500)
    value[200:260] = value[200]
    [run] = runs(value, noise=1.0)
    assert (run.start_us - microseconds(START), run.end_us - microseconds(START)) == (200 * 60e6, 259 * 60e6)
    assert (run.readings, run.value, run.exact, run.lasting) == (60, value[200], True, False)


def test_stuck_runs__lasts_to_the_end():
    value = 100 + RNG.normal(0, 1, 500)
    value[400:] = value[400]
    [run] = runs(value, noise=1.0)
    assert run.lasting


@pytest.mark.parametrize("decimals", [0, 1, 3])
def test_stuck_runs__allow_for_coarse_readings(decimals):
    value = np.round(100 + np.random.default_rng(1).normal(0, 1, 20_000), decimals)
    assert runs(value, noise=1.0) == ()


def test_stuck_runs__know_a_sensor_that_repeats_itself_by_nature():
    assert runs(np.repeat([1.0, 2.0, 1.0], 200)) == ()  # a set-point, with no noise declared


def test_stuck_runs__find_a_run_without_declared_noise():
    value = 100 + RNG.normal(0, 1, 500)
    value[200:260] = value[200]
    [run] = runs(value)
    assert run.readings == 60


def test_stuck_runs__call_a_calm_course_inexact():
    """Far less movement than the declared noise, but no reading equal to the next: the others must decide."""
    [run] = runs(100 + np.cumsum(RNG.normal(0, 1e-4, 200)), noise=1.0)
    assert not run.exact
