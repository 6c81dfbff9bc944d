"""Readings that repeat earlier ones: found to the minute, and never where chance or a held value explains it."""

import numpy as np
import pytest

from tests.tools.memory_sources import microseconds, series
from tests.tools.security.contexts import DAY
from tools.security.bad_data.repetition import find_repeats, together
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.trust import code
from tools.vocabulary import ReadingQuality

MINUTES = 1440
NOISE = 0.5


def sensor(name="a.p"):
    return Sensor(name=name, grid="test", quantity="p", unit="mw", noise=NOISE, period_s=60)


def course(seed=1, decimals=3):
    chance = np.random.default_rng(seed)
    hour = np.arange(MINUTES) / 60
    return np.round(100 + 20 * np.sin(hour / 24 * 2 * np.pi) + NOISE * chance.standard_normal(MINUTES), decimals)


def replayed(value, first, stop, back):
    changed = value.copy()
    changed[first:stop] = value[first - back : stop - back]
    return changed


def look(value, quality=None, start=DAY):
    held = series(sensor(), DAY, 60, value, quality)
    return find_repeats({"a.p": held}, {"a.p": NOISE}, microseconds(start))


def minute(at_us):
    return (at_us - microseconds(DAY)) / 60e6


def test_find_repeats__tells_which_earlier_readings_came_again():
    [one], compared = look(replayed(course(), 900, 960, 300))
    assert compared == 1
    assert (minute(one.start_us), minute(one.end_us)) == (900, 959)
    assert (minute(one.from_us), minute(one.to_us)) == (600, 659)
    assert (one.readings, one.delay_us) == (60, 300 * 60e6)


@pytest.mark.parametrize("seed", range(5))
def test_find_repeats__finds_none_in_noise(seed):
    assert look(course(seed)) == ([], 1)


def test_find_repeats__a_held_value_is_no_replay():
    value = course()
    value[200:260] = value[700:800] = 101.0
    value[700:760] = value[200:260]
    assert look(value)[0] == []


def test_find_repeats__values_that_a_source_marks_as_substituted_are_none():
    quality = np.zeros(MINUTES, dtype=np.int8) + code(ReadingQuality.GOOD)
    quality[900:960] = code(ReadingQuality.SUBSTITUTED)
    assert look(replayed(course(), 900, 960, 300), quality)[0] == []


def test_find_repeats__of_a_sensor_as_coarse_as_its_noise_nothing_is_said():
    found, compared = look(replayed(course(decimals=0), 900, 960, 300))
    assert (found, compared) == ([], 0)


def test_find_repeats__what_lies_before_the_time_is_not_told():
    held = replayed(course(), 300, 360, 200)
    assert look(held, start=DAY.replace(hour=12))[0] == []


def test_chance_of_equal_readings__is_the_resolution_over_two_root_pi_sigma():
    # the bound on which the length of a run rests, held against a count of equal pairs
    chance = np.random.default_rng(5)
    one, other = (np.round(NOISE * chance.standard_normal(400_000), 2) for _ in range(2))
    assert np.mean(one == other) == pytest.approx(0.01 / (2 * np.sqrt(np.pi) * NOISE), rel=0.05)


def test_together__one_delay_at_one_time_is_one_cause():
    names = ("a.p", "b.p", "c.p")
    held = {
        name: series(sensor(name), DAY, 60, replayed(course(seed), 900, 960, 300 if seed < 3 else 200))
        for seed, name in enumerate(names, 1)
    }
    found, _ = find_repeats(held, dict.fromkeys(names, NOISE), microseconds(DAY))
    assert [[one.sensor for one in group] for group in together(found)] == [["a.p", "b.p"], ["c.p"]]
