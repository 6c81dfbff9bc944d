"""The deterministic plan of a resolved question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from agents.incident import Incident
from agents.plan import Plan, PlanStep
from agents.question import (
    SWEPT,
    DispatchWish,
    Fault,
    Intent,
    Question,
    RemedyWish,
    ReportKind,
    ReportStatus,
    Resolved,
    RestorationWish,
    SheddingWish,
)
from orchestrator.planning import outage_steps, steps
from orchestrator.planning.incident import incident_steps
from orchestrator.planning.observed import OBSERVED, observed_steps
from orchestrator.planning.shift import shift_steps
from orchestrator.planning.span import Span
from orchestrator.planning.steps import Case
from tools.element import ElementKind, ElementRef
from tools.grid.inventory import BRANCH_KINDS, CIRCUIT_KINDS, UNIT_KINDS
from tools.result import canonical_json

BOUND = 60
_DESCRIBED = 10
_TRACED = 4
_PAIR = 2
_NO_GRID = frozenset({Intent.HELP, Intent.STANDARDS, Intent.RECORD, *OBSERVED})
_NO_STATE = frozenset(
    {
        *_NO_GRID,
        Intent.DESCRIBE,
        Intent.PATH,
        Intent.MODEL,
        Intent.DRAW,
        Intent.SHORT_CIRCUIT,
        Intent.CASCADE,
        Intent.RESTORE,
        Intent.DISPATCH,
    }
)
_SECURE = re.compile(r"n-1|secur|outage|contingenc|surviv", re.IGNORECASE)
_REMEDY_QUERY = "remedial actions against overloads and voltage violations, and the order in which to take them"
_TRIPS = frozenset({*CIRCUIT_KINDS, *UNIT_KINDS})
_RANKED_BY = MappingProxyType({"vm": "low_voltage", "loading": "loading", "loss": "losses"})


@dataclass(frozen=True)
class _Asked:
    """A resolved question with the state that it speaks of."""

    resolved: Resolved
    case: Case

    @property
    def solvable(self) -> tuple[ElementRef, ...]:
        """Focus elements that a power flow has values for."""
        return tuple(ref for ref in self.resolved.elements if ref.kind is not ElementKind.SWITCH)

    @property
    def branches(self) -> tuple[ElementRef, ...]:
        """Focus elements that can be overloaded."""
        return tuple(ref for ref in self.resolved.elements if ref.kind in BRANCH_KINDS)


def make_plan(
    question: Question,
    resolved: Resolved,
    as_of: datetime,
    *,
    measured: bool = False,
    incident: Incident | None = None,
) -> Plan:
    """Every tool call that the question needs, in order, without repetition.

    A refused question and a call for help need none.

    Args:
        question: The trusted words.
        resolved: What was understood of them.
        as_of: The run's time.
        measured: Whether the grid has telemetry.
        incident: To be explained; None for any other kind of report.
    """
    if incident is not None:
        span = Span.around(incident.start, incident.end, as_of)
        return _bounded(incident_steps(incident, span, measured=measured))
    if question.kind is ReportKind.SHIFT:
        return _bounded(shift_steps(Span.of_shift(as_of), measured=measured))
    if resolved.status is ReportStatus.REFUSED:
        return Plan(steps=())
    asked = _Asked(resolved, _case(question, resolved))
    return _bounded([*_answer(asked), *observed_steps(resolved, as_of)])


def _case(question: Question, resolved: Resolved) -> Case:
    """The state of the time that the words name, else of the time that came with the question."""
    at = resolved.at or question.at
    since = resolved.start if SWEPT & set(resolved.intents) else None
    return Case(
        resolved.hypothesis, None if at is None else at.isoformat(), None if since is None else since.isoformat()
    )


def _bounded(planned: Iterable[PlanStep]) -> Plan:
    once = {(step.tool, canonical_json(step.arguments)): step for step in reversed(list(planned))}
    return Plan(steps=tuple(reversed(once.values()))[:BOUND])


def _answer(asked: _Asked) -> Iterator[PlanStep]:
    intents = set(asked.resolved.intents)
    if intents - _NO_GRID or asked.resolved.premises:
        yield steps.check_model()
    if intents - _NO_STATE and asked.case.changed and Intent.WHAT_IF in intents:
        yield steps.solve(asked.case.base(), asked.solvable)
        yield steps.check_limits(asked.case.base())
    if intents - _NO_STATE:
        yield steps.solve(asked.case, asked.solvable)
        yield steps.check_limits(asked.case)
    for intent in asked.resolved.intents:
        yield from _OF.get(intent, _nothing_more)(asked)
    yield from _premises(asked)


def _premises(asked: _Asked) -> Iterator[PlanStep]:
    """What confirms or corrects each claim of the question."""
    for premise in asked.resolved.premises:
        yield steps.check_limits(asked.case)
        if premise.element is not None:
            yield steps.check_limits(asked.case, [premise.element])
            yield steps.solve(asked.case, [premise.element])
        if _SECURE.search(premise.text):
            yield outage_steps.screen(asked.case)


def _overview(asked: _Asked) -> Iterator[PlanStep]:
    yield outage_steps.screen(asked.case)


def _state(asked: _Asked) -> Iterator[PlanStep]:
    for element in asked.resolved.elements[:_DESCRIBED]:
        if element.kind is ElementKind.SWITCH or (
            asked.resolved.status is ReportStatus.QUALIFIED and element in asked.branches
        ):
            yield steps.describe(element)


def _ranking(asked: _Asked) -> Iterator[PlanStep]:
    wanted = [asked.resolved.ranking, *(_RANKED_BY.get(quantity) for quantity in asked.resolved.quantities)]
    ranked = {"voltage" if name.endswith("voltage") else name: name for name in reversed(wanted) if name}
    for name in reversed(ranked.values()):
        yield steps.solve(asked.case, rank_by=name, limit=asked.resolved.limit)


def _limits(asked: _Asked) -> Iterator[PlanStep]:
    if asked.solvable:
        yield steps.check_limits(asked.case, asked.solvable)


def _security(asked: _Asked) -> Iterator[PlanStep]:
    wish = asked.resolved.screening
    yield outage_steps.screen(asked.case, asked.branches, asked.resolved.limit, wish)
    if wish is not None and wish.group:
        yield outage_steps.screen_group(asked.case, wish.group)


def _double_outages(asked: _Asked) -> Iterator[PlanStep]:
    named = [ref for ref in asked.resolved.elements if ref.kind in _TRIPS]
    # "two" of "any two lines" is what goes out, no number of rows
    limit = asked.resolved.limit if asked.resolved.limit != _PAIR else None
    yield outage_steps.screen_pairs(asked.case, named, limit, asked.resolved.screening)


def _cascade(asked: _Asked) -> Iterator[PlanStep]:
    simulated = outage_steps.cascade(asked.case, asked.resolved.proposed, asked.resolved.elements, asked.resolved.limit)
    yield simulated
    yield outage_steps.draw_cascade(simulated)


def _restore(asked: _Asked) -> Iterator[PlanStep]:
    wish = asked.resolved.restoration or RestorationWish()
    yield outage_steps.restore(asked.case, asked.resolved.proposed, wish, asked.resolved.limit)


def _what_if(asked: _Asked) -> Iterator[PlanStep]:
    if asked.resolved.proposed:
        yield steps.simulate(asked.case, asked.resolved.proposed, asked.solvable)


def _advice(asked: _Asked) -> Iterator[PlanStep]:
    yield outage_steps.screen(asked.case)
    yield outage_steps.find_remedies(asked.case, asked.resolved.remedies or RemedyWish())
    yield steps.search(_REMEDY_QUERY)


def _shed(asked: _Asked) -> Iterator[PlanStep]:
    yield outage_steps.plan_load_shedding(asked.case, asked.resolved.shedding or SheddingWish())


def _reconfigure(asked: _Asked) -> Iterator[PlanStep]:
    yield steps.reconfigure(asked.case, [ref for ref in asked.resolved.elements if ref.kind is ElementKind.BUS])


def _why(asked: _Asked) -> Iterator[PlanStep]:
    for element in asked.resolved.elements[:_DESCRIBED]:
        yield steps.describe(element)
    for element in asked.resolved.elements[:_TRACED]:
        yield steps.find_path(asked.case, element)


def _describe(asked: _Asked) -> Iterator[PlanStep]:
    for element in asked.resolved.elements[:_DESCRIBED]:
        yield steps.describe(element)


def _path(asked: _Asked) -> Iterator[PlanStep]:
    if asked.resolved.ends:
        yield steps.find_path(asked.case, asked.resolved.ends[0], asked.resolved.ends[-1])
        return
    for element in asked.resolved.elements[:_TRACED]:
        yield steps.find_path(asked.case, element)


def _standards(asked: _Asked) -> Iterator[PlanStep]:
    if asked.resolved.search:
        yield steps.search(asked.resolved.search)


def _record(asked: _Asked) -> Iterator[PlanStep]:
    yield steps.read_record(asked.resolved.record)


def _losses(asked: _Asked) -> Iterator[PlanStep]:
    yield steps.break_down_losses(asked.case, asked.branches, asked.resolved.limit)


def _short_circuit(asked: _Asked) -> Iterator[PlanStep]:
    buses = [ref for ref in asked.resolved.elements if ref.kind is ElementKind.BUS]
    yield steps.short_circuit(asked.case, asked.resolved.fault or Fault(), buses, asked.resolved.limit)


def _draw(asked: _Asked) -> Iterator[PlanStep]:
    yield steps.draw(asked.case, asked.resolved.elements[0] if asked.resolved.elements else None)


def _dispatch(asked: _Asked) -> Iterator[PlanStep]:
    yield steps.optimize(asked.case, asked.resolved.dispatch or DispatchWish())


def _nothing_more(_asked: _Asked) -> Iterator[PlanStep]:
    """The common steps suffice."""
    return iter(())


_OF: Mapping[Intent, Callable[[_Asked], Iterator[PlanStep]]] = MappingProxyType(
    {
        Intent.OVERVIEW: _overview,
        Intent.STATE: _state,
        Intent.RANKING: _ranking,
        Intent.LIMITS: _limits,
        Intent.SECURITY: _security,
        Intent.DOUBLE_OUTAGES: _double_outages,
        Intent.CASCADE: _cascade,
        Intent.RESTORE: _restore,
        Intent.WHAT_IF: _what_if,
        Intent.ADVICE: _advice,
        Intent.SHED: _shed,
        Intent.WHY: _why,
        Intent.RECONFIGURE: _reconfigure,
        Intent.DESCRIBE: _describe,
        Intent.PATH: _path,
        Intent.STANDARDS: _standards,
        Intent.RECORD: _record,
        Intent.LOSSES: _losses,
        Intent.SHORT_CIRCUIT: _short_circuit,
        Intent.DRAW: _draw,
        Intent.DISPATCH: _dispatch,
    }
)
