"""How many branches lie between two elements of a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from tools.grid.inventory import build_inventory
from tools.grid.path_graph import branch_graph

if TYPE_CHECKING:
    from tools.element import ElementRef
    from tools.grid.grid import Grid

_FAR = 4
"""Branches beyond which two elements are no neighbours for anybody, so that no path is looked for."""


class BusDistance:
    """Distances along the branches of a grid as modelled, whatever is out of service at the moment.

    Args:
        grid: Whose branches count.
    """

    def __init__(self, grid: Grid) -> None:
        self._inventory = build_inventory(grid)
        self._graph = branch_graph(grid.net)
        self._reach: dict[int, dict[int, int]] = {}

    def between(self, one: ElementRef, other: ElementRef) -> int | None:
        """Branches between two elements, 0 when they share a bus; None when they lie far apart or are unknown."""
        hops = [self._near(start).get(end) for start in self._buses(one) for end in self._buses(other)]
        return min((hop for hop in hops if hop is not None), default=None)

    def _buses(self, ref: ElementRef) -> tuple[int, ...]:
        item = self._inventory.get(ref.kind, ref.index)
        buses = (item.buses or (ref.index,)) if item else ()
        return tuple(bus for bus in buses if bus in self._graph)

    def _near(self, bus: int) -> dict[int, int]:
        if bus not in self._reach:
            self._reach[bus] = dict(nx.single_source_shortest_path_length(self._graph, bus, cutoff=_FAR))
        return self._reach[bus]
