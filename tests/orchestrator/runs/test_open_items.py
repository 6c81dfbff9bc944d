"""Open items: opened once, carried forward, closed by what was looked for, and as they were known at a time."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from agents.finding import Finding
from agents.question import Question, ReportKind, ReportStatus, Resolved
from agents.report import GridStamp, ReasonerStamp, Report, Section, SectionState
from agents.statement import Statement
from orchestrator.belonging import key_of
from orchestrator.runs.incidents import IncidentStore
from orchestrator.runs.open_items import OpenItems
from orchestrator.settling import settle
from tools.errors import UnknownRecordError
from tools.subject import SubjectKind, SubjectRef
from tools.vocabulary import Confidence, Severity

from sample_run import START  # isort: skip - beside this file, see conftest


class Nowhere:
    """No element is near any other."""

    def between(self, one, other):
        del one, other


def _finding(sensor: str, kind: str = "drifting_sensor", severity: Severity = Severity.WARNING) -> Finding:
    said = Statement(text=f"{sensor}: {kind}")
    return Finding(
        id="f1", agent="anomaly_detector", kind=kind, severity=severity, title=said, statement=said,
        assets=(SubjectRef(kind=SubjectKind.SENSOR, name=sensor),), start=START, confidence=Confidence.HIGH,
        evidence=("e1",),
    )  # fmt: skip


def _report(number: int, *findings: Finding, cyber: SectionState = SectionState.FINDINGS, as_of_h: float = 0) -> Report:
    at = START + timedelta(hours=number)
    return Report(
        id=f"rep-{number}", run_id=f"r-{number}", kind=ReportKind.SHIFT, status=ReportStatus.ANSWERED,
        question=Question(text="Shift report", grid="demo"), resolved=Resolved(),
        grid=GridStamp(name="demo", fingerprint="f"), as_of=at + timedelta(hours=as_of_h), created_at=at, summary=(),
        sections=(Section(key="cyber", title="Cyber", state=cyber),), findings=findings,
        reasoner=ReasonerStamp(kind="embedded", model="m"),
    )  # fmt: skip


@pytest.fixture
def items(engine: Engine) -> OpenItems:
    return OpenItems(engine)


@pytest.fixture
def settled(engine: Engine, items: OpenItems):
    def after(report: Report, previous: Report | None = None) -> list[str]:
        settle(report, Nowhere(), IncidentStore(engine), items, previous=previous.as_of if previous else None)
        return [item.key for item in items.open("demo")]

    return after


DRIFT, STUCK = _finding("bus5.vm"), _finding("load3.p", "stuck_sensor")


def test_settle__opens_carries_and_closes(settled):
    first, second, third = _report(0, DRIFT), _report(8, DRIFT, STUCK), _report(16, STUCK)
    assert settled(first) == [key_of(DRIFT)]
    assert settled(second, first) == [key_of(DRIFT), key_of(STUCK)]
    assert settled(third, second) == [key_of(STUCK)]


def test_settle__the_same_report_again_changes_nothing(settled, items):
    report = _report(0, DRIFT)
    settled(report)
    before = items.open("demo")
    settled(report)
    assert items.open("demo") == before


def test_settle__what_was_not_checked_stays_open(settled):
    first = _report(0, DRIFT)
    settled(first)
    assert settled(_report(8, cyber=SectionState.NOT_CHECKED), first) == [key_of(DRIFT)]


def test_settle__a_report_on_an_older_state_closes_nothing(settled):
    first = _report(0, DRIFT)
    settled(first)
    assert settled(_report(8, as_of_h=-24), first) == [key_of(DRIFT)]


def test_open__as_it_was_known_at_a_time(settled, items):
    first, second = _report(0, DRIFT), _report(8)
    settled(first)
    settled(second, first)
    known = [[item.key for item in items.open("demo", START + timedelta(hours=hour))] for hour in (-1, 1, 9)]
    assert known == [[], [key_of(DRIFT)], []]


@pytest.mark.parametrize("number", range(4))
def test_open__of_one_report_the_gravest_first_whatever_the_report_is_called(settled, number):
    grave = _finding("tie9.p", severity=Severity.CRITICAL)
    later, middle, sooner = (_finding(f"bus{bus}.vm") for bus in (7, 6, 5))
    told = settled(_report(number, later, sooner, grave, middle))
    assert told == [key_of(one) for one in (grave, sooner, middle, later)]


def test_open__each_grid_has_its_own(settled, items):
    settled(_report(0, DRIFT))
    assert items.open("other") == ()


def test_incidents__are_kept_once_and_found_by_their_beginning(engine, settled):
    settled(_report(0, DRIFT))
    settled(_report(1, DRIFT))
    store = IncidentStore(engine)
    [incident] = store.list(10)
    assert incident.report == "rep-0"
    assert store.get(incident.id[:-2]) == incident
    with pytest.raises(UnknownRecordError, match=incident.id):
        store.get(incident.id[:-2] + "zz")
