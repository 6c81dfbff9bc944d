"""Plans: what each intent calls, with arguments that the tools accept."""

from datetime import UTC, datetime

import pytest

from agents.question import Hypothesis, Intent, Premise, Question, ReportKind, ReportStatus, Resolved
from agents.team import TEAM
from orchestrator.calls import parse_arguments
from orchestrator.catalogue import find_tool
from orchestrator.planning import make_plan
from orchestrator.planning.observed import OBSERVED
from tools.element import ElementKind, ElementRef
from tools.grid.schema.actions import Redispatch, SwitchBranch

LINE = ElementRef(kind=ElementKind.LINE, index=9)
BUS = ElementRef(kind=ElementKind.BUS, index=4)
QUESTION = Question(text="?", grid="case30")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
CALLS = {
    Intent.OVERVIEW: {"solve_power_flow", "check_limits", "screen_contingencies"},
    Intent.STATE: {"solve_power_flow", "check_limits"},
    Intent.RANKING: {"solve_power_flow", "check_limits"},
    Intent.TOTALS: {"solve_power_flow", "check_limits"},
    Intent.LIMITS: {"solve_power_flow", "check_limits"},
    Intent.SECURITY: {"solve_power_flow", "check_limits", "screen_contingencies"},
    Intent.DOUBLE_OUTAGES: {"solve_power_flow", "check_limits", "screen_contingencies"},
    Intent.CASCADE: {"simulate_cascade", "draw_cascade"},
    Intent.RESTORE: {"plan_restoration"},
    Intent.WHAT_IF: {"solve_power_flow", "check_limits", "simulate_actions"},
    Intent.ADVICE: {"solve_power_flow", "check_limits", "screen_contingencies", "find_remedies", "search_standards"},
    Intent.SHED: {"solve_power_flow", "check_limits", "plan_load_shedding"},
    Intent.WHY: {"solve_power_flow", "check_limits", "describe_element", "find_path"},
    Intent.DESCRIBE: {"describe_element"},
    Intent.PATH: {"find_path"},
    Intent.MODEL: set(),
    Intent.STANDARDS: {"search_standards"},
    Intent.RECORD: {"read_record"},
    Intent.LOSSES: {"solve_power_flow", "check_limits", "break_down_losses"},
    Intent.SHORT_CIRCUIT: {"calculate_short_circuit"},
    Intent.DRAW: {"draw_grid"},
    Intent.RECONFIGURE: {"solve_power_flow", "check_limits", "reconfigure_feeder"},
    Intent.DISPATCH: {"optimize_dispatch"},
    Intent.HELP: set(),
    Intent.MEASURED: {"read_telemetry"},
    Intent.ESTIMATE: {"estimate_state"},
    Intent.TRUST: {"check_data_quality", "detect_anomalies"},
    Intent.FORECAST: {"forecast_load"},
    Intent.TRANSFORMERS: {"assess_transformer"},
    Intent.CYBER: {"review_access_events", "review_commands"},
    Intent.BAD_DATA: {"assess_bad_data"},
    Intent.PROTOCOL: {"check_protocol"},
    Intent.RELIABILITY: {"compute_reliability_indices"},
    Intent.DARK: {"detect_outages"},
    Intent.RISK: {"classify_risk"},
    Intent.CAUSES: {"attribute_root_cause"},
    Intent.ALARMS: {"summarize_alarms"},
    Intent.POWER_QUALITY: {"assess_power_quality"},
    Intent.OSCILLATIONS: {"detect_oscillations"},
    Intent.FREQUENCY: {"detect_oscillations"},
    Intent.PERMITS: {"read_record"},
    Intent.OPEN_ITEMS: {"read_record"},
    Intent.INCIDENTS: {"read_record"},
}


def _resolved(intent: Intent) -> Resolved:
    return Resolved(
        intents=(intent,),
        elements=(LINE, BUS),
        hypothesis=Hypothesis(outages=(LINE,), actions=(Redispatch(element="gen:1", delta_p_mw=5.0),)),
        proposed=(SwitchBranch(element="line:10", closed=False),),
        ranking="losses" if intent is Intent.RANKING else None,
        limit=5,
        search="voltage limits",
        record=None,
    )


@pytest.mark.parametrize("intent", list(Intent))
def test_make_plan__arguments_are_those_of_the_tools(intent):
    plan = make_plan(QUESTION, _resolved(intent), NOON)
    for step in plan.steps:
        parse_arguments(find_tool(step.tool), step.arguments)


@pytest.mark.parametrize("intent", list(Intent))
def test_make_plan__each_intent_has_its_tools(intent):
    tools = {step.tool for step in make_plan(QUESTION, _resolved(intent), NOON).steps}
    first = set() if intent in {Intent.HELP, Intent.STANDARDS, Intent.RECORD, *OBSERVED} else {"check_model"}
    assert tools == CALLS[intent] | first


def test_make_plan__a_refusal_calls_nothing():
    assert make_plan(QUESTION, Resolved(status=ReportStatus.REFUSED, reason="no"), NOON).steps == ()


def test_make_plan__an_outage_is_compared_with_the_base():
    plan = make_plan(QUESTION, Resolved(intents=(Intent.WHAT_IF,), hypothesis=Hypothesis(outages=(LINE,))), NOON)
    flows = [step.arguments for step in plan.steps if step.tool == "solve_power_flow"]
    assert flows == [{}, {"outages": ["line:9"]}]


