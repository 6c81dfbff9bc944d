"""First-order effects of injections on an AC solution: one adjoint solve with the Jacobian for each watched quantity.

For mismatch equations f(x) = S the change of a quantity m(x) with the injections is J^-T grad m (Stott and Marinho,
IEEE Trans. PAS-98, 1979, on linear programming with AC sensitivities). Held buses keep their voltage; the reference
takes the balance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import lu_factor, lu_solve
from scipy.sparse import block_array, csc_matrix, csr_matrix, diags_array
from scipy.sparse.linalg import splu

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tools.grid.screening.arrays import GridArrays
    from tools.grid.screening.thermal import WorstEnds

# Buses up to which dense equations are quicker than sparse ones.
DENSE_BUSES = 300


@dataclass(frozen=True)
class Gradients:
    """How quantities change with the angle and the magnitude of each bus's voltage; quantity by bus."""

    by_angle: NDArray[np.float64]
    by_magnitude: NDArray[np.float64]

    def scaled(self, factor: NDArray[np.float64]) -> Gradients:
        """Each quantity in other units."""
        return Gradients(self.by_angle * factor[:, None], self.by_magnitude * factor[:, None])


class AcLinear:
    """A solved AC state with some branch rows open; buses without supply have no effect and feel none."""

    def __init__(self, arrays: GridArrays, voltage: NDArray[np.complex128], opened: Sequence[int] = ()) -> None:
        self._voltage = voltage
        alive = np.abs(voltage) > 0
        at_reference = np.zeros(len(voltage), dtype=bool)
        at_reference[arrays.reference] = True
        held = at_reference.copy()
        held[arrays.regulated] = True
        self._angle = np.flatnonzero(alive & ~at_reference)
        self._magnitude = np.flatnonzero(alive & ~held)
        self._direction: NDArray[np.complex128] = np.where(alive, voltage / np.where(alive, np.abs(voltage), 1.0), 0.0)
        dense_enough = len(voltage) <= DENSE_BUSES
        admittance = _dense_admittance(arrays, opened) if dense_enough else _admittance(arrays, opened)
        # S = V conj(Y V): entries off the diagonal from the far voltages, the diagonal gains what its own current adds
        current = admittance @ voltage
        if isinstance(admittance, np.ndarray):
            far = voltage[:, None] * np.conj(admittance * voltage[None, :])
            near = voltage[:, None] * np.conj(admittance * self._direction[None, :])
            every = np.arange(len(voltage))
            self._by_angle = -1j * far
            self._by_angle[every, every] += 1j * voltage * np.conj(current)
            self._by_magnitude = near
            self._by_magnitude[every, every] += self._direction * np.conj(current)
        else:
            self._by_angle, self._by_magnitude = _sparse(admittance, voltage, self._direction, current)
        self._solve = self._solver() if len(self._angle) else None

    def _solver(self) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
        """Solves with the transposed Jacobian."""
        angle, magnitude = self._angle, self._magnitude
        by_angle, by_magnitude = self._by_angle, self._by_magnitude
        if isinstance(by_angle, np.ndarray):
            size = len(angle)
            jacobian = np.empty((size + len(magnitude),) * 2)
            jacobian[:size, :size] = by_angle[np.ix_(angle, angle)].real
            jacobian[:size, size:] = by_magnitude[np.ix_(angle, magnitude)].real
            jacobian[size:, :size] = by_angle[np.ix_(magnitude, angle)].imag
            jacobian[size:, size:] = by_magnitude[np.ix_(magnitude, magnitude)].imag
            factors = lu_factor(jacobian, overwrite_a=True, check_finite=False)
            return lambda right: lu_solve(factors, right, trans=1, check_finite=False)
        rows = [
            [by_angle[angle][:, angle].real, by_magnitude[angle][:, magnitude].real],
            [by_angle[magnitude][:, angle].imag, by_magnitude[magnitude][:, magnitude].imag],
        ]
        sparse = splu(csc_matrix(block_array(rows)).T.tocsc())
        return lambda right: np.asarray(sparse.solve(right))

    @property
    def size(self) -> int:
        """Buses of the matrix."""
        return len(self._voltage)

    def of_currents(self, ends: WorstEnds) -> Gradients:
        """Of loadings."""
        v_start, v_end = self._voltage[ends.start], self._voltage[ends.end]
        value = ends.of_start * v_start + ends.of_end * v_end
        along = np.conj(value) / np.maximum(np.abs(value), 1e-9)
        every = np.arange(len(value))
        found = Gradients(*np.zeros((2, len(value), len(self._voltage))))
        for bus, factor, voltage in ((ends.start, ends.of_start, v_start), (ends.end, ends.of_end, v_end)):
            # the ends of a branch are two buses, so no entry is added to twice in one step
            found.by_angle[every, bus] += (along * 1j * factor * voltage).real
            found.by_magnitude[every, bus] += (along * factor * self._direction[bus]).real
        return found

    def of_magnitudes(self, buses: NDArray[np.int64]) -> Gradients:
        """Of voltage magnitudes, pu."""
        found = Gradients(*np.zeros((2, len(buses), len(self._voltage))))
        found.by_magnitude[np.arange(len(buses)), buses] = 1.0
        return found

    def of_powers(self, buses: NDArray[np.int64], *, reactive: bool) -> Gradients:
        """Of the power that flows from each bus into the grid, pu; what feeds the bus itself is not in it."""
        parts = [part[buses] for part in (self._by_angle, self._by_magnitude)]
        dense = [part if isinstance(part, np.ndarray) else part.toarray() for part in parts]
        return Gradients(*(part.imag if reactive else part.real for part in dense))

    def gains(self, of: Gradients) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What one pu of active and of reactive power fed in at each bus adds; quantity by bus."""
        per_p, per_q = np.zeros((2, *of.by_angle.shape))
        if self._solve is not None and len(of.by_angle):
            right = np.hstack((of.by_angle[:, self._angle], of.by_magnitude[:, self._magnitude]))
            found = self._solve(np.ascontiguousarray(right.T)).T
            per_p[:, self._angle] = found[:, : len(self._angle)]
            per_q[:, self._magnitude] = found[:, len(self._angle) :]
        return per_p, per_q


def _sparse(
    admittance: csr_matrix,
    voltage: NDArray[np.complex128],
    direction: NDArray[np.complex128],
    current: NDArray[np.complex128],
) -> tuple[csr_matrix, csr_matrix]:
    by_voltage = diags_array(voltage)
    by_angle = 1j * (by_voltage @ (diags_array(current) - admittance @ by_voltage).conj())
    by_magnitude = by_voltage @ (admittance @ diags_array(direction)).conj() + diags_array(current.conj() * direction)
    return by_angle.tocsr(), by_magnitude.tocsr()


def _dense_admittance(arrays: GridArrays, opened: Sequence[int]) -> NDArray[np.complex128]:
    row, column, value = _entries(arrays, opened)
    found: NDArray[np.complex128] = np.zeros((len(arrays.voltage),) * 2, dtype=complex)
    np.add.at(found, (row, column), value)
    return found


def _admittance(arrays: GridArrays, opened: Sequence[int]) -> csr_matrix:
    row, column, value = _entries(arrays, opened)
    return csr_matrix((value, (row, column)), shape=(len(arrays.voltage),) * 2)


def _entries(
    arrays: GridArrays, opened: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.complex128]]:
    closed = np.ones(len(arrays.start), dtype=bool)
    closed[list(opened)] = False
    start, end, every = arrays.start[closed], arrays.end[closed], np.arange(len(arrays.voltage))
    row = np.concatenate((start, start, end, end, every))
    column = np.concatenate((start, end, start, end, every))
    value = np.concatenate([y[closed] for y in (arrays.yff, arrays.yft, arrays.ytf, arrays.ytt)] + [arrays.shunt])
    return row, column, value
