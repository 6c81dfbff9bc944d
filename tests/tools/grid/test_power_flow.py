from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import numpy as np
import pandapower as pp
import pandapower.networks as pn
import pytest
from pandapower.toolbox import nets_equal

from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.importing import open_grid
from tools.grid.power_flow import solve_power_flow
from tools.grid.schema.actions import Redispatch
from tools.grid.schema.power_flow import FlowModel, RankBy, SolvePowerFlowArguments
from tools.result import canonical_json


@pytest.fixture
def flow_of(grid_of, context_of):
    """The answer of the tool for a net and arguments."""
    return lambda net, **args: solve_power_flow(context_of(grid_of(net)), SolvePowerFlowArguments(**args))


@pytest.mark.realdata
def test_solve_power_flow__rts_gmlc_loses_153_97_mw(realdata, context_of):
    grid = open_grid(str(realdata / "networks" / "rts_gmlc" / "pandapower_net.json.gz"))
    flow = solve_power_flow(context_of(grid), SolvePowerFlowArguments())
    assert flow.loss_p_mw == pytest.approx(153.97, abs=0.05)


def test_solve_power_flow__case33bw_loses_202_677_kw_as_published(flow_of):
    flow = flow_of(pn.case33bw())
    assert flow.loss_p_mw == pytest.approx(0.202677, abs=5e-7)
    # Baran and Wu 1989: 0.9131 pu at the end of the main feeder
    assert (flow.lowest_voltage.element.index, round(flow.lowest_voltage.vm_pu, 4)) == (17, 0.9131)
    assert flow.load_p_mw == pytest.approx(3.715)


def test_solve_power_flow__case30_line_9_is_overloaded_in_the_base_case(flow_of):
    flow = flow_of(pn.case30())
    assert str(flow.highest_loading.element) == "line:9"
    assert flow.highest_loading.loading_percent == pytest.approx(111.8, abs=0.05)
    assert flow.highest_loading.i_ka / flow.highest_loading.rating_ka * 100 == pytest.approx(
        flow.highest_loading.loading_percent
    )


def test_solve_power_flow__case57_lowest_voltage(flow_of):
    assert flow_of(pn.case57()).lowest_voltage.vm_pu == pytest.approx(0.72, abs=0.005)


def test_solve_power_flow__placeholder_ratings_give_no_loading(flow_of):
    flow = flow_of(pn.case118(), elements=("line:14",))
    assert flow.highest_loading is None
    [row] = flow.branches
    assert row.loading_percent is row.rating_ka is row.limit_percent is None
    assert row.i_ka > 0
    [left_out] = flow.branches_covered.left_out
    assert left_out.count == 186
    assert "placeholder" in left_out.reason
    assert flow_of(pn.case118()).branches == (), "there is no ranking by a loading that means nothing"


@pytest.mark.parametrize("case", [pn.case30, pn.case39, pn.case57, pn.example_multivoltage])
@pytest.mark.parametrize("outages", [(), ("line:1",)])
def test_solve_power_flow__power_is_balanced(flow_of, case, outages):
    net = case()
    flow = flow_of(net, outages=outages)
    plain = case()
    for outage in outages:
        plain.line.loc[int(outage.split(":")[1]), "in_service"] = False
    pp.runpp(plain)
    shunts = plain.res_shunt.p_mw.sum()
    assert flow.generation_p_mw == pytest.approx(flow.load_p_mw + flow.loss_p_mw + shunts, abs=1e-5)
    # losses independently: what comes in at every bus and does not leave it again
    assert flow.loss_p_mw == pytest.approx(-plain.res_bus.p_mw.sum(), abs=1e-5)
    assert flow.loss_percent == pytest.approx(100 * flow.loss_p_mw / flow.generation_p_mw)


