"""AC sensitivities against small moves solved by plain pandapower."""

from copy import deepcopy

import numpy as np
import pandapower as pp
import pandapower.networks as nw
import pytest

from tools.grid.remedies.levers import load_levers, shunt_levers, tap_levers, unit_levers
from tools.grid.remedies.point import Base, point_of
from tools.grid.remedies.watch import Watch
from tools.limits import LimitTable

NO_LIMITS = LimitTable(limits=())
STEP_MW = 0.01


def state_of(grid_of, net, watched=None):
    base = Base(grid_of(net), NO_LIMITS, (), (), watched)
    return base, base.state()


def loadings(net):
    pp.runpp(net, tolerance_mva=1e-10, lightsim2grid=False)
    return net.res_line.loading_percent.to_numpy()


def tight(net):
    """Ratings at which every line is near its limit, so that all are watched."""
    pp.runpp(net, lightsim2grid=False)
    net.line["max_i_ka"] = np.maximum(net.res_line.i_ka / 0.95, 1e-3)
    return net


@pytest.mark.parametrize("opened", [None, 5])
def test_rows__say_what_a_unit_and_a_load_do_to_every_line(grid_of, opened):
    net = tight(nw.case30())
    base, state = state_of(grid_of, net, frozenset() if opened is None else frozenset({f"line:{opened}"}))
    rows = Watch().rows(point_of(base, state))
    circuit = -1 if opened is None else opened
    chosen = np.flatnonzero(rows.outage == circuit)
    units, loads = unit_levers(state), load_levers(state)
    gains = rows.effect((*units, *loads))[chosen]
    plain = deepcopy(net)
    if opened is not None:
        plain.line.at[opened, "in_service"] = False
    before = loadings(plain)
    watched = np.flatnonzero(before > 80)
    for column, lever in enumerate((*units[:3], *loads[:4])):
        place = column if column < 3 else len(units) + column - 3
        moved, index = deepcopy(plain), int(lever.element.split(":")[1])
        if lever.element.startswith("gen"):
            moved.gen.at[index, "p_mw"] += lever.sign * STEP_MW
        else:
            moved.load.loc[index, ["p_mw", "q_mvar"]] *= 1 - STEP_MW / moved.load.p_mw.at[index]
        truth = (loadings(moved) - before)[watched] / STEP_MW
        # rows of one state begin with its loadings, in table order
        assert gains[: len(watched), place] == pytest.approx(truth, abs=2e-3 * max(np.abs(truth).max(), 1))


def test_levers__a_tap_and_a_shunt_feed_what_they_change(grid_of):
    net = nw.case14()
    net.trafo["tap_min"], net.trafo["tap_max"], net.trafo["tap_step_percent"] = -5.0, 5.0, 1.0
    net.trafo["tap_side"], net.trafo["tap_changer_type"] = "hv", "Ratio"
    net.trafo["tap_neutral"], net.trafo["tap_pos"] = 0.0, 0.0
    pp.runpp(net, lightsim2grid=False)
    # limits that put every voltage near its upper one
    net.bus["max_vm_pu"] = net.res_bus.vm_pu + 0.01
    base, state = state_of(grid_of, net)
    rows = Watch().rows(point_of(base, state))
    bus = 13
    volts = [k for k in np.flatnonzero(rows.outage < 0) if rows.room[k] == pytest.approx(1.0, abs=1e-3)]
    for levers, change in (
        (tap_levers(state), lambda plain, lever: plain.trafo.loc.__setitem__((0, "tap_pos"), lever.sign)),
        (shunt_levers(state), lambda plain, _: plain.shunt.loc.__setitem__((0, "in_service"), False)),
    ):
        lever = levers[0]
        plain = deepcopy(net)
        change(plain, lever)
        pp.runpp(plain, lightsim2grid=False)
        truth = (plain.res_bus.vm_pu.at[bus] - net.res_bus.vm_pu.at[bus]) * 100
        assert rows.effect([lever])[volts[-1], 0] == pytest.approx(truth, rel=0.12)
