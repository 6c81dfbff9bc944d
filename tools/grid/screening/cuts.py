"""Which pairs of branches cut the grid, for all pairs at once.

Two branches cut a grid without a bridge between them exactly when every cycle holds both or neither. Each branch
outside a spanning tree gets a random 64-bit label; a branch of the tree gets the exclusive or of the labels of the
cycles that it lies on. A label of zero is a bridge, and equal labels are a cut (Pritchard and Thurimella, *Fast
computation of small cuts via cycle space sampling*, ACM Transactions on Algorithms 7(4), 2011). A wrong answer has a
chance of 2^-64 a pair.

What lies below a branch of the tree is one stretch of the walk, so what a cut takes along is a difference of sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.screening.topology import Walk, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.screening.arrays import GridArrays

_SEED = 20260115


@dataclass(frozen=True)
class Stretches:
    """Buses that pairs of branches part from the reference, as sums of stretches of the walk with their signs.

    Attributes:
        order: Buses of the matrix as the walk entered them.
        first, last: By pair and part: begin and end (not included) of a stretch; equal where there is none.
        sign: By pair and part: whether the stretch is added, taken away, or (0) within another.
    """

    order: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    sign: NDArray[np.int64]

    @property
    def cut(self) -> NDArray[np.bool_]:
        """Which pairs part anything."""
        found: NDArray[np.bool_] = ((self.last > self.first) & (self.sign != 0)).any(axis=1)
        return found

    def total(self, by_bus: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum of a quantity of the matrix's buses over what each pair parts."""
        running = np.concatenate(([0.0], np.cumsum(by_bus[self.order])))
        found: NDArray[np.float64] = (self.sign * (running[self.last] - running[self.first])).sum(axis=1)
        return found

    def buses(self, pair: int) -> NDArray[np.int64]:
        """The buses that one pair parts."""
        count = np.zeros(len(self.order), dtype=np.int64)
        for first, last, sign in zip(self.first[pair], self.last[pair], self.sign[pair], strict=True):
            count[first:last] += sign
        return np.sort(self.order[count > 0])


class Cuts:
    """The cuts of one or two branch rows of a grid with one reference."""

    def __init__(self, arrays: GridArrays) -> None:
        self._walk = walk(arrays)
        self._label = _labels(arrays, self._walk)
        self._first, self._last = _below(arrays, self._walk)

    def of(self, rows: NDArray[np.int64]) -> Stretches:
        """What each pair of rows (pair by two) parts from the reference."""
        label = self._label[rows]
        first, last = self._first[rows], self._last[rows]
        bridge = label == 0
        both = (label[:, 0] == label[:, 1]) & ~bridge[:, 0]
        sign = np.where(bridge, 1, 0)
        first, last = np.where(bridge | both[:, None], first, 0), np.where(bridge | both[:, None], last, 0)
        # of two bridges one may lie below the other, and is counted with it
        within = (first >= first[:, ::-1]) & (last <= last[:, ::-1]) & bridge & bridge[:, ::-1]
        within[:, 0] &= ~within[:, 1]
        sign[within] = 0
        # of a cut of two the lower stretch stays with the reference; a branch outside the tree has none
        size = last - first
        sign[both] = np.where(size[both] == size[both].max(axis=1, keepdims=True), 1, -1)
        return Stretches(self._walk.order, first, last, sign)


def _labels(arrays: GridArrays, tree: Walk) -> NDArray[np.uint64]:
    size, rows = len(arrays.voltage), len(arrays.start)
    label = np.random.default_rng(_SEED).integers(1, 2**63, size=rows, dtype=np.uint64)
    came_by = np.array(tree.came_by, dtype=np.int64)
    in_tree = came_by[came_by >= 0]
    label[in_tree] = 0
    at_bus = np.zeros(size, dtype=np.uint64)
    np.bitwise_xor.at(at_bus, arrays.start, label)
    np.bitwise_xor.at(at_bus, arrays.end, label)
    running = np.concatenate((np.zeros(1, dtype=np.uint64), np.bitwise_xor.accumulate(at_bus[tree.order])))
    below = [bus for bus in tree.order.tolist() if came_by[bus] >= 0]
    entered, count = np.array(tree.entered)[below], np.array(tree.below)[below]
    label[came_by[below]] = running[entered + count] ^ running[entered]
    return label


def _below(arrays: GridArrays, tree: Walk) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The stretch of buses below each branch row of the tree; an empty one for the others."""
    first, last = np.zeros((2, len(arrays.start)), dtype=np.int64)
    below: Sequence[int] = [bus for bus in tree.order.tolist() if tree.came_by[bus] >= 0]
    rows = np.array(tree.came_by, dtype=np.int64)[below]
    first[rows] = np.array(tree.entered)[below]
    last[rows] = first[rows] + np.array(tree.below)[below]
    return first, last
