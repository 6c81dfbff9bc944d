"""The plan that explains an incident: the tools that found it, over its time and at its place."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue

from agents.incident import Incident
from agents.plan import PlanStep
from orchestrator.belonging import section_of
from orchestrator.planning import steps
from orchestrator.planning.span import Span
from orchestrator.planning.steps import COORDINATOR, DETECTOR, MONITOR, PREDICTOR, SENTINEL, Case
from tools.element import ElementKind, ElementRef
from tools.subject import SubjectKind, SubjectRef

_GRID = frozenset({"exceedances", "security", "outages"})
_PIECES = 60
_QUERY = {
    "exceedances": "remedial actions against overloads and voltage violations",
    "security": "restoring N-1 security after an outage, and the time allowed for it",
    "maintenance": "transformer temperatures, cooling and emergency loading limits",
    "cyber": "unsuccessful log-in attempts, account lock, and unauthorised commands",
    "outages": "restoration after a forced outage",
}


def incident_steps(incident: Incident, span: Span, *, measured: bool) -> Iterator[PlanStep]:
    """Every call of the explanation: the record first, then each agent's part.

    Args:
        incident: As recorded.
        span: Its time with a margin.
        measured: Whether the grid has telemetry, so that its state has a past that can be looked through.
    """
    sections = {section_of(item.kind) for item in incident.findings}
    yield PlanStep(
        agent=COORDINATOR,
        tool="read_record",
        arguments={"kind": "incident", "identifier": incident.id},
        purpose="what was recorded of it",
    )
    yield steps.check_model()
    yield from _grid(incident, span, measured=measured and bool(sections & _GRID))
    yield from _telemetry(incident, span)
    if measured:
        yield from _causes(incident, span)
    if "maintenance" in sections:
        named: list[JsonValue] = [str(item) for item in _elements(incident) if item.kind is ElementKind.TRAFO]
        arguments: dict[str, JsonValue] = {**span.arguments, "elements": named}
        yield PlanStep(agent=PREDICTOR, tool="assess_transformer", arguments=arguments, purpose="how hot it ran")
    if "cyber" in sections:
        yield PlanStep(agent=SENTINEL, tool="review_access_events", arguments=span.arguments, purpose="who came in")
        yield PlanStep(agent=SENTINEL, tool="review_commands", arguments=span.arguments, purpose="what was commanded")
        yield PlanStep(agent=SENTINEL, tool="check_protocol", arguments=span.arguments, purpose="which messages came")
        yield PlanStep(agent=SENTINEL, tool="assess_bad_data", arguments=span.arguments, purpose="false data or true")
    yield PlanStep(
        agent=COORDINATOR, tool="compute_reliability_indices", arguments=span.arguments, purpose="outages of its time"
    )
    for section in sorted(sections & _QUERY.keys()):
        yield steps.search(_QUERY[section])


def _grid(incident: Incident, span: Span, *, measured: bool) -> Iterator[PlanStep]:
    """The state at the height of the incident, and the limits and outages over its time."""
    if not measured:
        return
    ends = [item.start for item in incident.findings if item.start is not None]
    height = max(ends) if ends else span.end
    yield steps.solve(Case(at=height.isoformat()), _solvable(incident))
    for tool, purpose in (("check_limits", "limits over its time"), ("screen_contingencies", "outages over its time")):
        yield PlanStep(agent=MONITOR, tool=tool, arguments=span.sweep, purpose=purpose)


def _telemetry(incident: Incident, span: Span) -> Iterator[PlanStep]:
    sensors: list[JsonValue] = [item.name for item in _subjects(incident) if item.kind is SubjectKind.SENSOR]
    if not sensors:
        return
    named: dict[str, JsonValue] = {**span.arguments, "sensors": sensors}
    reading: dict[str, JsonValue] = {**named, "buckets": _PIECES}
    yield PlanStep(agent=DETECTOR, tool="read_telemetry", arguments=reading, purpose="what the sensors said")
    # The whole grid is looked at: whether a sensor is wrong is decided by the measurements around it.
    for tool, purpose in (("check_data_quality", "whether they can be trusted"), ("detect_anomalies", "what fits not")):
        yield PlanStep(agent=DETECTOR, tool=tool, arguments=span.arguments, purpose=purpose)


def _causes(incident: Incident, span: Span) -> Iterator[PlanStep]:
    """Over its whole time, whatever it is about: the culprit may be elsewhere."""
    if any(item.start is not None for item in incident.findings):
        yield PlanStep(agent=DETECTOR, tool="attribute_root_cause", arguments=span.arguments, purpose="what caused it")


def _elements(incident: Incident) -> list[ElementRef]:
    return [item for item in incident.assets if isinstance(item, ElementRef)]


def _subjects(incident: Incident) -> list[SubjectRef]:
    return [item for item in incident.assets if isinstance(item, SubjectRef)]


def _solvable(incident: Incident) -> list[ElementRef]:
    return [item for item in _elements(incident) if item.kind is not ElementKind.SWITCH][:10]
