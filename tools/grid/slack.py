"""What balances a grid once its slack is lost.

The slack is lost when its element or bus is out of service, or when nothing but its own bus is left with it: the buses
that still hang together with it carry no load and no other unit. pandapower would "solve" such a state with nearly
every bus at NaN. The balance then goes to the largest unit (by ``max_p_mw``, else by set-point) of the largest island
that has one, among the buses that the lost slack supplied; the lost slack itself counts as tripped. Any other island
without an external grid or a slack unit is dead: that a unit would hold it is not assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind, ElementRef
from tools.grid.connectivity import Connectivity, connectivity
from tools.grid.elements import element_ref

if TYPE_CHECKING:
    from pandapower import pandapowerNet

_CONSUMERS = ("load", "ward", "xward", "motor", "sgen", "storage")


def move_lost_slack(net: pandapowerNet, intact: pandapowerNet) -> ElementRef | None:
    """Make another unit the slack where the slack of the intact net is lost; changes ``net`` in place.

    Args:
        net: Private copy with outages and actions applied.
        intact: The grid as loaded.

    Returns:
        The new slack, or None when none is needed or no unit is left.
    """
    before, after = connectivity(intact), connectivity(net)
    lost = [ref for ref in _slacks(intact) if _is_lost(net, after, ref)]
    if not lost or _served_elsewhere(intact, before, after, lost):
        return None
    supplied = np.isin(before.island, [before.island[before.position(_bus(intact, ref))] for ref in lost])
    unit = _largest_unit(net, after, supplied, lost)
    if unit is None:
        return None
    for ref in lost:
        net[ref.kind.value].at[ref.index, "in_service"] = False
    net.gen.at[unit, "slack"] = True
    return element_ref(net, ElementKind.GEN, unit)


def _slacks(net: pandapowerNet) -> tuple[ElementRef, ...]:
    grids = net.ext_grid.index[net.ext_grid.in_service.astype(bool)]
    units = net.gen.index[net.gen.in_service.astype(bool) & net.gen.slack.astype(bool)] if len(net.gen) else ()
    return tuple(
        element_ref(net, kind, int(index))
        for kind, indices in ((ElementKind.EXT_GRID, grids), (ElementKind.GEN, units))
        for index in indices
    )


def _bus(net: pandapowerNet, ref: ElementRef) -> int:
    return int(net[ref.kind.value].at[ref.index, "bus"])


def _is_lost(net: pandapowerNet, after: Connectivity, ref: ElementRef) -> bool:
    bus = _bus(net, ref)
    if not (net[ref.kind.value].at[ref.index, "in_service"] and net.bus.at[bus, "in_service"]):
        return True
    with_it = set(after.members(int(after.island[after.position(bus)])).tolist()) - {bus}
    used: set[int] = set()
    for table in _CONSUMERS:
        used.update(int(b) for b in net[table].bus[net[table].in_service.astype(bool)])
    used.update(int(b) for b in net.gen.bus[net.gen.in_service.astype(bool)])
    used.update(int(b) for b in net.ext_grid.bus[net.ext_grid.in_service.astype(bool)])
    return not with_it & used


def _served_elsewhere(intact: pandapowerNet, before: Connectivity, after: Connectivity, lost: list[ElementRef]) -> bool:
    """Whether another slack still feeds part of what the lost ones fed."""
    lost_buses = {_bus(intact, ref) for ref in lost}
    kept = [ref for ref in _slacks(intact) if ref not in lost]
    islands = {int(before.island[before.position(bus)]) for bus in lost_buses}
    return any(
        int(before.island[before.position(_bus(intact, ref))]) in islands
        and bool(after.energised[after.position(_bus(intact, ref))])
        for ref in kept
    )


def _largest_unit(net: pandapowerNet, after: Connectivity, supplied: np.ndarray, lost: list[ElementRef]) -> int | None:
    """The largest unit of the largest island with a unit; the first by index where several are equal."""
    gone = {ref.index for ref in lost if ref.kind is ElementKind.GEN}
    # a lost slack that is in service is cut off: a unit beside it is cut off as well
    cut_off = {_bus(net, ref) for ref in lost if net[ref.kind.value].at[ref.index, "in_service"]}
    units = [
        int(index)
        for index in net.gen.index[net.gen.in_service.astype(bool)]
        if index not in gone and _can_hold(net, after, supplied, int(net.gen.at[index, "bus"]), cut_off)
    ]
    if not units:
        return None
    sizes = np.bincount(after.island)

    def rank(index: int) -> tuple[int, int, float, int]:
        island = int(after.island[after.position(int(net.gen.at[index, "bus"]))])
        maximum = float(net.gen.at[index, "max_p_mw"]) if "max_p_mw" in net.gen else np.nan
        size_mw = maximum if np.isfinite(maximum) else float(net.gen.at[index, "p_mw"] * net.gen.at[index, "scaling"])
        return (-int(sizes[island]), island, -size_mw, index)

    return min(units, key=rank)


def _can_hold(net: pandapowerNet, after: Connectivity, supplied: np.ndarray, bus: int, cut_off: set[int]) -> bool:
    position = after.position(bus)
    return bool(net.bus.at[bus, "in_service"] and supplied[position] and bus not in cut_off)
