"""Carrying out the six grid actions in a private copy of a net; nothing here reaches a real grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from pandapower import create_load

from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError
from tools.grid.connectivity import BRANCH_TERMINALS
from tools.grid.elements import resolve_element, text_of
from tools.grid.schema.actions import (
    Action,
    Redispatch,
    SetTap,
    ShedLoad,
    SwitchBranch,
    SwitchShunt,
    TransferLoad,
)

if TYPE_CHECKING:
    from pandapower import pandapowerNet

# A request above a load's demand by no more than this is rounding of what was shown, and takes all of it.
DEMAND_TOLERANCE_MW = 1e-6

_KINDS: dict[str, tuple[ElementKind, ...]] = {
    "switch_branch": (ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W, ElementKind.SWITCH),
    "redispatch": (ElementKind.GEN, ElementKind.SGEN, ElementKind.STORAGE, ElementKind.EXT_GRID),
    "set_tap": (ElementKind.TRAFO, ElementKind.TRAFO3W),
    "switch_shunt": (ElementKind.SHUNT,),
    "transfer_load": (ElementKind.LOAD,),
    "shed_load": (ElementKind.LOAD,),
}


def canonical_action(net: pandapowerNet, action: Action) -> tuple[Action, ElementRef]:
    """The action with its elements in canonical form, and what it touches.

    Raises:
        InvalidArgumentError: when the named element is of a kind that the action cannot be carried out on.
    """
    ref = resolve_element(net, action.element, _KINDS[action.type])
    update = {"element": str(ref)}
    if isinstance(action, TransferLoad):
        update["to_bus"] = str(resolve_element(net, action.to_bus, (ElementKind.BUS,)))
    return action.model_copy(update=update), ref


def carry_out(net: pandapowerNet, actions: Sequence[tuple[Action, ElementRef]]) -> None:
    """Carry out canonical actions one after the other; redispatches and sheds of one element add up.

    Raises:
        InvalidArgumentError: for an action that cannot be carried out, or that contradicts another one.
    """
    _refuse_contradictions(actions)
    for action, ref in actions:
        match action:
            case SwitchBranch():
                _switch_branch(net, ref, closed=action.closed)
            case Redispatch():
                _redispatch(net, ref, action.delta_p_mw)
            case SetTap():
                _set_tap(net, ref, action.tap_pos)
            case SwitchShunt():
                _switch_shunt(net, ref, closed=action.closed)
            case TransferLoad():
                _transfer_load(net, ref, action)
            case ShedLoad():
                _reduce_load(net, ref, action.p_mw, "shed_load")


def _refuse_contradictions(actions: Sequence[tuple[Action, ElementRef]]) -> None:
    wanted: dict[tuple[str, str], Action] = {}
    for action, ref in actions:
        if isinstance(action, SwitchBranch | SetTap | SwitchShunt):
            earlier = wanted.setdefault((action.type, str(ref)), action)
            if earlier != action:
                raise InvalidArgumentError(f"actions: {action.type} of {ref} is asked for twice, with opposite aims")


def _switch_branch(net: pandapowerNet, ref: ElementRef, *, closed: bool) -> None:
    if ref.kind is ElementKind.SWITCH:
        now, column = bool(net.switch.at[ref.index, "closed"]), "closed"
    else:
        now, column = bool(net[ref.kind.value].at[ref.index, "in_service"]), "in_service"
    # to close a branch is to close the open switches at its ends as well
    ends = _open_end_switches(net, ref) if closed else []
    if now == closed and not ends:
        raise InvalidArgumentError(f"actions: {ref} is {'closed' if closed else 'open'} already")
    net[ref.kind.value].at[ref.index, column] = closed
    net.switch.loc[ends, "closed"] = True


def _open_end_switches(net: pandapowerNet, ref: ElementRef) -> list[int]:
    letter = BRANCH_TERMINALS[ref.kind.value][1] if ref.kind.value in BRANCH_TERMINALS else None
    if letter is None or not len(net.switch):
        return []
    switches = net.switch
    at_ends = (switches.et == letter) & (switches.element == ref.index) & ~switches.closed.astype(bool)
    return [int(index) for index in switches.index[at_ends]]


def _redispatch(net: pandapowerNet, ref: ElementRef, delta_p_mw: float) -> None:
    if ref.kind is ElementKind.EXT_GRID or (ref.kind is ElementKind.GEN and net.gen.at[ref.index, "slack"]):
        raise InvalidArgumentError(f"actions: {ref} is the slack, it takes the balance and cannot be dispatched")
    table = net[ref.kind.value]
    _need_in_service(net, ref)
    scaling = float(table.at[ref.index, "scaling"])
    if scaling == 0:
        raise InvalidArgumentError(f"actions: {ref} has scaling 0 in the model, so its set-point has no effect")
    sign = -1.0 if ref.kind is ElementKind.STORAGE else 1.0  # pandapower counts storage as a load
    table.at[ref.index, "p_mw"] += sign * delta_p_mw / scaling


def _set_tap(net: pandapowerNet, ref: ElementRef, tap_pos: int) -> None:
    _need_in_service(net, ref)
    row = net[ref.kind.value].loc[ref.index]
    low, high = float(row.get("tap_min", np.nan)), float(row.get("tap_max", np.nan))
    if not (np.isfinite(low) and np.isfinite(high)):
        raise InvalidArgumentError(f"actions: {ref} has no tap range in the model")
    if not low <= tap_pos <= high:
        raise InvalidArgumentError(f"actions: tap_pos {tap_pos} of {ref} is outside its range {low:.0f} to {high:.0f}")
    # pandapower passes over the tap position of a transformer whose tap changer has no type
    if not text_of(row.get("tap_changer_type", "Ratio")) or not np.isfinite(float(row["tap_pos"])):
        raise InvalidArgumentError(f"actions: {ref} has no tap changer in the model")
    if int(row["tap_pos"]) == tap_pos:
        raise InvalidArgumentError(f"actions: {ref} is at tap position {tap_pos} already")
    net[ref.kind.value].at[ref.index, "tap_pos"] = tap_pos


def _switch_shunt(net: pandapowerNet, ref: ElementRef, *, closed: bool) -> None:
    if bool(net.shunt.at[ref.index, "in_service"]) == closed:
        raise InvalidArgumentError(f"actions: {ref} is {'in' if closed else 'out of'} service already")
    net.shunt.at[ref.index, "in_service"] = closed


def _transfer_load(net: pandapowerNet, ref: ElementRef, action: TransferLoad) -> None:
    bus = int(action.to_bus.partition(":")[2])
    if bus == int(net.load.at[ref.index, "bus"]):
        raise InvalidArgumentError(f"actions: {ref} is at bus:{bus} already, so nothing can be transferred to it")
    if not net.bus.at[bus, "in_service"]:
        raise InvalidArgumentError(f"actions: to_bus bus:{bus} is out of service")
    p_mw, q_mvar = _reduce_load(net, ref, action.p_mw, "transfer_load")
    source = net.load.loc[ref.index]
    voltage_dependence = {column: source[column] for column in net.load.columns if column.startswith("const_")}
    create_load(net, bus, p_mw=p_mw, q_mvar=q_mvar, name=f"from {ref}", **voltage_dependence)


def _reduce_load(net: pandapowerNet, ref: ElementRef, p_mw: float, action: str) -> tuple[float, float]:
    """Lower a load, its reactive power in proportion; returns what was taken off it."""
    _need_in_service(net, ref)
    load = net.load.loc[ref.index]
    scaling = float(load["scaling"])
    demand_mw = float(load["p_mw"]) * scaling
    if p_mw > demand_mw + DEMAND_TOLERANCE_MW:
        raise InvalidArgumentError(
            f"actions: {action} p_mw {p_mw:g} is more than the demand of {ref}, {demand_mw:g} MW"
        )
    share = min(p_mw / demand_mw, 1.0)
    q_mvar = float(load["q_mvar"]) * scaling * share
    net.load.loc[ref.index, ["p_mw", "q_mvar"]] = [
        float(load["p_mw"]) * (1 - share),
        float(load["q_mvar"]) * (1 - share),
    ]
    return demand_mw * share, q_mvar


def _need_in_service(net: pandapowerNet, ref: ElementRef) -> None:
    if not net[ref.kind.value].at[ref.index, "in_service"]:
        raise InvalidArgumentError(f"actions: {ref} is out of service")
