"""Optimal dispatch against published optima, pandapower's own interior point, scipy's linear programs and finite
differences of the objective."""

import numpy as np
import pandapower as pp
import pandapower.networks as pn
import pytest
from scipy.optimize import linprog

from tools.errors import InvalidArgumentError, NotSolvedError, UnknownElementError
from tools.grid.importing import open_grid
from tools.grid.optimize_dispatch import optimize_dispatch
from tools.grid.schema.optimal_dispatch import OptimizeDispatchArguments


@pytest.fixture
def dispatch_of(grid_of, context_of):
    """The answer of the tool for a net and arguments."""
    return lambda net, **args: optimize_dispatch(context_of(grid_of(net)), OptimizeDispatchArguments(**args))


def three_buses(rating_mva=(1000.0, 1000.0, 1000.0), load_mw=(0.0, 0.0, 300.0)):
    """A triangle of equal lossless lines; cheap unit at bus 0, dear one at bus 1, load at bus 2."""
    net = pp.create_empty_network(sn_mva=100.0)
    for _ in range(3):
        pp.create_bus(net, vn_kv=110.0, min_vm_pu=0.9, max_vm_pu=1.1)
    for (a, b), mva in zip(((0, 1), (0, 2), (1, 2)), rating_mva, strict=True):
        pp.create_line_from_parameters(
            net, a, b, 1.0, r_ohm_per_km=1e-6, x_ohm_per_km=12.1, c_nf_per_km=0, max_i_ka=mva / (3**0.5 * 110.0)
        )
    limits = {"min_p_mw": 0.0, "max_p_mw": 400.0, "min_q_mvar": -300.0, "max_q_mvar": 300.0}
    pp.create_ext_grid(net, 0, vm_pu=1.0, **limits)
    pp.create_gen(net, 1, p_mw=100.0, vm_pu=1.0, **limits)
    for bus, mw in enumerate(load_mw):
        pp.create_load(net, bus, p_mw=mw)
    pp.create_poly_cost(net, 0, "ext_grid", cp1_eur_per_mw=20.0)
    pp.create_poly_cost(net, 0, "gen", cp1_eur_per_mw=50.0)
    return net


def by_element(rows):
    return {str(row.element): row for row in rows}


@pytest.mark.parametrize("case", ["case9", "case14", "case30"])
def test_optimize_dispatch__agrees_with_pandapowers_own_interior_point(dispatch_of, case):
    net = getattr(pn, case)()
    # pandapower limits apparent power at nominal voltage, and holds the slack's voltage unless told otherwise
    net.ext_grid["controllable"] = True
    found = dispatch_of(net, branch_limit="apparent_power", limit=100)
    own = getattr(pn, case)()
    own.ext_grid["controllable"] = True
    for table in ("line", "trafo"):
        own[table]["max_loading_percent"] = 100.0
    pp.runopp(own, delta=1e-12)
    assert found.optimal_objective == pytest.approx(own.res_cost, rel=1e-5)
    prices = by_element(found.prices)
    # case30 has two local optima, 2e-6 apart in cost, on either side of a line's rating: their prices differ
    for bus, price in own.res_bus.lam_p.items() if case != "case30" else ():
        assert prices[f"bus:{bus}"].price == pytest.approx(price, abs=2e-2)
    assert found.check.kept


def dc_by_linprog(net, slopes):
    """The DC problem of a net of lines, by scipy alone: angles and units, cost, and prices from the equality duals."""
    buses, units = len(net.bus), [0, 1]
    b = [110.0**2 / x for x in net.line.x_ohm_per_km]
    a_eq, a_ub = np.zeros((buses, buses + 2)), np.zeros((2 * len(net.line), buses + 2))
    for at, (start, end) in enumerate(zip(net.line.from_bus, net.line.to_bus, strict=True)):
        flow = np.zeros(buses + 2)
        flow[start], flow[end] = b[at], -b[at]
        a_eq[start] += flow
        a_eq[end] -= flow
        a_ub[2 * at], a_ub[2 * at + 1] = flow, -flow
    for at in units:
        a_eq[at, buses + at] = -1.0
    demand = np.zeros(buses)
    np.add.at(demand, net.load.bus.to_numpy(), net.load.p_mw.to_numpy())
    rating = np.repeat(3**0.5 * 110.0 * net.line.max_i_ka.to_numpy(), 2)
    bounds = [(0, 0), *[(None, None)] * (buses - 1), (0, 400), (0, 400)]
    cost = np.r_[np.zeros(buses), slopes]
    found = linprog(cost, A_ub=a_ub, b_ub=rating, A_eq=a_eq, b_eq=-demand, bounds=bounds)
    return found.fun, found.x[buses:], -found.eqlin.marginals


