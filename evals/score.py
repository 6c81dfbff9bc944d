"""Scoring one report by code: tools, values bound to their place, findings, status; and no wrong number anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from evals.judge import GridJudge
from evals.shown import shown_in
from orchestrator.runs.integrity import report_statements

if TYPE_CHECKING:
    from agents.evidence import Evidence
    from agents.finding import Finding
    from agents.report import Report
    from evals.case import EvalCase, Expected, ExpectedFinding, Looked, Place
    from evals.judge import Judge, Opinion
    from evals.shown import Shown

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Score:
    """What a report got right.

    Attributes:
        tools_right: Every required tool was called, over the whole span where one is required.
        status_right: Answered, qualified or refused as it should be.
        missing: Expected values and findings that the report does not show.
        wrong: Shown values that contradict the expected ones, or the second opinion; fields that must not be shown.
        checked: Shown numbers that there was a second opinion on.
        unmentioned: Enum values that no statement refers to, and words that none says.
    """

    tools_right: bool
    status_right: bool
    missing: tuple[str, ...]
    wrong: tuple[str, ...]
    checked: int
    unmentioned: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is amiss."""
        return self.tools_right and self.status_right and not (self.missing or self.wrong or self.unmentioned)


def score(case: EvalCase, report: Report, judge: Judge | None = None) -> Score:
    """Hold a report against its case, and each number in it against a second opinion.

    Args:
        case: What is expected.
        report: What was answered.
        judge: Gives the opinions; plain pandapower on the case's grid when absent.
    """
    judge = judge or GridJudge(case.grid)
    shown = tuple(shown_in(report))
    judged = [(item, judge(item)) for item in shown]
    wrong = [
        f"{item.name} = {item.fact.value}, {opinion.source} {opinion.value:.6g}"
        for item, opinion in judged
        if opinion is not None and _contradicts(item, opinion)
    ]
    wrong += [
        f"{item.name} = {item.fact.value}, gold {expected.value}"
        for expected in case.expect
        for item in shown
        if _same_place(item, expected) and not _within(item, expected)
    ]
    wrong += [
        f"{item.name} = {item.fact.value}, where none can be known" for item in shown if item.field in case.absent
    ]
    return Score(
        tools_right=_tools_right(case, report),
        status_right=report.status in {case.status, *case.also_status},
        missing=(*_missing_values(case, shown), *_missing_findings(case, report)),
        wrong=tuple(dict.fromkeys(wrong)),
        checked=sum(opinion is not None for _, opinion in judged),
        unmentioned=(*_unmentioned(case, shown), *_unsaid(case, report)),
    )


def _tools_right(case: EvalCase, report: Report) -> bool:
    called = set(case.tools) <= {item.tool for item in report.evidence}
    return called and all(any(_covers(item, span) for item in report.evidence) for span in case.looked)


def _covers(evidence: Evidence, span: Looked) -> bool:
    """Whether a call looked through a span, by the arguments of the grid tools or of those of telemetry and logs."""
    given = evidence.arguments
    start, end = (_moment(given.get(one) or given.get(other)) for one, other in (("since", "start"), ("at", "end")))
    if evidence.tool != span.tool or start is None:
        return False
    return start < span.start + _MINUTE and (end or evidence.as_of) > span.end - _MINUTE


def _missing_values(case: EvalCase, shown: tuple[Shown, ...]) -> list[str]:
    return [
        f"{expected.field} of {expected.element or expected.sensor or 'the grid'} = {expected.value}"
        for expected in case.expect
        if not any(_same_place(item, place) and _within(item, expected) for place in expected.places for item in shown)
    ]


def _missing_findings(case: EvalCase, report: Report) -> list[str]:
    return [
        f"finding {wanted.kind} of {wanted.about} from {wanted.start.isoformat()}"
        for wanted in case.findings
        if not any(_is(found, wanted) for found in report.findings)
    ]


def _is(found: Finding, wanted: ExpectedFinding) -> bool:
    near = timedelta(minutes=wanted.within_min)
    if found.kind != wanted.kind or wanted.about not in {str(asset) for asset in found.assets}:
        return False
    if found.start is None or abs(found.start - wanted.start) > near:
        return False
    if found.end is None or wanted.end is None:
        return found.end is None and wanted.end is None
    return abs(found.end - wanted.end) <= near


def _unmentioned(case: EvalCase, shown: tuple[Shown, ...]) -> list[str]:
    return [word for word in case.mentions if not any(item.fact.value == word for item in shown)]


def _unsaid(case: EvalCase, report: Report) -> list[str]:
    """Words of ours that no statement has; that there is nothing to refer to can only be said in words."""
    texts = [text.text.lower() for _, text in report_statements(report)]
    return [words for words in case.says if not any(one.lower() in text for one in words.split("|") for text in texts)]


def _contradicts(item: Shown, opinion: Opinion) -> bool:
    return isinstance(item.fact.value, int | float) and abs(item.fact.value - opinion.value) > opinion.tolerance


def _same_place(item: Shown, place: Place) -> bool:
    fact = item.fact
    return (
        item.field == place.field
        and (place.sensor is None or item.subject == f"sensor:{place.sensor}")
        and (place.sensor is not None or fact.entity == place.element)
        and (place.part is None or (fact.path.rpartition("/")[0] or "/") == place.part)
        and (place.case is None or fact.case == place.case)
        and (place.at is None or (item.stated_at is not None and abs(item.stated_at - place.at) < _MINUTE))
    )


def _within(item: Shown, expected: Expected) -> bool:
    said, gold = item.fact.value, expected.value
    if isinstance(gold, bool | str) or isinstance(said, bool):
        return said == gold
    if isinstance(gold, datetime):
        moment = _moment(said)
        return moment is not None and abs(moment - gold) <= timedelta(minutes=expected.tolerance or 0.0)
    return isinstance(said, int | float) and abs(said - gold) <= (expected.tolerance or 0.0)


def _moment(said: object) -> datetime | None:
    try:
        return datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
