"""Elements that are in service although no source reaches them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tools.element import ElementKind
from tools.grid.connectivity import connectivity
from tools.grid.elements import table
from tools.grid.model_defects.build import Key
from tools.grid.model_defects.values import BUS_COLUMNS

if TYPE_CHECKING:
    from pandapower import pandapowerNet


def isolated(net: pandapowerNet) -> Iterator[Key]:
    """Buses, branches and units in service none of whose ends has supply; switches have no state of their own."""
    alive = connectivity(net).energised_buses()
    in_service = net.bus.index[net.bus["in_service"].astype(bool)]
    yield from ((ElementKind.BUS, int(bus)) for bus in in_service if int(bus) not in alive)
    for kind, columns in BUS_COLUMNS.items():
        rows = table(net, kind)
        if "in_service" not in rows or kind is ElementKind.SWITCH:
            continue
        dead = ~rows[list(columns)].isin(alive).any(axis=1) & rows["in_service"].astype(bool)
        yield from ((kind, int(index)) for index in rows.index[dead.to_numpy()])
