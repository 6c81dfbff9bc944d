"""The second opinion on a simulated day: right numbers pass with the noise they rest on, wrong ones do not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from agents.question import Question
from cli.eval_commands import SUITES
from evals.case import EvalCase, ExpectedFinding, Looked, load_suite
from evals.day import made_day, runner_for
from evals.day_judge import DayJudge
from evals.score import score
from evals.shown import fields_of
from orchestrator.catalogue import find_tool
from orchestrator.settings import Settings, parse_reasoner
from orchestrator.single import call_once


@pytest.fixture(scope="module")
def suite():
    return load_suite(SUITES / "demo_day.yaml")


@pytest.fixture(scope="module")
def judge(suite):
    return DayJudge(made_day(suite.day))


@pytest.fixture(scope="module")
def runner(suite, tmp_path_factory):
    with runner_for(suite, Settings(_env_file=None, home=tmp_path_factory.mktemp("unused"))) as runner:
        yield runner


@pytest.fixture(scope="module")
def call(runner):
    return lambda tool, **arguments: call_once(runner, find_tool(tool), arguments, grid="demo")[0]


def _amiss(judge, fields):
    """How many numbers there is an opinion on, and which of them it contradicts."""
    judged = [(item, judge(item)) for item in fields]
    found = [(item, opinion) for item, opinion in judged if opinion is not None]
    return len(found), [
        (item.name, item.fact.value, opinion)
        for item, opinion in found
        if abs(item.fact.value - opinion.value) > opinion.tolerance
    ]


@pytest.mark.parametrize("clock", ["04:00", "12:00", "18:00", "19:00", "21:30"])
def test_day_judge__agrees_with_states_that_rest_on_noisy_readings(judge, call, clock):
    evidence = call("solve_power_flow", at=f"2026-03-10T{clock}:00Z", limit=60)
    checked, amiss = _amiss(judge, fields_of(evidence).values())
    assert checked > 90
    assert amiss == []


def test_day_judge__agrees_with_states_after_an_outage(judge, call):
    evidence = call("screen_contingencies", at="2026-03-10T18:30:00Z", limit=20)
    checked, amiss = _amiss(judge, fields_of(evidence).values())
    assert checked > 40
    assert amiss == []


def test_day_judge__a_state_of_another_time_is_wrong(judge, call):
    """The numbers of midnight, shown as if they were those of the evening."""
    midnight = fields_of(call("solve_power_flow", limit=60)).values()
    checked, amiss = _amiss(judge, midnight)
    assert checked > 90
    assert amiss == []
    evening = datetime(2026, 3, 10, 19, tzinfo=UTC)
    _, amiss = _amiss(judge, [replace(item, stated_at=evening) for item in midnight])
    assert len(amiss) > 20


def test_day_judge__a_reading_is_what_its_sensor_sent_and_nothing_else(judge, call):
    names = ["bus12.vm_b", "trafo8.q_hv", "line3.p_from", "bus20.vm_b"]
    evidence = call("read_telemetry", sensors=names, at="2026-03-10T22:30:00Z")
    checked, amiss = _amiss(judge, fields_of(evidence).values())
    assert checked == 8  # value and age of each
    assert amiss == []
    wrong = [
        replace(item, fact=replace(item.fact, value=item.fact.value + 0.01))
        for item in fields_of(evidence).values()
        if item.fact.path.endswith("/value")
    ]
    assert len(_amiss(judge, wrong)[1]) == 4


def test_score__a_finding_at_another_time_or_of_another_sensor_is_missing(judge, runner):
    asked = Question(text="Are there any stuck sensors?", grid="demo")
    report = runner.ask(asked, parse_reasoner("embedded"))
    right = ExpectedFinding(
        kind="stuck_sensor", about="sensor:trafo7.p_hv", start="2026-03-10T16:31:00Z", end="2026-03-10T19:34:00Z"
    )
    case = EvalCase(id="x", grid="demo", question=asked.text, findings=(right,))
    assert score(case, report, judge).passed
    for change in (
        {"about": "sensor:trafo6.p_hv"},
        {"kind": "drifting_sensor"},
        {"start": right.start.replace(hour=15)},
        {"end": None},
    ):
        other = case.model_copy(update={"findings": (right.model_copy(update=change),)})
        assert score(other, report, judge).missing
    [called] = {item.tool for item in report.evidence if item.tool == "check_data_quality"}
    whole = {"tool": called, "start": "2026-03-10T00:00:00Z", "end": "2026-03-10T23:59:00Z"}
    assert score(case.model_copy(update={"looked": (Looked(**whole),)}), report, judge).passed
    longer = Looked(**{**whole, "start": "2026-03-08T00:00:00Z"})
    assert not score(case.model_copy(update={"looked": (longer,)}), report, judge).tools_right
    assert score(case.model_copy(update={"says": ("not to be found",)}), report, judge).unmentioned
    assert score(case.model_copy(update={"absent": ("readings",)}), report, judge).wrong
