"""The solved state laid over a picture: a mark for each element, and the values behind the marks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, isnan
from typing import TYPE_CHECKING

from tools.element import ElementKind, ElementRef
from tools.grid.connectivity import connectivity
from tools.grid.diagram.branches import Branch
from tools.grid.diagram.marks import BranchMark, BusMark, Overlay
from tools.grid.diagram.scope import Scope
from tools.grid.elements import element_ref
from tools.grid.operating_limits import OperatingLimits
from tools.grid.ratings import placeholder_branches
from tools.grid.schema.common import BranchState, BusState
from tools.grid.state import State

if TYPE_CHECKING:
    from pandapower import pandapowerNet

# result columns: currents at the ends, and the powers at the first end
_ENDS = {
    ElementKind.LINE: ("from", "to"),
    ElementKind.TRAFO: ("hv", "lv"),
    ElementKind.TRAFO3W: ("hv", "mv", "lv"),
    ElementKind.IMPEDANCE: ("from", "to"),
}


@dataclass(frozen=True)
class View:
    """What an overlay is read from.

    Attributes:
        state: The state with the hypothesis applied; its net has results only when ``solved``.
        limits: Limits that hold in the state.
    """

    state: State
    limits: OperatingLimits
    solved: bool

    @property
    def net(self) -> pandapowerNet:
        """The net of the state."""
        return self.state.net


def read_overlay(view: View, scope: Scope) -> Overlay:
    """Marks and values of everything in scope."""
    energised = connectivity(view.net).energised_buses()
    placeholders = placeholder_branches(view.net)
    bus_states = {f"bus:{bus}": _bus_state(view, bus) for bus in scope.buses if view.solved and bus in energised}
    branch_states = {
        str(branch): _branch_state(view, branch, (branch.kind, branch.index) in placeholders)
        for branch in scope.branches
        if view.solved and branch.in_service and branch.kind in _ENDS and energised.issuperset(branch.buses)
    }
    return Overlay(
        solved=view.solved,
        loading_meaningful=any(row.loading_percent is not None for row in branch_states.values()),
        buses={f"bus:{bus}": _bus_mark(bus_states.get(f"bus:{bus}"), bus in energised) for bus in scope.buses},
        branches={
            str(branch): _branch_mark(view, branch, branch_states.get(str(branch)), energised)
            for branch in scope.branches
        },
        bus_states=bus_states,
        branch_states=branch_states,
    )


def _bus_mark(row: BusState | None, energised: bool) -> BusMark:
    if row is None:
        return BusMark.UNKNOWN if energised else BusMark.DEAD
    if row.limit_min_pu is not None and row.vm_pu < row.limit_min_pu:
        return BusMark.LOW
    if row.limit_max_pu is not None and row.vm_pu > row.limit_max_pu:
        return BusMark.HIGH
    return BusMark.NORMAL


def _branch_mark(view: View, branch: Branch, row: BranchState | None, energised: frozenset[int]) -> BranchMark:
    if str(branch) in {str(ref) for ref in view.state.outages}:
        return BranchMark.OUT
    if not branch.in_service:
        return BranchMark.OPEN
    if not energised.issuperset(branch.buses):
        return BranchMark.DEAD
    if not view.solved:
        return BranchMark.UNKNOWN
    if row is None or row.loading_percent is None or row.limit_percent is None:
        return BranchMark.NORMAL
    return BranchMark.OVERLOADED if row.loading_percent > row.limit_percent else BranchMark.NORMAL


def _bus_state(view: View, bus: int) -> BusState:
    results = view.net.res_bus
    vm_pu, vn_kv = float(results.vm_pu.at[bus]), float(view.net.bus.vn_kv.at[bus])
    lowest, highest = view.limits.vm_min_pu.at(bus), view.limits.vm_max_pu.at(bus)
    return BusState(
        element=element_ref(view.net, ElementKind.BUS, bus),
        case=view.state.case,
        vm_pu=vm_pu,
        vm_kv=vm_pu * vn_kv,
        va_degree=float(results.va_degree.at[bus]),
        vn_kv=vn_kv,
        limit_min_pu=lowest[0] if lowest else None,
        limit_max_pu=highest[0] if highest else None,
    )


def _branch_state(view: View, branch: Branch, placeholder: bool) -> BranchState:
    read = _reader(view.net, branch)
    ends = _ENDS[branch.kind]
    loading = None if placeholder or branch.kind is ElementKind.IMPEDANCE else _finite(read("loading_percent"))
    limits = view.limits.loading_percent.get(branch.kind)
    limit = limits.at(branch.index) if limits and loading is not None else None
    return BranchState(
        element=ElementRef(kind=branch.kind, index=branch.index, name=branch.name),
        case=view.state.case,
        loading_percent=loading,
        limit_percent=limit[0] if limit else None,
        i_ka=max(read(f"i_{end}_ka") for end in ends),
        p_from_mw=read(f"p_{ends[0]}_mw"),
        q_from_mvar=read(f"q_{ends[0]}_mvar"),
        loss_p_mw=read("pl_mw"),
    )


def _reader(net: pandapowerNet, branch: Branch) -> Callable[[str], float]:
    row = net[f"res_{branch.kind}"].loc[branch.index]

    def read(column: str) -> float:
        value = float(row[column])
        return 0.0 if isnan(value) else value

    return read


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
