"""What a time is meant as, which times cannot be looked at, and what is no time at all."""

import pytest

from agents.question import ReportStatus
from orchestrator.observing.bounds import unreadable
from tests.orchestrator.observing.seen import NOW, observed


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("what happened at 17:30?", (17, 0), (18, 0)),
        ("what happened around 17:30?", (17, 0), (18, 0)),
        ("which commands were sent at 17:33?", (17, 3), (18, 3)),
        ("what caused the trip of transformer 3 at 17:26?", (16, 56), (17, 56)),
        ("any oscillations at 17:30?", (17, 0), (18, 0)),
        ("what happened at 23:50?", (23, 20), (23, 59)),  # nothing is known after now
    ],
)
def test_observe__what_happened_at_a_moment_is_seen_around_it_and_says_so(text, start, end, inventory):
    found = observed(text, inventory)
    expected = [NOW.replace(hour=hour, minute=minute) for hour, minute in (start, end)]
    assert [found.start, found.end] == expected
    assert f"{expected[0]:%Y-%m-%d %H:%M} UTC to {expected[1]:%Y-%m-%d %H:%M} UTC" in found.understood.text


@pytest.mark.parametrize("text", ["which alarms were standing at 17:30?", "who was logged in at 17:30?"])
def test_observe__what_stood_at_a_moment_began_before_it(text, inventory):
    found = observed(text, inventory)
    assert (found.at, found.start) == (NOW.replace(hour=17, minute=30), None)


@pytest.mark.parametrize(
    "text",
    [
        "any anomalies in 2031?",
        "any anomalies on 2026-03-12?",
        "any anomalies tomorrow?",
        "did anybody guess passwords on 2026-03-11 at 04:00?",
        "what happened today between 18:00 and 16:00?",
    ],
)
def test_observe__a_time_without_data_is_refused_with_where_they_end(text, inventory):
    found = observed(text, inventory)
    assert (found.status, found.intents) == (ReportStatus.REFUSED, ())
    assert "2026-03-10 23:59 UTC" in found.reason


@pytest.mark.parametrize("text", ["load forecast for tomorrow", "which outages are planned tomorrow?"])
def test_observe__what_is_forecast_or_planned_may_lie_ahead(text, inventory):
    assert observed(text, inventory).status is ReportStatus.ANSWERED


def test_observe__a_night_without_a_day_is_the_one_that_is_over_and_says_so(inventory):
    found = observed("any alarms between 18:00 and 16:00?", inventory)
    assert found.start == NOW.replace(day=9, hour=18, minute=0)
    assert "2026-03-09 18:00 UTC to 2026-03-10 16:00 UTC" in found.understood.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("what happened between 25:00 and 26:00?", "“25:00” is no time of day"),
        ("any alarms at 17:99?", "“17:99” is no time of day"),
        ("who came in at 24:01?", "“24:01” is no time of day"),
        ("who logged in on 2026-02-30?", "“2026-02-30” is no day"),
        ("any anomalies on 10.03.2026?", "2026-01-31 is the form"),
        ("any anomalies on 10/03/2026?", "2026-01-31 is the form"),
    ],
)
def test_unreadable__names_what_is_no_time_and_what_would_be_right(text, told):
    assert told in unreadable(text)


@pytest.mark.parametrize(
    "text",
    [
        "between 00:00 and 24:00", "at 17:59 on 2026-02-28", "host 10.44.7.234", "MAC 00:1b:99:00:00:61",
        "IEC 61850:2013", "line 5 at 99.5 %", "2024-02-29T12:30:59",
    ],
)  # fmt: skip
def test_unreadable__leaves_alone_what_is_a_time_or_none_at_all(text):
    assert unreadable(text) is None