@pytest.mark.parametrize("case", [pn.case39, pn.example_multivoltage])
def test_solve_power_flow__rows_equal_plain_pandapower(flow_of, case):
    plain = case()
    pp.runpp(plain)
    for kind in ("line", "trafo", "trafo3w"):
        live = plain[kind].index[plain[kind].in_service & plain[f"res_{kind}"].loading_percent.notna()]
        flow = flow_of(case(), elements=tuple(f"{kind}:{index}" for index in live)) if len(live) else None
        for row in flow.branches if flow else ():
            expected = plain[f"res_{kind}"].loc[row.element.index]
            if row.loading_percent is not None:
                assert row.loading_percent == pytest.approx(expected.loading_percent, abs=1e-6)
                assert row.i_ka / row.rating_ka * 100 == pytest.approx(expected.loading_percent, abs=1e-6)
            assert row.loss_p_mw == pytest.approx(expected.pl_mw, abs=1e-7)


def test_solve_power_flow__asked_elements_of_every_kind(flow_of):
    flow = flow_of(
        pn.case14(),
        outages=("line:3",),
        elements=("bus:4", "line:0", "line:3", "trafo:1", "gen:0", "load:2", "shunt:0"),
    )
    assert [str(row.element) for row in flow.buses] == ["bus:4"]
    assert [str(row.element) for row in flow.branches] == ["line:0", "trafo:1"]
    assert [str(row.element) for row in flow.units] == ["gen:0"]
    assert [str(row.element) for row in flow.loads] == ["load:2", "shunt:0"]
    assert [str(ref) for ref in flow.dead] == ["line:3"]
    assert {row.case for row in (*flow.buses, *flow.branches, *flow.units, *flow.loads)} == {"out line:3"}
    [bus] = flow.buses
    assert bus.vm_kv == pytest.approx(bus.vm_pu * bus.vn_kv)


def test_solve_power_flow__dead_elements_have_no_numbers(flow_of):
    flow = flow_of(pn.case33bw(), outages=("line:5",), elements=("bus:6", "load:6", "line:8", "bus:1"))
    assert [str(ref) for ref in flow.dead] == ["bus:6", "load:6", "line:8"]
    assert [str(row.element) for row in flow.buses] == ["bus:1"]
    assert flow.load_p_mw == pytest.approx(3.715 - 1.075)
    assert flow.supply.unserved_p_mw == pytest.approx(1.075)


@pytest.mark.parametrize(
    ("rank_by", "table", "column", "descending"),
    [
        (RankBy.LOADING, "line", "loading_percent", True),
        (RankBy.LOSSES, "line", "pl_mw", True),
        (RankBy.LOW_VOLTAGE, "bus", "vm_pu", False),
        (RankBy.HIGH_VOLTAGE, "bus", "vm_pu", True),
    ],
)
def test_solve_power_flow__ranked_pages_cover_everything_once(flow_of, rank_by, table, column, descending):
    plain = pn.case30()
    pp.runpp(plain)
    expected = plain[f"res_{table}"][column].sort_values(ascending=not descending)
    pages = [flow_of(pn.case30(), rank_by=rank_by, limit=15, offset=offset) for offset in (0, 15, 30)]
    rows = [row for page in pages for row in (page.branches if table == "line" else page.buses)]
    values = [plain[f"res_{table}"].at[row.element.index, column] for row in rows]
    np.testing.assert_allclose(values, expected, atol=1e-6)
    assert len({row.element.index for row in rows}) == len(expected)
    assert pages[0].omitted == len(expected) - 15


def test_solve_power_flow__ranked_units_have_their_limits(flow_of):
    units = flow_of(pn.case39(), rank_by=RankBy.GENERATION, limit=20).units
    assert len(units) == 10
    assert [row.p_mw for row in units] == sorted((row.p_mw for row in units), reverse=True)
    [slack] = [row for row in units if row.element.kind == "ext_grid"]
    assert slack.p_mw > slack.max_p_mw == 646.0


