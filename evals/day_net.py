"""States of a made day by plain pandapower: true loads and outputs of a minute, true topology, ``runpp``.

None of our tools takes part, and none of the readings: this is what the grid did, not what was measured.
"""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandapower as pp
import pandas as pd
from pandapower.topology import unsupplied_buses

from evals.oracle import COLUMNS, outages_of
from orchestrator.demoday.clock import DAY, MINUTES, at_minute
from orchestrator.demoday.grid import demo_grid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from evals.day import MadeDay
    from evals.oracle import Net

MODEL = -1
"""In place of a minute: the grid as it is loaded, with the model's own loads."""
_FULL = 100.0
_COLUMNS = COLUMNS | {("load", "p_mw"): ("res_load", "p_mw"), ("load", "q_mvar"): ("res_load", "q_mvar")}
_INJECTED = (("load", "p", "p_mw"), ("load", "q", "q_mvar"), ("gen", "p", "p_mw"))


def minute_of(at: datetime) -> int | None:
    """Minute of the day that a moment lies in; None for one outside it."""
    minute = int((at - DAY).total_seconds() // 60)
    return minute if 0 <= minute < MINUTES else None


def out_at(made: MadeDay, minute: int) -> tuple[str, ...]:
    """Branches that were out of service, by the outage records of the day; loads of the records were part of one."""
    at = at_minute(minute)
    return tuple(
        str(item.element)
        for item in made.day.outages
        if item.element is not None
        and item.element.kind in {"line", "trafo"}
        and item.start <= at
        and (item.end is None or at < item.end)
    )


@lru_cache(maxsize=256)
def state(made: MadeDay, minute: int, case: str = "base") -> Net | None:
    """The solved state of a minute, or of the loaded model; None for a case that is not a plain outage or not solvable.

    An outage that takes the slack's own branch away is left to the tests of the tools.
    """
    extra = outages_of(case)
    if extra is None:
        return None
    net = deepcopy(demo_grid().net)
    if minute != MODEL:
        for table, quantity, column in _INJECTED:
            net[table][column] = [float(made.true[f"{table}{i}.{quantity}"][minute]) for i in net[table].index]
    for reference in (*(out_at(made, minute) if minute != MODEL else ()), *extra):
        kind, index = reference.split(":")
        net[kind].loc[int(index), "in_service"] = False
    dead = unsupplied_buses(net)
    if dead & set(net.ext_grid.bus) or len(dead) > len(net.bus) / 2:
        return None
    try:
        pp.runpp(net, init="dc", lightsim2grid=False, numba=True)
    except pp.LoadflowNotConverged:
        return None
    return net


def value_in(net: Net, entity: str, field: str) -> float | None:
    """One field of one element of a solved state; None where pandapower has no such field."""
    kind, index = entity.split(":", 1)
    place = _COLUMNS.get((kind, field))
    if place is None or not index.isdigit() or int(index) not in net[place[0]].index:
        return None
    value = net[place[0]].at[int(index), place[1]]
    return None if pd.isna(value) else float(value)


def connected_outages(made: MadeDay, minute: int) -> Iterator[tuple[str, Net | None]]:
    """Every single outage that leaves each bus with supply, solved; None where it does not solve."""
    net = deepcopy(demo_grid().net)
    gone = set(out_at(made, minute))
    for reference in gone:
        kind, index = reference.split(":")
        net[kind].loc[int(index), "in_service"] = False
    for kind in ("line", "trafo"):
        for index in net[kind].index[net[kind].in_service]:
            net[kind].loc[index, "in_service"] = False
            whole = not unsupplied_buses(net)
            net[kind].loc[index, "in_service"] = True
            if whole:
                yield f"{kind}:{index}", state(made, minute, f"out {kind}:{index}")


def broken_limits(net: Net) -> list[str]:
    """Limits of the model that a solved state does not keep: voltage bands, ratings, limits of units."""
    vm = net.res_bus.vm_pu
    found = [f"bus:{i}" for i in vm.index[(vm > net.bus.max_vm_pu + 1e-6) | (vm < net.bus.min_vm_pu - 1e-6)]]
    for kind in ("line", "trafo"):
        found += [f"{kind}:{i}" for i in net[kind].index[net[f"res_{kind}"].loading_percent > _FULL]]
    for kind in ("gen", "ext_grid"):
        for column in ("p_mw", "q_mvar"):
            value, table = net[f"res_{kind}"][column], net[kind]
            beyond = (value > table[f"max_{column}"] + 1e-3) | (value < table[f"min_{column}"] - 1e-3)
            found += [f"{kind}:{i}" for i in table.index[beyond.to_numpy()]]
    return found


def flow_error_mw(made: MadeDay, minute: int, branch: str, case: str) -> float:
    """Standard error of a branch's active flow when each load and unit is read with its own noise.

    The share of each injection in the flow is that of a DC power flow, whose equations are linear.
    """
    shares = _shares((*out_at(made, minute), *(outages_of(case) or ())))[branch]
    noise = {name: made.series[name].sensor.noise or 0.0 for name in shares}
    return float(np.sqrt(sum((share * noise[name]) ** 2 for name, share in shares.items())))


@lru_cache(maxsize=64)
def _shares(out: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """By branch and injection sensor: change of the flow for a megawatt more of the injection."""
    net = deepcopy(demo_grid().net)
    for reference in out:
        kind, index = reference.split(":")
        net[kind].loc[int(index), "in_service"] = False
    base = _dc_flows(net)
    shares: dict[str, dict[str, float]] = {branch: {} for branch in base}
    for table in ("load", "gen"):
        for index in net[table].index:
            before = net[table].at[index, "p_mw"]
            net[table].loc[index, "p_mw"] = before + 100.0
            for branch, flow in _dc_flows(net).items():
                shares[branch][f"{table}{index}.p"] = (flow - base[branch]) / 100.0
            net[table].loc[index, "p_mw"] = before
    return shares


def _dc_flows(net: Net) -> dict[str, float]:
    pp.rundcpp(net)
    columns = {"line": "p_from_mw", "trafo": "p_hv_mw", "ext_grid": "p_mw"}
    return {
        f"{kind}:{index}": float(net[f"res_{kind}"].at[index, column]) if net[kind].at[index, "in_service"] else 0.0
        for kind, column in columns.items()
        for index in net[kind].index
    }
