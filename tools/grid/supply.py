"""Who is without supply in a state, against the grid as loaded (rule 3: supply first)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.errors import NotSolvedError
from tools.grid.connectivity import Connectivity, connectivity
from tools.grid.elements import element_ref
from tools.grid.grid import Grid
from tools.grid.schema.common import Supply
from tools.grid.solve import solved_state
from tools.grid.state import State

if TYPE_CHECKING:
    import pandas as pd
    from pandapower import pandapowerNet

DEAD_SHOWN = 100


@dataclass(frozen=True)
class IntactSupply:
    """What the grid as loaded supplies.

    Attributes:
        energised: Buses with a source in the model; what an outage in force cuts off at a time is dead, not absent.
        slack_p_mw: Output of each external grid and slack unit in the solved base state, by table and index; it has
            no set-point that holds. Empty when the base state does not solve.
    """

    energised: frozenset[int]
    slack_p_mw: dict[tuple[str, int], float]


@dataclass(frozen=True)
class _Key:
    grid: Grid = field(compare=False)
    key: str


def intact_supply(grid: Grid) -> IntactSupply:
    """The supply of the grid as loaded, kept for the next call."""
    return _intact(_Key(grid, grid.key))


@lru_cache(maxsize=64)
def _intact(key: _Key) -> IntactSupply:
    energised = connectivity(key.grid.model.net).energised_buses()
    try:
        net = solved_state(key.grid).net
    except NotSolvedError:
        return IntactSupply(energised, {})
    slack_units = net.gen.index[net.gen.slack.astype(bool)]
    powers = {"ext_grid": net.res_ext_grid.p_mw, "gen": net.res_gen.p_mw.loc[slack_units]}
    known = {(kind, int(index)): float(p) for kind, power in powers.items() for index, p in power.dropna().items()}
    return IntactSupply(energised, known)


def supply_of(state: State, topology: Connectivity | None = None) -> Supply:
    """Islands, dead buses, unserved load and lost generation of a state.

    A bus is dead when it had a source in the grid as loaded and has none now. Unserved is the demand of the state
    itself (scaled, in service) at dead buses; what an action moved or shed is not unserved. Lost generation is the set
    of set-points at dead buses, of a slack its output in the solved base state. Generation taken out by name
    at a bus that stays alive is not counted as lost: the hypothesis asks for it.

    Args:
        state: The state, solved or not.
        topology: Its islands where they are known already.
    """
    net, intact = state.net, intact_supply(state.grid)
    now = topology or connectivity(net)
    dead = sorted(intact.energised - now.energised_buses())
    refs = tuple(element_ref(net, ElementKind.BUS, bus) for bus in dead[:DEAD_SHOWN])
    return Supply(
        islands=max(len(np.unique(now.island[now.energised])) - 1, 0),
        dead_buses=len(dead),
        unserved_p_mw=demand_p_mw(net, dead) if dead else 0.0,
        lost_generation_p_mw=generation_p_mw(net, dead) + _slack_p_mw(state, intact, dead) if dead else 0.0,
        dead=refs,
        dead_omitted=len(dead) - len(refs),
    )


def demand_p_mw(net: pandapowerNet, buses: Collection[int]) -> float:
    """Nominal demand (MW) of the loads, wards, motors and charging storages in service at these buses."""
    return float(sum(power.clip(lower=0).sum() for power in _drawn(net, buses)))


def generation_p_mw(net: pandapowerNet, buses: Collection[int]) -> float:
    """Set-points (MW) of the units in service at these buses but the slacks; a negative load feeds in as well."""
    units = _at(net, "gen", buses)
    units = units[~units.slack.astype(bool)]
    static = _at(net, "sgen", buses)
    fed = [units.p_mw * units.scaling, static.p_mw * static.scaling, *(-power for power in _drawn(net, buses))]
    return float(sum(power.clip(lower=0).sum() for power in fed))


def _drawn(net: pandapowerNet, buses: Collection[int]) -> list[pd.Series[float]]:
    load, storage, motor = _at(net, "load", buses), _at(net, "storage", buses), _at(net, "motor", buses)
    wards = (_at(net, table, buses) for table in ("ward", "xward"))
    return [
        load.p_mw * load.scaling,
        storage.p_mw * storage.scaling,
        motor.pn_mech_mw * motor.loading_percent / motor.efficiency_percent * motor.scaling,
        *(ward.ps_mw + ward.pz_mw for ward in wards),
    ]


def _at(net: pandapowerNet, table: str, buses: Collection[int]) -> pd.DataFrame:
    frame: pd.DataFrame = net[table]
    return frame.loc[frame.in_service.astype(bool) & frame.bus.isin(buses)]


def _slack_p_mw(state: State, intact: IntactSupply, dead: Collection[int]) -> float:
    """What the slacks at dead buses fed in the solved base state; an export is no generation."""
    return sum(
        max(p_mw, 0.0)
        for (kind, index), p_mw in intact.slack_p_mw.items()
        if int(state.grid.net[kind].at[index, "bus"]) in dead
    )