@pytest.mark.parametrize("rating", [(1000.0, 1000.0, 1000.0), (1000.0, 150.0, 1000.0), (40.0, 170.0, 1000.0)])
def test_optimize_dispatch__dc_agrees_with_a_linear_program_written_here(dispatch_of, rating):
    net = three_buses(rating)
    cost, outputs, prices = dc_by_linprog(net, (20.0, 50.0))
    found = dispatch_of(net, model="dc")
    assert found.optimal_objective == pytest.approx(cost)
    units = by_element(found.units)
    assert [units["ext_grid:0"].optimal_p_mw, units["gen:0"].optimal_p_mw] == pytest.approx(outputs, abs=1e-6)
    assert [by_element(found.prices)[f"bus:{bus}"].price for bus in range(3)] == pytest.approx(prices, abs=1e-6)
    assert found.congested == (rating[1] < 1000.0)
    assert found.optimal_loss_p_mw is None


def test_optimize_dispatch__congestion_of_a_triangle_is_what_a_pencil_gives(dispatch_of):
    # of the cheap unit's power two thirds, of the dear one's a third flow through the limited line:
    # 2/3 a + 1/3 b = 150, a + b = 300
    found = dispatch_of(three_buses((1000.0, 150.0, 1000.0)), model="dc")
    units, prices = by_element(found.units), by_element(found.prices)
    assert units["ext_grid:0"].optimal_p_mw == pytest.approx(150.0)
    assert units["gen:0"].optimal_p_mw == pytest.approx(150.0)
    # one MW more at the load: one less of the cheap, two more of the dear
    assert prices["bus:2"].price == pytest.approx(2 * 50.0 - 20.0)
    assert found.reference_price == pytest.approx(20.0)
    assert str(found.highest_price.element) == "bus:2"
    [limit] = [item for item in found.binding if item.kind == "rating"]
    # one MVA more through the line lets three MW move from the dear unit to the cheap one
    assert (str(limit.element), limit.shadow_price) == ("line:1", pytest.approx(90.0))
    assert found.surplus == pytest.approx(150.0 * 90.0)


@pytest.mark.parametrize("model", ["ac", "dc"])
def test_optimize_dispatch__prices_are_the_slopes_of_the_objective(dispatch_of, model):
    net = pn.case30()
    extra = pp.create_load(net, 7, p_mw=0.0)

    def cost(extra_mw=0.0, extra_mvar=0.0):
        net.load.loc[extra, ["p_mw", "q_mvar"]] = extra_mw, extra_mvar
        return dispatch_of(net, model=model, limit=100)

    step = 0.05
    price = by_element(cost().prices)["bus:7"]
    slope = (cost(step).optimal_objective - cost(-step).optimal_objective) / (2 * step)
    assert price.price == pytest.approx(slope, rel=1e-3)
    if model == "ac":
        slope = (cost(0.0, step).optimal_objective - cost(0.0, -step).optimal_objective) / (2 * step)
        assert price.reactive_price == pytest.approx(slope, rel=1e-2)


def test_optimize_dispatch__shadow_price_of_a_rating_is_the_slope_of_the_objective(dispatch_of):
    def run(factor=1.0):
        net = three_buses((1000.0, 150.0 * factor, 1000.0))
        return dispatch_of(net, branch_limit="apparent_power")

    [limit] = [item for item in run().binding if item.kind == "rating"]
    slope = (run(0.999).optimal_objective - run(1.001).optimal_objective) / 0.3
    assert limit.shadow_price == pytest.approx(slope, rel=1e-2)


