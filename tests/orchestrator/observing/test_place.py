"""A time is laid into a question about the grid, or it is said why it cannot be."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agents.question import Intent, ReportStatus, Resolved
from orchestrator.observing import asked_time, place
from orchestrator.resolve.scope import reason_of
from tests.orchestrator.observing.seen import NOW, SEEN

ASKED = Resolved(intents=(Intent.TOTALS,))


def _placed(words, resolved=ASKED):
    return place(resolved, asked_time(words, NOW, ZoneInfo("UTC")), SEEN)


def test_place__a_moment_is_laid_in_and_told():
    placed = _placed("at 18:00")
    assert placed.at == datetime(2026, 3, 10, 18, tzinfo=UTC)
    assert (placed.start, placed.status) == (None, ReportStatus.ANSWERED)
    assert "at 18:00" in placed.understood.text


def test_place__limits_and_security_are_looked_through_over_a_span():
    placed = _placed("today", Resolved(intents=(Intent.SECURITY,)))
    assert (placed.start, placed.end) == (datetime(2026, 3, 10, tzinfo=UTC), NOW)
    assert placed.status is ReportStatus.ANSWERED


def test_place__a_value_over_a_span_is_that_at_its_end_and_says_so():
    placed = _placed("this morning")
    assert placed.at == datetime(2026, 3, 10, 12, tzinfo=UTC)
    assert placed.status is ReportStatus.QUALIFIED
    assert "at the end" in placed.reason


def test_place__a_night_without_a_day_is_the_one_that_is_over_and_says_so():
    placed = _placed("between 18:00 and 16:00", Resolved(intents=(Intent.OVERVIEW,)))
    assert (placed.start, placed.end) == (NOW.replace(day=9, hour=18, minute=0), NOW.replace(hour=16, minute=0))
    assert "2026-03-09 18:00 UTC to 2026-03-10 16:00 UTC" in placed.understood.text


@pytest.mark.parametrize("words", ["tomorrow", "tomorrow at 18:00", "on 2026-03-12", "in 2031"])
def test_place__what_lies_ahead_is_not_checked(words):
    placed = _placed(words)
    assert (placed.status, placed.intents) == (ReportStatus.REFUSED, ())
    assert "not checked" in placed.reason
    assert "2026-03-10 23:59 UTC" in placed.reason


def test_place__what_is_not_measured_is_told_from_no_telemetry():
    refused = Resolved(status=ReportStatus.REFUSED, reason=reason_of("telemetry"))
    assert "no sensor of what was asked" in _placed("at 18:00", refused).reason


def test_place__without_a_time_nothing_changes():
    assert _placed("") is ASKED
