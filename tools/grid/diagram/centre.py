"""Where a picture is centred: the buses of an element, or the place that matters most in a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.element import ElementKind, ElementRef
from tools.grid.connectivity import slack_buses
from tools.grid.elements import table
from tools.grid.state import State

if TYPE_CHECKING:
    from pandapower import pandapowerNet

_COLUMNS = ("bus", "from_bus", "to_bus", "hv_bus", "mv_bus", "lv_bus")


def terminals(net: pandapowerNet, element: ElementRef) -> tuple[int, ...]:
    """The buses of an element: itself for a bus, both ends of a branch, the bus of a load or unit."""
    if element.kind is ElementKind.BUS:
        return (element.index,)
    rows = table(net, element.kind)
    columns = [column for column in _COLUMNS if column in rows]
    if element.kind is ElementKind.SWITCH and rows["et"].at[element.index] == "b":
        columns.append("element")
    ends = [int(str(rows[column].at[element.index])) for column in columns]
    return tuple(dict.fromkeys(ends))


def natural_centre(state: State) -> tuple[int, ...]:
    """The buses of the outages in force; without one those of the slack, else the first bus."""
    ends = tuple(bus for outage in state.outages for bus in terminals(state.net, outage))
    return ends or slack_buses(state.net) or tuple(int(bus) for bus in state.net.bus.index[:1])
