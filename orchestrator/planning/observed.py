"""Plan steps for questions about what was measured, logged and recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from types import MappingProxyType

from pydantic import JsonValue

from agents.plan import PlanStep
from agents.question import Intent, Resolved
from orchestrator.planning import steps
from orchestrator.planning.span import LOOKS_BACK, SHIFT, Span
from orchestrator.planning.steps import COORDINATOR, DETECTOR, FORECASTER, MONITOR, PREDICTOR, SENTINEL

_ROWS = 20
_MOST_SENSORS = 40
_AHEAD_H, _LONGEST_H = 24, 72
_MOST_HOURS = 24
_OF_A_PAST_TIME = (Intent.TRUST, Intent.CYBER, Intent.ALARMS, Intent.RELIABILITY)
"""What "anything wrong" asks of a time beside its states: sensors, accesses, commands, alarms, outages."""


@dataclass(frozen=True)
class Observed:
    """A resolved question with its time filled in."""

    resolved: Resolved
    span: Span
    at: datetime
    now: datetime

    @classmethod
    def of(cls, resolved: Resolved, as_of: datetime) -> Observed:
        """A question that names no time looks at the day before now."""
        end = resolved.end or resolved.at or as_of
        start = resolved.start or end - SHIFT
        return cls(resolved, Span(start, end), resolved.at or end, as_of)


def observed_steps(resolved: Resolved, as_of: datetime) -> Iterator[PlanStep]:
    """The calls of every intent that is about observations, and of "anything wrong" over a time.

    A source that a grid does not have makes its call fail, which the answer tells as not checked.
    """
    asked = Observed.of(resolved, as_of)
    over_a_time = Intent.OVERVIEW in resolved.intents and resolved.start is not None
    for intent in (*resolved.intents, *(_OF_A_PAST_TIME if over_a_time else ())):
        if intent in _OF:
            yield from _OF[intent](asked)


def _step(agent: str, tool: str, purpose: str, **arguments: JsonValue) -> PlanStep:
    given = {name: value for name, value in arguments.items() if value not in (None, [])}
    return PlanStep(agent=agent, tool=tool, arguments=given, purpose=purpose)


def _measured(asked: Observed) -> Iterator[PlanStep]:
    sensors: list[JsonValue] = list(asked.resolved.sensors[:_MOST_SENSORS])
    elements: list[JsonValue] = [] if sensors else [*map(str, asked.resolved.elements), *asked.resolved.assets]
    yield _step(
        DETECTOR,
        "read_telemetry",
        "what the sensors say",
        **asked.span.arguments,
        at=asked.at.isoformat(),
        sensors=sensors,
        elements=elements,
        limit=_ROWS,
    )


def _trust(asked: Observed) -> Iterator[PlanStep]:
    """All sensors are looked at: whether one is wrong is decided by the measurements around it.

    Sensors asked about by name are held against season and weather as well.
    """
    yield _step(DETECTOR, "check_data_quality", "which sensors cannot be trusted", **asked.span.arguments, limit=_ROWS)
    yield _step(
        DETECTOR,
        "detect_anomalies",
        "which readings do not fit",
        **asked.span.arguments,
        sensors=list(asked.resolved.sensors[:_MOST_SENSORS]),
        limit=_ROWS,
    )
    if asked.resolved.sensors:
        yield from _measured(asked)


def _estimate(asked: Observed) -> Iterator[PlanStep]:
    """All measurements of the moment enter; named elements choose the rows."""
    elements: list[JsonValue] = [*map(str, asked.resolved.elements)]
    yield _step(
        MONITOR, "estimate_state", "what the measurements say together", at=asked.at.isoformat(), elements=elements
    )


def _forecast(asked: Observed) -> Iterator[PlanStep]:
    """From now as far as is asked; of a time that is over, as it was forecast at its begin."""
    until = asked.resolved.end or asked.at
    origin = asked.now if until >= asked.now else asked.resolved.start or asked.at
    hours = ceil((until - origin) / timedelta(hours=1)) + 1
    yield _step(
        FORECASTER,
        "forecast_load",
        "the load ahead",
        at=origin.isoformat(),
        horizon_h=min(max(hours, _AHEAD_H), _LONGEST_H),
    )


def _transformers(asked: Observed) -> Iterator[PlanStep]:
    named: list[JsonValue] = [*map(str, asked.resolved.elements), *asked.resolved.assets]
    yield _step(
        PREDICTOR, "assess_transformer", "how hot they run", **asked.span.arguments, elements=named, limit=_ROWS
    )


def _cyber(asked: Observed) -> Iterator[PlanStep]:
    yield _step(SENTINEL, "review_access_events", "who came in", **asked.span.arguments)
    yield _step(SENTINEL, "review_commands", "what was commanded", **asked.span.arguments)


def _protocol(asked: Observed) -> Iterator[PlanStep]:
    yield _step(SENTINEL, "check_protocol", "what does not belong to the traffic", **asked.span.arguments)


def _bad_data(asked: Observed) -> Iterator[PlanStep]:
    """Readings alone do not tell a wrong calibration from an added value: the logs are looked at as well."""
    yield _step(
        SENTINEL, "assess_bad_data", "what stands out, and whether it is true", **asked.span.arguments, limit=_ROWS
    )


def _reliability(asked: Observed) -> Iterator[PlanStep]:
    yield _step(COORDINATOR, "compute_reliability_indices", "outages on record", **asked.span.arguments, limit=_ROWS)


def _dark(asked: Observed) -> Iterator[PlanStep]:
    yield _step(MONITOR, "detect_outages", "who is without supply", at=asked.at.isoformat(), limit=_ROWS)


def _alarms(asked: Observed) -> Iterator[PlanStep]:
    yield _step(DETECTOR, "summarize_alarms", "how many alarms", **asked.span.arguments)


def _oscillations(asked: Observed) -> Iterator[PlanStep]:
    yield _swings(asked, "what swings", list(asked.resolved.quantities))


def _frequency(asked: Observed) -> Iterator[PlanStep]:
    yield _swings(asked, "how the frequency went", ["frequency"])


def _swings(asked: Observed, purpose: str, quantities: list[JsonValue]) -> PlanStep:
    """Named sensors and elements alone; else all that sample fast enough."""
    sensors: list[JsonValue] = list(asked.resolved.sensors[:_MOST_SENSORS])
    elements: list[JsonValue] = [] if sensors else [*map(str, asked.resolved.elements)]
    return _step(
        DETECTOR,
        "detect_oscillations",
        purpose,
        **asked.span.arguments,
        sensors=sensors,
        elements=elements,
        quantities=[] if sensors else quantities,
    )


def _causes(asked: Observed) -> Iterator[PlanStep]:
    """Of the first thing that is named; of everything that departed when nothing is."""
    resolved = asked.resolved
    named = [*resolved.sensors, *map(str, resolved.elements), *resolved.assets]
    target = named[0] if named else None
    yield _step(DETECTOR, "attribute_root_cause", "what caused it", **asked.span.arguments, target=target)


def _power_quality(asked: Observed) -> Iterator[PlanStep]:
    """A week back where nobody names a time: what EN 50160 counts over."""
    span = asked.span
    if asked.resolved.start is None and asked.resolved.at is None and asked.resolved.end is None:
        span = Span(asked.now - LOOKS_BACK[Intent.POWER_QUALITY], asked.now)
    sensors: list[JsonValue] = list(asked.resolved.sensors[:_MOST_SENSORS])
    elements: list[JsonValue] = [] if sensors else [*map(str, asked.resolved.elements)]
    yield _step(
        DETECTOR,
        "assess_power_quality",
        "the quality of supply",
        **span.arguments,
        sensors=sensors,
        elements=elements,
        limit=_ROWS,
    )


def _risk(asked: Observed) -> Iterator[PlanStep]:
    """The hours of the time asked for; the newest hour alone where nobody names a time."""
    named = asked.resolved.start is not None
    hours = ceil((asked.span.end - asked.span.start) / timedelta(hours=1)) if named else 1
    yield _step(
        DETECTOR,
        "classify_risk",
        "how likely an incident is",
        at=asked.span.end.isoformat(),
        hours=min(max(hours, 1), _MOST_HOURS),
    )


def _permits(asked: Observed) -> Iterator[PlanStep]:
    yield _step(COORDINATOR, "read_record", "who is at work", kind="permits", **asked.span.arguments)


def _open_items(_asked: Observed) -> Iterator[PlanStep]:
    yield _step(COORDINATOR, "read_record", "what was left open", kind="open_items")


def _incidents(asked: Observed) -> Iterator[PlanStep]:
    yield steps.read_record(asked.resolved.record, "incident")


_OF: Mapping[Intent, Callable[[Observed], Iterator[PlanStep]]] = MappingProxyType(
    {
        Intent.MEASURED: _measured,
        Intent.TRUST: _trust,
        Intent.ESTIMATE: _estimate,
        Intent.FORECAST: _forecast,
        Intent.TRANSFORMERS: _transformers,
        Intent.CYBER: _cyber,
        Intent.BAD_DATA: _bad_data,
        Intent.PROTOCOL: _protocol,
        Intent.RELIABILITY: _reliability,
        Intent.DARK: _dark,
        Intent.OSCILLATIONS: _oscillations,
        Intent.FREQUENCY: _frequency,
        Intent.POWER_QUALITY: _power_quality,
        Intent.RISK: _risk,
        Intent.CAUSES: _causes,
        Intent.ALARMS: _alarms,
        Intent.PERMITS: _permits,
        Intent.OPEN_ITEMS: _open_items,
        Intent.INCIDENTS: _incidents,
    }
)
OBSERVED = frozenset(_OF)
"""Intents that need no state of the grid's model."""
