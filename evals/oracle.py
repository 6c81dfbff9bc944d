"""An independent opinion on numbers: plain pandapower, none of our own tools.

It solves each state anew with ``pandapower.runpp`` (unit reactive limits not enforced, as the suite says) and reads
the result tables. What a report shows of a state is held against it, whether a case expects the number or not.
"""

import copy
import re
from functools import lru_cache
from typing import TypeAlias

import pandapower as pp
import pandas as pd
from pandapower import networks
from pandapower.topology import unsupplied_buses

Net: TypeAlias = pp.pandapowerNet
_OUT = re.compile(r"out ((?:line|trafo):\d+(?:\+(?:line|trafo):\d+)*)")
COLUMNS = {
    ("bus", "vm_pu"): ("res_bus", "vm_pu"),
    ("bus", "va_degree"): ("res_bus", "va_degree"),
    ("line", "loading_percent"): ("res_line", "loading_percent"),
    ("line", "p_from_mw"): ("res_line", "p_from_mw"),
    ("line", "loss_p_mw"): ("res_line", "pl_mw"),
    ("trafo", "loading_percent"): ("res_trafo", "loading_percent"),
    ("trafo", "p_from_mw"): ("res_trafo", "p_hv_mw"),
    ("trafo", "loss_p_mw"): ("res_trafo", "pl_mw"),
    ("gen", "p_mw"): ("res_gen", "p_mw"),
    ("gen", "q_mvar"): ("res_gen", "q_mvar"),
    ("ext_grid", "p_mw"): ("res_ext_grid", "p_mw"),
    ("ext_grid", "q_mvar"): ("res_ext_grid", "q_mvar"),
}


@lru_cache(maxsize=32)
def case_net(grid: str) -> Net:
    """A shipped pandapower case, unsolved."""
    net: Net = getattr(networks, grid)()
    return net


def outages_of(case: str) -> tuple[str, ...] | None:
    """Branches that a case takes out: none for ``base``; None for a label that is not a plain outage."""
    if case == "base":
        return ()
    match = _OUT.fullmatch(case)
    return None if match is None else tuple(match[1].split("+"))


@lru_cache(maxsize=512)
def solved(grid: str, case: str) -> Net | None:
    """The state behind a case label; None for a label that is not a plain outage, or that does not solve.

    The slack of the shipped cases stays where it is: an outage that takes it away is left to the tests of the tools.
    """
    outages = outages_of(case)
    if outages is None:
        return None
    net = copy.deepcopy(case_net(grid))
    for reference in outages:
        kind, index = reference.split(":")
        net[kind].loc[int(index), "in_service"] = False
    try:
        pp.runpp(net, lightsim2grid=False, numba=True)
    except pp.LoadflowNotConverged:
        return None
    return None if net.res_bus.vm_pu.isna().mean() > _MOSTLY_DEAD else net


_MOSTLY_DEAD = 0.5


def value_of(grid: str, entity: str, case: str, field: str) -> float | None:
    """What plain pandapower gives for one field of one element; None where it has no such field or state."""
    kind, index = entity.split(":")
    place = COLUMNS.get((kind, field))
    net = solved(grid, case)
    if place is None or net is None or int(index) not in net[place[0]].index:
        return None
    value = net[place[0]].at[int(index), place[1]]
    return None if pd.isna(value) else float(value)


def unserved_p_mw(grid: str, case: str) -> float | None:
    """Load on buses that have no path to an external grid or slack, by graph search."""
    net = copy.deepcopy(case_net(grid))
    for reference in outages_of(case) or ():
        kind, index = reference.split(":")
        net[kind].loc[int(index), "in_service"] = False
    dead = unsupplied_buses(net)
    return float((net.load.p_mw * net.load.scaling)[net.load.bus.isin(dead) & net.load.in_service].sum())
