"""Gold of faults: initial currents and short-circuit powers by ``pandapower.shortcircuit``."""

from __future__ import annotations

import pandapower.shortcircuit as sc

from evals.case import Expected
from evals.oracle import Net
from evals.physics_states import Recipe, changed_net

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


FAULT_RECIPES: dict[str, Recipe] = {
    "fault_3ph_max": _fault("3ph", "max"),
    "fault_2ph_max": _fault("2ph", "max"),
    "fault_1ph_max": _fault("1ph", "max"),
    "fault_3ph_min": _fault("3ph", "min"),
    "faults_above_8_ka": _faults_above(8.0),
}
