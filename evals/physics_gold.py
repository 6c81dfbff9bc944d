"""Gold of grid physics: changed states, outages of one and of two, losses, faults, optima, cascades, ways.

Each number comes from plain pandapower (power flow, short circuits, PYPOWER's optimal power flow), from a search in the
graph, or from the hand calculation that its docstring states.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable

import networkx as nx
import pandapower as pp
import pandapower.shortcircuit as sc

from evals.case import Expected
from evals.oracle import COLUMNS, Net, case_net, outages_of
from evals.physics_states import (
    FULL,
    Outage,
    branch_loadings,
    breaks_limits,
    changed_net,
    changed_state,
    graph_of,
    outage_of,
    outages,
    units_beyond,
)
from tools.errors import InvalidArgumentError

Recipe = Callable[[str, Expected], float]
_KILO = 1000.0


def _state(grid: str, expected: Expected) -> Net:
    return changed_state(grid, expected.given or "", expected.case or "base")


def _value(grid: str, expected: Expected) -> float:
    """One field of one element, in a state with changes."""
    kind, index = str(expected.element).split(":")
    table, column = COLUMNS[kind, expected.field]
    return float(_state(grid, expected)[table].at[int(index), column])


def _lowest_voltage(grid: str, expected: Expected) -> float:
    return float(_state(grid, expected).res_bus.vm_pu.min())


def _highest_loading(grid: str, expected: Expected) -> float:
    return max(branch_loadings(_state(grid, expected)).values())


def _losses_of(*kinds: str, scale: float = 1.0) -> Recipe:
    def recipe(grid: str, expected: Expected) -> float:
        net = _state(grid, expected)
        return scale * float(sum(net[f"res_{kind}"].pl_mw.sum() for kind in kinds))

    return recipe


def _marginal_loss(grid: str, expected: Expected) -> float:
    """Percent of one more MW at a bus that the slack feeds in beyond it, by a central difference of 0.02 MW."""
    bus, step = int(str(expected.element).split(":")[1]), 0.01
    given = []
    for sign in (1.0, -1.0):
        net = copy.deepcopy(case_net(grid))
        pp.create_load(net, bus, p_mw=sign * step)
        pp.runpp(net, lightsim2grid=False, tolerance_mva=1e-9)
        given.append(float(net.res_ext_grid.p_mw.sum()))
    return ((given[0] - given[1]) / (2.0 * step) - 1.0) * 100.0


def _outage_unserved(grid: str, expected: Expected) -> float:
    """Load that branches cut off from the island that keeps the balance, by a search in the graph."""
    return outage_of(case_net(grid), outages_of(str(expected.case)) or ()).lost


def _lost_slack(grid: str, expected: Expected) -> float:
    """What the slack gave before an outage that leaves it alone."""
    del expected
    return float(changed_state(grid, "").res_ext_grid.p_mw.sum())


def _overloads(grid: str, expected: Expected) -> float:
    return float(sum(value > FULL for value in branch_loadings(_state(grid, expected)).values()))


def _branch_count(grid: str, expected: Expected) -> float:
    del expected
    return float(len(case_net(grid).line) + len(case_net(grid).trafo))


def _insecure(one: Outage, base: Net) -> bool:
    """Connected, and a limit of a bus or a branch is broken, or a unit leaves a limit that it kept before."""
    if one.state is None or one.split:
        return False
    return breaks_limits(one.state) or bool(units_beyond(one.state) - units_beyond(base))


def _dead_buses(grid: str, expected: Expected) -> float:
    return float(_state(grid, expected).res_bus.vm_pu.isna().sum())


def _served(grid: str, expected: Expected) -> float:
    return float(_state(grid, expected).res_load.p_mw.sum())


def _generated(grid: str, expected: Expected) -> float:
    net = _state(grid, expected)
    return float(net.res_gen.p_mw.sum() + net.res_ext_grid.p_mw.sum() + net.res_sgen.p_mw.sum())


def _number_of(order: int, counts: Callable[[Outage, Net], bool]) -> Recipe:
    def recipe(grid: str, expected: Expected) -> float:
        base = changed_state(grid, expected.given or "")
        return float(sum(counts(one, base) for one in outages(grid, order, expected.given or "")))

    return recipe


def _worst_of(order: int, worst: Callable[[list[float]], float], of: Callable[[Outage], float | None]) -> Recipe:
    def recipe(grid: str, expected: Expected) -> float:
        found = [of(one) for one in outages(grid, order, expected.given or "")]
        return worst([value for value in found if value is not None])

    return recipe


def _adds_overloads(one: Outage, base: Net) -> bool:
    before = branch_loadings(base)
    return one.state is not None and any(
        value > FULL and before[name] <= FULL for name, value in branch_loadings(one.state).items()
    )


def _lost(one: Outage) -> float:
    return one.lost


def _lowest(one: Outage) -> float | None:
    return None if one.state is None or one.split else float(one.state.res_bus.vm_pu.min())


def _highest(one: Outage) -> float | None:
    return None if one.state is None or one.split else max(branch_loadings(one.state).values())


def _any(one: Outage, base: Net) -> bool:
    del one, base
    return True


def _splits(one: Outage, base: Net) -> bool:
    del base
    return one.split


def _loses_load(one: Outage, base: Net) -> bool:
    del base
    return one.lost > 0


_FAULT = {"ikss_ka": "ikss_ka", "skss_mva": "skss_mw"}


def _fault(fault: str, case: str) -> Recipe:
    """Initial current or short-circuit power at a bus by ``pandapower.shortcircuit``; 1ph and 2ph by its own way."""

    def recipe(grid: str, expected: Expected) -> float:
        net = _faulted(grid, expected, fault, case)
        return float(net.res_bus_sc.at[int(str(expected.element).split(":")[1]), _FAULT[expected.field]])

    return recipe


def _faults_above(limit_ka: float) -> Recipe:
    def recipe(grid: str, expected: Expected) -> float:
        return float((_faulted(grid, expected, "3ph", "max").res_bus_sc.ikss_ka > limit_ka).sum())

    return recipe


def _faulted(grid: str, expected: Expected, fault: str, case: str) -> Net:
    net = changed_net(grid, expected.given or "")
    sc.calc_sc(net, fault=fault, case=case, branch_results=False)
    return net


def _optimum(run: Callable[[Net], None], *, losses: bool = False) -> Recipe:
    """Least cost by PYPOWER's interior point; with ``losses`` the least that must be generated beyond the load."""

    def recipe(grid: str, expected: Expected) -> float:
        net = changed_net(grid, expected.given or "")
        if not losses:
            run(net)
            return float(net.res_cost)
        net.poly_cost = net.poly_cost.assign(cp0_eur=0.0, cp1_eur_per_mw=1.0, cp2_eur_per_mw2=0.0)
        run(net)
        return float(net.res_cost - net.load.p_mw.sum())

    return recipe


