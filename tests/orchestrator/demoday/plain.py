"""Minutes of the demo day as plain pandapower nets, and what a loop of power flows says of them."""

from copy import deepcopy
from datetime import UTC, datetime

import numpy as np
import pandas as pd
from pandapower import pandapowerNet, runpp

from orchestrator.demoday.day import Day
from orchestrator.demoday.grid import demo_grid
from orchestrator.simulation.injections import Injections
from tools.context import Clock, ToolContext
from tools.grid.grid import Grid
from tools.limits import LimitTable

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class OneGrid:
    """A source with one grid, whatever the time."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    def grid(self, at: datetime | None = None) -> Grid:  # noqa: ARG002 - the protocol's parameter
        return self._grid


def context_of(grid: Grid) -> ToolContext:
    return ToolContext(grids=OneGrid(grid), limits=LimitTable(limits=()), clock=Clock(NOON, NOON))


def net_at(day: Day, minute: int, out: tuple[str, ...] = ()) -> pandapowerNet:
    """The model with the true loads and outputs of a minute, from the day's sensors; unsolved."""
    net = deepcopy(demo_grid().net)
    for table, columns in (("load", (("p", "p_mw"), ("q", "q_mvar"))), ("gen", (("p", "p_mw"),))):
        for quantity, column in columns:
            net[table][column] = [float(day.true[f"{table}{i}.{quantity}"][minute]) for i in net[table].index]
    for element in out:
        kind, index = element.split(":")
        net[kind].at[int(index), "in_service"] = False
    return net


def injections(day: Day) -> Injections:
    """True loads and outputs of the whole day, from its sensors."""
    net = demo_grid().net
    columns = [("load", "p", net.load), ("load", "q", net.load), ("gen", "p", net.gen)]
    return Injections(
        *(np.column_stack([day.true[f"{kind}{i}.{q}"] for i in table.index]) for kind, q, table in columns)
    )


def violations(net: pandapowerNet) -> list[str]:
    """Limits of a solved net that are not kept, with pandapower's result tables alone; dead buses are no violation."""
    found = []
    vm = net.res_bus.vm_pu
    found += [f"vm {i}" for i in vm.index[(vm > net.bus.max_vm_pu + 1e-6) | (vm < net.bus.min_vm_pu - 1e-6)]]
    for table in ("line", "trafo"):
        loading = net[f"res_{table}"].loading_percent
        found += [f"loading {table}:{i}" for i in loading.index[loading > 100.0001]]
    for table in ("gen", "ext_grid"):
        alive = net.res_bus.vm_pu.loc[net[table].bus].notna().to_numpy()
        for quantity in ("p_mw", "q_mvar"):
            value, limits = net[f"res_{table}"][quantity], net[table]
            beyond = (value > limits[f"max_{quantity}"] + 1e-3) | (value < limits[f"min_{quantity}"] - 1e-3)
            found += [f"{quantity} {table}:{i}" for i in limits.index[beyond.to_numpy() & alive]]
    return found


def plain_outages(net: pandapowerNet) -> dict[str, list[str]]:
    """Violations after each outage that leaves every bus with supply, by a loop of runpp."""
    result = {}
    for table in ("line", "trafo"):
        for index in net[table].index[net[table].in_service]:
            net[table].at[index, "in_service"] = False
            if not pd.isna(_solved(net).res_bus.vm_pu).any():
                result[f"{table}:{index}"] = violations(net)
            net[table].at[index, "in_service"] = True
    return result


def _solved(net: pandapowerNet) -> pandapowerNet:
    if not net.trafo.in_service.at[1]:  # the slack's own transformer: a bridge
        net.res_bus = net.res_bus.assign(vm_pu=np.nan)
        return net
    runpp(net, init="dc", tolerance_mva=1e-8)
    return net
