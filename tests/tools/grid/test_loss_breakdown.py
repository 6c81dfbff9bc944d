"""Losses against the balance of the grid, hand calculations of single elements, and plain pandapower moved by a MW."""

from copy import deepcopy

import numpy as np
import pandapower as pp
import pandapower.networks as pn
import pytest

from tools.errors import InvalidArgumentError, NotSolvedError, UnknownElementError
from tools.grid.importing import open_grid
from tools.grid.loss_breakdown import break_down_losses
from tools.grid.schema.losses import BreakDownLossesArguments
from tools.result import canonical_json

SQRT3 = 3**0.5


@pytest.fixture
def losses_of(grid_of, context_of):
    """The answer of the tool for a net and arguments."""
    return lambda net, **args: break_down_losses(context_of(grid_of(net)), BreakDownLossesArguments(**args))


def feeder(*, pfe_kw: float = 0.0, i0_percent: float = 0.0, g_us_per_km: float = 0.0, p_mw: float = 8.0):
    """110 kV grid, transformer, 20 kV line, load."""
    net = pp.create_empty_network(sn_mva=10.0)
    high, low, end = (pp.create_bus(net, kv) for kv in (110.0, 20.0, 20.0))
    pp.create_ext_grid(net, high)
    pp.create_transformer_from_parameters(
        net, high, low, sn_mva=25.0, vn_hv_kv=110.0, vn_lv_kv=20.0, vk_percent=11.0, vkr_percent=0.5,
        pfe_kw=pfe_kw, i0_percent=i0_percent, tap_side="hv", tap_neutral=0, tap_pos=-2, tap_step_percent=1.5,
        tap_min=-9, tap_max=9, tap_changer_type="Ratio",
    )  # fmt: skip
    pp.create_line_from_parameters(net, low, end, 10.0, 0.2, 0.35, 10.0, 0.4, g_us_per_km=g_us_per_km, parallel=2)
    pp.create_load(net, end, p_mw, 2.0)
    return net


def test_break_down_losses__windings_and_conductors_lose_i_squared_r(losses_of):
    net = feeder(pfe_kw=30.0, i0_percent=0.2, g_us_per_km=1.0)
    rows = {str(row.element): row for row in losses_of(net).branches}
    pp.runpp(net, lightsim2grid=False, numba=False)
    trafo, line = net.res_trafo.loc[0], net.res_line.loc[0]
    half_lv_ohm = 0.5 * 0.005 * 20.0**2 / 25.0
    half_hv_ohm = half_lv_ohm * (110.0 * 0.97 / 20.0) ** 2  # two steps of 1.5 % below neutral
    copper = 3 * (trafo.i_hv_ka**2 * half_hv_ohm + trafo.i_lv_ka**2 * half_lv_ohm)
    assert rows["trafo:0"].series_loss_p_mw == pytest.approx(copper, rel=1e-6)
    assert rows["trafo:0"].shunt_loss_p_mw == pytest.approx(trafo.pl_mw - copper, rel=1e-4)
    assert rows["trafo:0"].shunt_loss_p_mw == pytest.approx(0.030 / 0.97**2, rel=0.02)  # and a percent of voltage drop
    leakage = 2 * 1e-6 * 10.0 * sum((vm * 20.0) ** 2 for vm in (line.vm_from_pu, line.vm_to_pu)) / 2
    assert rows["line:0"].shunt_loss_p_mw == pytest.approx(leakage, rel=1e-6)
    assert rows["line:0"].series_loss_p_mw == pytest.approx(line.pl_mw - leakage, rel=1e-6)


def test_break_down_losses__a_transformer_without_load_loses_its_iron(losses_of):
    net = feeder(pfe_kw=30.0, i0_percent=0.1201, p_mw=0.0)
    net.load.q_mvar, net.trafo.tap_pos, net.line.c_nf_per_km = 0.0, 0, 0.0
    [row] = losses_of(net, elements=("trafo:0",)).branches
    assert row.shunt_loss_p_mw == pytest.approx(0.030, rel=1e-4)
    assert row.series_loss_p_mw == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("parallel", [1, 3])
