"""Verdicts on a single sensor."""

import numpy as np
import pytest

from tools.detection.streaming.single import FALSE_ALARM_RATE, TOLD_US, SingleSensorDetector
from tools.errors import InvalidArgumentError

MINUTE_US = 60_000_000


def verdicts(values, step_us=MINUTE_US):
    detector = SingleSensorDetector()
    return [detector.update(at * step_us, float(value)) for at, value in enumerate(values)]


def test_single__white_noise_alerts_about_as_seldom_as_stated():
    alerts = [v.alert for seed in range(10) for v in verdicts(np.random.default_rng(seed).normal(size=5000))[500:]]
    assert np.mean(alerts) < 3 * FALSE_ALARM_RATE


@pytest.mark.parametrize(("change", "within"), [(8.0, 1), (3.0, 60)])
def test_single__a_new_level_is_told_soon_and_once(change, within):
    values = np.random.default_rng(1).normal(size=3000)
    values[2000:] += change
    alerts = [at for at, verdict in enumerate(verdicts(values)) if verdict.alert and at >= 2000]
    assert alerts[0] <= 2000 + within
    assert len(alerts) < 40  # of a thousand values off the level


def test_single__a_quiet_time_before_the_same_is_told_again():
    values = np.random.default_rng(2).normal(size=4000)
    first, soon, later = 2000, 2100, 2001 + TOLD_US // MINUTE_US
    values[[first, soon, later]] = 12.0, 9.0, 12.5
    told = verdicts(values)
    assert (told[first].alert, told[soon].alert, told[later].alert) == (True, False, True)


def test_single__the_usual_course_of_a_day_is_no_news_but_its_absence_is():
    quarter_us = 15 * MINUTE_US
    hours = np.arange(20 * 96) / 4
    values = 100 + 30 * np.sin(hours * 2 * np.pi / 24) + np.random.default_rng(3).normal(0, 1, len(hours))
    noon_missing = values.copy()
    noon_missing[18 * 96 + 20 : 18 * 96 + 28] = 70  # the level of evening, at six in the morning, where 130 is usual
    usual, odd = verdicts(values, quarter_us), verdicts(noon_missing, quarter_us)
    assert not any(verdict.alert for verdict in usual[10 * 96 :])
    assert any(verdict.alert for verdict in odd[18 * 96 + 20 : 18 * 96 + 28])
    assert odd[18 * 96 + 22].expected == pytest.approx(130, abs=5)


@pytest.mark.parametrize("values", [[], [1.0], [np.nan] * 200, [5.0] * 200])
def test_single__has_nothing_to_say_of_empty_missing_or_constant_values(values):
    told = verdicts(values)
    assert len(told) == len(values)
    assert not any(verdict.alert for verdict in told)


def test_single__refuses_what_is_late_twice_or_infinite():
    detector = SingleSensorDetector()
    detector.update(10, 1.0)
    for late in (10, 9):
        with pytest.raises(InvalidArgumentError, match=f"{late} is not later than 10"):
            detector.update(late, 1.0)
    with pytest.raises(InvalidArgumentError, match="finite number"):
        detector.update(11, float("inf"))