def test_optimize_dispatch__reserve_is_kept_and_costs_its_shadow_price(dispatch_of):
    net = three_buses(load_mw=(0.0, 0.0, 500.0))
    net.gen.max_p_mw = 300.0
    net.poly_cost.loc[1, "cp2_eur_per_mw2"] = 0.1
    free, held = dispatch_of(net, model="dc"), dispatch_of(net, model="dc", reserve_mw=150.0)
    for found in (free, held):
        assert found.optimal_reserve_p_mw == pytest.approx(200.0)  # 700 less the load
    assert held.required_reserve_p_mw == 150.0
    with pytest.raises(NotSolvedError, match="did not converge"):
        dispatch_of(net, reserve_mw=250.0)
    with pytest.raises(InvalidArgumentError, match="reserve_mw"):
        dispatch_of(net, reserve_mw=701.0)


@pytest.mark.parametrize("model", ["ac", "dc"])
def test_optimize_dispatch__secured_outage_keeps_every_rating_by_plain_power_flow(dispatch_of, model):
    # with line 1 out all of the cheap unit's power goes over lines 0 and 2; 150 MVA at most
    net = three_buses((1000.0, 1000.0, 350.0))
    net.line.loc[0, "max_i_ka"] = 150.0 / (3**0.5 * 110.0)
    args = {"model": model, "branch_limit": "apparent_power"}
    free = dispatch_of(net, **args)
    found = dispatch_of(net, secured_outages=("line:1",), **args)
    assert by_element(free.units)["ext_grid:0"].optimal_p_mw == pytest.approx(300.0, abs=0.1)
    output = by_element(found.units)["ext_grid:0"].optimal_p_mw
    # in AC the reactive power that line 0 carries leaves less room
    assert output == pytest.approx(150.0, abs=1e-6) if model == "dc" else 140.0 < output < 150.0
    assert found.optimal_objective > free.optimal_objective
    assert any(item.kind == "security" and str(item.outage) == "line:1" for item in found.binding)
    assert found.security.outages_covered.checked == found.security.outages_covered.solved == 1
    if model == "ac":
        assert found.security.kept
        net.gen.p_mw = by_element(found.units)["gen:0"].optimal_p_mw
        net.ext_grid.vm_pu = by_element(found.units)["ext_grid:0"].optimal_vm_pu
        net.gen.vm_pu = by_element(found.units)["gen:0"].optimal_vm_pu
        net.line.loc[1, "in_service"] = False
        pp.runpp(net)
        flow_mva = np.hypot(net.res_line.p_from_mw, net.res_line.q_from_mvar)
        assert flow_mva[0] <= 150.01


def test_optimize_dispatch__piecewise_costs_dispatch_in_merit_order(dispatch_of):
    net = three_buses()
    net.poly_cost = net.poly_cost.iloc[:0]
    pp.create_pwl_cost(net, 0, "ext_grid", [[0, 100, 10.0], [100, 400, 60.0]])
    pp.create_pwl_cost(net, 0, "gen", [[0, 150, 30.0], [150, 400, 70.0]])
    for model in ("ac", "dc"):
        found = dispatch_of(net, model=model)
        # 100 at 10, 150 at 30, the last 50 at 60
        assert found.optimal_objective == pytest.approx(100 * 10 + 150 * 30 + 50 * 60, rel=1e-4)
        assert found.reference_price == pytest.approx(60.0, rel=1e-3)


def test_optimize_dispatch__least_redispatch_moves_nothing_where_nothing_is_broken(dispatch_of):
    found = dispatch_of(three_buses(), objective="least_redispatch", hold_voltages=True)
    assert (found.before_violations, found.moved_p_mw) == (0, pytest.approx(0.0, abs=1e-4))
    overloaded = three_buses((1000.0, 100.0, 1000.0), load_mw=(0.0, 0.0, 210.0))
    found = dispatch_of(overloaded, objective="least_redispatch", hold_voltages=True)
    # gen 100 and slack 110 send 2/3 110 + 1/3 100 = 106.7 through the line: 20 MW must move, and a little more for
    # the reactive power that flows beside
    assert found.before_violations == 1
    assert 20.0 < found.moved_p_mw < 22.5
    assert found.optimal_objective == pytest.approx(2 * found.moved_p_mw, abs=1e-6)
    assert found.objective_unit == "MW"


def test_optimize_dispatch__least_losses_loses_no_more_than_the_state_before(dispatch_of):
    found = dispatch_of(pn.case30(), objective="least_losses")
    assert found.optimal_objective == pytest.approx(found.optimal_loss_p_mw, abs=1e-6)
    assert found.optimal_loss_p_mw < found.before_loss_p_mw
    assert found.check.loss_p_mw == pytest.approx(found.optimal_loss_p_mw, abs=1e-6)


