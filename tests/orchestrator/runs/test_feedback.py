"""What people say of incidents: kept, the newest word counts, and learnt from."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from agents.finding import Finding
from agents.incident import FeedbackVerdict, Incident
from agents.statement import Statement
from orchestrator.risk.confirmed import MOST_HOURS, judged_rows
from orchestrator.runs.feedback import FeedbackStore
from orchestrator.runs.incidents import IncidentStore
from tests.tools.detection.faults import biased
from tests.tools.detection.synthetic_day import START, context, measured, solved_day
from tools.detection.risk.features import NAMES
from tools.errors import UnknownRecordError
from tools.vocabulary import Confidence, Severity

NOW = datetime(2026, 3, 12, tzinfo=UTC)


@pytest.fixture
def store(engine):
    minutes = iter(range(100))
    return FeedbackStore(engine, now=lambda: NOW + timedelta(minutes=next(minutes)))


def incident(identifier: str, hour: int) -> Incident:
    said, start = Statement(text="false data"), START + timedelta(hours=hour)
    finding = Finding(
        id="f1", agent="anomaly_detector", kind="false_data", severity=Severity.WARNING, title=said, statement=said,
        start=start, end=start + timedelta(hours=2), confidence=Confidence.HIGH, evidence=("e1",),
    )  # fmt: skip
    return Incident(
        id=identifier, grid="test", report="rep-1", run="r-1", title="false data", severity=Severity.WARNING,
        start=start, end=start + timedelta(hours=2), assets=(), findings=(finding,), recorded_at=NOW,
    )  # fmt: skip


@pytest.fixture
def incidents(engine):
    recorded = incident("i-20260310-aaaa1111", 10), incident("i-20260310-bbbb2222", 4)
    IncidentStore(engine).add(recorded)
    return recorded


def test_give__adds_and_the_newest_word_counts(store, incidents):
    first, second = incidents
    store.give(first.id, FeedbackVerdict.CONFIRMED, "kay")
    store.give(second.id[:-2], FeedbackVerdict.FALSE_ALARM, "kay")
    store.give(first.id, FeedbackVerdict.OTHER_CAUSE, "lee", "a crane")
    judged = {incident.id: said for incident, said in store.judged(first.grid)}
    assert judged.keys() == {first.id, second.id}
    assert (judged[first.id].verdict, judged[first.id].by, judged[first.id].cause) == ("other_cause", "lee", "a crane")
    assert judged[first.id].at == NOW + timedelta(minutes=2)
    assert store.judged("another grid") == ()


def test_incidents__come_with_the_newest_word_known_at_a_time_and_their_record_never_changes(store, incidents, engine):
    known, name = IncidentStore(engine), incidents[0].id
    store.give(name, FeedbackVerdict.CONFIRMED, "kay")
    store.give(name, FeedbackVerdict.FALSE_ALARM, "lee")
    assert (known.get(name).feedback.verdict, known.get(name).feedback.by) == ("false_alarm", "lee")
    assert [item.feedback and item.feedback.by for item in known.list()] == ["lee", None]
    assert known.get(name, NOW + timedelta(seconds=30)).feedback.by == "kay"
    assert known.get(name, NOW).feedback.by == "kay"
    known.add([known.get(name)])
    assert known.get(name).model_copy(update={"feedback": None}) == incidents[0]


def test_give__refuses_an_unknown_incident(store, incidents):
    with pytest.raises(UnknownRecordError, match="There is no incident 'i-nowhere'"):
        store.give("i-nowhere", FeedbackVerdict.CONFIRMED, "kay")
    assert store.judged(incidents[0].grid) == ()


def test_judged_rows__are_the_hours_of_the_incident_as_people_said(store, incidents):
    confirmed, false_alarm = incidents
    store.give(confirmed.id, FeedbackVerdict.OTHER_CAUSE, "kay")
    store.give(false_alarm.id, FeedbackVerdict.FALSE_ALARM, "kay")
    truth = solved_day()
    value = biased(truth, measured(truth, 61), "line3.p_from", slice(600, 720), 20)
    rows, left_out = judged_rows(store.judged(confirmed.grid), context(truth, value), 7)
    assert left_out == ()
    mine, other = ([row for row in rows if row.day == day] for day in (7, 8))
    assert {row.incident for row in mine} == {True}
    assert {row.incident for row in other} == {False}
    assert 1 <= len(other) <= MOST_HOURS
    contradiction = NAMES.index("contradiction_sigma")
    assert min(row.figures[contradiction] for row in mine[:1]) > 20
    assert max(row.figures[contradiction] for row in other) < 15


def test_judged_rows__say_what_they_leave_out(store, incidents):
    store.give(incidents[0].id, FeedbackVerdict.CONFIRMED, "kay")
    truth = solved_day()
    silent = np.full(truth.value.shape, np.nan)
    rows, left_out = judged_rows(store.judged(incidents[0].grid), context(truth, silent), 0)
    assert rows == []
    assert all(line.startswith(f"{incidents[0].id}: no reading in the hour before {START:%Y}") for line in left_out)
    assert left_out