def test_make_plan__a_claim_is_checked():
    claim = Premise(text="line 9 is fine", element=LINE, claims_normal=True)
    plan = make_plan(QUESTION, Resolved(intents=(Intent.STANDARDS,), search="n-1", premises=(claim,)), NOON)
    checks = [step.arguments for step in plan.steps if step.tool == "check_limits"]
    assert {"elements": ["line:9"]} in checks


def test_make_plan__a_claim_of_security_is_screened():
    claim = Premise(text="the grid is n-1 secure", claims_normal=True)
    plan = make_plan(QUESTION, Resolved(intents=(Intent.TOTALS,), premises=(claim,)), NOON)
    assert "screen_contingencies" in {step.tool for step in plan.steps}


def test_make_plan__repeats_no_call_and_is_bounded():
    everything = _resolved(Intent.WHY).model_copy(update={"intents": tuple(Intent), "elements": (LINE, BUS) * 40})
    plan = make_plan(QUESTION, everything, NOON)
    seen = [(step.tool, str(step.arguments)) for step in plan.steps]
    assert len(seen) == len(set(seen)) <= 60
    assert seen[0][0] == "check_model"


def test_make_plan__shift_report_gives_every_agent_its_part():
    plan = make_plan(QUESTION.model_copy(update={"kind": ReportKind.SHIFT}), Resolved(), NOON, measured=True)
    parts = {name: [step.tool for step in plan.steps if step.agent == name] for name in (spec.name for spec in TEAM)}
    assert parts == {
        "grid_monitor": ["check_model", "solve_power_flow", "check_limits", "screen_contingencies", "draw_grid"],
        "anomaly_detector": ["check_data_quality", "detect_anomalies", "read_telemetry", "summarize_alarms"],
        "demand_forecaster": ["forecast_load", "forecast_load"],
        "maintenance_predictor": ["assess_transformer"],
        "cyber_sentinel": ["review_access_events", "review_commands", "check_protocol", "assess_bad_data"],
        "coordinator": ["compute_reliability_indices", "read_record", "read_record", "search_standards"],
    }


@pytest.mark.parametrize("measured", [True, False])
def test_make_plan__shift_report_calls_tools_as_they_take_it(measured):
    plan = make_plan(QUESTION.model_copy(update={"kind": ReportKind.SHIFT}), Resolved(), NOON, measured=measured)
    for step in plan.steps:
        assert step.tool in {tool for spec in TEAM if spec.name == step.agent for tool in spec.tools}
        parse_arguments(find_tool(step.tool), step.arguments)


def test_make_plan__shift_report_of_a_model_has_no_past_to_look_through():
    plan = make_plan(QUESTION.model_copy(update={"kind": ReportKind.SHIFT}), Resolved(), NOON)
    assert not any("since" in step.arguments for step in plan.steps)


def _calls(plan, tool):
    return [step.arguments for step in plan.steps if step.tool == tool]


def test_make_plan__a_moment_in_the_words_is_the_state_of_then():
    at = NOON.replace(hour=9)
    plan = make_plan(QUESTION, _resolved(Intent.TOTALS).model_copy(update={"at": at}), NOON, measured=True)
    assert {arguments["at"] for arguments in _calls(plan, "solve_power_flow")} == {at.isoformat()}


def test_make_plan__limits_and_security_of_a_span_are_swept_and_the_state_is_that_of_its_end():
    start = NOON.replace(hour=6)
    resolved = _resolved(Intent.SECURITY).model_copy(update={"at": NOON, "start": start, "end": NOON})
    plan = make_plan(QUESTION, resolved, NOON, measured=True)
    for tool in ("screen_contingencies", "check_limits"):
        assert all(arguments["since"] == start.isoformat() for arguments in _calls(plan, tool))
    [solved] = _calls(plan, "solve_power_flow")
    assert (solved["at"], "since" in solved) == (NOON.isoformat(), False)
    for step in plan.steps:
        parse_arguments(find_tool(step.tool), step.arguments)


@pytest.mark.parametrize(
    ("asked", "at", "hours"),
    [
        ({}, 0, 24),
        ({"at": NOON.replace(day=2, hour=18)}, 0, 31),
        ({"start": NOON.replace(day=2, hour=0), "end": NOON.replace(day=3, hour=0)}, 0, 37),
        ({"at": NOON.replace(hour=9)}, -3, 24),
    ],
)
def test_make_plan__a_forecast_reaches_the_time_that_is_asked_about(asked, at, hours):
    plan = make_plan(QUESTION, _resolved(Intent.FORECAST).model_copy(update=asked), NOON, measured=True)
    [call] = _calls(plan, "forecast_load")
    assert call == {"at": NOON.replace(hour=12 + at).isoformat(), "horizon_h": hours}


def test_make_plan__anything_wrong_over_a_time_looks_at_sensors_logs_and_outages_of_that_time():
    start = NOON.replace(hour=6)
    resolved = Resolved(intents=(Intent.OVERVIEW,), at=NOON, start=start, end=NOON)
    plan = make_plan(QUESTION, resolved, NOON.replace(hour=20), measured=True)
    looked = {
        "check_data_quality",
        "detect_anomalies",
        "review_access_events",
        "review_commands",
        "summarize_alarms",
        "compute_reliability_indices",
    }
    assert {step.tool for step in plan.steps} == CALLS[Intent.OVERVIEW] | {"check_model"} | looked
    for step in plan.steps:
        parse_arguments(find_tool(step.tool), step.arguments)
        if step.tool in looked:
            assert (step.arguments["start"], step.arguments["end"]) == (start.isoformat(), NOON.isoformat())
