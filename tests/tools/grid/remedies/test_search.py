"""Candidates for advice: what they do is measured by pandapower alone."""

from copy import deepcopy

import pandapower as pp
import pandapower.networks as nw
import pytest

from tools.grid.remedies.search import propose_actions
from tools.grid.schema.actions import Redispatch, SetTap, ShedLoad, SwitchShunt
from tools.grid.schema.simulation import SimulateActionsArguments
from tools.grid.simulation import simulate_actions
from tools.limits import LimitTable
from tools.vocabulary import ActionVerdict

NO_LIMITS = LimitTable(limits=())


def carried_out(net, actions):
    """A solved copy with redispatches, shunts and sheds in force."""
    net = deepcopy(net)
    for action in actions:
        index = int(action.element.split(":")[1])
        if isinstance(action, Redispatch):
            net.gen.at[index, "p_mw"] += action.delta_p_mw
        elif isinstance(action, SwitchShunt):
            net.shunt.at[index, "in_service"] = action.closed
        else:
            assert isinstance(action, ShedLoad)
            net.load.loc[index, ["p_mw", "q_mvar"]] *= 1 - action.p_mw / net.load.p_mw.at[index]
    pp.runpp(net, lightsim2grid=False)
    return net


def test_propose_actions__case30_relieves_line_9(grid_of):
    net = nw.case30()
    pp.runpp(net, lightsim2grid=False)
    before = net.res_line.loading_percent.at[9]
    assert before == pytest.approx(111.8, abs=0.05)
    candidates = propose_actions(grid_of(net), NO_LIMITS, (), (), 6)
    # the best first: it ends the overload and starts none; none makes it worse
    best = carried_out(net, candidates[0])
    assert best.res_line.loading_percent.max() < 100
    assert all(carried_out(net, actions).res_line.loading_percent.at[9] < before for actions in candidates)


def test_propose_actions__leaves_alone_what_may_not_be_touched(grid_of):
    net = nw.case30()
    free = propose_actions(grid_of(net), NO_LIMITS, (), (), 6)
    used = {action.element for actions in free for action in actions}
    barred = frozenset(sorted(used)[:2])
    kept = propose_actions(grid_of(net), NO_LIMITS, (), (), 6, barred)
    assert kept
    assert not barred & {action.element for actions in kept for action in actions}


def feeder(tap_pos=0):
    """A load behind two lines, below its lowest voltage, with a capacitor that is out and a transformer with taps."""
    net = pp.create_empty_network()
    source, high, low = (pp.create_bus(net, vn_kv, min_vm_pu=0.95, max_vm_pu=1.1) for vn_kv in (110, 110, 20))
    pp.create_ext_grid(net, source, vm_pu=1.0, min_p_mw=0, max_p_mw=200, min_q_mvar=-200, max_q_mvar=200)
    for _ in range(3):
        pp.create_line(net, source, high, 30, "149-AL1/24-ST1A 110.0")
    for _ in range(3):
        pp.create_transformer(net, high, low, "25 MVA 110/20 kV", tap_pos=tap_pos)
    pp.create_load(net, low, p_mw=30, q_mvar=12)
    return net


def test_propose_actions__a_capacitor_raises_a_low_voltage_and_is_verified(grid_of, context_of):
    net = feeder(tap_pos=2)
    pp.create_shunt(net, 2, q_mvar=-15, in_service=False)
    pp.runpp(net, lightsim2grid=False)
    assert net.res_bus.vm_pu.at[2] < 0.95
    grid = grid_of(net)
    candidates = propose_actions(grid, NO_LIMITS, (), (), 6)
    assert (SwitchShunt(element="shunt:0", closed=True),) in candidates
    best = simulate_actions(context_of(grid), SimulateActionsArguments(proposed=candidates[0]))
    assert best.verdict is ActionVerdict.VERIFIED


def test_propose_actions__taps_are_tried_against_a_low_voltage(grid_of):
    net = feeder(tap_pos=3)
    net.trafo.drop(index=[1, 2], inplace=True)
    candidates = propose_actions(grid_of(net), NO_LIMITS, (), (), 6)
    moved = [action for actions in candidates for action in actions if isinstance(action, SetTap)]
    assert moved
    assert all(action.tap_pos < 3 for action in moved)
