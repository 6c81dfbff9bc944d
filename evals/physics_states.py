"""States of shipped cases that no outage label names, and what single outages and pairs of them do: plain pandapower.

What a question supposes beyond outages is written in a suite as changes of pandapower's tables,
``gen.p_mw[4] -= 10; line.in_service[9] = 0``, and is laid in here, by none of our own tools.
"""

from __future__ import annotations

import copy
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import networkx as nx
import pandapower as pp
from pandapower.topology import create_nxgraph

from evals.case import Expected
from evals.oracle import Net, case_net, outages_of
from tools.errors import InvalidArgumentError

_CHANGE = re.compile(r"(\w+)\.(\w+)\[(\d+|\*)\] ([-+*]?)= (-?\d+(?:\.\d+)?|true|false)")
_OPERATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul}
FULL = 100.0
"""Loading at which a branch reaches its rating, in percent; the shipped cases know no other limit."""

_ROUNDING = 1e-6

Recipe = Callable[[str, Expected], float]
"""How a gold value of a grid is computed: from the grid's name and the place that it is expected at."""


class Outage(NamedTuple):
    """What is left after branches went out.

    Attributes:
        branches: Canonical forms.
        lost: Load and generation outside the island that keeps the balance, in MW.
        split: Whether buses are cut off from that island.
        state: Solved; None where it has no solution, or where the slack is cut off.
    """

    branches: tuple[str, ...]
    lost: float
    split: bool
    state: Net | None


def changed_net(grid: str, given: str) -> Net:
    """A shipped case with changes laid in, unsolved; ``*`` stands for all rows, a missing column is made.

    Raises:
        InvalidArgumentError: for a text that is no list of changes.
    """
    net = copy.deepcopy(case_net(grid))
    for change in filter(None, (part.strip() for part in given.split(";"))):
        match = _CHANGE.fullmatch(change)
        if match is None or match[1] not in net:
            raise InvalidArgumentError(f"given: {change!r}; 'gen.p_mw[4] -= 10' would be right")
        name, column, row, operation, typed = match.groups()
        rows = list(net[name].index) if row == "*" else [int(row)]
        value = {"true": True, "false": False}.get(typed, typed) if typed.isalpha() else float(typed)
        if operation:
            value = _OPERATIONS[operation](net[name].loc[rows, column], value)
        net[name].loc[rows, column] = value
        if isinstance(value, bool):  # a column that was made is one of objects
            net[name][column] = net[name][column].eq(True)
    return net


@lru_cache(maxsize=64)
def changed_state(grid: str, given: str, case: str = "base") -> Net:
    """A shipped case with changes and outages, solved.

    Raises:
        InvalidArgumentError: when it has no solution.
    """
    net = changed_net(grid, given)
    for reference in outages_of(case) or ():
        kind, index = reference.split(":")
        net[kind].loc[int(index), "in_service"] = False
    if not _solves(net):
        raise InvalidArgumentError(f"{grid} with {given or case} has no solution")
    return net


@lru_cache(maxsize=16)
def outages(grid: str, order: int, given: str = "") -> tuple[Outage, ...]:
    """Every outage of one branch in service, or of two of them."""
    return tuple(_outages(changed_net(grid, given), order))


def branch_loadings(net: Net) -> dict[str, float]:
    """Loading of each line and transformer in service of a solved net, in percent."""
    return {
        f"{kind}:{index}": float(value)
        for kind in ("line", "trafo")
        for index, value in net[f"res_{kind}"].loading_percent[net[kind].in_service].dropna().items()
    }


def graph_of(net: Net) -> nx.MultiGraph:
    """The buses with branches in service and closed switches, weighed with reactance in ohm."""
    graph: nx.MultiGraph = create_nxgraph(net, calc_branch_impedances=True, branch_impedance_unit="ohm")
    return graph


def _outages(net: Net, order: int) -> Iterator[Outage]:
    names = [f"{kind}:{index}" for kind in ("line", "trafo") for index in net[kind].index[net[kind].in_service]]
    for out in combinations(names, order):
        yield outage_of(net, out)


def outage_of(net: Net, branches: Sequence[str]) -> Outage:
    """Take branches out of a net, which is left as it was."""
    left = copy.deepcopy(net)
    for reference in branches:
        kind, index = reference.split(":")
        left[kind].loc[int(index), "in_service"] = False
    islands = sorted(nx.connected_components(create_nxgraph(left)), key=len, reverse=True)
    slack = next(island for island in islands if set(left.ext_grid.bus) & island)
    main = slack if _held(left, slack) else islands[0]
    load = left.load[left.load.in_service & ~left.load.bus.isin(main)]
    state = left if main is slack and _solves(left) else None
    return Outage(tuple(branches), float((load.p_mw * load.scaling).sum()), len(islands) > 1, state)


def breaks_limits(net: Net) -> bool:
    """Whether a bus or a branch of a solved net is outside its limits."""
    voltage, bus = net.res_bus.vm_pu, net.bus
    outside = (voltage < bus.min_vm_pu - _ROUNDING) | (voltage > bus.max_vm_pu + _ROUNDING)
    return bool(outside.any()) or any(value > FULL for value in branch_loadings(net).values())


def units_beyond(net: Net) -> set[tuple[str, int, str, bool]]:
    """Which limits of units are passed in a solved net: table, row, quantity, whether the upper one."""
    return {
        (kind, int(index), column, upper)
        for kind in ("gen", "ext_grid")
        for column in ("p_mw", "q_mvar")
        for upper, bound in ((True, f"max_{column}"), (False, f"min_{column}"))
        for index in net[kind].index
        if bound in net[kind]
        and (net[f"res_{kind}"].at[index, column] - net[kind].at[index, bound]) * (1 if upper else -1) > _ROUNDING
    }


def _held(net: Net, island: set[int]) -> bool:
    """Whether the slack has anything to balance: a load or a unit at another bus than its own."""
    others = island - set(net.ext_grid.bus)
    return any(net[kind].bus.isin(others).any() for kind in ("load", "gen", "sgen"))


def _solves(net: Net) -> bool:
    try:
        pp.runpp(net, lightsim2grid=False, numba=True)
    except pp.LoadflowNotConverged:
        return False
    return True
