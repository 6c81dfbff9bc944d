"""The plan that explains an incident: the sentinel looks at every log and at the readings, whatever was recorded."""

import pytest

from agents.incident import Incident
from orchestrator.calls import parse_arguments
from orchestrator.catalogue import find_tool
from orchestrator.planning.incident import incident_steps
from orchestrator.planning.span import Span
from tests.orchestrator.compose.evidence import SIX, T2, finding, hour
from tools.vocabulary import Severity

SENTINEL = ["review_access_events", "review_commands", "check_protocol", "assess_bad_data"]


def plan(kind):
    incident = Incident(
        id="i-1",
        grid="g",
        report="r",
        run="r",
        title="t",
        severity=Severity.WARNING,
        start=SIX,
        assets=(T2,),
        findings=(finding(1, T2, kind=kind),),
        recorded_at=hour(2),
    )
    return list(incident_steps(incident, Span(SIX, hour(1)), measured=True))


@pytest.mark.parametrize("kind", ["password_guessing", "false_data_injection", "scan", "stuck_sensor"])
def test_incident_steps__of_cyber_or_trust_ask_all_that_the_sentinel_has(kind):
    steps = [step for step in plan(kind) if step.agent == "cyber_sentinel"]
    assert [step.tool for step in steps] == SENTINEL
    for step in steps:
        parse_arguments(find_tool(step.tool), step.arguments)


def test_incident_steps__of_a_transformer_ask_nothing_of_the_sentinel():
    assert not [step for step in plan("cooling_loss") if step.agent == "cyber_sentinel"]