def test_optimize_dispatch__no_optimum_gives_no_number_and_names_the_limits(dispatch_of):
    net = three_buses((50.0, 50.0, 50.0))
    with pytest.raises(NotSolvedError, match=r"did not converge.*rating of line:") as error:
        dispatch_of(net)
    assert "line:1" in str(error.value)
    with pytest.raises(NotSolvedError, match="proven for the linear equations"):
        dispatch_of(net, model="dc")


def test_optimize_dispatch__case300_as_shipped_says_which_voltages_cannot_be_kept(dispatch_of):
    with pytest.raises(NotSolvedError, match="the lowest voltage of bus:281"):
        dispatch_of(pn.case300())


def test_optimize_dispatch__refuses_what_is_missing_or_contradicts_itself(dispatch_of):
    net = three_buses()
    net.poly_cost = net.poly_cost.iloc[:1]
    with pytest.raises(InvalidArgumentError, match=r"none for gen:0.*least_losses"):
        dispatch_of(net)
    net = three_buses()
    net.gen.loc[0, "min_p_mw"] = 500.0
    with pytest.raises(InvalidArgumentError, match="gen:0 has min_p_mw above max_p_mw"):
        dispatch_of(net)
    net = three_buses()
    net.poly_cost = net.poly_cost.iloc[:1]
    pp.create_pwl_cost(net, 0, "gen", [[0, 100, 60.0], [100, 400, 50.0]])
    with pytest.raises(InvalidArgumentError, match="not convex"):
        dispatch_of(net)
    with pytest.raises(UnknownElementError):
        dispatch_of(three_buses(), secured_outages=("line:99",))
    net = three_buses()
    net.line.loc[0, "in_service"] = False
    with pytest.raises(InvalidArgumentError, match="secured_outages: line:0 is out of service"):
        dispatch_of(net, secured_outages=("line:0",))
    with pytest.raises(InvalidArgumentError, match="least_losses needs model ac"):
        dispatch_of(three_buses(), model="dc", objective="least_losses")
    net = three_buses()
    net.ext_grid.in_service = False
    with pytest.raises(NotSolvedError, match="no bus has a source"):
        dispatch_of(net)
    with pytest.raises(NotSolvedError, match="no branch in service has supply"):
        dispatch_of(pn.case33bw(), outages=("line:0",), objective="least_redispatch")


def test_optimize_dispatch__leaves_the_grid_as_it_was_and_pages_its_rows(dispatch_of):
    net = pn.case30()
    before = net.gen.copy(), net.ext_grid.copy()
    first = dispatch_of(net, limit=4)
    second = dispatch_of(net, limit=4, offset=4)
    assert net.gen.equals(before[0])
    assert net.ext_grid.equals(before[1])
    assert (len(first.prices), first.prices_omitted) == (4, 26)
    assert first.prices[-1].price >= second.prices[0].price


def test_optimize_dispatch__an_outage_changes_the_optimum(dispatch_of):
    net = pn.case9()
    found = dispatch_of(net, outages=("line:1",))
    assert found.case == "out line:1"
    assert found.optimal_objective > dispatch_of(net).optimal_objective


def test_optimize_dispatch__angle_limits_of_a_matpower_case_hold(tmp_path, context_of):
    text = """function mpc = two
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [ 1 3 0 0 0 0 1 1 0 110 1 1.0 1.0; 2 2 200 0 0 0 1 1 0 110 1 1.0 1.0; ];
mpc.gen = [ 1 0 0 300 -300 1 100 1 300 0; 2 0 0 300 -300 1 100 1 300 0; ];
mpc.branch = [ 1 2 0 0.1 0 0 0 0 0 0 1 -5 5; ];
mpc.gencost = [ 2 0 0 3 0 10 0; 2 0 0 3 0 30 0; ];
"""
    path = tmp_path / "two.m"
    path.write_text(text)
    found = optimize_dispatch(context_of(open_grid(str(path))), OptimizeDispatchArguments())
    # P = sin(5 degrees) / 0.1 pu
    assert by_element(found.units)["ext_grid:0"].optimal_p_mw == pytest.approx(1000 * np.sin(np.deg2rad(5)), rel=1e-6)
    assert [item.kind for item in found.binding if str(item.element) == "line:0"] == ["angle"]
