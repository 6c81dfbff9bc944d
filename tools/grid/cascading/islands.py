"""Which buses still hang together in the course of a cascade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tools.grid.cascading.flows import Island

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.screening.arrays import GridArrays


def islands_of(arrays: GridArrays, closed: NDArray[np.bool_], dark: NDArray[np.bool_]) -> list[Island]:
    """The islands of the buses that are not dark, by their lowest bus.

    Args:
        arrays: The grid.
        closed: Which branch rows are in service.
        dark: Which buses are without supply.
    """
    size = len(dark)
    rows = np.flatnonzero(closed & ~dark[arrays.start] & ~dark[arrays.end])
    ends = (arrays.start[rows], arrays.end[rows])
    _, part = connected_components(coo_matrix((np.ones(len(rows)), ends), shape=(size, size)), directed=False)
    live = np.flatnonzero(~dark)
    if len(live) == size and not part.any():
        return [Island(live, rows)]
    by_bus = live[np.argsort(part[live], kind="stable")]
    by_row = rows[np.argsort(part[arrays.start[rows]], kind="stable")]
    parts, first = np.unique(part[by_bus], return_index=True)
    row_first = np.searchsorted(part[arrays.start[by_row]], parts)
    row_last = np.searchsorted(part[arrays.start[by_row]], parts, side="right")
    buses = np.split(by_bus, first[1:])
    found = [Island(b, by_row[a:z]) for b, a, z in zip(buses, row_first.tolist(), row_last.tolist(), strict=True)]
    return sorted(found, key=lambda island: int(island.buses[0]))
