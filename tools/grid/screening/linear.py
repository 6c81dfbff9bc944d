"""The linear equations of a state: what a MW or a Mvar at each bus does to flows and voltages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.screening.arrays import GridArrays


class LinearGrid:
    """A state with some branch rows open; buses without a path to the reference have no effect."""

    def __init__(self, arrays: GridArrays, opened: tuple[int, ...] = ()) -> None:
        self._arrays = arrays
        self._susceptance = np.abs(arrays.yft.imag)
        self._susceptance[list(opened)] = 0.0
        size, b = len(arrays.voltage), self._susceptance
        row = np.concatenate((arrays.start, arrays.end, arrays.start, arrays.end))
        column = np.concatenate((arrays.end, arrays.start, arrays.start, arrays.end))
        self._matrix = csc_matrix((np.concatenate((-b, -b, b, b)), (row, column)), shape=(size, size))
        closed = np.flatnonzero(b)
        graph = csc_matrix((b[closed], (arrays.start[closed], arrays.end[closed])), shape=(size, size))
        _, part = connected_components(graph, directed=False)
        self._alive = part == part[arrays.reference[0]]

    @property
    def _regulated(self) -> NDArray[np.int64]:
        return np.concatenate((self._arrays.reference, self._arrays.regulated))

    def flow_share(self, row: int) -> NDArray[np.float64]:
        """Share of what is fed in at each bus that flows through a branch row, from its start to its end."""
        share: NDArray[np.float64] = (
            self._susceptance[row] * self._solve(self._across([row]), self._arrays.reference)[0]
        )
        return share

    def flow_shares(self, rows: Sequence[int], *, reactive: bool = False) -> NDArray[np.float64]:
        """``flow_share`` of several rows, row by bus; reactive power ends at the buses that hold their voltage."""
        held = self._regulated if reactive else self._arrays.reference
        found = self._solve(self._across(rows), held)
        shares: NDArray[np.float64] = self._susceptance[list(rows), None] * found
        return shares

    def voltage_gain(self, bus: int) -> NDArray[np.float64]:
        """Voltage (pu) that one pu of reactive power fed in at each bus adds at a bus; held buses add none."""
        right = np.zeros((1, len(self._alive)))
        right[0, bus] = 1.0
        gain: NDArray[np.float64] = self._solve(right, self._regulated)[0]
        return gain

    def _across(self, rows: Sequence[int]) -> NDArray[np.float64]:
        right = np.zeros((len(rows), len(self._alive)))
        every = np.arange(len(rows))
        right[every, self._arrays.start[list(rows)]] += 1.0
        right[every, self._arrays.end[list(rows)]] -= 1.0
        return right

    def _solve(self, right: NDArray[np.float64], held: NDArray[np.int64]) -> NDArray[np.float64]:
        """Angles or voltages for each row of ``right``; zero at held buses and without supply."""
        free = self._alive.copy()
        free[held] = False
        places = np.flatnonzero(free)
        result = np.zeros(right.shape)
        if len(places) and len(right):
            factors = splu(self._matrix[places][:, places].tocsc())
            result[:, places] = factors.solve(np.ascontiguousarray(right[:, places].T)).T
        return result
