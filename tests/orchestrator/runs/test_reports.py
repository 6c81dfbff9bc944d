"""Stored reports, who took note of them, and conversations."""

from datetime import timedelta

import pytest
from sample_run import START, go, header_of
from sqlalchemy import Engine

from agents.question import ReportKind, Resolved, Turn
from agents.report import Acknowledgement
from orchestrator.runs.conversations import ConversationStore
from orchestrator.runs.errors import RecordConflictError
from orchestrator.runs.reports import ReportStore
from orchestrator.runs.run_store import RunStore
from orchestrator.runs.verify import Integrity, verify_stored
from tools.errors import UnknownRecordError


@pytest.fixture
def reports(engine: Engine) -> ReportStore:
    return ReportStore(engine)


def note(name: str) -> Acknowledgement:
    return Acknowledgement(name=name, role="shift engineer", at=START)


def test_get__is_the_report_that_was_made(store: RunStore, reports: ReportStore) -> None:
    made = go(store, header_of())
    assert reports.get("rep-r-1") == reports.get("rep-") == reports.get("latest") == made


def test_get__an_unknown_one_is_told_with_the_nearest(store: RunStore, reports: ReportStore) -> None:
    go(store, header_of())
    with pytest.raises(UnknownRecordError, match=r"no report 'rep-r-2'.*rep-r-1"):
        reports.get("rep-r-2")


def test_list__newest_first_with_the_line_that_answers(store: RunStore, reports: ReportStore) -> None:
    for minute in range(3):
        kind = ReportKind.SHIFT if minute == 1 else ReportKind.ANSWER
        go(store, header_of(f"r-{minute}", started_at=START + timedelta(minutes=minute), kind=kind))
    assert [line.id for line in reports.list()] == ["rep-r-2", "rep-r-1", "rep-r-0"]
    assert [line.id for line in reports.list(kind=ReportKind.SHIFT)] == ["rep-r-1"]
    assert [line.id for line in reports.list(limit=1, offset=2)] == ["rep-r-0"]
    assert "111.8 %" in reports.list()[0].answer


def test_acknowledge__adds_and_breaks_no_seal(store: RunStore, reports: ReportStore) -> None:
    go(store, header_of())
    reports.acknowledge("rep-r-1", note("A. Khan"))
    noted = reports.acknowledge("rep-r-1", note("B. Ruiz"))
    assert [item.name for item in noted.acknowledgements] == ["A. Khan", "B. Ruiz"]
    assert reports.get("rep-r-1") == noted == store.get("r-1").report
    assert reports.list()[0].acknowledged == 2
    assert verify_stored(store, "r-1", None).integrity is Integrity.OK


def turn(ordinal: int, question: str = "How is the grid?") -> Turn:
    return Turn(conversation="c-1", ordinal=ordinal, question=question, grid="case30", resolved=Resolved(), run="r-1")


def test_turns__come_in_order_and_once(store: RunStore, engine: Engine) -> None:
    conversations = ConversationStore(engine)
    store.start(header_of())
    for ordinal in (1, 0, 1):
        conversations.add_turn(turn(ordinal))
    assert conversations.turns("c-1") == (turn(0), turn(1))
    assert conversations.turns("c-2") == ()


def test_turns__two_at_once_are_refused(store: RunStore, engine: Engine) -> None:
    store.start(header_of())
    ConversationStore(engine).add_turn(turn(0))
    with pytest.raises(RecordConflictError, match="another turn 0"):
        ConversationStore(engine).add_turn(turn(0, "And line 3?"))
