"""A question from end to end, on shipped grids, with what makes an answer ours."""

import pytest

from agents.question import Question, ReportKind, ReportStatus
from orchestrator.runner import Runner
from orchestrator.settings import Settings, parse_reasoner
from tools.errors import GridUnavailableError
from tools.vocabulary import ActionVerdict

EMBEDDED = parse_reasoner("embedded")
FIFTEEN = (
    "summary",
    "safety",
    "state",
    "exceedances",
    "security",
    "outages",
    "forecast",
    "open_items",
    "maintenance",
    "cyber",
    "alarms",
    "reliability",
    "clocks",
    "not_analysed",
    "acknowledgement",
)  # design, section 6


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    return Runner(Settings(_env_file=None, home=tmp_path_factory.mktemp("home")))


def ask(runner, text, grid, **more):
    return runner.ask(Question(text=text, grid=grid, **more), EMBEDDED)


def said(report) -> str:
    return " ".join(item.text for item in report.summary)


def test_ask__the_first_line_answers_and_every_number_is_a_reference(runner):
    report = ask(runner, "Which lines are overloaded?", "case30")
    assert "111.8 %" in said(report)
    for statement in report.summary:
        covered = [False] * len(statement.text)
        for span in (*statement.spans, *statement.tokens):
            covered[span.start : span.end] = [True] * (span.end - span.start)
        assert not [char for char, seen in zip(statement.text, covered, strict=True) if char.isdigit() and not seen]


def test_ask__unserved_load_of_a_radial_outage(runner):
    """Published load table of the 33-bus feeder: 3.715 MW in all, 1.075 MW behind line 5."""
    report = ask(runner, "What happens if line 5 trips?", "case33bw")
    lost = next(item for item in report.findings if item.kind == "supply_lost")
    assert "1.075 MW" in lost.statement.text
    assert [item.index for item in lost.assets] == list(range(6, 18))


def test_ask__placeholder_ratings_are_called_meaningless(runner):
    report = ask(runner, "Is the grid N-1 secure?", "case118")
    assert "0.902 pu" in said(report)
    assert "placeholder" in said(report)


def test_ask__the_tap_side_is_named_as_the_cause(runner):
    report = ask(runner, "Why is the lowest voltage so low?", "case57")
    finding = next(item for item in report.findings if item.kind == "suspect_tap_side")
    assert finding.cause is not None
    assert "0.72" in finding.cause.text


def test_ask__the_cheapest_dispatch_is_told_with_its_prices_and_its_proof(runner):
    """case9's optimum is published in MATPOWER's manual: 5296.69 $/h."""
    report = ask(runner, "What is the cheapest dispatch?", "case9")
    assert report.status is ReportStatus.ANSWERED
    assert "5296.69" in report.summary[0].text
    assert "Outages were not secured" in said(report)
    assert "independent AC power flow" in said(report)


def test_ask__a_dispatch_without_an_optimum_says_why_and_gives_no_number(runner):
    report = ask(runner, "cheapest N-1 secure dispatch", "case30")
    assert report.status is ReportStatus.QUALIFIED
    assert "did not converge" in report.summary[0].text
    assert "rating of line:9 after the outage of line:39" in report.summary[0].text
    assert not any(item.tool == "optimize_dispatch" for item in report.evidence)


def test_ask__a_false_premise_is_corrected_first(runner):
    report = ask(runner, "Since line 9 is fine, is anything else overloaded?", "case30")
    assert "111.8 %" in report.summary[0].text


def test_ask__a_control_order_is_refused_without_a_number(runner):
    report = ask(runner, "Open line 5 now.", "case30")
    assert report.status is ReportStatus.REFUSED
    assert not report.evidence


def test_ask__advice_carries_its_proof(runner):
    report = ask(runner, "What should I do about the overload on line 9?", "case30")
    assert report.recommendations
    known = {item.id: item for item in report.evidence}
    for item in report.recommendations:
        if item.verdict is not ActionVerdict.PROCEDURAL:
            assert known[item.evidence[0]].tool == "simulate_actions"
            assert known[item.evidence[0]].result["verdict"] == item.verdict


def test_ask__a_follow_up_accumulates_the_hypothesis(runner):
    ask(runner, "What happens if line 14 trips?", "case39", conversation="night")
    report = ask(runner, "and with line 9 out as well?", "case39", conversation="night")
    assert {str(item) for item in report.resolved.hypothesis.outages} == {"line:9", "line:14"}
    assert any(
        item.arguments.get("outages") == ["line:14", "line:9"]
        or sorted(item.arguments.get("outages", [])) == ["line:14", "line:9"]
        for item in report.evidence
    )


def test_ask__an_unknown_grid_names_close_ones_and_leaves_no_run(runner):
    before = len(runner.runs.list(1000))
    with pytest.raises(GridUnavailableError, match="case39"):
        ask(runner, "status?", "caes39")
    assert len(runner.runs.list(1000)) == before


def test_ask__every_run_verifies_and_replays(runner):
    report = ask(runner, "How is the grid?", "case39")
    assert runner.verify(report.run_id).status == "same"
    assert runner.replay(report.run_id).equal


def test_shift_report__has_its_fifteen_sections_in_order(runner):
    report = runner.ask(Question(text="Shift report", grid="case39", kind=ReportKind.SHIFT), EMBEDDED)
    assert tuple(item.key for item in report.sections) == FIFTEEN
    unfilled = {item.key for item in report.sections if item.state == "not_checked"}
    assert {"safety", "forecast", "cyber", "alarms"} <= unfilled
    assert all("not checked: no " in s.statements[0].text for s in report.sections if s.key in {"safety", "forecast"})
    assert runner.verify(report.run_id).passed
