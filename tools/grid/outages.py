"""Taking elements out of service in a private copy of a net."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError
from tools.grid.connectivity import BRANCH_TERMINALS

if TYPE_CHECKING:
    from pandapower import pandapowerNet


def take_out(net: pandapowerNet, ref: ElementRef) -> None:
    """Take one element out of service; a bus takes every branch at it along, a switch is opened.

    Raises:
        InvalidArgumentError: when the element is out of service as it is.
    """
    if ref.kind is ElementKind.SWITCH:
        if not net.switch.at[ref.index, "closed"]:
            raise InvalidArgumentError(f"outages: {ref} is open already, so its outage changes nothing")
        net.switch.at[ref.index, "closed"] = False
        return
    table = net[ref.kind.value]
    if not table.at[ref.index, "in_service"]:
        raise InvalidArgumentError(f"outages: {ref} is out of service already, so its outage changes nothing")
    table.at[ref.index, "in_service"] = False
    if ref.kind is ElementKind.BUS:
        _cut_off(net, ref.index)


def _cut_off(net: pandapowerNet, bus: int) -> None:
    """Take out the branches and open the bus couplers at a bus; a solver may otherwise keep them charged."""
    for name, (columns, _) in BRANCH_TERMINALS.items():
        if name in net and len(net[name]):
            net[name].loc[(net[name][list(columns)] == bus).any(axis=1), "in_service"] = False
    if len(net.dcline):
        net.dcline.loc[(net.dcline[["from_bus", "to_bus"]] == bus).any(axis=1), "in_service"] = False
    couplers = (net.switch.et == "b") & ((net.switch.bus == bus) | (net.switch.element == bus))
    net.switch.loc[couplers, "closed"] = False
