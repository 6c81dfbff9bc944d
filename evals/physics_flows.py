"""Gold of flows: values, losses and balances of changed states, by plain pandapower."""

from __future__ import annotations

import copy

import pandapower as pp

from evals.case import Expected
from evals.oracle import COLUMNS, Net, case_net
from evals.physics_states import FULL, Recipe, branch_loadings, changed_state

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


def _lost_slack(grid: str, expected: Expected) -> float:
    """What the slack gave before an outage that leaves it alone."""
    del expected
    return float(changed_state(grid, "").res_ext_grid.p_mw.sum())


def _overloads(grid: str, expected: Expected) -> float:
    return float(sum(value > FULL for value in branch_loadings(_state(grid, expected)).values()))


def _dead_buses(grid: str, expected: Expected) -> float:
    return float(_state(grid, expected).res_bus.vm_pu.isna().sum())


def _served(grid: str, expected: Expected) -> float:
    return float(_state(grid, expected).res_load.p_mw.sum())


def _generated(grid: str, expected: Expected) -> float:
    net = _state(grid, expected)
    return float(net.res_gen.p_mw.sum() + net.res_ext_grid.p_mw.sum() + net.res_sgen.p_mw.sum())


FLOW_RECIPES: dict[str, Recipe] = {
    "changed_value": _value,
    "changed_lowest_voltage": _lowest_voltage,
    "changed_highest_loading": _highest_loading,
    "changed_loss": _losses_of("line", "trafo"),
    "changed_loss_kw": _losses_of("line", "trafo", scale=_KILO),
    "line_loss": _losses_of("line"),
    "trafo_loss": _losses_of("trafo"),
    "marginal_loss": _marginal_loss,
    "overloads": _overloads,
    "dead_buses": _dead_buses,
    "served": _served,
    "generated": _generated,
    "lost_slack": _lost_slack,
}
