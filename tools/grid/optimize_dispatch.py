"""``optimize_dispatch``: the optimal power flow of a state, with limits, reserve, security and prices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.elements import resolve_element
from tools.grid.opf.answer import Answer
from tools.grid.opf.conflict import conflicting_limits, named
from tools.grid.opf.costs import no_costs, read_costs
from tools.grid.opf.problem import Problem, build_problem, hold_voltages
from tools.grid.opf.security import Unsolved, report_security, solve_secured
from tools.grid.schema.optimal_dispatch import DispatchObjective, OptimalDispatch, OptimizeDispatchArguments
from tools.grid.schema.power_flow import FlowModel
from tools.grid.screening.arrays import OUTAGE_TABLES
from tools.grid.state import hypothesis_net

if TYPE_CHECKING:
    from tools.context import ToolContext

_OUTAGE_KINDS = tuple(ElementKind(table) for table in OUTAGE_TABLES)


def optimize_dispatch(ctx: ToolContext, args: OptimizeDispatchArguments) -> OptimalDispatch:
    """The cheapest (or least lossy, or least moved) dispatch that keeps every limit, and what each limit costs.

    The AC optimum is a local one, as of every interior point method; the DC optimum is global. Units that are not
    controllable, or have no active power limits, keep their active power; the external grid balances. Voltages of
    units are free within the limits of their buses unless ``hold_voltages``. docs/method.md has the formulation.

    Raises:
        NotSolvedError: when no optimum is found; says why, and which limits cannot be kept together. No number then.
        InvalidArgumentError: when costs are missing or not convex, for a reserve without a unit that can keep it,
            for an outage that cannot be, and for elements that the problem does not model.
        UnknownElementError, AmbiguousElementError: for a reference that names nothing or several elements.
    """
    grid = ctx.grids.grid(args.at)
    problem = build_problem(hypothesis_net(grid, args.outages, args.actions), ctx.limits, args.branch_limit)
    problem = _with_reserve(_with_objective(problem, args), args)
    if args.hold_voltages:
        problem = hold_voltages(problem)
    asked = _asked(problem, args)
    secured = solve_secured(problem, asked, args.model, ctx.limits)
    if isinstance(secured, Unsolved):
        raise NotSolvedError(_why(secured, args.model))
    security = report_security(secured, asked, args.model, ctx.limits) if asked else None
    return Answer(secured, args, security, grid.basis).build()


def _with_objective(problem: Problem, args: OptimizeDispatchArguments) -> Problem:
    units, base = problem.units, problem.arrays.base_mva
    if not units.movable.any():
        raise InvalidArgumentError(
            "grid: no unit can be dispatched: none is controllable with a range of active power (min_p_mw, max_p_mw)"
        )
    if args.objective is DispatchObjective.LEAST_COST:
        return replace(problem, costs=read_costs(problem.net, units, base))
    if args.objective is DispatchObjective.LEAST_REDISPATCH:
        if not problem.before:
            raise InvalidArgumentError(
                "objective: least_redispatch moves units away from the state before as little as it can, and that "
                "state has no power flow solution; ask for least_cost or least_losses"
            )
        return replace(problem, target=units.p_set)
    if args.model is FlowModel.DC:
        raise InvalidArgumentError("objective: least_losses needs model ac; the DC approximation has no losses")
    none = no_costs(len(units))
    fixed = float(problem.demand.real.sum()) * base
    return replace(problem, costs=replace(none, constant=-fixed, c1=np.full(len(units), base)))


def _with_reserve(problem: Problem, args: OptimizeDispatchArguments) -> Problem:
    if args.reserve_mw is None:
        return problem
    units, kept, base = problem.units, problem.reserving, problem.arrays.base_mva
    most = float((units.p_max - units.p_min)[kept].sum()) * base
    if args.reserve_mw > most:
        raise InvalidArgumentError(
            f"reserve_mw: {args.reserve_mw:g} MW is more than the dispatchable units can keep even at their minima "
            f"({most:.6g} MW)"
        )
    return replace(problem, reserve=args.reserve_mw / base)


def _asked(problem: Problem, args: OptimizeDispatchArguments) -> list[int]:
    """Circuits whose outage is secured, in table order."""
    circuits = problem.arrays.circuits
    if args.secure_all_outages:
        return list(range(len(circuits)))
    found = set()
    for text in args.secured_outages:
        ref = resolve_element(problem.net, text, _OUTAGE_KINDS)
        place = circuits.find(ref.kind.value, ref.index)
        if place is None:
            raise InvalidArgumentError(
                f"secured_outages: {ref} is out of service or without supply, so it cannot go out"
            )
        found.add(place)
    return sorted(found)


def _why(failed: Unsolved, model: FlowModel) -> str:
    """Why there is no optimum, in words: limits that contradict each other where they can be named."""
    problem, why = failed.problem, failed.why
    text = f"The {model.upper()} optimal power flow of the state {problem.state.case!r} did not converge: {why.reason}"
    conflict = conflicting_limits(problem) if why.infeasible and model is FlowModel.AC else ()
    if conflict:
        text += f". Limits that cannot be kept together with the others, as far as found: {named(conflict)}"
    if problem.cuts:
        text += ". Without the outages to secure there is an optimum"
    return f"{text}."
