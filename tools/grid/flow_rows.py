"""The rows of a solved state that a question asks for, by name or by rank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError
from tools.grid.branch_flows import BRANCH_KINDS
from tools.grid.elements import resolve_element
from tools.grid.operating_limits import OperatingLimits
from tools.grid.rows import LOAD_KINDS, branch_row, bus_row, load_row, unit_row
from tools.grid.schema.common import BranchState, BusState, LoadState, UnitState
from tools.grid.schema.power_flow import FlowModel, RankBy, SolvePowerFlowArguments
from tools.grid.solve import SolvedState

Row = TypeVar("Row", BusState, BranchState, UnitState, LoadState)

ASKED_KINDS = (ElementKind.BUS, *BRANCH_KINDS, ElementKind.GEN, ElementKind.EXT_GRID, *LOAD_KINDS)
_NEEDS_AC = frozenset({RankBy.LOW_VOLTAGE, RankBy.HIGH_VOLTAGE, RankBy.LOSSES})


@dataclass(frozen=True)
class FlowRows:
    """Rows by table; ``dead`` are elements asked for that are out of service or without supply."""

    buses: tuple[BusState, ...] = ()
    branches: tuple[BranchState, ...] = ()
    units: tuple[UnitState, ...] = ()
    loads: tuple[LoadState, ...] = ()
    dead: tuple[ElementRef, ...] = ()
    omitted: int = 0


def asked_rows(solved: SolvedState, limits: OperatingLimits, elements: Sequence[str]) -> FlowRows:
    """One row for each element asked for, in the order given.

    Raises:
        UnknownElementError, AmbiguousElementError: for a reference that names nothing or several elements.
        InvalidArgumentError: for a bus voltage of the DC approximation, which has none.
    """
    refs = tuple(dict.fromkeys(resolve_element(solved.net, text, ASKED_KINDS) for text in elements))
    if solved.model is FlowModel.DC and any(ref.kind is ElementKind.BUS for ref in refs):
        raise InvalidArgumentError("elements: the DC approximation has no bus voltages; use model ac, or name branches")
    rows = {ref: _row(solved, limits, ref) for ref in refs}
    found = [row for row in rows.values() if row is not None]
    return FlowRows(
        buses=_of(found, BusState),
        branches=_of(found, BranchState),
        units=_of(found, UnitState),
        loads=_of(found, LoadState),
        dead=tuple(ref for ref, row in rows.items() if row is None),
    )


def ranked_rows(solved: SolvedState, limits: OperatingLimits, args: SolvePowerFlowArguments) -> FlowRows:
    """One page of the ranking that was asked for; equal values by kind and index.

    Raises:
        InvalidArgumentError: when the DC approximation does not have what is to be ranked.
    """
    if solved.model is FlowModel.DC and args.rank_by in _NEEDS_AC:
        raise InvalidArgumentError(f"rank_by: {args.rank_by} needs model ac; the DC approximation has none")
    page = slice(args.offset, args.offset + args.limit)
    match args.rank_by:
        case RankBy.LOADING | RankBy.LOSSES:
            keys = solved.by_loading if args.rank_by is RankBy.LOADING else _by_losses(solved)
            branches = tuple(filter(None, (branch_row(solved, limits, *key) for key in keys[page])))
            return FlowRows(branches=branches, omitted=len(keys) - len(branches))
        case RankBy.LOW_VOLTAGE | RankBy.HIGH_VOLTAGE:
            positions = _by_voltage(solved, highest=args.rank_by is RankBy.HIGH_VOLTAGE)
            buses = tuple(
                filter(None, (bus_row(solved, limits, int(solved.topology.buses[at])) for at in positions[page]))
            )
            return FlowRows(buses=buses, omitted=len(positions) - len(buses))
        case RankBy.GENERATION:
            units = _by_generation(solved)
            return FlowRows(units=units[page], omitted=len(units) - len(units[page]))


def _row(
    solved: SolvedState, limits: OperatingLimits, ref: ElementRef
) -> BusState | BranchState | UnitState | LoadState | None:
    if ref.kind is ElementKind.BUS:
        return bus_row(solved, limits, ref.index)
    if ref.kind in BRANCH_KINDS:
        return branch_row(solved, limits, ref.kind, ref.index)
    if ref.kind in {ElementKind.GEN, ElementKind.EXT_GRID}:
        return unit_row(solved, ref.kind, ref.index)
    return load_row(solved, ref.kind, ref.index)


def _of(rows: Iterable[object], wanted: type[Row]) -> tuple[Row, ...]:
    return tuple(row for row in rows if isinstance(row, wanted))


def _by_losses(solved: SolvedState) -> list[tuple[ElementKind, int]]:
    flows = solved.flows
    order = np.argsort(-flows.loss_p_mw, kind="stable")
    return [flows.key[at] for at in order]


def _by_voltage(solved: SolvedState, *, highest: bool) -> list[int]:
    vm_pu = solved.net.res_bus.vm_pu.to_numpy(dtype=float)
    order = np.argsort(-vm_pu if highest else vm_pu, kind="stable")
    return [int(at) for at in order if solved.topology.energised[at]]


def _by_generation(solved: SolvedState) -> tuple[UnitState, ...]:
    return tuple(sorted(solved.units, key=lambda row: -row.p_mw))
