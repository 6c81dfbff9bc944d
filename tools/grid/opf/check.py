"""An optimum under pandapower's own power flow: set-points in, results out, and how far a limit is passed."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.errors import NotSolvedError
from tools.grid.grid import Grid
from tools.grid.opf.units import CONTROLLABLE, REGULATING
from tools.grid.ratings import branch_ratings_mva
from tools.grid.schema.optimal_dispatch import DispatchCheck
from tools.grid.schema.power_flow import FlowModel
from tools.grid.solve import SolvedState, solve
from tools.result import digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from tools.grid.opf.optimum import Optimum
    from tools.grid.opf.problem import Problem
    from tools.grid.schema.common import UnitState

# What the power flow may differ from the optimum by: its own mismatch of 1e-8 MVA is far below these.
VOLTAGE_PU = 1e-5
LOADING_PERCENT = 1e-2
POWER_MVA = 1e-2
_ENDS = {
    ElementKind.LINE: ("from", "to"),
    ElementKind.TRAFO: ("hv", "lv"),
    ElementKind.TRAFO3W: ("hv", "mv", "lv"),
}


def dispatched(problem: Problem, optimum: Optimum, model: FlowModel) -> pandapowerNet:
    """A copy of the net with the optimum's set-points; a DC optimum sets active powers only."""
    net, units, base = deepcopy(problem.net), problem.units, problem.arrays.base_mva
    for at, ref in enumerate(units.refs):
        table = net[ref.kind.value]
        scaling = float(table.at[ref.index, "scaling"]) if "scaling" in table else 1.0
        factor = units.sign[at] * base / (scaling or 1.0)
        if ref.kind is not ElementKind.EXT_GRID:
            table.at[ref.index, "p_mw"] = float(optimum.p[at]) * factor
        if ref.kind in CONTROLLABLE and model is FlowModel.AC:
            table.at[ref.index, "q_mvar"] = float(optimum.q[at]) * factor
        if ref.kind in REGULATING and model is FlowModel.AC:
            table.at[ref.index, "vm_pu"] = float(optimum.vm[units.bus[at]])
    return net


def as_grid(problem: Problem, net: pandapowerNet, optimum: Optimum) -> Grid:
    """The dispatched net as a grid of its own, for tools that keep solutions by fingerprint."""
    grid = problem.state.grid
    key = [grid.key, problem.state.case, *optimum.p.tolist(), *optimum.vm.tolist()]
    return Grid(name=grid.name, fingerprint=digest(key), net=net, basis=grid.basis, loaded=grid.model)


def check_optimum(problem: Problem, optimum: Optimum, net: pandapowerNet, model: FlowModel) -> DispatchCheck:
    """Solve the dispatched net by pandapower and hold the result against every limit."""
    try:
        solved = solve(replace(problem.state, net=deepcopy(net)))
    except NotSolvedError:
        return DispatchCheck(solved=False)
    voltage, loading = _voltage_excess(problem, solved), _loading_excess(problem, solved)
    active, reactive = _unit_excess(solved.units)
    kept = voltage <= VOLTAGE_PU and loading <= LOADING_PERCENT and max(active, reactive) <= POWER_MVA
    vm_pu = solved.net.res_bus.vm_pu.to_numpy(dtype=float)
    live = problem.arrays.bus_place >= 0
    apart = np.abs(vm_pu[live] - optimum.vm[problem.arrays.bus_place[live]])
    return DispatchCheck(
        solved=True,
        solver=solved.solver,
        kept=kept,
        largest_voltage_excess_pu=voltage,
        largest_loading_excess_percent=loading,
        largest_unit_excess_p_mw=active,
        largest_unit_excess_q_mvar=reactive,
        largest_vm_difference_pu=float(apart.max()) if model is FlowModel.AC else None,
        slack_difference_p_mw=_slack_difference(problem, optimum, solved),
        loss_p_mw=float(np.nansum(solved.flows.loss_p_mw)),
    )


def _largest(values: NDArray[np.float64]) -> float:
    return max(float(np.nanmax(values, initial=0.0)), 0.0)


def _voltage_excess(problem: Problem, solved: SolvedState) -> float:
    vm_pu = np.where(problem.topology.energised, solved.net.res_bus.vm_pu.to_numpy(dtype=float), np.nan)
    limits = problem.limits
    return max(_largest(vm_pu - limits.vm_max_pu.value), _largest(limits.vm_min_pu.value - vm_pu))


def _loading_excess(problem: Problem, solved: SolvedState) -> float:
    """Points above the loading limit, in the quantity that was limited."""
    if problem.apparent:
        return max(0.0, *(excess for kind in _ENDS for excess in _apparent_excess(problem, solved, kind)), 0.0)
    excess = [
        loading - limit[0]
        for (kind, index), loading in zip(solved.flows.key, solved.flows.loading_percent.tolist(), strict=True)
        if (kind, index) not in solved.placeholders and np.isfinite(loading)
        if kind in problem.limits.loading_percent and (limit := problem.limits.loading_percent[kind].at(index))
    ]
    return float(max(0.0, *excess, 0.0))


def _apparent_excess(problem: Problem, solved: SolvedState, kind: ElementKind) -> Iterator[float]:
    net, limits = solved.net, problem.limits.loading_percent[kind]
    if not len(net[kind.value]):
        return
    results, ratings = net[f"res_{kind.value}"], branch_ratings_mva(net, kind).tolist()
    flows = np.vstack([np.hypot(results[f"p_{end}_mw"], results[f"q_{end}_mvar"]) for end in _ENDS[kind]]).max(axis=0)
    for at, (index, flow) in enumerate(zip(results.index.tolist(), flows.tolist(), strict=True)):
        limit = limits.at(int(index))
        if (kind, int(index)) in solved.placeholders or limit is None:
            continue
        if np.isfinite(flow):
            yield flow / ratings[at] * 100.0 - limit[0]


def _unit_excess(units: tuple[UnitState, ...]) -> tuple[float, float]:
    """Active power of units beyond their limits; reactive likewise, but for what pandapower splits within a bus."""
    active = [_beyond(unit.p_mw, unit.min_p_mw, unit.max_p_mw) for unit in units]
    reactive = [_beyond(unit.q_mvar or 0.0, unit.min_q_mvar, unit.max_q_mvar) for unit in units]
    return max(active, default=0.0), max(reactive, default=0.0)


def _beyond(value: float, low: float | None, high: float | None) -> float:
    above = value - high if high is not None else 0.0
    below = low - value if low is not None else 0.0
    return max(above, below, 0.0)


def _slack_difference(problem: Problem, optimum: Optimum, solved: SolvedState) -> float:
    """Active power that the units at the reference buses feed in, less what the optimum has there."""
    at_slack = np.isin(problem.units.bus, problem.arrays.reference)
    planned = float(optimum.p[at_slack].sum()) * problem.arrays.base_mva
    refs = {ref for ref, here in zip(problem.units.refs, at_slack, strict=True) if here}
    return sum(unit.p_mw for unit in solved.units if unit.element in refs) - planned
