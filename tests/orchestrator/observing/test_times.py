"""Times in operators' words, in the control room's zone, daylight saving included."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from orchestrator.observing.times import asked_time

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 10, 22, 59, tzinfo=UTC)  # 23:59 in Berlin


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("on 2026-03-01", "2026-02-28T23:00", "2026-03-01T22:59:59"),
        ("on 1 March 2026", "2026-02-28T23:00", "2026-03-01T22:59:59"),
        ("on March 1st, 2026", "2026-02-28T23:00", "2026-03-01T22:59:59"),
        ("yesterday", "2026-03-08T23:00", "2026-03-09T22:59:59"),
        ("today", "2026-03-09T23:00", "2026-03-10T22:59"),
        ("between 17:00 and 20:00", "2026-03-10T16:00", "2026-03-10T19:00"),
        ("from 5 to 8 pm", "2026-03-10T16:00", "2026-03-10T19:00"),
        ("between 22:00 and 02:00 yesterday", "2026-03-09T21:00", "2026-03-10T01:00"),
        ("since 18:30", "2026-03-10T17:30", "2026-03-10T22:59"),
        ("in the last 6 hours", "2026-03-10T16:59", "2026-03-10T22:59"),
        ("over the past hour", "2026-03-10T21:59", "2026-03-10T22:59"),
        ("this evening", "2026-03-10T16:00", "2026-03-10T22:00"),
        ("yesterday evening", "2026-03-09T16:00", "2026-03-09T22:00"),
        ("tomorrow morning", "2026-03-11T05:00", "2026-03-11T11:00"),
        ("since noon", "2026-03-10T11:00", "2026-03-10T22:59"),
        ("after 17:00", "2026-03-10T16:00", "2026-03-10T22:59"),
        ("from 5 pm on", "2026-03-10T16:00", "2026-03-10T22:59"),
        ("before 06:00", "2026-03-09T23:00", "2026-03-10T05:00"),
        ("during the shift", "2026-03-09T22:59", "2026-03-10T22:59"),
        ("all day", "2026-03-09T23:00", "2026-03-10T22:59"),
        ("last night", "2026-03-09T17:00", "2026-03-10T05:00"),  # at one minute to midnight it is the night before
        ("overnight", "2026-03-09T17:00", "2026-03-10T05:00"),
        ("this week", "2026-03-08T23:00", "2026-03-10T22:59"),  # Monday, 9 March
        ("last month", "2026-01-31T23:00", "2026-02-28T23:00"),
        ("this year", "2025-12-31T23:00", "2026-03-10T22:59"),
        ("in 2025", "2024-12-31T23:00", "2025-12-31T23:00"),
        ("in 2026", "2025-12-31T23:00", "2026-03-10T22:59"),
        ("in February 2026", "2026-01-31T23:00", "2026-02-28T23:00"),
        ("during 2031", "2030-12-31T23:00", "2031-12-31T23:00"),
        ("on 2025-07-01 between 10:00 and 11:00", "2025-07-01T08:00", "2025-07-01T09:00"),
        ("on 2026-03-29", "2026-03-28T23:00", "2026-03-29T21:59:59"),  # 23 hours: clocks go forward
        ("on 2025-10-26", "2025-10-25T22:00", "2025-10-26T22:59:59"),  # 25 hours: clocks go back
    ],
)
def test_asked_time__a_span(words, start, end):
    asked = asked_time(f"what did the sensor say {words}?", NOW, BERLIN)
    assert (asked.start, asked.end) == (_utc(start), _utc(end))


def test_asked_time__last_night_at_three_in_the_morning_is_the_night_that_goes_on():
    now = datetime(2026, 3, 10, 2, tzinfo=UTC)  # 03:00 in Berlin
    asked = asked_time("who logged in last night?", now, BERLIN)
    assert (asked.start, asked.end) == (_utc("2026-03-09T17:00"), now)


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("at 18:30", "2026-03-10T17:30"),
        ("at 6 pm", "2026-03-10T17:00"),
        ("at 6:15am", "2026-03-10T05:15"),
        ("at 12 am", "2026-03-09T23:00"),
        ("at noon", "2026-03-10T11:00"),
        ("18:30", "2026-03-10T17:30"),
        ("tomorrow at 18:00", "2026-03-11T17:00"),
        ("half an hour ago", "2026-03-10T22:29"),
        ("20 minutes ago", "2026-03-10T22:39"),
        ("on 2026-03-01 at 18:30", "2026-03-01T17:30"),
        ("at 2026-03-01T18:30", "2026-03-01T17:30"),
        ("yesterday at 7pm", "2026-03-09T18:00"),
        ("on 2026-03-01", "2026-03-01T22:59:59"),  # a day's value is its last
    ],
)
def test_asked_time__a_moment(words, at):
    assert asked_time(f"the voltage {words}", NOW, BERLIN).at == _utc(at)


@pytest.mark.parametrize(
    "words",
    [
        "at bus 12",
        "at line 14",
        "loads above 5 mw",
        "with line 5 out",
        "at 110 kv",
        "at 0.95 pu",
        "after line 3 trips",
        "after 5 lines trip",
        "from bus 3 to bus 5",
        "before 3 of them",
        "of 2000 mw",
        "for 2000 customers",
        "in bus 2031",
    ],
)
def test_asked_time__a_number_that_is_no_time(words):
    assert not asked_time(f"the voltage {words}", NOW, BERLIN).named


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("What was the total load at 18:00?", "What was the total load ?"),
        ("Were any limits violated today?", "Were any limits violated ?"),
        ("voltage at bus 5 at 03:00 on 2026-03-10?", "voltage at bus 5 ?"),
        ("was it secure yesterday evening", "was it secure"),
        ("voltage at bus 5", "voltage at bus 5"),
    ],
)
def test_without__takes_the_time_out_and_nothing_else(text, rest):
    assert asked_time(text, NOW, BERLIN).without(text) == rest


@pytest.mark.parametrize(("words", "over"), [("today", True), ("at 18:30", False), ("since noon", True), ("", False)])
def test_over__tells_a_span_from_a_moment(words, over):
    assert asked_time(f"the voltage {words}", NOW, BERLIN).over is over


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("between 18:00 and 16:00", "2026-03-09T17:00", "2026-03-10T15:00"),  # until 16:00 tomorrow is not over
        ("between 23:00 and 01:00", "2026-03-09T22:00", "2026-03-10T00:00"),
        ("on 2026-03-08 between 18:00 and 16:00", "2026-03-08T17:00", "2026-03-09T15:00"),
        ("today between 18:00 and 16:00", "2026-03-10T17:00", "2026-03-11T15:00"),  # the day is said: not another one
        ("between 16:00 and 18:00", "2026-03-10T15:00", "2026-03-10T17:00"),
    ],
)
def test_past__clock_times_over_midnight_without_a_day_are_those_that_are_over(words, start, end):
    asked = asked_time(f"was anything wrong {words}?", NOW, BERLIN).past(NOW)
    assert (asked.start, asked.end) == (_utc(start), _utc(end))


def test_past__a_night_that_goes_on_ends_now():
    now = datetime(2026, 3, 10, 2, tzinfo=UTC)  # 03:00 in Berlin
    asked = asked_time("what happened between 22:00 and 06:00?", now, BERLIN).past(now)
    assert (asked.start, asked.end) == (_utc("2026-03-09T21:00"), now)