_STAGES = (0.05, 0.08, 0.08, 0.08, 0.08, 0.08)
"""Shares of an island's load, as docs/method.md states the six stages of load shedding."""
_FIRST_STAGE, _NOMINAL, _DAMPING = 49.0, 50.0, 1.0


def _shed_by_frequency(grid: str, expected: Expected) -> float:
    """Load that stages shed in the island behind a branch, whose units are at their limit already; by hand.

    Load falls by 1 % for 1 % of frequency, so it balances ``p_max`` at f/f0 = 1 + (p_max / load - 1) / damping. Losses
    of the island are neglected: they matter only where a frequency comes to lie within 0.1 % of a stage.
    """
    net = changed_state(grid, "", expected.case or "base")
    dead = net.res_bus.index[net.res_bus.vm_pu.isna()]
    load, p_max = (float(net[kind][column][net[kind].bus.isin(dead)].sum()) for kind, column in _BALANCE)
    kept = load
    for stage, share in enumerate(_STAGES):
        frequency = 1.0 + (p_max / kept - 1.0) / _DAMPING
        if frequency > (_FIRST_STAGE - 0.2 * stage) / _NOMINAL:
            break
        kept -= share * load
    return load - kept


_BALANCE = (("load", "p_mw"), ("gen", "max_p_mw"))


