"""Ends of transformers in the grid model: at which bus, and rated for which voltage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.assets.loading import Terminal
from tools.element import ElementKind, ElementRef
from tools.errors import GridUnavailableError
from tools.grid.elements import number_in, row_of, table
from tools.telemetry.schema.sensor import Side

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pandapower import pandapowerNet

    from tools.context import GridSource


def terminals_of(
    grids: GridSource, at: datetime, elements: Sequence[ElementRef | None]
) -> dict[str, dict[Side, Terminal]]:
    """Both ends of each two-winding transformer that the model has, by canonical form; none without a model."""
    wanted = [item for item in elements if item is not None and item.kind is ElementKind.TRAFO]
    if not wanted:
        return {}
    try:
        net = grids.grid(at).net
    except GridUnavailableError:
        return {}
    known = set(table(net, ElementKind.TRAFO).index)
    return {str(item): _ends(net, item.index) for item in wanted if item.index in known}


def _ends(net: pandapowerNet, index: int) -> dict[Side, Terminal]:
    row = row_of(net, ElementKind.TRAFO, index)
    found = {}
    for side in (Side.HV, Side.LV):
        bus, rated = number_in(row, f"{side}_bus"), number_in(row, f"vn_{side}_kv")
        nominal = None if bus is None else number_in(row_of(net, ElementKind.BUS, int(bus)), "vn_kv")
        if bus is not None and rated and nominal:
            found[side] = Terminal(int(bus), nominal / rated)
    return found
