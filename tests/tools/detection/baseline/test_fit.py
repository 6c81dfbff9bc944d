"""The usual value of an hour: held against series whose course, weather and troubles are put in by hand."""

import numpy as np
import pytest

from tools.detection.baseline.fit import FALSE_ALARM_RATE, LEAST_DAYS, Baseline, Spread
from tools.detection.baseline.hours import DAY_H, hours_of
from tools.errors import InvalidArgumentError

MONDAY = 20_521 * DAY_H
"""2026-03-09, 00:00 UTC."""


def course(days, seed, noise=1.0, holidays=()):
    """A load with a daily course, quiet weekends, and three per degree of frost or heat beyond sixteen."""
    rng = np.random.default_rng(seed)
    count = days * DAY_H
    hour = np.arange(count)
    air = 12 + 6 * np.sin(2 * np.pi * (hour - 9) / 24) + np.repeat(rng.normal(0, 4, days), DAY_H)
    weekend = (hour // DAY_H) % 7 > 4
    clean = 100 + 20 * np.sin(2 * np.pi * (hour - 8) / 24) - 15 * weekend + 1.5 * np.maximum(0, 16 - air)
    value = clean + noise * rng.normal(size=count)
    return clean, hours_of(MONDAY, value, air, None, holidays)


@pytest.mark.parametrize("days", [30, 60, 90])
def test_baseline__expects_what_was_put_in(days):
    clean, hours = course(days + 7, 1000)
    window = hours.part(slice(0, days * DAY_H))
    expected = Baseline(window).expected(hours)[days * DAY_H :]
    assert np.abs(expected - clean[days * DAY_H :]).mean() < 1.0  # the noise of one hour


def test_baseline__false_alarms_are_about_as_rare_as_stated():
    alarms = []
    for seed in range(1000, 1020):
        _, hours = course(37, seed)
        baseline = Baseline(hours.part(slice(0, 30 * DAY_H)))
        apart = (hours.value - baseline.expected(hours))[30 * DAY_H :]
        alarms.append(baseline.spread.chance(apart) < FALSE_ALARM_RATE)
    assert np.mean(alarms) < 4 * FALSE_ALARM_RATE  # 3,360 hours: 3.4 expected, seldom more than 9 by Poisson's law


def test_baseline__weather_explains_what_the_clock_cannot():
    _, hours = course(37, 1000)
    blind = hours_of(MONDAY, hours.value, None, None, ())
    window = slice(0, 30 * DAY_H)
    assert Baseline(hours.part(window)).spread.limit < 0.5 * Baseline(blind.part(window)).spread.limit


@pytest.mark.parametrize("at_day", [5, 25])
def test_baseline__an_incident_in_the_window_is_not_taken_for_normal(at_day):
    clean, hours = course(37, 1000)
    quiet = Baseline(hours.part(slice(0, 30 * DAY_H)))
    value = hours.value.copy()
    value[at_day * DAY_H : at_day * DAY_H + 20] += 80
    spoilt = hours_of(MONDAY, value, hours.temperature, None, ())
    baseline = Baseline(spoilt.part(slice(0, 30 * DAY_H)))
    assert baseline.excluded >= 20
    assert baseline.spread.limit < 2.0 * quiet.spread.limit
    assert np.abs(baseline.expected(spoilt) - clean)[30 * DAY_H :].mean() < 1.5


def test_baseline__a_holiday_is_expected_as_a_day_of_its_own():
    class SecondMonday:
        def __contains__(self, day):
            return day.day == 16

    _, hours = course(37, 1000, holidays=SecondMonday())
    assert hours.holiday.sum() == DAY_H
    value = hours.value.copy()
    value[hours.holiday] -= 15.0
    told = hours_of(MONDAY, value, hours.temperature, None, SecondMonday())
    apart = (value - Baseline(told.part(slice(0, 30 * DAY_H))).expected(told))[told.holiday]
    assert np.abs(apart).mean() < 3.0


def test_baseline__what_stands_still_teaches_no_scatter():
    value = np.full(30 * DAY_H, 5.0)
    value[::100] = 6.0
    with pytest.raises(InvalidArgumentError, match="constant for the most part"):
        Baseline(hours_of(MONDAY, value, None, None, ()))


def test_baseline__two_weeks_are_enough_and_gaps_are_passed_over():
    clean, hours = course(LEAST_DAYS + 1, 1000)
    value = hours.value.copy()
    value[40:60] = np.nan
    gapped = hours_of(MONDAY, value, hours.temperature, None, ())
    expected = Baseline(gapped.part(slice(0, LEAST_DAYS * DAY_H))).expected(gapped)
    assert np.abs(expected - clean)[LEAST_DAYS * DAY_H :].mean() < 3.0


def test_spread__the_limit_is_where_the_chance_is_the_stated_rate():
    spread = Spread(scale=2.0, freedom=8.0, stretch=1.5)
    assert spread.chance(np.array([spread.limit]))[0] == pytest.approx(FALSE_ALARM_RATE)
    # many degrees of freedom are the normal law, whose two-sided one in a thousand is 3.2905
    assert Spread(scale=1.0, freedom=1e9).limit == pytest.approx(3.2905, abs=1e-3)
