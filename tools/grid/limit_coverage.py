"""What was and was not checked against a limit in a solved state, and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.coverage import Coverage, LeftOut
from tools.element import ElementKind, ElementRef
from tools.grid.branch_flows import BRANCH_KINDS
from tools.grid.operating_limits import OperatingLimits
from tools.grid.solve import SolvedState
from tools.grid.state import State
from tools.grid.unit_outputs import UNIT_KINDS


def in_scope(state: State, kind: ElementKind, wanted: frozenset[ElementRef] | None) -> tuple[int, ...]:
    """Elements of a kind that are in service, and asked for."""
    table = state.net[kind.value]
    in_service = [int(index) for index in table.index[table.in_service.astype(bool)]]
    asked = None if wanted is None else {ref.index for ref in wanted if ref.kind is kind}
    return tuple(index for index in in_service if asked is None or index in asked)


def bus_coverage(solved: SolvedState, limits: OperatingLimits, wanted: frozenset[ElementRef] | None) -> Coverage:
    """Buses in service whose voltage was held against a limit."""
    scope = set(in_scope(solved.state, ElementKind.BUS, wanted))
    here = np.isin(solved.topology.buses, list(scope))
    live = here & solved.topology.energised
    limited = live & ~(np.isnan(limits.vm_min_pu.value) & np.isnan(limits.vm_max_pu.value))
    left = (
        ("buses", int((here & ~solved.topology.energised).sum()), "without supply"),
        ("buses", int((live & ~limited).sum()), "no voltage limit in the grid model or the table of limits"),
    )
    return _coverage(int(limited.sum()), left)


def branch_coverage(solved: SolvedState, wanted: frozenset[ElementRef] | None = None) -> Coverage:
    """Branches in service whose loading was held against a real rating; all of them, or those asked for."""
    scope = [(kind, index) for kind in BRANCH_KINDS for index in in_scope(solved.state, kind, wanted)]
    flows = solved.flows
    live = dict(zip(flows.key, flows.loading_percent, strict=True))
    dead = [key for key in scope if key not in live]
    placeholder = [key for key in scope if key in live and key in solved.placeholders]
    unrated = [key for key in scope if key in live and key not in solved.placeholders and np.isnan(live[key])]
    left = (
        ("branches", len(dead), "without supply"),
        ("branches", len(placeholder), "the rating is missing or a placeholder, so the loading means nothing"),
        ("branches", len(unrated), "this kind of branch has no rating in the grid model"),
    )
    return _coverage(len(scope) - sum(count for _, count, _ in left), left)


def unit_coverage(solved: SolvedState, wanted: frozenset[ElementRef] | None) -> Coverage:
    """Units in service that have at least one limit; limits that are missing are counted apart."""
    scope = [(kind, index) for kind in UNIT_KINDS for index in in_scope(solved.state, kind, wanted)]
    rows = [row for row in solved.units if wanted is None or row.element in wanted]
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
