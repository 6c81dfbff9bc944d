"""Which buses an outage cuts off from the reference: by bridges, so that one walk answers for every outage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.screening.arrays import GridArrays


@dataclass(frozen=True)
class Walk:
    """A depth-first walk from the reference: what lies below a bus is one stretch of ``order``.

    Attributes:
        order: Buses as they were entered.
        entered: Place of each bus in ``order``; -1 for a bus that was not reached.
        below: Number of buses in the subtree of each bus, itself included.
        came_by: Branch row by which each bus was entered; -1 for the reference and for a bus that was not reached.
        bridges: Branch row to the bus below it, for each branch without which that bus is cut off.
    """

    order: NDArray[np.int64]
    entered: list[int]
    below: list[int]
    came_by: list[int]
    bridges: dict[int, int]


def cut_off(arrays: GridArrays, outages: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], ...]:
    """For each outage (branch rows opened together) the buses that lose their path to every reference."""
    if len(arrays.reference) > 1:
        return tuple(_without(arrays, rows) for rows in outages)
    tree = walk(arrays)
    return tuple(_subtree(tree, int(rows[0])) if len(rows) == 1 else _without(arrays, rows) for rows in outages)


def _subtree(tree: Walk, row: int) -> NDArray[np.int64]:
    """The buses below a branch row when it is a bridge, else none."""
    child = tree.bridges.get(row)
    if child is None:
        return np.empty(0, dtype=np.int64)
    first = tree.entered[child]
    return np.sort(tree.order[first : first + tree.below[child]])


def _without(arrays: GridArrays, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Buses without a path to a reference when several branch rows are open, or none."""
    if not len(rows):
        return np.empty(0, dtype=np.int64)
    keep = np.ones(len(arrays.start), dtype=bool)
    keep[rows] = False
    size = len(arrays.voltage)
    ends = (arrays.start[keep], arrays.end[keep])
    _, part = connected_components(coo_matrix((np.ones(len(ends[0])), ends), shape=(size, size)), directed=False)
    return np.flatnonzero(~np.isin(part, part[arrays.reference])).astype(np.int64)


def walk(arrays: GridArrays) -> Walk:
    """Enter every bus depth first; iterative, because feeders are longer than Python's stack."""
    size = len(arrays.voltage)
    neighbours = _neighbours(arrays, size)
    entered, came_by, above = [-1] * size, [-1] * size, [-1] * size
    order: list[int] = []
    stack = [(int(arrays.reference[0]), -1, -1)]
    while stack:
        bus, row, parent = stack.pop()
        if entered[bus] >= 0:
            continue
        entered[bus], came_by[bus], above[bus] = len(order), row, parent
        order.append(bus)
        stack += [(other, by, bus) for other, by in neighbours[bus] if entered[other] < 0]
    lowest, below = entered.copy(), [1] * size
    bridges: dict[int, int] = {}
    for bus in reversed(order):
        for other, row in neighbours[bus]:
            if row == came_by[bus]:
                continue
            lowest[bus] = min(lowest[bus], lowest[other] if came_by[other] == row else entered[other])
        if above[bus] >= 0:
            below[above[bus]] += below[bus]
            if lowest[bus] > entered[above[bus]]:
                bridges[came_by[bus]] = bus
    return Walk(np.array(order, dtype=np.int64), entered, below, came_by, bridges)


def _neighbours(arrays: GridArrays, size: int) -> list[list[tuple[int, int]]]:
    """Per bus the (bus, branch row) pairs that leave it."""
    result: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    for row, (a, b) in enumerate(zip(arrays.start.tolist(), arrays.end.tolist(), strict=True)):
        result[a].append((b, row))
        result[b].append((a, row))
    return result
