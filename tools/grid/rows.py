"""Result rows of single elements from a solved state; an element without supply has no row."""

from __future__ import annotations

import numpy as np

from tools.element import ElementKind
from tools.grid.elements import element_ref
from tools.grid.operating_limits import OperatingLimits
from tools.grid.schema.common import BranchState, BusState, LoadState, UnitState
from tools.grid.schema.power_flow import FlowModel
from tools.grid.solve import SolvedState

LOAD_KINDS = (
    ElementKind.LOAD,
    ElementKind.SHUNT,
    ElementKind.SGEN,
    ElementKind.STORAGE,
    ElementKind.WARD,
    ElementKind.XWARD,
    ElementKind.MOTOR,
)


def known(value: object) -> float | None:
    """A number of a table; None for what is missing, not a number or infinite."""
    if value is None:
        return None
    number = float(value)  # type: ignore[arg-type]  # pandas hands out object; a text here is a broken model
    return number if np.isfinite(number) else None


def bus_row(solved: SolvedState, limits: OperatingLimits, bus: int) -> BusState | None:
    """Voltage at a bus; None where it is dead, or for the DC approximation, which has no voltages."""
    position = solved.topology.position(bus)
    if solved.model is FlowModel.DC or not solved.topology.energised[position]:
        return None
    result, vn_kv = solved.net.res_bus.loc[bus], float(solved.net.bus.at[bus, "vn_kv"])
    return BusState(
        element=element_ref(solved.net, ElementKind.BUS, bus),
        case=solved.case,
        vm_pu=float(result.vm_pu),
        vm_kv=float(result.vm_pu) * vn_kv,
        va_degree=float(result.va_degree),
        vn_kv=vn_kv,
        limit_min_pu=known(limits.vm_min_pu.value[position]),
        limit_max_pu=known(limits.vm_max_pu.value[position]),
    )


def branch_row(solved: SolvedState, limits: OperatingLimits, kind: ElementKind, index: int) -> BranchState | None:
    """Flow through a branch; None where it is out of service or without supply."""
    flows = solved.flows
    position = flows.position(kind, index)
    if position is None:
        return None
    rated = (kind, index) not in solved.placeholders and np.isfinite(flows.loading_percent[position])
    limit = limits.loading_percent[kind].at(index) if rated else None
    return BranchState(
        element=element_ref(solved.net, kind, index),
        case=solved.case,
        loading_percent=float(flows.loading_percent[position]) if rated else None,
        limit_percent=limit[0] if limit else None,
        i_ka=float(flows.i_ka[position]),
        rating_ka=float(flows.rating_ka[position]) if rated else None,
        p_from_mw=float(flows.p_from_mw[position]),
        q_from_mvar=known(flows.q_from_mvar[position]),
        loss_p_mw=known(flows.loss_p_mw[position]),
    )


def load_row(solved: SolvedState, kind: ElementKind, index: int) -> LoadState | None:
    """What a load, shunt, ward, motor or static unit draws or feeds; None where it is out or without supply."""
    if not is_live(solved, kind, index):
        return None
    result = solved.net[f"res_{kind.value}"].loc[index]
    return LoadState(
        element=element_ref(solved.net, kind, index),
        case=solved.case,
        p_mw=float(result.p_mw),
        q_mvar=None if solved.model is FlowModel.DC else float(result.q_mvar),
    )


def is_live(solved: SolvedState, kind: ElementKind, index: int) -> bool:
    """Whether an element at one bus is in service and its bus has a source."""
    table = solved.net[kind.value]
    position = solved.topology.position(int(table.at[index, "bus"]))
    return bool(table.at[index, "in_service"] and solved.topology.energised[position])


def slack_rows(solved: SolvedState) -> tuple[UnitState, ...]:
    """External grids and slack units that balance the state."""
    slack_units = set(solved.net.gen.index[solved.net.gen.slack.astype(bool)])
    return tuple(
        row
        for row in solved.units
        if row.element.kind is ElementKind.EXT_GRID
        or (row.element.kind is ElementKind.GEN and row.element.index in slack_units)
    )


def unit_row(solved: SolvedState, kind: ElementKind, index: int) -> UnitState | None:
    """Output of a unit; None where it is out of service or without supply."""
    return next((row for row in solved.units if (row.element.kind, row.element.index) == (kind, index)), None)
