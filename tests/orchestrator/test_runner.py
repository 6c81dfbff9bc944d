"""A question from end to end, on shipped grids, with what makes an answer ours."""

import pandapower
import pandapower.networks
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


def test_ask__the_pairs_of_named_lines(runner):
    report = ask(runner, "N-2 of lines 3, 5, 9", "case39")
    assert report.status is ReportStatus.ANSWERED
    assert "Outages simulated: 3" in report.summary[0].text
    assert all(pair in said(report) for pair in ("line:3 and line:5", "line:3 and line:9", "line:5 and line:9"))
    net = pandapower.networks.case39()
    net.line.loc[[3, 5], "in_service"] = False
    pandapower.runpp(net)
    assert f"{max(net.res_line.loading_percent.max(), net.res_trafo.loading_percent.max()):.1f} %" in said(report)
    assert any("single outages" in item.text for item in report.not_checked)


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
    """case9's optimum is 5296.69 $/h (MINLPLib, powerflow0009)."""
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
            [proof] = [known[name] for name in item.evidence]
            assert proof.tool == "find_remedies"
            rows = [*proof.result["remedies"], *proof.result["tried"]]
            assert item.verdict in [row["verdict"] for row in rows if len(row["actions"]) == len(item.action)]
    assert not [item for item in report.evidence if item.tool == "simulate_actions"]


def test_ask__a_follow_up_accumulates_the_hypothesis(runner):
    ask(runner, "What happens if line 14 trips?", "case39", conversation="night")
    report = ask(runner, "and with line 9 out as well?", "case39", conversation="night")
    assert {str(item) for item in report.resolved.hypothesis.outages} == {"line:9", "line:14"}
    assert any(
        item.arguments.get("outages") == ["line:14", "line:9"]
        or sorted(item.arguments.get("outages", [])) == ["line:14", "line:9"]
        for item in report.evidence
    )


def test_ask__losses_are_broken_down(runner):
    """Baran and Wu 1989: 202.677 kW, all of it in the lines of a feeder without a transformer."""
    report = ask(runner, "Where do our losses come from?", "case33bw")
    assert "0.203 MW in lines (100 %)" in report.summary[0].text
    assert "the model has neither" in said(report)
    assert {"losses"} <= {section.key for section in report.sections}


def test_ask__a_fault_without_data_names_them_and_a_follow_up_states_them(runner):
    first = ask(runner, "What is the fault level at bus:15?", "case39", conversation="faults")
    assert first.status is ReportStatus.QUALIFIED
    assert "gen.xdss_pu" in first.summary[0].text
    stated = (
        "then take ext_grid.s_sc_max_mva=10000, ext_grid.rx_max=0.1, gen.sn_per_max_p=1.2, gen.vn_per_bus_vn=1, "
        "gen.xdss_pu=0.2, gen.cos_phi=0.85 and gen.rdss_per_xdss=0.05"
    )
    second = ask(runner, stated, "case39", conversation="faults")
    assert second.status is ReportStatus.ANSWERED
    assert "bus:15" in second.summary[0].text
    assert "A, peak " in second.summary[0].text
    assert "Assumed as the question states" in said(second)
    assert runner.verify(second.run_id).status == "same"


def test_ask__a_fault_of_a_grid_with_its_data(runner):
    """5000 MVA at 110 kV are 26.243 kA."""
    report = ask(runner, "Is the short-circuit current at bus:0 above 25 kA?", "create_cigre_network_mv")
    assert "26243" in report.summary[0].text
    assert "breaking capacity of 25000 A: 1" in said(report)


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


def test_ask__a_cascade_is_told_from_its_outages_to_its_end(runner):
    """Behind line 5 of the 33-bus feeder 1.075 MW have no source."""
    report = ask(runner, "What happens in the end if line 5 trips?", "case33bw")
    [used] = [item for item in report.evidence if item.tool == "simulate_cascade"]
    assert used.arguments["initiating"] == [["line:5"]]
    assert "1.07" in report.summary[0].text
    assert "contained" in report.summary[0].text
    assert "no source" in said(report)
    assert "placeholder" in said(report)
    section = next(item for item in report.sections if item.key == "cascade")
    assert section.tables[0].title == "Step by step"
    assert report.status is ReportStatus.ANSWERED


