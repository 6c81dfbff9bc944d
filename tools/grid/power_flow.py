"""The tool ``solve_power_flow``: totals, extremes and the wanted rows of one solved state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.context import ToolContext
from tools.grid.flow_rows import asked_rows, ranked_rows
from tools.grid.limit_coverage import branch_coverage
from tools.grid.operating_limits import OperatingLimits, operating_limits, operating_state
from tools.grid.rows import branch_row, bus_row, slack_rows
from tools.grid.schema.common import BranchState
from tools.grid.schema.power_flow import FlowModel, PowerFlow, SolvePowerFlowArguments
from tools.grid.solve import SolvedState, solved_state
from tools.grid.supply import supply_of

if TYPE_CHECKING:
    from pandapower import pandapowerNet


def solve_power_flow(ctx: ToolContext, args: SolvePowerFlowArguments) -> PowerFlow:
    """Solve one state; the power balance is generation = load + losses + active power of shunts.

    Raises:
        NotSolvedError: when the state has no solution; no number is given then.
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for a hypothesis or an element that cannot be.
    """
    grid = ctx.grids.grid(args.at)
    solved = solved_state(grid, args.outages, args.actions, model=args.model, enforce_q_lims=args.enforce_q_lims)
    limits = operating_limits(solved.net, ctx.limits, operating_state(solved.state))
    rows = asked_rows(solved, limits, args.elements) if args.elements else ranked_rows(solved, limits, args)
    ac = solved.model is FlowModel.AC
    generation, loss = generation_p_mw(solved.net), float(np.nansum(solved.flows.loss_p_mw))
    vm_pu = np.where(solved.topology.energised, solved.net.res_bus.vm_pu.to_numpy(dtype=float), np.nan)
    buses = solved.topology.buses
    return PowerFlow(
        case=solved.case,
        model=solved.model,
        reactive_limits_enforced=solved.enforce_q_lims,
        solver=solved.solver,
        iterations=solved.iterations,
        moved_slack=solved.state.moved_slack,
        supply=supply_of(solved.state, solved.topology),
        load_p_mw=drawn(solved.net, "p_mw"),
        load_q_mvar=drawn(solved.net, "q_mvar") if ac else None,
        generation_p_mw=generation,
        loss_p_mw=loss if ac else None,
        loss_percent=loss / generation * 100.0 if ac and generation > 0 else None,
        slack=slack_rows(solved),
        lowest_voltage=bus_row(solved, limits, int(buses[np.nanargmin(vm_pu)])) if ac else None,
        highest_voltage=bus_row(solved, limits, int(buses[np.nanargmax(vm_pu)])) if ac else None,
        highest_loading=highest_loading(solved, limits),
        buses=rows.buses,
        branches=rows.branches,
        units=rows.units,
        loads=rows.loads,
        dead=rows.dead,
        omitted=rows.omitted,
        branches_covered=branch_coverage(solved),
        basis=grid.basis,
    )


def generation_p_mw(net: pandapowerNet) -> float:
    """What grids, generators, static generators and discharging storages feed in; an export counts negative."""
    fed = sum(float(net[f"res_{table}"].p_mw.sum()) for table in ("ext_grid", "gen", "sgen"))
    return fed - float(net.res_storage.p_mw.clip(upper=0).sum())


def highest_loading(solved: SolvedState, limits: OperatingLimits) -> BranchState | None:
    """The most loaded branch with a real rating; None when there is none."""
    ranked = solved.by_loading
    return branch_row(solved, limits, *ranked[0]) if ranked else None


def drawn(net: pandapowerNet, column: str) -> float:
    """Sum of what loads, wards, motors and charging storages draw (``p_mw`` or ``q_mvar``)."""
    total = sum(float(net[f"res_{table}"][column].sum()) for table in ("load", "ward", "xward", "motor"))
    storage = net.res_storage
    return total + float(storage.loc[storage.p_mw > 0, column].sum())
