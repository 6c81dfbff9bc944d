"""The ordinary past: load and weather, logs and records in which nothing stands out."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from orchestrator.demoday.injections import customers_by_load
from tools.telemetry.schema.log import LogKind
from tools.telemetry.schema.operations import OutageKind

MIDNIGHT = datetime(2026, 3, 10, tzinfo=UTC)


def history(day, name):
    [series] = [one for one in day.series if one.sensor.name == name]
    return series.at_us[:-1440], series.value[:-1440]


def test_make_day__history_is_hourly_and_ends_at_the_day(clean_day):
    for name in ("system.load", "ambient"):
        at_us, value = history(clean_day, name)
        assert len(value) == 42 * 24
        assert set(np.diff(at_us)) == {3_600_000_000}
        assert at_us[-1] + 3_600_000_000 == int(MIDNIGHT.timestamp() * 1e6)


def test_make_day__load_is_lower_at_weekends_and_higher_in_the_cold(clean_day):
    _, load = history(clean_day, "system.load")
    _, air = history(clean_day, "ambient")
    days = load.reshape(42, 24)
    weekday = np.array([(MIDNIGHT - timedelta(days=42 - i)).weekday() for i in range(42)])
    assert days[weekday >= 5].mean() < 0.96 * days[weekday < 5].mean()
    work = days[weekday < 5].mean(axis=1)
    assert np.corrcoef(work, air.reshape(42, 24)[weekday < 5].mean(axis=1))[0, 1] < -0.8


def test_make_day__the_day_continues_the_history(clean_day):
    _, load = history(clean_day, "system.load")
    [series] = [one for one in clean_day.series if one.sensor.name == "system.load"]
    day = series.value[-1440:].reshape(24, 60).mean(axis=1)
    weekday = np.array([(MIDNIGHT - timedelta(days=42 - i)).weekday() for i in range(42)])
    usual = load.reshape(42, 24)[weekday < 5]
    assert np.abs(day / usual.mean(axis=0) - 1).max() < 0.04
    assert abs(day[0] / load[-1] - 1) < 0.12


def test_make_day__no_ordinary_origin_fails_five_times_in_ten_minutes(clean_day):
    failures = defaultdict(list)
    for one in clean_day.logs:
        if one.kind is LogKind.ACCESS and one.success is False:
            failures[one.origin] += [one.at] * one.count
    assert sum(map(len, failures.values())) > 5  # people do mistype
    for times in failures.values():
        for at in times:
            assert sum(at <= other <= at + timedelta(seconds=600) for other in times) < 5


def test_make_day__logs_reach_back_and_nobody_is_new(clean_day):
    for kind in (LogKind.ACCESS, LogKind.COMMAND):
        entries = [one for one in clean_day.logs if one.kind is kind]
        assert MIDNIGHT - entries[0].at > timedelta(days=27)
        today = [one for one in entries if one.at >= MIDNIGHT]
        past = [one for one in entries if one.at < MIDNIGHT]
        for what in (lambda e: (e.account, e.origin), lambda e: (e.account, str(e.element), e.action)):
            habit = Counter(map(what, past))
            assert min(habit[what(one)] for one in today) >= 2, kind
    assert len({one.id for one in clean_day.logs}) == len(clean_day.logs)


def test_make_day__ordinary_alarms_are_few_and_all_return(clean_day):
    """Far below one in ten minutes, which IEC 62682 calls manageable."""
    alarms = [one for one in clean_day.logs if one.kind is LogKind.ALARM]
    raised = Counter(one.at.date() for one in alarms if one.action == "raise")
    assert max(raised.values()) <= 6
    assert sum(raised.values()) * 2 == len(alarms)
    assert all(one.element is None for one in alarms)


def test_make_day__planned_switching_is_in_all_books(clean_day):
    switched = [one for one in clean_day.logs if one.kind is LogKind.SWITCHING]
    assert len(switched) == 16
    for one in switched:
        [record] = [
            r
            for r in clean_day.outages
            if r.kind is OutageKind.PLANNED and r.element == one.element and r.start.date() == one.at.date()
        ]
        due = record.end if one.closed else record.start
        assert abs(one.at - due) < timedelta(minutes=10)


def test_make_day__outages_are_of_an_ordinary_year(clean_day):
    assert clean_day.customers_served == sum(customers_by_load())
    assert all(one.simulated and one.end < MIDNIGHT for one in clean_day.outages)
    assert min(one.start for one in clean_day.outages) > MIDNIGHT - timedelta(days=366)
    forced = [one for one in clean_day.outages if one.kind is OutageKind.FORCED]
    sustained = [one for one in forced if one.end - one.start > timedelta(minutes=5)]
    minutes = sum(one.customers * (one.end - one.start).total_seconds() / 60 for one in sustained)
    assert 20 < minutes / clean_day.customers_served < 120  # SAIDI of European and American utilities


def test_make_day__permits(clean_day):
    last = MIDNIGHT + timedelta(minutes=1439)
    active = [one for one in clean_day.permits if one.start <= last and one.closed_at is None]
    assert len(active) == 2
    assert all(one.end > last for one in active)
    assert [one.closed_at is not None for one in clean_day.permits].count(True) == 1
    assert all(one.simulated for one in clean_day.permits)


@pytest.mark.parametrize("seed", range(4))
def test_make_day__seeded_days_differ_in_their_noise(day_of, clean_day, seed):
    one = {series.sensor.name: series.value for series in day_of(seed).series}
    assert all(
        not np.array_equal(series.value, one[series.sensor.name])
        for series in clean_day.series
        if len(series) == len(one[series.sensor.name])
    )
