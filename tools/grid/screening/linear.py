"""The linear equations of a state: what a MW or a Mvar at each bus does to flows and voltages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

if TYPE_CHECKING:
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

    def flow_share(self, row: int) -> NDArray[np.float64]:
        """Share of what is fed in at each bus that flows through a branch row, from its start to its end."""
        right = np.zeros(len(self._alive))
        right[self._arrays.start[row]] += 1.0
        right[self._arrays.end[row]] -= 1.0
        share: NDArray[np.float64] = self._susceptance[row] * self._solve(right, self._arrays.reference)
        return share

    def voltage_gain(self, bus: int) -> NDArray[np.float64]:
        """Voltage (pu) that one pu of reactive power fed in at each bus adds at a bus; held buses add none."""
        right = np.zeros(len(self._alive))
        right[bus] = 1.0
        return self._solve(right, np.concatenate((self._arrays.reference, self._arrays.regulated)))

    def _solve(self, right: NDArray[np.float64], held: NDArray[np.int64]) -> NDArray[np.float64]:
        free = self._alive.copy()
        free[held] = False
        places = np.flatnonzero(free)
        result = np.zeros(len(right))
        if len(places):
            result[places] = splu(self._matrix[places][:, places].tocsc()).solve(right[places])
        return result
