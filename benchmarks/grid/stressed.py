"""Random stressed states: shipped grids with synthetic limits that are N-1 secure, then loaded and derated.

Synthetic limits come from the grid's own N-1 (plain pandapower): a rating of 1.25 times the worst outage's current,
unit limits that hold the worst outage with a tenth of room (half of it upwards, of active power), voltages between 0.9
and 1.1 pu or what the worst outage reaches. So a state is insecure because of what was done to it, and not because the
shipped case lies.
"""

from __future__ import annotations

import gzip
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandapower as pp
import pandapower.networks as nw

from benchmarks.grid.plain_rule4 import circuits, moved_slack

if TYPE_CHECKING:
    from pandapower import pandapowerNet

CASES = ("case30", "case39", "case118", "rts_gmlc")
RATING_SHARE, UNIT_ROOM, RESERVE_SHARE = 1.25, 0.10, 0.5
VM_MIN_PU, VM_MAX_PU, VM_ROOM_PU = 0.9, 1.1, 0.01
# What is done to a state.
LOAD_RANGE, LEVEL_RANGE, UNIT_RANGE, DERATED_RANGE = (0.85, 1.2), (0.95, 1.12), (0.7, 1.3), (0.75, 0.98)
MOST_DERATED, OUTAGE_CHANCE = 3, 0.3


def prepared(name: str, data: Path) -> pandapowerNet:
    """A grid of ``CASES`` with synthetic limits, N-1 secure but for its bridges."""
    net = _shipped(name, data)
    pp.runpp(net, lightsim2grid=False)
    worst = _Worst(net)
    for table, index in circuits(net):
        net[table].at[index, "in_service"] = False
        out = moved_slack(net)
        net[table].at[index, "in_service"] = True
        if out is net:
            out = deepcopy(net)
            out[table].at[index, "in_service"] = False
        try:
            pp.runpp(out, lightsim2grid=False)
        except pp.LoadflowNotConverged:
            continue
        worst.see(out)
    worst.apply(net)
    pp.runpp(net, lightsim2grid=False)
    return net


def _shipped(name: str, data: Path) -> pandapowerNet:
    """A case as shipped, with columns for all limits."""
    if name == "rts_gmlc":
        file = data / "networks" / "rts_gmlc" / "pandapower_net.json.gz"
        net = pp.from_json_string(gzip.decompress(file.read_bytes()).decode(), convert=True)
    else:
        net = getattr(nw, name)()
    for table in ("gen", "ext_grid"):
        for quantity in ("p_mw", "q_mvar"):
            for side, filler in (("min", np.nan), ("max", np.nan)):
                if f"{side}_{quantity}" not in net[table]:
                    net[table][f"{side}_{quantity}"] = filler
    return net


class _Worst:
    """The extremes of all outages."""

    def __init__(self, net: pandapowerNet) -> None:
        self.vm = (net.res_bus.vm_pu.copy(), net.res_bus.vm_pu.copy())
        self.current = net.res_line.i_ka.copy(), _trafo_mva(net)
        self.units = {
            (table, quantity): [net[f"res_{table}"][quantity].copy(), net[f"res_{table}"][quantity].copy()]
            for table in ("gen", "ext_grid")
            for quantity in ("p_mw", "q_mvar")
        }

    def see(self, net: pandapowerNet) -> None:
        """One outage."""
        self.vm = (
            np.fmin(self.vm[0], net.res_bus.vm_pu),
            np.fmax(self.vm[1], net.res_bus.vm_pu),
        )
        self.current = np.fmax(self.current[0], net.res_line.i_ka), np.fmax(self.current[1], _trafo_mva(net))
        for (table, quantity), (low, high) in self.units.items():
            now = net[f"res_{table}"][quantity]
            self.units[table, quantity] = [np.fmin(low, now), np.fmax(high, now)]

    def apply(self, net: pandapowerNet) -> None:
        """Write the limits."""
        net.bus["min_vm_pu"] = np.minimum(VM_MIN_PU, self.vm[0] - VM_ROOM_PU)
        net.bus["max_vm_pu"] = np.maximum(VM_MAX_PU, self.vm[1] + VM_ROOM_PU)
        net.line["max_i_ka"] = np.maximum(RATING_SHARE * self.current[0], 0.02 * self.current[0].max())
        net.line["max_loading_percent"] = 100.0
        if len(net.trafo):
            net.trafo["sn_mva"] = _resized(net, np.maximum(RATING_SHARE * self.current[1], 10.0))
            net.trafo["max_loading_percent"] = 100.0
        for (table, quantity), (low, high) in self.units.items():
            room = np.maximum(UNIT_ROOM * np.maximum(low.abs(), high.abs()), 5.0)
            if quantity == "p_mw":
                room = np.maximum(room, RESERVE_SHARE * high.abs())
            net[table][f"max_{quantity}"] = np.fmax(net[table][f"max_{quantity}"], high + room)
            net[table][f"min_{quantity}"] = np.fmin(net[table][f"min_{quantity}"], low - room)
        net.gen["min_p_mw"] = np.minimum(net.gen.min_p_mw.clip(lower=0.0), net.gen.p_mw)


def _trafo_mva(net: pandapowerNet) -> object:
    return net.res_trafo.loading_percent * net.trafo.sn_mva / 100.0


def _resized(net: pandapowerNet, sn_mva: object) -> object:
    """Another rating and the same impedance in ohm."""
    factor = sn_mva / net.trafo.sn_mva
    net.trafo["vk_percent"] *= factor
    net.trafo["vkr_percent"] *= factor
    net.trafo["i0_percent"] /= factor
    return sn_mva


def stressed(whole: pandapowerNet, rng: np.random.Generator) -> tuple[pandapowerNet, pandapowerNet, tuple[str, ...]]:
    """The grid with other loads, set-points and ratings; the same as a hypothesis in force; and its outages."""
    net = deepcopy(whole)
    level = rng.uniform(*LEVEL_RANGE)
    net.load[["p_mw", "q_mvar"]] = net.load[["p_mw", "q_mvar"]].mul(
        level * rng.uniform(*LOAD_RANGE, len(net.load)), axis=0
    )
    units = ~net.gen.slack.astype(bool)
    set_mw = (net.gen.p_mw * level * rng.uniform(*UNIT_RANGE, len(net.gen))).clip(net.gen.min_p_mw, net.gen.max_p_mw)
    net.gen.loc[units, "p_mw"] = set_mw[units]
    busy = net.res_line.loading_percent.nlargest(len(net.line) // 2).index
    for line in rng.choice(busy, int(rng.integers(1, MOST_DERATED + 1)), replace=False):
        net.line.at[line, "max_i_ka"] *= rng.uniform(*DERATED_RANGE)
    outages: tuple[str, ...] = ()
    state = deepcopy(net)
    if rng.random() < OUTAGE_CHANCE:
        for line in rng.permutation(net.line.index[net.line.in_service])[:10].tolist():
            state.line.at[line, "in_service"] = False
            if not pp.topology.unsupplied_buses(state):
                outages = (f"line:{line}",)
                break
            state.line.at[line, "in_service"] = True
    return net, state, outages