def test_break_down_losses__iron_counts_for_each_parallel_transformer(losses_of, parallel):
    net = feeder(pfe_kw=30.0, p_mw=0.0)
    net.load.q_mvar, net.trafo.tap_pos, net.trafo.parallel = 0.0, 0, parallel
    [row] = losses_of(net, elements=("trafo:0",)).branches
    assert row.shunt_loss_p_mw == pytest.approx(0.030 * parallel, rel=2e-3)


def test_break_down_losses__three_windings_without_load_lose_their_iron(losses_of):
    net = pp.create_empty_network()
    high, middle, low = (pp.create_bus(net, kv) for kv in (110.0, 20.0, 10.0))
    pp.create_ext_grid(net, high)
    pp.create_transformer3w_from_parameters(
        net, high, middle, low, vn_hv_kv=110.0, vn_mv_kv=20.0, vn_lv_kv=10.0, sn_hv_mva=40.0, sn_mv_mva=25.0,
        sn_lv_mva=15.0, vk_hv_percent=10.0, vk_mv_percent=11.0, vk_lv_percent=12.0, vkr_hv_percent=0.3,
        vkr_mv_percent=0.31, vkr_lv_percent=0.32, pfe_kw=35.0, i0_percent=0.1,
    )  # fmt: skip
    pp.create_load(net, middle, 0.0)
    [row] = losses_of(net).branches
    assert row.shunt_loss_p_mw == pytest.approx(0.035, rel=1e-3)


def test_break_down_losses__case33bw_loses_202_677_kw_as_published(losses_of):
    answer = losses_of(pn.case33bw(), limit=1)
    assert answer.loss_p_mw == pytest.approx(0.202677, abs=5e-7)
    assert answer.branches[0].share_percent == pytest.approx(25.6, abs=0.1)  # 51.79 of 202.68 kW on its second branch
    assert answer.omitted == 31


NETS = (pn.case39, pn.case118, pn.example_multivoltage, pn.mv_oberrhein, pn.create_cigre_network_mv)


@pytest.mark.parametrize("make", NETS, ids=lambda make: make.__name__)
def test_break_down_losses__what_comes_in_goes_out_or_is_lost(losses_of, make):
    net, chance = make(), np.random.default_rng(4)
    for _ in range(2):
        state = deepcopy(net)
        state.load.scaling = chance.uniform(0.6, 1.05, len(state.load))
        out = chance.choice(state.line.index[state.line.in_service], 2, replace=False)
        try:
            answer = losses_of(state, outages=tuple(f"line:{index}" for index in out), limit=100)
        except NotSolvedError:
            continue
        drawn = answer.load_p_mw + answer.shunts_p_mw + answer.loss_p_mw
        assert answer.generation_p_mw == pytest.approx(drawn, abs=1e-5)
        parts = answer.series_loss_p_mw + answer.shunt_loss_p_mw + answer.undivided_loss_p_mw
        assert parts == pytest.approx(answer.loss_p_mw, abs=1e-9)
        for sums in (
            [row.kind_loss_p_mw for row in answer.kinds],
            [row.level_loss_p_mw for row in answer.levels],
        ):
            assert sum(sums) == pytest.approx(answer.loss_p_mw, abs=1e-9)
        assert sum(row.kind_share_percent for row in answer.kinds) == pytest.approx(100.0)
        assert all(row.series_loss_p_mw >= -1e-9 for row in answer.branches)


def moved_losses(net, bus: int, more_mw: float) -> float:
    moved = deepcopy(net)
    pp.create_load(moved, bus, more_mw)
    pp.runpp(moved, init="dc", tolerance_mva=1e-10, max_iteration=30, lightsim2grid=False)
    fed = moved.res_ext_grid.p_mw.sum() + moved.res_gen.p_mw.sum() + moved.res_sgen.p_mw.sum()
    return fed - moved.res_load.p_mw.sum()


