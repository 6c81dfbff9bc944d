"""Marginal losses: how much more a grid loses for one more MW drawn at each bus, by the Jacobian of its solution.

The losses are what all buses feed in together, so a MW more drawn at a bus costs what the reference must feed in beyond
that MW. One solve with the transposed Jacobian gives it for all buses at once (the adjoint of the power flow
equations; Wood, Wollenberg and Sheble, *Power Generation, Operation and Control*, chapter on transmission losses).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack, vstack
from scipy.sparse.linalg import splu

from tools.grid.screening.arrays import GridArrays, grid_arrays

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet


def marginal_losses(net: pandapowerNet) -> NDArray[np.float64]:
    """Further losses per further MW drawn at each bus of ``net.bus``, MW per MW; NaN where a bus has no supply.

    The reference buses balance; units keep their active power and voltage, loads their power. What shunt elements
    draw counts as lost. Where the Jacobian is singular, all are NaN.

    Args:
        net: Solved by ``runpp``; only read.
    """
    arrays = grid_arrays(net)
    size = len(arrays.voltage)
    per_angle, per_magnitude = _derivatives(_admittance(arrays), arrays.voltage)
    fixed = np.isin(np.arange(size), arrays.reference)
    regulated = np.isin(np.arange(size), arrays.regulated)
    free_angle, free_magnitude = np.flatnonzero(~fixed), np.flatnonzero(~fixed & ~regulated)
    jacobian = hstack((per_angle[:, free_angle], per_magnitude[:, free_magnitude])).tocsr()
    active, reactive = jacobian.real, jacobian.imag
    equations = vstack((active[free_angle], reactive[free_magnitude]))
    at_reference = np.asarray(active[np.flatnonzero(fixed)].sum(axis=0)).ravel()
    per_bus = np.zeros(size)
    try:
        response = splu(equations.T.tocsc()).solve(at_reference)
    except RuntimeError:  # SuperLU's word for a singular matrix
        return np.full(len(net.bus), np.nan)
    # one MW drawn is an injection of -1: the reference feeds in -response, of which one MW is the load itself
    per_bus[free_angle] = -response[: len(free_angle)] - 1.0
    return np.where(arrays.bus_place >= 0, per_bus[arrays.bus_place], np.nan)


def _admittance(arrays: GridArrays) -> csr_matrix:
    size = len(arrays.voltage)
    buses = np.arange(size)
    rows = np.concatenate((arrays.start, arrays.start, arrays.end, arrays.end, buses))
    columns = np.concatenate((arrays.start, arrays.end, arrays.start, arrays.end, buses))
    values = np.concatenate((arrays.yff, arrays.yft, arrays.ytf, arrays.ytt, arrays.shunt))
    return csr_matrix((values, (rows, columns)), shape=(size, size))


def _derivatives(admittance: csr_matrix, voltage: NDArray[np.complex128]) -> tuple[csr_matrix, csr_matrix]:
    """Complex injections by angle and by magnitude of the voltages (Zimmerman, MATPOWER Technical Note 2)."""
    of_voltage, of_current = diags(voltage), diags(admittance @ voltage)
    of_unit = diags(voltage / np.abs(voltage))
    per_angle = 1j * of_voltage @ (of_current - admittance @ of_voltage).conj()
    per_magnitude = of_voltage @ (admittance @ of_unit).conj() + of_current.conj() @ of_unit
    return per_angle.tocsc(), per_magnitude.tocsc()
