"""Rule 4 of the design in a loop over plain pandapower, written without a line of the tools that it judges."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import pandapower as pp
from pandapower.topology import unsupplied_buses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd
    from pandapower import pandapowerNet

    from tools.grid.schema.actions import Action

# Beyond the tools' own tolerances, so that rounding of another solver is no difference.
VOLTAGE_PU, LOADING_PERCENT, POWER_MVA = 2e-6, 2e-4, 2e-3
LEAST_MW = 1e-6
SIDES = (("max", 1), ("min", -1))


def why_not(intact: pandapowerNet, state: pandapowerNet, actions: Iterable[Action]) -> str:
    """What keeps a set of actions from being verified; empty where nothing does.

    Args:
        intact: The grid with everything in service.
        state: The hypothesis.
        actions: Carried out on the hypothesis.
    """
    net = deepcopy(state)
    for action in actions:
        carry_out(net, action)
    if broken := broken_limits(net):
        return f"in the state: {broken}"
    if unsupplied_buses(net):
        return "in the state: buses without supply"
    before = net.res_bus.copy()
    for table, index in circuits(net):
        net.res_bus = before.copy()
        if reason := _after_outage(intact, net, table, index):
            return f"with {table}:{index} out: {reason}"
    return ""


def _after_outage(intact: pandapowerNet, net: pandapowerNet, table: str, index: int) -> str:
    net[table].at[index, "in_service"] = False
    here = moved_slack(net)
    # the state before the outage is the start, for speed; where nothing comes of it, pandapower chooses its own
    found = broken_limits(here, start="results" if here is net else "auto")
    dead = unsupplied_buses(net) if here is net else unsupplied_buses(here)
    net[table].at[index, "in_service"] = True
    if not found and dead:
        whole = deepcopy(intact)
        whole[table].at[index, "in_service"] = False
        more = dead - unsupplied_buses(moved_slack(whole))
        if _feeds_or_draws(net.load, more) or _feeds_or_draws(net.gen, more):
            return f"buses {sorted(more)} lose supply that they need not lose"
    return found


def _feeds_or_draws(frame: pd.DataFrame, buses: set[int]) -> bool:
    """Whether there is load or generation at some buses: what was shed or lowered to nothing cannot be lost."""
    return bool((frame.bus.isin(buses) & frame.in_service & ((frame.p_mw * frame.scaling).abs() > LEAST_MW)).any())


def moved_slack(net: pandapowerNet) -> pandapowerNet:
    """The largest unit takes the balance where nothing but its own bus is left with the slack."""
    slack = [int(bus) for bus in net.ext_grid.bus[net.ext_grid.in_service]]
    alone = set(net.bus.index) - unsupplied_buses(net)
    if not slack or net.load.bus.isin(alone - set(slack)).any():
        return net
    moved = deepcopy(net)
    moved.ext_grid["in_service"] = False
    others = moved.gen[moved.gen.in_service & ~moved.gen.bus.isin(alone)]
    if others.empty:
        return net
    moved.gen.loc[moved.gen.bus.isin(alone), "in_service"] = False
    moved.gen["slack"] = False
    moved.gen.loc[others.max_p_mw.idxmax(), "slack"] = True
    return moved


def broken_limits(net: pandapowerNet, start: str = "auto") -> str:
    """The first few broken limits of a state; empty where none is."""
    try:
        pp.runpp(net, init=start, tolerance_mva=1e-8, max_iteration=30, lightsim2grid=False)
    except pp.LoadflowNotConverged:
        return "does not solve" if start == "auto" else broken_limits(net)
    return "; ".join(list(_broken(net))[:3])


def _broken(net: pandapowerNet) -> Iterator[str]:
    vm_pu = net.res_bus.vm_pu
    for side, sign in SIDES:
        limit = net.bus[f"{side}_vm_pu"]
        yield from (f"{side} voltage at bus {b}" for b in vm_pu.index[sign * (vm_pu - limit) > VOLTAGE_PU])
    for table in ("line", "trafo"):
        loading = net[f"res_{table}"].loading_percent
        yield from (f"loading of {table} {i}" for i in loading.index[loading > 100.0 + LOADING_PERCENT])
    for table in ("ext_grid", "gen"):
        result = net[f"res_{table}"]
        for quantity in ("p_mw", "q_mvar"):
            for side, sign in SIDES:
                excess = sign * (result[quantity] - net[table][f"{side}_{quantity}"])
                beyond = excess.index[(excess > POWER_MVA) & net[table].in_service]
                yield from (f"{side} {quantity} of {table} {i}" for i in beyond)


def circuits(net: pandapowerNet) -> list[tuple[str, int]]:
    """Lines and transformers in service."""
    return [(table, int(i)) for table in ("line", "trafo") for i in net[table].index[net[table].in_service]]


def carry_out(net: pandapowerNet, action: Action) -> None:
    """One of the six actions, on the net itself."""
    table, _, number = action.element.partition(":")
    index = int(number)
    if action.type == "redispatch":
        net[table].at[index, "p_mw"] += action.delta_p_mw
    elif action.type in {"switch_branch", "switch_shunt"}:
        net[table].at[index, "in_service"] = action.closed
    elif action.type == "set_tap":
        net[table].at[index, "tap_pos"] = action.tap_pos
    else:
        moved = action.p_mw / (net.load.p_mw.at[index] * net.load.scaling.at[index])
        p_mw, q_mvar = net.load.loc[index, ["p_mw", "q_mvar"]] * net.load.scaling.at[index] * moved
        net.load.loc[index, ["p_mw", "q_mvar"]] *= 1 - moved
        if action.type == "transfer_load":
            pp.create_load(net, int(action.to_bus.partition(":")[2]), p_mw=p_mw, q_mvar=q_mvar)