def test_solve_power_flow__dc_has_flows_but_no_voltage_reactive_power_or_loss(flow_of):
    flow = flow_of(pn.case30(), model=FlowModel.DC)
    plain = pn.case30()
    pp.rundcpp(plain)
    assert flow.loss_p_mw is flow.lowest_voltage is flow.highest_voltage is flow.load_q_mvar is flow.iterations is None
    assert flow.generation_p_mw == pytest.approx(flow.load_p_mw)
    for row in flow.branches:
        assert row.p_from_mw == pytest.approx(plain.res_line.p_from_mw[row.element.index])
        assert row.q_from_mvar is row.loss_p_mw is None
    with pytest.raises(InvalidArgumentError, match="rank_by"):
        flow_of(pn.case30(), model=FlowModel.DC, rank_by=RankBy.LOSSES)
    with pytest.raises(InvalidArgumentError, match="elements"):
        flow_of(pn.case30(), model=FlowModel.DC, elements=("bus:1",))


def test_solve_power_flow__redispatch_is_balanced_by_the_slack(flow_of):
    action = Redispatch(element="gen:0", delta_p_mw=10.0)
    before, after = flow_of(pn.case14()), flow_of(pn.case14(), actions=(action,))
    moved = before.slack[0].p_mw - after.slack[0].p_mw
    assert moved == pytest.approx(10.0 + before.loss_p_mw - after.loss_p_mw)
    assert after.case == "with redispatch gen:0"


def test_solve_power_flow__a_state_that_does_not_solve_gives_no_number(flow_of):
    net = pn.case14()
    net.load.p_mw *= 20
    with pytest.raises(NotSolvedError, match="does not converge"):
        flow_of(net)


def test_solve_power_flow__impedance_dc_line_and_static_units(flow_of):
    net = pp.create_empty_network()
    for _ in range(4):
        pp.create_bus(net, 110.0)
    pp.create_ext_grid(net, 0)
    pp.create_impedance(net, 0, 1, rft_pu=0.01, xft_pu=0.05, sn_mva=100.0)
    pp.create_line(net, 1, 2, 10.0, "243-AL1/39-ST1A 110.0")
    pp.create_dcline(net, 1, 3, p_mw=10.0, loss_percent=1.0, loss_mw=0.2, vm_from_pu=1.0, vm_to_pu=1.0)
    pp.create_line(net, 2, 3, 10.0, "243-AL1/39-ST1A 110.0")
    pp.create_load(net, 3, 20.0, 5.0)
    pp.create_sgen(net, 2, 4.0)
    pp.create_storage(net, 2, -1.0, max_e_mwh=5.0)
    flow = flow_of(net, elements=("impedance:0", "dcline:0", "sgen:0", "storage:0"))
    assert [str(row.element) for row in flow.branches] == ["impedance:0", "dcline:0"]
    assert all(row.loading_percent is None and row.i_ka > 0 for row in flow.branches)
    # 0.2 MW, and 1 % of the 10 MW transmitted
    assert flow.branches[1].loss_p_mw == pytest.approx(0.2 + 0.1, abs=1e-6)
    assert flow.generation_p_mw == pytest.approx(flow.load_p_mw + flow.loss_p_mw, abs=1e-6)
    assert [row.p_mw for row in flow.loads] == [4.0, -1.0], "each in its own table's sign"
    assert any("no rating" in item.reason for item in flow.branches_covered.left_out)


def test_solve_power_flow__leaves_the_grid_as_it_was_and_threads_agree(grid_of, context_of):
    grid = grid_of(pn.case39())
    before = deepcopy(grid.net)
    context = context_of(grid)

    def ask(number):
        outages = (("line:0",), ("trafo:1",), ())[number % 3]
        return canonical_json(solve_power_flow(context, SolvePowerFlowArguments(outages=outages)))

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, range(48)))
    assert len(set(answers)) == 3
    assert all(answer == answers[number % 3] for number, answer in enumerate(answers))
    assert nets_equal(grid.net, before, check_only_results=False)
