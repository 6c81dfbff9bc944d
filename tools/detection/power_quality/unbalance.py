"""Unbalance of three voltages: negative-sequence over positive-sequence component, in percent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_TURN = np.exp(2j * np.pi / 3)


def from_phasors(magnitudes: Floats, angles_degree: Floats) -> Floats:
    """Of phases a, b, c in rows (any unit, same for all), by symmetrical components (Fortescue)."""
    a, b, c = magnitudes * np.exp(1j * np.radians(angles_degree))
    positive = np.abs(a + _TURN * b + _TURN**2 * c)
    negative = np.abs(a + _TURN**2 * b + _TURN * c)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(100.0 * negative / positive, dtype=np.float64)


def from_line_voltages(magnitudes: Floats) -> Floats:
    """Of the three line-to-line magnitudes in rows, which have no zero sequence (IEC 61000-4-30, voltage unbalance).

    >>> [round(float(value), 1) for value in from_line_voltages(np.array([[400.0], [400.0], [380.0]]))]
    [3.4]
    """
    squares = magnitudes**2
    with np.errstate(divide="ignore", invalid="ignore"):
        beta = (squares**2).sum(axis=0) / squares.sum(axis=0) ** 2
        root = np.sqrt(np.maximum(0.0, 3.0 - 6.0 * beta))
        return np.asarray(100.0 * np.sqrt((1.0 - root) / (1.0 + root)), dtype=np.float64)
