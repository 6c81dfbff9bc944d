"""What is said of an incident that people judged: their word stands right behind what it is."""

import pytest

from agents.incident import FeedbackVerdict, IncidentFeedback
from agents.question import ReportKind, Resolved
from orchestrator.compose.leading import lead
from orchestrator.record_schema import RecordExcerpt, RecordKind
from tests.orchestrator.compose.evidence import SIX, board, evidence, pen


def said_of(feedback):
    record = RecordExcerpt(
        kind=RecordKind.INCIDENT, identifier="i1", question="cooling loss", grid="demo", status="warning", as_of=SIX,
        findings=1, feedback=feedback,
    )  # fmt: skip
    shown = board(evidence("e1", "read_record", record))
    return [pen(shown)(sentence).text for sentence in lead(ReportKind.INCIDENT, shown, Resolved(), pen(shown))]


@pytest.mark.parametrize(("cause", "more"), [("", ""), ("a crane", ", cause “a crane”")])
def test_lead__says_what_a_person_judged(cause, more):
    word = IncidentFeedback(
        incident="i1", grid="demo", verdict=FeedbackVerdict.FALSE_ALARM, by="A. Night", at=SIX, cause=cause
    )
    first, second = said_of(word)
    assert first.startswith("Incident i1: ")
    assert second == f"Judged by A. Night at 2026-03-10 06:00 UTC: false alarm{more}."


def test_lead__of_an_incident_that_nobody_judged_says_nothing_of_it():
    assert len(said_of(None)) == 1
