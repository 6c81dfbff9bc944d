"""Incidents: findings of one time and one neighbourhood, and nothing else, belong together."""

from datetime import UTC, datetime, timedelta

import pytest

from agents.finding import Finding
from agents.question import Question, ReportKind, ReportStatus, Resolved
from agents.report import GridStamp, ReasonerStamp, Report
from agents.statement import Statement
from orchestrator.incidents import form_incidents
from tools.element import ElementKind, ElementRef
from tools.subject import SubjectKind, SubjectRef
from tools.vocabulary import Confidence, Severity

SIX = datetime(2026, 3, 10, 18, tzinfo=UTC)


class Chain:
    """Elements on a chain of buses: as many branches lie between two as their indices differ."""

    def between(self, one, other):
        return abs(one.index - other.index)


def _bus(index: int) -> ElementRef:
    return ElementRef(kind=ElementKind.BUS, index=index)


def _finding(number, asset, start_min, end_min, *, severity=Severity.WARNING, kind="overload") -> Finding:
    said = Statement(text=f"{kind} of {asset}")
    return Finding(
        id=f"f{number}", agent="grid_monitor", kind=kind, severity=severity, title=said, statement=said,
        assets=(asset,), start=SIX + timedelta(minutes=start_min),
        end=None if end_min is None else SIX + timedelta(minutes=end_min), confidence=Confidence.HIGH, evidence=("e1",),
    )  # fmt: skip


def _report(*findings: Finding) -> Report:
    return Report(
        id="rep-1", run_id="r-1", kind=ReportKind.SHIFT, status=ReportStatus.ANSWERED,
        question=Question(text="Shift report", grid="demo"), resolved=Resolved(),
        grid=GridStamp(name="demo", fingerprint="f"), as_of=SIX, created_at=SIX, summary=(), findings=findings,
        reasoner=ReasonerStamp(kind="embedded", model="m"),
    )  # fmt: skip


def _groups(*findings: Finding) -> list[set[str]]:
    return [{item.id for item in incident.findings} for incident in form_incidents(_report(*findings), Chain())]


@pytest.mark.parametrize(("gap_min", "together"), [(29, True), (31, False)])
def test_form_incidents__one_time(gap_min, together):
    groups = _groups(_finding(1, _bus(1), 0, 10), _finding(2, _bus(1), 10 + gap_min, 60))
    assert len(groups) == (1 if together else 2)


@pytest.mark.parametrize(("branches", "together"), [(2, True), (3, False)])
def test_form_incidents__one_neighbourhood(branches, together):
    groups = _groups(_finding(1, _bus(0), 0, 10), _finding(2, _bus(branches), 5, 15))
    assert len(groups) == (1 if together else 2)


def test_form_incidents__what_lasts_reaches_to_what_comes_later():
    assert len(_groups(_finding(1, _bus(0), 0, None), _finding(2, _bus(1), 300, 310))) == 1


def test_form_incidents__a_chain_of_neighbours_is_one_incident():
    chain = [_finding(place, _bus(2 * place), place, place + 5) for place in range(4)]
    assert _groups(*chain) == [{"f0", "f1", "f2", "f3"}]


def test_form_incidents__who_guesses_and_who_commands_belong_together_but_not_with_a_bus():
    host, account = (SubjectRef(kind=kind, name="x") for kind in (SubjectKind.HOST, SubjectKind.ACCOUNT))
    groups = _groups(_finding(1, host, 0, 5), _finding(2, account, 10, 12), _finding(3, _bus(1), 6, 8))
    assert {"f1", "f2"} in groups
    assert {"f3"} in groups


def test_form_incidents__information_and_what_has_no_time_make_none():
    calm = _finding(1, _bus(1), 0, 5, severity=Severity.INFORMATION)
    timeless = _finding(2, _bus(1), 0, 5).model_copy(update={"start": None})
    assert _groups(calm, timeless) == []


def test_form_incidents__seen_again_it_has_the_same_identifier():
    grave = _finding(2, _bus(1), 3, 6, severity=Severity.CRITICAL)
    first = form_incidents(_report(_finding(1, _bus(0), 0, 10), grave), Chain())
    again = form_incidents(_report(_finding(7, _bus(0), 0, 10), grave), Chain())
    assert first[0].id == again[0].id
    assert first[0].severity is Severity.CRITICAL