def test_ask__where_cascades_could_begin(runner):
    report = ask(runner, "Which outage would cascade the furthest?", "case30")
    [used] = [item for item in report.evidence if item.tool == "simulate_cascade"]
    assert used.arguments["order"] == 1
    assert report.summary[0].text.startswith("Outages followed to their end")
    assert "41" in report.summary[0].text


def test_ask__a_black_grid_is_restored_from_the_unit_that_is_named(runner):
    """case9 has 315 MW of load; gen 0 gives 300 MW at most."""
    report = ask(runner, "The whole grid is black, how do we restore it starting from gen 0?", "case9")
    [used] = [item for item in report.evidence if item.tool == "plan_restoration"]
    assert used.arguments["whole_grid"] is True
    assert used.arguments["black_start"] == [{"element": "gen:0"}]
    first = report.summary[0].text
    assert "315 MW of 315 MW (100 %)" in first
    assert "best" in first
    assert "start gen:0" in said(report)
    assert "capacity 300 MW" in said(report)
    assert "not checked" in said(report)
    section = next(item for item in report.sections if item.key == "restoration")
    assert len(section.tables[0].rows) == used.result["steps_total"]
    assert not report.struck
    assert report.status is ReportStatus.ANSWERED


def test_ask__what_an_outage_leaves_dark_is_restored_through_the_ties(runner):
    report = ask(runner, "Plan the restoration after losing line 5", "case33bw")
    [used] = [item for item in report.evidence if item.tool == "plan_restoration"]
    assert used.arguments["outages"] == ["line:5"]
    assert "whole_grid" not in used.arguments
    first = report.summary[0].text
    assert "1.075 MW of 1.075 MW (100 %)" in first
    assert "ext_grid:0" in said(report)
    assert not report.struck


def test_ask__a_blackout_without_a_source_says_what_to_name(runner, tmp_path):
    net = pandapower.networks.case9()
    slack = net.ext_grid.loc[0]
    net.ext_grid = net.ext_grid.drop(0)
    pandapower.create_gen(net, int(slack.bus), 70.0, slack=True, max_p_mw=250.0, min_p_mw=10.0)
    path = tmp_path / "no_neighbour.json"
    pandapower.to_json(net, str(path))
    report = ask(runner, "We had a total blackout, plan the restoration", str(path))
    assert "black_start" in said(report)
    assert "name at least one unit" in said(report)


def test_ask__a_feeder_is_reconfigured_to_its_published_optimum(runner):
    """Baran and Wu's feeder: 202.677 kW become 139.551 kW with lines 7, 9, 14, 32, 37 (from one) open."""
    report = ask(runner, "Which ties should be closed to get the losses down?", "case33bw")
    first, *_ = report.summary
    assert "open line:6, line:8, line:13 and line:31" in first.text
    assert "139.551 kW" in first.text
    assert "202.677 kW" in first.text
    assert "proven: yes" in said(report)
    assert not report.struck
    [advice] = report.recommendations
    opened = [action.element for action in advice.action if not action.closed]
    assert opened == ["line:6", "line:8", "line:13", "line:31"]


def test_ask__ties_restore_supply_after_an_outage(runner):
    report = ask(runner, "Line 5 is out: which tie lines bring supply back?", "case33bw")
    assert "close line:32 and line:34" in report.summary[0].text
    assert "Unserved load before: 1.075 MW, after: 0 MW" in said(report)
    assert "0.937 pu" in said(report)
    assert report.recommendations[0].verdict is ActionVerdict.BEST_AVAILABLE


def test_ask__a_meshed_grid_is_no_feeder_and_the_answer_says_why(runner):
    report = ask(runner, "reconfigure the grid for least losses", "case39")
    assert report.status is ReportStatus.QUALIFIED
    assert "no radial feeder" in said(report)
