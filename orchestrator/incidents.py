"""Forming incidents: findings of one time and one neighbourhood belong together."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from agents.finding import Finding
from agents.incident import Incident
from agents.question import Question, ReportKind
from agents.report import Report
from orchestrator.belonging import key_of
from tools.element import ElementRef
from tools.subject import SubjectKind, SubjectRef
from tools.vocabulary import Severity

NEAR_TIME = timedelta(minutes=30)
"""Two findings are of one time when less lies between them."""
NEAR_BRANCHES = 2
"""Two elements are neighbours when no more branches lie between them."""
_GRAVE = (Severity.WARNING, Severity.CRITICAL, Severity.EMERGENCY)
_PEOPLE = frozenset({SubjectKind.HOST, SubjectKind.ACCOUNT})
_ID_DIGITS = 8


class Neighbourhood(Protocol):
    """How far elements of a grid lie apart."""

    def between(self, one: ElementRef, other: ElementRef) -> int | None:
        """Branches between two elements; None when no path leads from one to the other."""
        ...


def form_incidents(report: Report, near: Neighbourhood, *, simulated: bool = False) -> tuple[Incident, ...]:
    """The incidents of a report's findings that are graver than information and have a time, by start.

    Args:
        report: A finished report.
        near: The grid's neighbourhood.
        simulated: Whether the readings were made up.
    """
    timed = sorted((item for item in report.findings if item.severity in _GRAVE and item.start), key=_start)
    return tuple(_incident(report, group, simulated=simulated) for group in _groups(timed, near))


def _start(finding: Finding) -> datetime:
    assert finding.start is not None  # noqa: S101 - only findings with a time are grouped
    return finding.start


def _groups(findings: Sequence[Finding], near: Neighbourhood) -> Iterator[list[Finding]]:
    """Connected groups: whatever belongs to one of a group belongs to the group."""
    left = list(findings)
    while left:
        group, reached = [left.pop(0)], 0
        while reached < len(group):
            here = group[reached]
            group += [item for item in left if _together(here, item, near)]
            left = [item for item in left if item not in group]
            reached += 1
        yield sorted(group, key=_start)


def _together(one: Finding, other: Finding, near: Neighbourhood) -> bool:
    return _same_time(one, other) and _same_place(one.assets, other.assets, near)


def _same_time(one: Finding, other: Finding) -> bool:
    first, second = sorted((one, other), key=_start)
    return first.end is None or _start(second) - first.end <= NEAR_TIME


def _same_place(
    one: Iterable[ElementRef | SubjectRef], other: Iterable[ElementRef | SubjectRef], near: Neighbourhood
) -> bool:
    return any(_near(here, there, near) for here in one for there in other)


def _near(here: ElementRef | SubjectRef, there: ElementRef | SubjectRef, near: Neighbourhood) -> bool:
    if isinstance(here, ElementRef) and isinstance(there, ElementRef):
        branches = 0 if here == there else near.between(here, there)
        return branches is not None and branches <= NEAR_BRANCHES
    if isinstance(here, SubjectRef) and isinstance(there, SubjectRef):
        # Who guesses a password and who uses it are seldom named alike: the time has to say it.
        return str(here) == str(there) or {here.kind, there.kind} <= _PEOPLE
    return False


def _incident(report: Report, findings: Sequence[Finding], *, simulated: bool) -> Incident:
    gravest = max(findings, key=lambda item: item.severity.rank)
    start = _start(findings[0])
    ends = [item.end for item in findings]
    grid = report.grid.name if report.grid else report.question.grid
    mark = sha256(f"{grid}|{start:%Y-%m-%d}|{key_of(gravest)}".encode()).hexdigest()[:_ID_DIGITS]
    return Incident(
        id=f"i-{start:%Y%m%d}-{mark}",
        grid=grid,
        report=report.id,
        run=report.run_id,
        title=gravest.title.text,
        severity=gravest.severity,
        start=start,
        end=None if any(end is None for end in ends) else max(end for end in ends if end),
        assets=tuple({str(asset): asset for item in findings for asset in item.assets}.values()),
        findings=tuple(findings),
        recorded_at=report.created_at,
        simulated=simulated,
    )


def explanation_of(incident: Incident) -> Question:
    """The question that asks for the explanation of an incident."""
    return Question(
        text=f"Explain incident {incident.id}", kind=ReportKind.INCIDENT, grid=incident.grid, incident=incident.id
    )
