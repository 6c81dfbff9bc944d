"""Scoring one report by code: tools, numbers bound to their element, status; and no wrong number anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass

from agents.evidence import Evidence
from agents.report import Report
from evals.case import EvalCase, Expected
from evals.oracle import value_of
from orchestrator.runs.integrity import report_statements
from tools.facts import Fact, facts

_RELATIVE = 1e-4
_ABSOLUTE = 1e-4
"""Half of the last digit that a report shows is far above either; two converged power flows agree far below."""


@dataclass(frozen=True)
class Score:
    """What a report got right.

    Attributes:
        tools_right: Every required tool was called.
        status_right: Answered, qualified or refused as it should be.
        missing: Expected numbers that no statement shows.
        wrong: Shown numbers that contradict the expected ones, or plain pandapower.
        checked: Shown numbers that plain pandapower was asked about.
        unmentioned: Enum values that no statement refers to.
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


def score(case: EvalCase, report: Report) -> Score:
    """Hold a report against its case and against plain pandapower."""
    shown = tuple(_shown(report))
    tools = {item.tool for item in report.evidence}
    judged = [(fact, _oracle(case.grid, fact)) for fact in shown]
    wrong = [f"{_name(fact)} = {fact.value}, pandapower {value:.6g}" for fact, value in judged if _differs(fact, value)]
    wrong += [
        f"{_name(fact)} = {fact.value}, gold {item.value}"
        for item in case.expect
        for fact in shown
        if _same_place(fact, item) and not _within(fact, item)
    ]
    return Score(
        tools_right=set(case.tools) <= tools,
        status_right=report.status in {case.status, *case.also_status},
        missing=tuple(
            f"{item.field} of {item.element or 'the grid'} = {item.value}"
            for item in case.expect
            if not any(_same_place(fact, item) and _within(fact, item) for fact in shown)
        ),
        wrong=tuple(dict.fromkeys(wrong)),
        checked=sum(value is not None for _, value in judged),
        unmentioned=tuple(word for word in case.mentions if not any(fact.value == word for fact in shown)),
    )


def _shown(report: Report) -> Iterator[Fact]:
    """The facts behind every reference of every statement, each once."""
    known = {item.id: _by_path(item) for item in report.evidence}
    references = {(span.evidence, span.path) for _, text in report_statements(report) for span in text.spans}
    for evidence, path in sorted(references):
        if path in known[evidence]:
            yield known[evidence][path]


def _by_path(evidence: Evidence) -> dict[str, Fact]:
    return {fact.path: fact for fact in facts(evidence.result)}


def _field(fact: Fact) -> str:
    return fact.quantity if fact.unit is None else f"{fact.quantity}_{fact.unit}"


def _name(fact: Fact) -> str:
    return f"{_field(fact)} of {fact.entity or 'the grid'} ({fact.case})"


def _oracle(grid: str, fact: Fact) -> float | None:
    """What plain pandapower says of a shown number; None for texts, counts and states that it was not asked about."""
    if isinstance(fact.value, bool | str) or fact.entity is None or fact.case is None:
        return None
    return value_of(grid, fact.entity, fact.case, _field(fact))


def _differs(fact: Fact, value: float | None) -> bool:
    if value is None or not isinstance(fact.value, int | float):
        return False
    return abs(fact.value - value) > _ABSOLUTE + _RELATIVE * abs(value)


def _same_place(fact: Fact, item: Expected) -> bool:
    same_case = item.case is None or fact.case == item.case
    return _field(fact) == item.field and fact.entity == item.element and same_case


def _within(fact: Fact, item: Expected) -> bool:
    return isinstance(fact.value, int | float) and abs(fact.value - item.value) <= item.tolerance
