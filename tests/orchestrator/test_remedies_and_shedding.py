"""Remedies, load shedding, units and successive outages asked in plain words; the numbers are plain pandapower's."""

import pandapower as pp
import pandapower.networks
import pytest

from agents.question import Question, ReportStatus
from orchestrator.runner import Runner
from orchestrator.settings import Settings, parse_reasoner


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    runner = Runner(Settings(_env_file=None, home=tmp_path_factory.mktemp("home")))
    return lambda text, grid="case30": runner.ask(Question(text=text, grid=grid), parse_reasoner("embedded"))


def said(report) -> str:
    return " ".join(item.text for item in report.summary)


def only(report, tool):
    [found] = [item for item in report.evidence if item.tool == tool]
    return found


def rows_of(result):
    """What helps, or where nothing does what was tried."""
    return result["remedies"] or result["tried"]


def shed(net, actions, short_mw=0.0):
    """The highest loading with loads shed at their power factor, and what is still missing of the first."""
    for place, action in enumerate(actions):
        index = int(action["element"].partition(":")[2])
        p_mw = action["p_mw"] - (short_mw if place == 0 else 0.0)
        net.load.loc[index, ["p_mw", "q_mvar"]] *= 1 - p_mw / net.load.p_mw.at[index]
    pp.runpp(net, lightsim2grid=False)
    return float(net.res_line.loading_percent.max())


def test_ask__the_least_load_to_be_shed_restores_the_limits_and_a_little_less_does_not(ask):
    report = ask("how much load must be shed to get back within limits")
    found = only(report, "plan_load_shedding").result
    assert found["restored"]
    assert shed(pandapower.networks.case30(), found["actions"]) <= 100
    assert shed(pandapower.networks.case30(), found["actions"], short_mw=0.15) > 100
    assert f"{found['shed_p_mw']:g} MW of 189.20 MW" in report.summary[0].text
    assert report.recommendations[0].verdict == found["verdict"]


def test_ask__a_load_that_is_protected_gives_less_and_after_others_and_one_that_is_barred_nothing(ask):
    """One load of case30 relieves line 9 by itself; the others do not suffice, so what is protected gives the rest."""
    [first] = only(ask("how much load must be shed"), "plan_load_shedding").result["actions"]
    number = first["element"].partition(":")[2]
    report = ask(f"least load shedding, protecting load {number}")
    found = only(report, "plan_load_shedding")
    assert found.arguments["priorities"] == [{"element": first["element"], "priority": 1}]
    given = {action["element"]: action["p_mw"] for action in found.result["actions"]}
    assert 0 < given.pop(first["element"]) < first["p_mw"]
    assert sum(given.values()) > first["p_mw"]
    assert f"last {first['element']}" in said(report)
    barred = ask(f"plan load shedding but keep load {number} on")
    found = only(barred, "plan_load_shedding").result
    assert first["element"] not in {action["element"] for action in found["actions"]}
    assert not found["restored"]
    assert "the plan that helps most sheds" in barred.summary[0].text


def test_ask__no_load_has_to_be_shed_where_no_limit_is_broken(ask):
    report = ask("do we need to shed any load?", "case9")
    assert only(report, "plan_load_shedding").result["shed_p_mw"] == 0
    assert "no load has to be shed" in report.summary[0].text
    assert report.recommendations == () or report.recommendations[0].verdict == "procedural"


def test_ask__remedies_without_shedding_shed_nothing(ask):
    report = ask("remedies without shedding load")
    used = only(report, "find_remedies")
    assert "shed_load" not in used.arguments["allowed"]
    kinds = {action["type"] for row in rows_of(used.result) for action in row["actions"]}
    assert kinds
    assert "shed_load" not in kinds
    assert "Kept out of the search, as asked: load shedding." in said(report)


def test_ask__a_corrective_remedy_is_for_the_state_after_its_outage(ask):
    report = ask("what do we do if line 14 trips")
    used = only(report, "find_remedies")
    assert (used.arguments["mode"], used.arguments["contingencies"]) == ("corrective", ["line:14"])
    assert "outages" not in used.arguments
    best = used.result["remedies"][0]
    net = pandapower.networks.case30()
    net.line.at[14, "in_service"] = False
    pp.runpp(net, lightsim2grid=False)
    assert best["violations_before"] == int((net.res_line.loading_percent > 100).sum())
    assert report.summary[0].text.startswith("After the outage of line:14, best of the simulated actions")
    assert report.recommendations[0].title.text.startswith("After the outage of line:14")
    assert "With line:14 out of service" in said(report)


def test_ask__a_preventive_remedy_leaves_the_outage_out_of_the_state(ask):
    used = only(ask("preventive measures for the outage of line 14"), "find_remedies")
    assert used.arguments["contingencies"] == ["line:14"]
    assert not {"mode", "outages"} & used.arguments.keys()


def test_ask__the_worst_generator_outage_is_that_of_a_pandapower_loop(ask):
    report = ask("which generator outage is worst?")
    used = only(report, "screen_contingencies")
    assert used.arguments["kinds"] == ["gen", "sgen", "ext_grid"]
    worst = {}
    for index in pandapower.networks.case30().gen.index:
        net = pandapower.networks.case30()
        net.gen.at[index, "in_service"] = False
        pp.runpp(net, lightsim2grid=False)
        worst[f"gen:{index}"] = float(net.res_line.loading_percent.max())
    place = max(worst, key=lambda unit: worst[unit])
    highest = used.result["highest_loading"]
    assert highest["case"] == f"out {place}"
    assert highest["loading_percent"] == pytest.approx(worst[place], abs=1e-3)
    assert f"({place} out)" in said(report)
    assert "balanced by ext_grid:0" in said(report)


def test_ask__margins_and_a_common_mode_come_before_the_claim(ask):
    near = ask("which line is closest to its limit after any outage?")
    assert near.summary[0].text.startswith("Highest loading over all connected outages")
    assert "Branches nearest to their rating" in near.summary[1].text
    tower = ask("n-1 with lines 9 and 10 on the same tower")
    net = pandapower.networks.case30()
    net.line.loc[[9, 10], "in_service"] = False
    pp.runpp(net, lightsim2grid=False)
    assert "line:9 and line:10 out" in tower.summary[0].text
    assert f"{net.res_line.loading_percent.max():.1f} %" in tower.summary[0].text
    assert not [item for item in tower.not_checked if "not asked for" in item.text]


def test_ask__a_second_outage_follows_the_first_and_what_is_done_between(ask):
    report = ask("another line trips after losing line 9 and raising gen 3 by 5 MW")
    used = only(report, "screen_contingencies")
    assert (used.arguments["order"], used.arguments["sequence"]) == (2, "sequential")
    assert used.arguments["elements"] == ["line:9"]
    [between] = used.arguments["adjustments"]
    assert between["after"] == "line:9"
    assert between["actions"][0]["element"] == "gen:3"
    assert all(row["elements"][0]["index"] == 9 for row in used.result["rows"])
    assert "N-1-1" in report.summary[0].text
    assert report.status is ReportStatus.ANSWERED


def test_ask__losses_of_a_feeder_by_line(ask):
    """Baran and Wu 1989: 202.677 kW."""
    report = ask("Where is power lost?", "case33bw")
    assert only(report, "break_down_losses").result["loss_p_mw"] == pytest.approx(0.202677, abs=1e-5)
    assert "0.203 MW" in report.summary[0].text