def _way(grid: str, expected: Expected) -> float:
    """Branches of the shortest way between two buses by impedance, or how many ways share no branch."""
    ends = [int(part) for part in str(expected.given).split()]
    graph = graph_of(case_net(grid))
    if expected.field == "steps_total":
        return float(len(nx.shortest_path(graph, *ends, weight="z_ohm")) - 1)
    return float(nx.edge_connectivity(nx.Graph(graph), *ends))


def _nameplate(grid: str, expected: Expected) -> float:
    """A figure of the model's own table."""
    kind, index = str(expected.element).split(":")
    row = case_net(grid)[kind].loc[int(index)]
    if expected.field in row:
        return float(row[expected.field])
    match kind, expected.field:
        case "line", "rating_ka":
            return float(row.max_i_ka * row.df * row.parallel)
        case "line", "r_ohm" | "x_ohm":
            return float(row[f"{expected.field}_per_km"] * row.length_km / row.parallel)
        case "trafo", "rating_mva":
            return float(row.sn_mva * row.parallel * row.df)
        case "trafo", "rating_ka":
            return float(row.sn_mva * row.parallel * row.df / row.vn_hv_kv / math.sqrt(3.0))
        case "gen", "vm_setpoint_pu":
            return float(row.vm_pu)
    raise InvalidArgumentError(f"the model has no {expected.field} of {expected.element}")


PHYSICS_RECIPES: dict[str, Recipe] = {
    "changed_value": _value,
    "changed_lowest_voltage": _lowest_voltage,
    "changed_highest_loading": _highest_loading,
    "changed_loss": _losses_of("line", "trafo"),
    "changed_loss_kw": _losses_of("line", "trafo", scale=_KILO),
    "line_loss": _losses_of("line"),
    "trafo_loss": _losses_of("trafo"),
    "marginal_loss": _marginal_loss,
    "outage_unserved": _outage_unserved,
    "lost_slack": _lost_slack,
    "overloads": _overloads,
    "branch_count": _branch_count,
    "insecure_outages": _number_of(1, _insecure),
    "dead_buses": _dead_buses,
    "served": _served,
    "generated": _generated,
    "islanding_outages": _number_of(1, _splits),
    "outages_with_load_lost": _number_of(1, _loses_load),
    "largest_loss": _worst_of(1, max, _lost),
    "highest_outage_loading": _worst_of(1, max, _highest),
    "pairs": _number_of(2, _any),
    "islanding_pairs": _number_of(2, _splits),
    "pairs_with_load_lost": _number_of(2, _loses_load),
    "pairs_adding_overloads": _number_of(2, _adds_overloads),
    "largest_pair_loss": _worst_of(2, max, _lost),
    "lowest_pair_voltage": _worst_of(2, min, _lowest),
    "highest_pair_loading": _worst_of(2, max, _highest),
    "fault_3ph_max": _fault("3ph", "max"),
    "fault_2ph_max": _fault("2ph", "max"),
    "fault_1ph_max": _fault("1ph", "max"),
    "fault_3ph_min": _fault("3ph", "min"),
    "faults_above_8_ka": _faults_above(8.0),
    "least_cost": _optimum(pp.runopp),
    "least_cost_dc": _optimum(pp.rundcopp),
    "least_losses": _optimum(pp.runopp, losses=True),
    "shed_by_frequency": _shed_by_frequency,
    "way": _way,
    "nameplate": _nameplate,
}
