"""A security-constrained AC optimum by other means than the tools: IPOPT on pandapower's matrices.

The least that units and loads must move so that the state and every outage keep their limits. Outages enter one after
the other: those that plain pandapower finds broken at the optimum so far. Voltages of units are held, as they are in
the tools. IPOPT finds local optima, so a dispatch shows that a remedy exists; none shows nothing.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import numpy as np
import pandapower as pp

from benchmarks.grid.ac_programme import Broken, Levers, Programme
from benchmarks.grid.plain_rule4 import broken_limits, carry_out, circuits

if TYPE_CHECKING:
    from pandapower import pandapowerNet

    from tools.grid.schema.actions import Action

MOST_ROUNDS, MOST_NEW = 8, 12


def secure_dispatch(state: pandapowerNet, *, shedding: bool) -> tuple[Action, ...]:
    """The dispatch of the optimum; nothing where some state cannot be brought within its limits.

    Args:
        state: The hypothesis.
        shedding: Whether load may be shed.
    """
    net = deepcopy(state)
    pp.runpp(net, tolerance_mva=1e-8, lightsim2grid=False)
    programme = Programme(net, Levers(net, shedding=shedding))
    for _ in range(MOST_ROUNDS):
        actions = programme.solve()
        if actions is None:
            return ()
        broken = _broken_outages(net, actions)
        new = [one for one in broken if one.outage not in programme.states and programme.can_hold(one.outage)]
        if not new:
            return actions
        for one in new[:MOST_NEW]:
            programme.add(one)
    return ()


def _broken_outages(net: pandapowerNet, actions: tuple[Action, ...]) -> list[Broken]:
    """Outages after which a limit is broken, those that load a branch most first."""
    moved = deepcopy(net)
    for action in actions:
        carry_out(moved, action)
    if broken_limits(moved):
        return []
    before, found = moved.res_bus.copy(), []
    for table, index in circuits(moved):
        moved.res_bus = before.copy()
        moved[table].at[index, "in_service"] = False
        broken = broken_limits(moved, start="results")
        moved[table].at[index, "in_service"] = True
        if not broken:
            continue
        if "solve" in broken:
            found.append(Broken((table, index), None, None, np.inf))
            continue
        bus = moved.res_bus
        depth = float(moved.res_line.loading_percent.max())
        found.append(Broken((table, index), bus.vm_pu.to_numpy(), bus.va_degree.to_numpy(), depth))
    return sorted(found, key=lambda one: -one.depth)
