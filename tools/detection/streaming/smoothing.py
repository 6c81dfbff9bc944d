"""Exponentially weighted averages, the memory of every chart here."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHT = 0.2
"""Of the newest row: the usual choice for shifts of one to two standard deviations (Lucas and Saccucci,
Technometrics 32, 1990; Lowry et al., Technometrics 34, 1992)."""


def memory_rows(weight: float) -> int:
    """Rows of the plain moving average with the same variance."""
    return round(2.0 / weight - 1.0)


def settling_rows(weight: float) -> int:
    """Rows after which 95 % of the begin is forgotten."""
    return ceil(3.0 / weight)


def smoothed(rows: NDArray[np.float64], weight: float = WEIGHT) -> NDArray[np.float64]:
    """Average up to each row, from zero; where a value is missing the average stands."""
    out = np.empty_like(rows)
    level = np.zeros(rows.shape[1])
    for at, row in enumerate(rows):
        level = follow(level, row, weight)
        out[at] = level
    return out


def follow(level: NDArray[np.float64], row: NDArray[np.float64], weight: float = WEIGHT) -> NDArray[np.float64]:
    """One step of the average."""
    stepped: NDArray[np.float64] = np.where(np.isnan(row), level, level + weight * (row - level))
    return stepped
