"""Kirchhoff's laws in random states, by hand: rows of the tool, nameplates of the lines, and nothing else."""

import numpy as np
import pandapower.networks as pn
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.grid import Grid
from tools.grid.power_flow import solve_power_flow
from tools.grid.schema.actions import Redispatch, ShedLoad
from tools.grid.schema.power_flow import SolvePowerFlowArguments

# Grids of lines alone: a line is worked by hand.
NETS = {name: getattr(pn, name)() for name in ("case6ww", "case9", "case30", "case33bw")}
KINDS = ("bus", "line", "gen", "ext_grid", "sgen", "load", "shunt")


@st.composite
def hypotheses(draw):
    """A grid, up to two lines out, one unit moved, one load shed in part."""
    name = draw(st.sampled_from(sorted(NETS)))
    net = NETS[name]
    outages = draw(st.lists(st.sampled_from(net.line.index[net.line.in_service].tolist()), max_size=2, unique=True))
    actions = []
    if len(net.gen) and draw(st.booleans()):
        unit = draw(st.sampled_from(net.gen.index.tolist()))
        actions.append(Redispatch(element=f"gen:{unit}", delta_p_mw=draw(st.floats(-10.0, 10.0))))
    if draw(st.booleans()):
        load = draw(st.sampled_from(net.load.index[net.load.p_mw > 0].tolist()))
        share = draw(st.floats(0.05, 0.95))
        actions.append(ShedLoad(element=f"load:{load}", p_mw=float(net.load.p_mw.at[load]) * share))
    return name, tuple(f"line:{line}" for line in outages), tuple(actions)


def line_by_hand(net, row, voltage):
    """Far end of a line from its near end and its nameplate: what flows into it there, MVA, and the voltage, pu."""
    line = net.line.loc[row.element.index]
    vn_kv = net.bus.vn_kv.at[line.from_bus]
    z_ohm = complex(line.r_ohm_per_km, line.x_ohm_per_km) * line.length_km / line.parallel
    half_siemens = 1j * np.pi * net.f_hz * line.c_nf_per_km * 1e-9 * line.length_km * line.parallel
    near_kv = voltage[line.from_bus] * vn_kv
    current = np.conj(complex(row.p_from_mw, row.q_from_mvar) / near_kv) - half_siemens * near_kv
    far_kv = near_kv - z_ohm * current
    return far_kv * np.conj(half_siemens * far_kv - current), far_kv / vn_kv


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hypotheses())
def test_solve_power_flow__kirchhoffs_laws_hold_in_any_state(context_of, hypothesis):
    name, outages, actions = hypothesis
    net = NETS[name]
    every = tuple(f"{kind}:{index}" for kind in KINDS for index in net[kind].index)
    arguments = SolvePowerFlowArguments(outages=outages, actions=actions, elements=every)
    try:
        flow = solve_power_flow(context_of(Grid(name=name, fingerprint=name, net=net)), arguments)
    except (InvalidArgumentError, NotSolvedError):
        assume(False)
    voltage = {row.element.index: row.vm_pu * np.exp(1j * np.deg2rad(row.va_degree)) for row in flow.buses}
    arrives_mva = dict.fromkeys(voltage, 0j)
    for row in flow.branches:
        far_mva, far_pu = line_by_hand(net, row, voltage)
        near, far = net.line.loc[row.element.index, ["from_bus", "to_bus"]]
        # the second law: whichever way one walks to a bus, the drops lead to its voltage
        assert far_pu == pytest.approx(voltage[far], abs=1e-9), row
        assert row.loss_p_mw == pytest.approx(row.p_from_mw + far_mva.real, abs=1e-6), row
        arrives_mva[near] -= complex(row.p_from_mw, row.q_from_mvar)
        arrives_mva[far] -= far_mva
    for row in (*flow.units, *flow.loads):
        kind, index = row.element.kind.value, row.element.index
        sign = 1 if kind in {"gen", "ext_grid", "sgen"} else -1
        arrives_mva[net[kind].at[index, "bus"]] += sign * complex(row.p_mw, row.q_mvar)
    # the first law: nothing stays at a bus
    assert max(map(abs, arrives_mva.values())) < 1e-6
    assert len(flow.buses) + len([ref for ref in flow.dead if ref.kind.value == "bus"]) == len(net.bus)