@pytest.mark.parametrize("make", [pn.case39, pn.case30, pn.create_cigre_network_mv], ids=lambda make: make.__name__)
def test_break_down_losses__one_more_mw_loses_what_plain_pandapower_finds(losses_of, make):
    net = make()
    rows = losses_of(net, limit=100).marginal_losses
    assert len(rows) == len(net.bus)
    for row in rows[:: len(rows) // 4]:
        step = 0.01
        found = (moved_losses(net, row.element.index, step) - moved_losses(net, row.element.index, -step)) / (2 * step)
        assert row.marginal_loss_percent == pytest.approx(found * 100, abs=2e-3)


def test_break_down_losses__loads_that_follow_the_voltage_have_no_marginal_losses(losses_of):
    net = pn.case30()
    net.load["const_z_p_percent"] = 50.0
    answer = losses_of(net)
    assert answer.marginal_losses == ()
    assert ("buses", 30) in {(item.what, item.count) for item in answer.coverage.left_out}


def test_break_down_losses__a_dc_line_is_not_divided(losses_of):
    net = feeder()
    pp.create_dcline(net, 1, 2, p_mw=1.0, loss_percent=2.0, loss_mw=0.01, vm_from_pu=1.0, vm_to_pu=1.0)
    answer = losses_of(net)
    [row] = [row for row in answer.branches if str(row.element) == "dcline:0"]
    assert row.series_loss_p_mw is row.shunt_loss_p_mw is None
    assert answer.undivided_loss_p_mw == pytest.approx(row.loss_p_mw)
    assert answer.coverage.left_out[0].count == 1


def test_break_down_losses__an_element_out_of_service_is_dead_not_lossless(losses_of):
    answer = losses_of(pn.case39(), outages=("line:3",), elements=("line:3", "line:4"))
    assert [str(ref) for ref in answer.dead] == ["line:3"]
    assert [str(row.element) for row in answer.branches] == ["line:4"]
    assert answer.case == answer.branches[0].case == "out line:3"


def test_break_down_losses__a_slack_without_a_branch_loses_nothing(losses_of):
    found = losses_of(pn.case33bw(), outages=("line:0",))
    assert (found.loss_p_mw, found.generation_p_mw, found.load_p_mw, found.branches) == (0.0, 0.0, 0.0, ())
    assert found.supply.unserved_p_mw == pytest.approx(3.715)


def test_break_down_losses__pages_do_not_overlap_and_nothing_is_lost(losses_of):
    net = pn.case39()
    rows = [row for offset in range(0, 60, 20) for row in losses_of(net, limit=20, offset=offset).branches]
    assert len({row.element for row in rows}) == len(rows) == 46
    assert [row.loss_p_mw for row in rows] == sorted((row.loss_p_mw for row in rows), reverse=True)


def test_break_down_losses__what_cannot_be_is_refused(losses_of):
    with pytest.raises(UnknownElementError, match="line:99"):
        losses_of(pn.case39(), elements=("line:99",))
    with pytest.raises(InvalidArgumentError, match="bus"):
        losses_of(pn.case39(), elements=("bus:3",))
    with pytest.raises(NotSolvedError, match="source"):
        losses_of(pp.create_empty_network())
    without = pn.case39()
    without.ext_grid.in_service = False
    with pytest.raises(NotSolvedError, match="source"):
        losses_of(without)
    heavy = pn.case39()
    heavy.load.scaling = 4.0
    with pytest.raises(NotSolvedError, match="converge"):
        losses_of(heavy)


def test_break_down_losses__leaves_the_grid_as_it_was(grid_of, context_of):
    grid = grid_of(pn.case39())
    first = break_down_losses(context_of(grid), BreakDownLossesArguments())
    break_down_losses(context_of(grid), BreakDownLossesArguments(outages=("line:3",)))
    assert canonical_json(break_down_losses(context_of(grid), BreakDownLossesArguments())) == canonical_json(first)
    assert grid.net.line.in_service.all()


@pytest.mark.realdata
def test_break_down_losses__rts_gmlc_loses_153_97_mw(realdata, context_of):
    grid = open_grid(str(realdata / "networks" / "rts_gmlc" / "pandapower_net.json.gz"))
    answer = break_down_losses(context_of(grid), BreakDownLossesArguments())
    assert answer.loss_p_mw == pytest.approx(153.97, abs=0.05)
    assert abs(answer.unattributed_p_mw) < 1e-4
