"""The linear equations of a state: what a MW at each bus does to flows."""

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
    """A state; buses without a path to the reference have no effect."""

    def __init__(self, arrays: GridArrays) -> None:
        self._arrays = arrays
        self._susceptance = np.abs(arrays.yft.imag)
        size, b = len(arrays.voltage), self._susceptance
        row = np.concatenate((arrays.start, arrays.end, arrays.start, arrays.end))
        column = np.concatenate((arrays.end, arrays.start, arrays.start, arrays.end))
        self._matrix = csc_matrix((np.concatenate((-b, -b, b, b)), (row, column)), shape=(size, size))
        closed = np.flatnonzero(b)
        graph = csc_matrix((b[closed], (arrays.start[closed], arrays.end[closed])), shape=(size, size))
        _, part = connected_components(graph, directed=False)
        self._alive = part == part[arrays.reference[0]]

    def flow_shares(self, rows: Sequence[int]) -> NDArray[np.float64]:
        """Share of what is fed in at each bus that flows through each branch row, from its start to its end."""
        found = self._solve(self._across(rows))
        shares: NDArray[np.float64] = self._susceptance[list(rows), None] * found
        return shares

    def _across(self, rows: Sequence[int]) -> NDArray[np.float64]:
        right = np.zeros((len(rows), len(self._alive)))
        every = np.arange(len(rows))
        right[every, self._arrays.start[list(rows)]] += 1.0
        right[every, self._arrays.end[list(rows)]] -= 1.0
        return right

    def _solve(self, right: NDArray[np.float64]) -> NDArray[np.float64]:
        """Angles for each row of ``right``; zero at the references and without supply."""
        free = self._alive.copy()
        free[self._arrays.reference] = False
        places = np.flatnonzero(free)
        result = np.zeros(right.shape)
        if len(places) and len(right):
            factors = splu(self._matrix[places][:, places].tocsc())
            result[:, places] = factors.solve(np.ascontiguousarray(right[:, places].T)).T
        return result
