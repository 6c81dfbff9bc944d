"""The tool ``check_limits``: supply, voltages, loadings and units of one state against every limit there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tools.context import ToolContext
from tools.coverage import Coverage, LeftOut
from tools.element import ElementKind, ElementRef
from tools.errors import NotSolvedError
from tools.grid.branch_flows import BRANCH_KINDS
from tools.grid.elements import resolve_element
from tools.grid.exceedances import find_exceedances
from tools.grid.limit_coverage import branch_coverage, bus_coverage, in_scope, unit_coverage
from tools.grid.operating_limits import operating_limits, operating_state
from tools.grid.schema.common import Supply
from tools.grid.schema.limit_check import (
    CheckLimitsArguments,
    LimitCheck,
    SecurityState,
    Violation,
    ViolationKind,
)
from tools.grid.solve import solved_state
from tools.grid.span import Hypothesis, moments_of, span_of
from tools.grid.state import State, hypothesis_net
from tools.grid.supply import supply_of
from tools.grid.unit_outputs import UNIT_KINDS
from tools.grid.violations import UNIT_VIOLATIONS, find_violations

if TYPE_CHECKING:
    from tools.grid.grid import Grid
    from tools.grid.schema.span import SpanCoverage

CHECKED_KINDS = (ElementKind.BUS, *BRANCH_KINDS, *UNIT_KINDS)


def check_limits(ctx: ToolContext, args: CheckLimitsArguments) -> LimitCheck:
    """Check one state; a state that does not solve is data: ``not_solved``, with its supply and what was tried.

    Raises:
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for a hypothesis or an element that cannot be.
    """
    grid = ctx.grids.grid(args.at)
    wanted = _wanted(grid, args.elements)
    answer = _check(ctx, args, grid, wanted)
    if args.since is None:
        return answer
    end = args.at or ctx.clock.as_of
    span = span_of(ctx, Hypothesis(args.outages, args.actions), args.since, end)
    found = find_exceedances(span, moments_of(span, args.since, end, args.step_min), wanted)
    page, coverage = found[args.offset : args.offset + args.limit], span.coverage(args.since, end, args.step_min)
    return answer.model_copy(
        update={
            "intervals": tuple(page),
            "intervals_omitted": len(found) - len(page),
            "span": coverage,
            "span_status": _status_over(answer, coverage, broken=bool(found)),
        }
    )


def _status_over(answer: LimitCheck, span: SpanCoverage, *, broken: bool) -> SecurityState:
    """Of a whole span: what is broken at some time counts, and what was not looked at is not kept."""
    if broken or answer.status in {SecurityState.SUPPLY_LOST, SecurityState.VIOLATION}:
        return SecurityState.VIOLATION
    whole = answer.status is SecurityState.NO_VIOLATION and not span.unmeasured and not span.unsolved
    return SecurityState.NO_VIOLATION if whole else SecurityState.PARTLY_CHECKED


def _check(
    ctx: ToolContext, args: CheckLimitsArguments, grid: Grid, wanted: frozenset[ElementRef] | None
) -> LimitCheck:
    try:
        solved = solved_state(grid, args.outages, args.actions)
    except NotSolvedError as error:
        return _not_solved(hypothesis_net(grid, args.outages, args.actions), wanted, str(error))
    limits = operating_limits(solved.net, ctx.limits, operating_state(solved.state))
    supply, found = supply_of(solved.state, solved.topology), find_violations(solved, limits, wanted)
    buses, branches, units = (
        bus_coverage(solved, limits, wanted),
        branch_coverage(solved, wanted),
        unit_coverage(solved, wanted),
    )
    counts = Counter(violation.kind for violation in found)
    page = found[args.offset : args.offset + args.limit]
    return LimitCheck(
        case=solved.case,
        status=_status(supply, found, (buses, branches, units)),
        reactive_limits_enforced=solved.enforce_q_lims,
        supply=supply,
        violations=page,
        omitted=len(found) - len(page),
        undervoltages=counts[ViolationKind.UNDERVOLTAGE],
        overvoltages=counts[ViolationKind.OVERVOLTAGE],
        overloads=counts[ViolationKind.OVERLOAD],
        unit_violations=sum(counts[kind] for kind in UNIT_VIOLATIONS),
        buses=buses,
        branches=branches,
        units=units,
        basis=grid.basis,
    )


def _wanted(grid: Grid, elements: Sequence[str]) -> frozenset[ElementRef] | None:
    return frozenset(resolve_element(grid.net, text, CHECKED_KINDS) for text in elements) or None


def _status(supply: Supply, found: Sequence[Violation], coverages: Sequence[Coverage]) -> SecurityState:
    if supply.dead_buses:
        return SecurityState.SUPPLY_LOST
    if found:
        return SecurityState.VIOLATION
    gaps = any(item.count for coverage in coverages for item in coverage.left_out)
    return SecurityState.PARTLY_CHECKED if gaps else SecurityState.NO_VIOLATION


def _not_solved(state: State, wanted: frozenset[ElementRef] | None, reason: str) -> LimitCheck:
    """Nothing is checked in a state without a solution; topology still tells who is without supply."""

    def nothing(what: str, kinds: Sequence[ElementKind]) -> Coverage:
        count = sum(len(in_scope(state, kind, wanted)) for kind in kinds)
        return Coverage(checked=0, solved=0, diverged=1, left_out=(LeftOut(what=what, count=count, reason=reason),))

    return LimitCheck(
        case=state.case,
        status=SecurityState.NOT_SOLVED,
        reactive_limits_enforced=False,
        supply=supply_of(state),
        violations=(),
        omitted=0,
        undervoltages=0,
        overvoltages=0,
        overloads=0,
        unit_violations=0,
        buses=nothing("buses", (ElementKind.BUS,)),
        branches=nothing("branches", BRANCH_KINDS),
        units=nothing("units", UNIT_KINDS),
        basis=state.grid.basis,
    )
