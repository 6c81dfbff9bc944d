"""The plan of a shift report: each agent's part, always in full; what has no source fails and says so."""

from __future__ import annotations

from collections.abc import Iterator

from agents.plan import PlanStep
from agents.question import Hypothesis
from orchestrator.planning import outage_steps, steps
from orchestrator.planning.span import Span
from orchestrator.planning.steps import COORDINATOR, DETECTOR, FORECASTER, MONITOR, PREDICTOR, SENTINEL, Case

_SHIFT_QUERY = "limits of voltage and loading in normal operation and after a single outage"
_HOURS_AHEAD = 24
_TEMPERATURE_PIECES = 96


def shift_steps(span: Span, *, measured: bool) -> Iterator[PlanStep]:
    """Every call of the report.

    Args:
        span: What it looks back over.
        measured: Whether the grid has telemetry, so that its state has a past that can be looked through.
    """
    case = Case(Hypothesis(), span.end.isoformat() if measured else None)
    yield from _grid(case, span, measured=measured)
    yield from _trust(span)
    yield from _alarms(span)
    yield from _load(span)
    yield PlanStep(
        agent=PREDICTOR,
        tool="assess_transformer",
        arguments={**span.arguments, "limit": 20},
        purpose="temperatures and ageing of transformers",
    )
    yield from _logs(span)
    yield from _records(span)


def _grid(case: Case, span: Span, *, measured: bool) -> Iterator[PlanStep]:
    yield steps.check_model()
    yield steps.solve(case)
    if measured:
        for tool, purpose, more in (
            ("check_limits", "supply and limits over the time", {}),
            ("screen_contingencies", "every single outage over the time", {"affected": outage_steps.AFFECTED}),
        ):
            yield PlanStep(agent=MONITOR, tool=tool, arguments={**span.sweep, **more}, purpose=purpose)
    else:
        yield steps.check_limits(case)
        yield outage_steps.screen(case)
    yield steps.draw(case, None)


def _trust(span: Span) -> Iterator[PlanStep]:
    for tool, purpose in (
        ("check_data_quality", "which sensors cannot be trusted"),
        ("detect_anomalies", "which readings do not fit"),
    ):
        yield PlanStep(agent=DETECTOR, tool=tool, arguments={**span.arguments, "limit": 20}, purpose=purpose)
    yield PlanStep(
        agent=DETECTOR,
        tool="read_telemetry",
        arguments={
            **span.arguments,
            "quantities": ["top_oil_temperature", "ambient_temperature"],
            "buckets": _TEMPERATURE_PIECES,
            "limit": 30,
        },
        purpose="temperatures over the time",
    )


def _alarms(span: Span) -> Iterator[PlanStep]:
    yield PlanStep(agent=DETECTOR, tool="summarize_alarms", arguments=span.arguments, purpose="how many alarms")


def _load(span: Span) -> Iterator[PlanStep]:
    yield PlanStep(
        agent=FORECASTER,
        tool="forecast_load",
        arguments={"at": span.start.isoformat(), "horizon_h": _HOURS_AHEAD},
        purpose="what the load was expected to be",
    )
    yield PlanStep(
        agent=FORECASTER,
        tool="forecast_load",
        arguments={"at": span.end.isoformat(), "horizon_h": _HOURS_AHEAD},
        purpose="the load ahead",
    )


def _logs(span: Span) -> Iterator[PlanStep]:
    yield PlanStep(agent=SENTINEL, tool="review_access_events", arguments=span.arguments, purpose="who came in")
    yield PlanStep(agent=SENTINEL, tool="review_commands", arguments=span.arguments, purpose="which commands were sent")
    yield PlanStep(
        agent=SENTINEL, tool="check_protocol", arguments=span.arguments, purpose="which messages do not belong"
    )
    yield PlanStep(
        agent=SENTINEL,
        tool="assess_bad_data",
        arguments={**span.arguments, "limit": 20},
        purpose="falsified, faulty or true",
    )


def _records(span: Span) -> Iterator[PlanStep]:
    yield PlanStep(
        agent=COORDINATOR,
        tool="compute_reliability_indices",
        arguments={**span.arguments, "limit": 20},
        purpose="outages and what they mean for customers",
    )
    yield PlanStep(
        agent=COORDINATOR,
        tool="read_record",
        arguments={"kind": "permits", **span.arguments},
        purpose="who is at work on the equipment",
    )
    yield PlanStep(
        agent=COORDINATOR,
        tool="read_record",
        arguments={"kind": "open_items", "end": span.end.isoformat()},
        purpose="what earlier shifts left open",
    )
    yield steps.search(_SHIFT_QUERY)
