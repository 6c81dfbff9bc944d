"""What the tools found against what they ought to find: found, missed, false alarms, not checked."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from orchestrator.scenarios.findings import WATCH, Found, Look, ends, look
from orchestrator.scenarios.schema.troubles import TroubleKind
from orchestrator.scenarios.truth import TroubleTruth
from tools.result import Result
from tools.vocabulary import Severity

if TYPE_CHECKING:
    from datetime import datetime

    from orchestrator.scenarios.generated import Generated
    from orchestrator.scenarios.schema.expected import Expectation
    from tools.context import ToolContext

NEAR = timedelta(minutes=15)
"""How far beside a trouble a finding may lie that it explains."""
SENSOR_BLAME = frozenset(
    {
        "stuck_sensor",
        "drifting_sensor",
        "dropping_sensor",
        "stale_sensor",
        "out_of_range",
        "conflicting_sensors",
        "wrong_scale",
        "wrong_clock",
        "false_data",
        "false_data_injection",
        "replay",
        "sensor_fault",
        "temperature_sensor_implausible",
    }
)
"""Findings that a sensor lies: what truly happens in the grid does not explain them."""
IN_THE_GRID = frozenset(
    {
        TroubleKind.OSCILLATION,
        TroubleKind.COOLING_LOSS,
        TroubleKind.OVERLOAD,
        TroubleKind.LINE_TRIP,
        TroubleKind.BREAKER_FAILURE,
    }
)


STATES = frozenset({"check_limits"})
"""Tools that tell what a state is like: a limit that the grid breaks on any day is true, and no false alarm."""
_EARLY = timedelta(hours=1)
"""How much too early a finding may begin, and still be of the trouble: the begin of something slow is estimated."""


class CheckState(StrEnum):
    """What became of an expected finding."""

    FOUND = "found"
    MISSED = "missed"
    NOT_CHECKED = "not_checked"


class Verdict(StrEnum):
    """Whether a scenario's criteria hold; ``not_checked`` is never ``passed``."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


class Check(Result):
    """One expected finding, and what became of it."""

    trouble: str
    tool: str
    kinds: tuple[str, ...]
    subject: str
    state: CheckState
    finding: Found | None = None
    reason: str | None = Field(default=None, description="Why it was not checked")


class Judgement(Result):
    """A scenario judged."""

    scenario: str
    seed: int
    grid: str
    verdict: Verdict
    checks: tuple[Check, ...]
    found: int = Field(ge=0)
    missed: int = Field(ge=0)
    not_checked: int = Field(ge=0)
    false_alarms: tuple[Found, ...] = Field(description="Graver than information, and explained by no trouble")
    false_alarms_a_day: float = Field(ge=0)
    findings: int = Field(ge=0)
    looks_not_made: tuple[str, ...] = Field(default=(), description="Tools that did not look, and why")
    truth: tuple[TroubleTruth, ...]


def judge(generated: Generated, context: ToolContext) -> Judgement:
    """Let the tools look at a scenario, and hold what they say against its truth.

    Args:
        generated: The scenario with its truth.
        context: Its sources, in memory or as stored; the tools see nothing else.
    """
    looks = looks_at(generated, context)
    by_label = {one.label: one for one in generated.truth}
    checks = tuple(_check(one, by_label[one.trouble], looks[one.tool]) for one in generated.scenario.expected)
    findings = tuple(found for one in looks.values() for found in one.findings)
    alarms = false_alarms(generated, findings)
    states = [one.state for one in checks]
    missed, unseen = states.count(CheckState.MISSED), states.count(CheckState.NOT_CHECKED)
    criteria = generated.scenario.criteria
    failed = missed > criteria.missed or len(alarms) > criteria.false_alarms
    return Judgement(
        scenario=generated.scenario.name,
        seed=generated.seed,
        grid=generated.grid.name,
        verdict=Verdict.FAILED if failed else Verdict.NOT_CHECKED if unseen else Verdict.PASSED,
        checks=checks,
        found=states.count(CheckState.FOUND),
        missed=missed,
        not_checked=unseen,
        false_alarms=alarms,
        false_alarms_a_day=round(len(alarms) / _days(generated), 3),
        findings=len(findings),
        looks_not_made=tuple(f"{one.tool}: {one.not_checked}" for one in looks.values() if one.not_checked),
        truth=generated.truth,
    )


def looks_at(generated: Generated, context: ToolContext) -> dict[str, Look]:
    """What the tools say that always look, and those that something is expected of."""
    span = generated.timeline.start, generated.timeline.last
    tools = dict.fromkeys((*WATCH, *(one.tool for one in generated.scenario.expected)))
    sensors = [one.sensor.name for one in generated.series]
    return {tool: look(tool, context, span, generated.truth, sensors) for tool in tools}


def false_alarms(generated: Generated, findings: tuple[Found, ...]) -> tuple[Found, ...]:
    """Findings graver than information that no trouble explains."""
    return tuple(found for found in unexplained(generated, findings) if found.severity is not Severity.INFORMATION)


def unexplained(generated: Generated, findings: tuple[Found, ...]) -> tuple[Found, ...]:
    """Findings of any severity that no trouble explains."""
    last = generated.timeline.last
    return tuple(
        found
        for found in findings
        if found.tool not in STATES and not any(explains(truth, found, last) for truth in generated.truth)
    )


def explains(truth: TroubleTruth, found: Found, last: datetime) -> bool:
    """Whether a trouble is a reason for a finding: the time fits, and it is about something that the trouble moves."""
    begin = truth.traced_from or truth.start
    if found.start > truth.end + NEAR or ends(found, last) < begin - NEAR:
        return False
    if truth.kind in IN_THE_GRID and found.kind in SENSOR_BLAME:
        return False
    moved = {truth.subject, truth.culprit, *truth.touched}
    for one in truth.observed_by:
        moved |= {f"sensor:{one.sensor}"} | ({one.element} if one.element else set())
    return bool(moved.intersection(found.subjects))


def caught(truth: TroubleTruth, found: Found, last: datetime) -> bool:
    """Whether a finding detects a trouble: it is explained by it, and did not stand long before it already."""
    return explains(truth, found, last) and found.start >= truth.start - _EARLY


def _check(expected: Expectation, truth: TroubleTruth, looked: Look) -> Check:
    subject = expected.subject or truth.subject
    said = {"trouble": expected.trouble, "tool": expected.tool, "kinds": expected.kinds, "subject": subject}
    if looked.not_checked is not None:
        return Check.model_validate({**said, "state": CheckState.NOT_CHECKED, "reason": looked.not_checked})
    within = timedelta(seconds=expected.within_s)
    for found in looked.findings:
        earliest = found.not_before or found.start
        in_time = earliest - within <= truth.start <= found.start + within
        if found.kind in expected.kinds and subject in found.subjects and in_time:
            return Check.model_validate({**said, "state": CheckState.FOUND, "finding": found})
    return Check.model_validate({**said, "state": CheckState.MISSED})


def _days(generated: Generated) -> float:
    """Length of the time, in days."""
    return generated.timeline.steps * generated.timeline.step_s / 86_400
