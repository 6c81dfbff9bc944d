"""The tool ``check_limits``: supply, voltages, loadings and units of one state against every limit there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tools.context import ToolContext
from tools.element import ElementKind, ElementRef
from tools.errors import NotSolvedError
from tools.grid.branch_flows import BRANCH_KINDS
from tools.grid.elements import element_ref, resolve_element
from tools.grid.operating_limits import OperatingLimits, operating_limits
from tools.grid.rows import UNIT_KINDS, unit_row
from tools.grid.schema.common import Coverage, LeftOut, Supply
from tools.grid.schema.limit_check import (
    CheckLimitsArguments,
    LimitCheck,
    SecurityState,
    Violation,
    ViolationKind,
)
from tools.grid.solve import SolvedState, solved_state
from tools.grid.state import State, hypothesis_net
from tools.grid.supply import supply_of
from tools.grid.violations import UNIT_VIOLATIONS, find_violations
from tools.limits import OperatingState

if TYPE_CHECKING:
    from tools.grid.grid import Grid

CHECKED_KINDS = (ElementKind.BUS, *BRANCH_KINDS, *UNIT_KINDS)


def check_limits(ctx: ToolContext, args: CheckLimitsArguments) -> LimitCheck:
    """Check one state; a state that does not solve is data: ``not_solved``, with its supply and what was tried.

    Raises:
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for a hypothesis or an element that cannot be.
    """
    grid = ctx.grids.grid(args.at)
    wanted = _wanted(grid, args.elements)
    try:
        solved = solved_state(grid, args.outages, args.actions)
    except NotSolvedError as error:
        return _not_solved(hypothesis_net(grid, args.outages, args.actions), wanted, str(error))
    limits = operating_limits(solved.net, ctx.limits, operating_state(solved.state))
    supply, found = supply_of(solved.state), find_violations(solved, limits, wanted)
    buses, branches, units = (_buses(solved, limits, wanted), _branches(solved, wanted), _units(solved, wanted))
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
    )


def operating_state(state: State) -> OperatingState:
    """Which limits hold: those for contingencies while an outage is in force, else the normal ones."""
    return OperatingState.CONTINGENCY if state.outages else OperatingState.NORMAL


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
        count = sum(len(_in_scope(state, kind, wanted)) for kind in kinds)
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
    )


def _in_scope(state: State, kind: ElementKind, wanted: frozenset[ElementRef] | None) -> tuple[int, ...]:
    """Elements of a kind that are in service, and asked for."""
    table = state.net[kind.value]
    return tuple(
        int(index)
        for index in table.index[table.in_service.astype(bool)]
        if wanted is None or element_ref(state.net, kind, int(index)) in wanted
    )


def _buses(solved: SolvedState, limits: OperatingLimits, wanted: frozenset[ElementRef] | None) -> Coverage:
    scope = set(_in_scope(solved.state, ElementKind.BUS, wanted))
    here = np.isin(solved.topology.buses, list(scope))
    live = here & solved.topology.energised
    limited = live & ~(np.isnan(limits.vm_min_pu.value) & np.isnan(limits.vm_max_pu.value))
    left = (
        ("buses", int((here & ~solved.topology.energised).sum()), "without supply"),
        ("buses", int((live & ~limited).sum()), "no voltage limit in the grid model or the table of limits"),
    )
    return _coverage(int(limited.sum()), left)


def _branches(solved: SolvedState, wanted: frozenset[ElementRef] | None) -> Coverage:
    scope = [(kind, index) for kind in BRANCH_KINDS for index in _in_scope(solved.state, kind, wanted)]
    flows = solved.flows
    live = dict(zip(zip(flows.kind, flows.index.tolist(), strict=True), flows.loading_percent, strict=True))
    dead = [key for key in scope if key not in live]
    placeholder = [key for key in scope if key in live and key in solved.placeholders]
    unrated = [key for key in scope if key in live and key not in solved.placeholders and np.isnan(live[key])]
    left = (
        ("branches", len(dead), "without supply"),
        ("branches", len(placeholder), "the rating is missing or a placeholder, so the loading means nothing"),
        ("branches", len(unrated), "this kind of branch has no rating in the grid model"),
    )
    return _coverage(len(scope) - sum(count for _, count, _ in left), left)


def _units(solved: SolvedState, wanted: frozenset[ElementRef] | None) -> Coverage:
    scope = [(kind, index) for kind in UNIT_KINDS for index in _in_scope(solved.state, kind, wanted)]
    rows = [row for kind, index in scope if (row := unit_row(solved, kind, index)) is not None]
    no_p = [row for row in rows if row.min_p_mw is None or row.max_p_mw is None]
    no_q = [row for row in rows if _needs_q_limit(row.element) and (row.min_q_mvar is None or row.max_q_mvar is None)]
    unchecked = [row for row in rows if row.min_p_mw is row.max_p_mw is row.min_q_mvar is row.max_q_mvar is None]
    left = (
        ("units", len(scope) - len(rows), "without supply"),
        ("active power limits", len(no_p), "missing in the grid model, at least on one side"),
        ("reactive power limits", len(no_q), "missing in the grid model, at least on one side"),
    )
    return _coverage(len(rows) - len(unchecked), left)


def _needs_q_limit(element: ElementRef) -> bool:
    """Only the units that regulate a voltage choose their reactive power."""
    return element.kind in {ElementKind.EXT_GRID, ElementKind.GEN}


def _coverage(checked: int, left: Sequence[tuple[str, int, str]]) -> Coverage:
    left_out = tuple(LeftOut(what=what, count=count, reason=reason) for what, count, reason in left if count)
    return Coverage(checked=checked, solved=checked, left_out=left_out)
