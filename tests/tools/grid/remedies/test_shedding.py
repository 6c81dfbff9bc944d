"""Load shedding plans against a bisection over plain power flows."""

from copy import deepcopy

import pandapower as pp
import pytest

from tools.errors import UnknownElementError
from tools.grid.remedies.shedding import plan_load_shedding
from tools.grid.schema.shedding import FeederStep, LoadPriority, PlanLoadSheddingArguments
from tools.vocabulary import ActionVerdict


def feeder(rating_ka=0.2):
    """Three loads behind one line that cannot carry them."""
    net = pp.create_empty_network()
    source, end = (pp.create_bus(net, 110, min_vm_pu=0.9, max_vm_pu=1.1) for _ in range(2))
    pp.create_ext_grid(net, source, min_p_mw=0, max_p_mw=500, min_q_mvar=-300, max_q_mvar=300)
    for p_mw in (20, 15, 10):
        pp.create_load(net, end, p_mw=p_mw, q_mvar=p_mw / 5)
    for _ in range(2):
        pp.create_line(net, source, end, 10, "149-AL1/24-ST1A 110.0")
    net.line["max_i_ka"] = rating_ka
    return net


def least_by_bisection(net, load):
    """MW of one load that must go, to a thousandth, by pandapower alone."""
    low, high = 0.0, float(net.load.p_mw.at[load])
    while high - low > 1e-3:
        middle, trial = (low + high) / 2, deepcopy(net)
        trial.load.loc[load, ["p_mw", "q_mvar"]] *= 1 - middle / net.load.p_mw.at[load]
        pp.runpp(trial, lightsim2grid=False)
        low, high = (low, middle) if trial.res_line.loading_percent.max() <= 100 else (middle, high)
    return high


def planned(grid_of, context_of, net, **arguments):
    return plan_load_shedding(context_of(grid_of(net)), PlanLoadSheddingArguments(**arguments))


def out(net, line=0):
    net = deepcopy(net)
    net.line.at[line, "in_service"] = False
    return net


def test_plan_load_shedding__sheds_the_least_that_restores_limits_after_an_outage(grid_of, context_of):
    net = feeder()
    truth = least_by_bisection(out(net), 0)
    plan = planned(grid_of, context_of, net, outages=("line:0",))
    assert plan.needed
    assert plan.restored
    # all loads are alike: orders are in tenths of a MW, and limits are kept off by a hair
    assert truth <= plan.shed_p_mw <= truth + 0.2
    assert plan.lower_bound_p_mw == pytest.approx(truth, abs=0.02)
    assert plan.violations_after == 0
    assert plan.case == "out line:0"
    assert plan.demand_p_mw == pytest.approx(45)


def test_plan_load_shedding__the_least_important_go_first(grid_of, context_of):
    priorities = [LoadPriority(element=f"load:{k}", priority=p) for k, p in enumerate((1, 5, 9))]
    plan = planned(grid_of, context_of, feeder(rating_ka=0.17), outages=("line:0",), priorities=priorities)
    assert plan.restored
    shed = {row.priority: row.shed_p_mw for row in plan.by_priority}
    assert shed[9] == pytest.approx(10)
    assert shed[5] > 0
    assert shed[1] == 0
    assert [row.priority for row in plan.rows] == [9, 5]


def test_plan_load_shedding__a_priority_in_the_model_counts(grid_of, context_of):
    net = feeder()
    net.load["priority"] = [2, 8, 2]
    plan = planned(grid_of, context_of, net, outages=("line:0",))
    assert [row.element.index for row in plan.rows] == [1]


def test_plan_load_shedding__feeders_go_whole(grid_of, context_of):
    steps = [FeederStep(element=f"load:{k}", step_p_mw=4) for k in range(3)]
    net = feeder()
    plan = planned(grid_of, context_of, net, outages=("line:0",), steps=steps)
    assert plan.restored
    assert all(min(action.p_mw % 4, 4 - action.p_mw % 4) < 1e-6 for action in plan.actions)
    assert plan.shed_p_mw == pytest.approx(4 * -(-least_by_bisection(out(net), 0) // 4))


def test_plan_load_shedding__nothing_is_shed_where_nothing_is_violated(grid_of, context_of):
    plan = planned(grid_of, context_of, feeder())
    assert not plan.needed
    assert plan.restored
    assert plan.actions == ()
    assert plan.verdict is None
    assert any(left.what == "outages" for left in plan.coverage.left_out)


def test_plan_load_shedding__secure_also_looks_at_every_outage(grid_of, context_of):
    net = feeder()
    plan = planned(grid_of, context_of, net, secure=True)
    truth = least_by_bisection(out(net), 0)
    assert plan.restored
    assert plan.verdict is ActionVerdict.VERIFIED
    assert truth <= plan.shed_p_mw <= truth + 0.2


def test_plan_load_shedding__says_what_remains_where_loads_may_not_be_shed(grid_of, context_of):
    plan = planned(grid_of, context_of, feeder(), outages=("line:0",), barred=("load:0", "load:1", "load:2"))
    assert plan.needed
    assert not plan.restored
    assert plan.shed_p_mw == 0
    assert plan.lower_bound_p_mw is None
    assert plan.violations_after == plan.violations_before > 0


def test_plan_load_shedding__an_unknown_load_is_an_error(grid_of, context_of):
    with pytest.raises(UnknownElementError):
        planned(grid_of, context_of, feeder(), priorities=(LoadPriority(element="load:9", priority=1),))
