"""Readings that were due."""

from datetime import timedelta

import numpy as np
import pytest

from tests.tools.detection.synthetic_day import START
from tests.tools.memory_sources import microseconds, series
from tools.detection.gaps import attendance, find_gaps
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series

MINUTE_US = 60_000_000
SENSOR = Sensor(name="s", quantity="p", unit="mw", period_s=60, stale_after_s=300)


def readings(minutes):
    minutes = np.asarray(minutes)
    whole = series(SENSOR, START, 60, np.zeros(len(minutes)))
    return Series(SENSOR, microseconds(START) + minutes * MINUTE_US, whole.value, whole.quality)


def attended(minutes, last, *, before=False):
    end = microseconds(START + timedelta(minutes=last))
    return attendance(readings(minutes), microseconds(START), end, before=before)


def minutes_of(gap):
    return tuple((at - microseconds(START)) // MINUTE_US for at in (gap.start_us, gap.end_us))


def test_attendance__counts_from_the_first_reading_of_a_new_sensor():
    assert attended(range(100, 200), 199).missing == 0
    assert attended(range(100, 200), 199, before=True).missing == 100


@pytest.mark.parametrize(("silent", "missing"), [(5, 0), (6, 6)])
def test_attendance__waits_for_the_last_readings_as_long_as_the_sensor_is_fresh(silent, missing):
    assert attended(range(100), 99 + silent).missing == missing


def test_attendance__bears_readings_that_come_a_little_early_or_late():
    jitter = np.random.default_rng(0).integers(-20_000_000, 20_000_000, 500)
    held = readings(range(500))
    held = Series(SENSOR, held.at_us + jitter, held.value, held.quality)
    assert attendance(held, microseconds(START), microseconds(START) + 499 * MINUTE_US, before=False).missing == 0


def test_attendance__knows_another_rhythm():
    hourly = np.arange(0, 12 * 60, 60)
    assert attended([*hourly, *range(720, 900)], 899).missing == 0
    # the span begins half an hour before the second of the hourly readings
    assert attended([*(hourly[1:] - 30), *range(690, 870)], 869, before=True).missing == 0
    assert attended([*(hourly[2:] - 30), *range(690, 870)], 869, before=True).missing > 0


def test_find_gaps__joins_what_belongs_together_and_leaves_the_rest():
    there = np.ones(1000, dtype=bool)
    there[[50, 400, 900]] = False  # everyday loss
    there[600:700:2] = False
    [gaps] = find_gaps([attended(np.flatnonzero(there), 999)], [60.0])
    [gap] = gaps
    assert (minutes_of(gap), gap.missing, gap.due, gap.lasting) == ((600, 698), 50, 99, False)


def test_find_gaps__lasts_when_nothing_came_after():
    [[gap]] = find_gaps([attended(range(800), 999)], [60.0])
    assert (minutes_of(gap), gap.lasting) == ((800, 999), True)


def test_find_gaps__measures_loss_by_the_usual_sensor():
    """Where every sensor loses a tenth of its readings, five in a row are no dropout of one."""
    rng = np.random.default_rng(1)
    some = [attended(np.flatnonzero(rng.random(1440) > 0.1), 1439) for _ in range(50)]
    assert sum(len(gaps) for gaps in find_gaps(some, [60.0] * 50)) == 0
