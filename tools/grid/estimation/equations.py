"""What every measurement would show in a state, and how that changes with the state.

With ``c = Va conj(mutual Vb)`` the power into a branch at its end is ``S = |Va|^2 conj(own) + c``. Its derivatives are
``jc`` and ``-jc`` by the two angles, ``2|Va| conj(own) + c/|Va|`` and ``c/|Vb|`` by the two magnitudes (Abur and
Exposito, Power System State Estimation, 2004, chapter 2). An injection is the sum over the ends at a node, and
its shunt with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.estimation.network import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Complexes = NDArray[np.complex128]

ACTIVE, REACTIVE, MAGNITUDE, CURRENT, ANGLE = range(5)
"""What a row is: a power's two parts, a voltage magnitude, a current magnitude, a voltage angle."""


@dataclass(frozen=True)
class Row:
    """One quantity of the state.

    Attributes:
        kind: ``ACTIVE`` to ``ANGLE``.
        ends: Branch ends that a power is the sum of, or the one of a current.
        node: Node of a voltage, or of the admittance.
        admittance: Conjugated shunt admittance that adds to a power, pu.
        sign: What the sum is multiplied with.
    """

    kind: int
    ends: tuple[int, ...] = ()
    node: int = -1
    admittance: complex = 0j
    sign: float = 1.0


@dataclass(frozen=True, eq=False)
class Columns:
    """Where each state variable stands.

    Attributes:
        angle: Column of each node's angle; -1 at a reference.
        magnitude: Column of each node's voltage magnitude.
        offset: Column of the angle between the clock of the phasor units and the reference, by node; -1 without any.
        count: Number of columns.
    """

    angle: Ints
    magnitude: Ints
    offset: Ints
    count: int


def columns(net: Network, with_phasors: bool) -> Columns:
    """Columns of a network: angles, magnitudes, and one clock offset an island where angles are measured."""
    angle = np.full(net.nodes, -1, dtype=np.int64)
    free = np.setdiff1d(np.arange(net.nodes), net.reference)
    angle[free] = np.arange(len(free))
    magnitude = len(free) + np.arange(net.nodes)
    count = len(free) + net.nodes
    offset = np.full(net.nodes, -1, dtype=np.int64)
    if with_phasors:
        offset = count + net.island
        count += int(net.island.max()) + 1
    return Columns(angle, magnitude, offset, count)


@dataclass(frozen=True, eq=False)
class StateVector:
    """Angles (radians) and magnitudes (pu) of all nodes, and clock offsets by column."""

    angle: Floats
    magnitude: Floats
    offset: Floats

    @property
    def voltage(self) -> Complexes:
        """Complex voltage of each node, pu."""
        return np.asarray(self.magnitude * np.exp(1j * self.angle))

    def moved(self, step: Floats, place: Columns) -> StateVector:
        """The state after a step."""
        angle = self.angle.copy()
        free = place.angle >= 0
        angle[free] += step[place.angle[free]]
        return StateVector(
            angle, self.magnitude + step[place.magnitude], self.offset + step[place.count - len(self.offset) :]
        )


def start_state(net: Network, place: Columns) -> StateVector:
    """One per unit everywhere, at the angles of the linear power flow."""
    count = place.count - int((place.angle >= 0).sum()) - net.nodes
    return StateVector(net.angle.copy(), np.ones(net.nodes), np.zeros(count))


class Equations:
    """Rows over a network; the pattern is worked out once, values for every state."""

    def __init__(self, net: Network, place: Columns, rows: Sequence[Row]) -> None:
        self.net, self.place, self.count = net, place, len(rows)
        self.kind = kind = np.array([row.kind for row in rows], dtype=np.int64)
        node = np.array([row.node for row in rows], dtype=np.int64)
        power = np.flatnonzero((kind == ACTIVE) | (kind == REACTIVE)).tolist()
        ends = [(number, end) for number in power for end in rows[number].ends]
        self._row, self._end = (np.array([pair[k] for pair in ends], dtype=np.int64) for k in (0, 1))
        self._reactive = kind[self._row] == REACTIVE
        sign = np.array([row.sign for row in rows], dtype=float)
        self._sign = sign[self._row]
        self._shunted = np.array([number for number in power if rows[number].admittance], dtype=np.int64)
        self._shunt_node = node[self._shunted]
        admittance = np.array([rows[number].admittance for number in self._shunted.tolist()], dtype=complex)
        part = np.where(kind[self._shunted] == REACTIVE, admittance.imag, admittance.real)
        self._shunt = part * sign[self._shunted]
        self._volts, self._angles, self._flows = (
            np.flatnonzero(kind == wanted) for wanted in (MAGNITUDE, ANGLE, CURRENT)
        )
        self._volt_node, self._angle_node = node[self._volts], node[self._angles]
        self._flow_end = np.array([rows[number].ends[0] for number in self._flows.tolist()], dtype=np.int64)
        self._lay_out()

    def _lay_out(self) -> None:
        """The sparse pattern: which entry of which derivative goes where."""
        net, place = self.net, self.place
        by_end = [place.angle[net.near], place.angle[net.far], place.magnitude[net.near], place.magnitude[net.far]]
        rows = [
            *[self._row] * 4,
            self._shunted,
            *[self._flows] * 4,
            self._volts,
            self._angles,
            self._angles,
        ]
        cols = [
            *[column[self._end] for column in by_end],
            place.magnitude[self._shunt_node],
            *[column[self._flow_end] for column in by_end],
            place.magnitude[self._volt_node],
            place.angle[self._angle_node],
            place.offset[self._angle_node],
        ]
        row, col = np.concatenate(rows), np.concatenate(cols)
        self._kept = np.flatnonzero(col >= 0)
        flat, self._slot = np.unique(row[self._kept] * place.count + col[self._kept], return_inverse=True)
        self._slot = self._slot.ravel()
        self.row, self.col = flat // place.count, flat % place.count
        self.indptr = np.searchsorted(self.row, np.arange(self.count + 1))

    def values(self, state: StateVector) -> Floats:
        """What every row shows in a state, pu and radians."""
        net, volts = self.net, state.voltage
        here, there = volts[net.near], volts[net.far]
        power = np.abs(here) ** 2 * net.own.conj() + here * np.conj(net.mutual * there)
        part = np.where(self._reactive, power.imag[self._end], power.real[self._end])
        found = _sums(self._row, part * self._sign, self.count)
        found[self._shunted] += self._shunt * state.magnitude[self._shunt_node] ** 2
        found[self._volts] = state.magnitude[self._volt_node]
        if len(self._angles):
            found[self._angles] = state.angle[self._angle_node] + self._offset(state)
        if len(self._flows):
            found[self._flows] = np.abs(self._current(volts))
        return found

    def through(self, state: StateVector, ends: Ints) -> Floats:
        """Part of every power row that flows through some branch ends."""
        net, volts = self.net, state.voltage
        here, there = volts[net.near[ends]], volts[net.far[ends]]
        held = np.zeros(len(net.near), dtype=complex)
        held[ends] = np.abs(here) ** 2 * net.own[ends].conj() + here * np.conj(net.mutual[ends] * there)
        part = np.where(self._reactive, held.imag[self._end], held.real[self._end])
        return _sums(self._row, part * self._sign, self.count)

    def _offset(self, state: StateVector) -> Floats:
        first = self.place.count - len(state.offset)
        return state.offset[self.place.offset[self._angle_node] - first]

    def _current(self, volts: Complexes) -> Complexes:
        net, end = self.net, self._flow_end
        return np.asarray(net.own[end] * volts[net.near[end]] + net.mutual[end] * volts[net.far[end]])

    def slopes(self, state: StateVector) -> Floats:
        """Derivatives of all rows by the state, in the order of ``row`` and ``col``."""
        net, volts = self.net, state.voltage
        near, far, end = net.near[self._end], net.far[self._end], self._end
        mixed = volts[near] * np.conj(net.mutual[end] * volts[far])
        size_near, size_far = state.magnitude[near], state.magnitude[far]
        turn = 1j * mixed
        parts = [
            self._part(derivative)
            for derivative in (
                turn,
                -turn,
                2 * size_near * net.own[end].conj() + mixed / size_near,
                mixed / size_far,
            )
        ]
        ones = np.ones(len(self._volts) + 2 * len(self._angles))
        shunts = 2 * self._shunt * state.magnitude[self._shunt_node]
        values = np.concatenate((*parts, shunts, *self._current_slopes(state, volts), ones))
        return _sums(self._slot, values[self._kept], len(self.row))

    def _part(self, derivative: Complexes) -> Floats:
        return np.asarray(np.where(self._reactive, derivative.imag, derivative.real) * self._sign)

    def _current_slopes(self, state: StateVector, volts: Complexes) -> tuple[Floats, Floats, Floats, Floats]:
        """Of current magnitudes; zero where the current is too small to have a direction."""
        net, end = self.net, self._flow_end
        near, far = net.near[end], net.far[end]
        current = self._current(volts)
        size = np.abs(current)
        lead = np.where(size > 0, current.conj() / np.where(size > 0, size, 1.0), 0.0)
        one, other = lead * net.own[end] * volts[near], lead * net.mutual[end] * volts[far]
        return (-one.imag, -other.imag, one.real / state.magnitude[near], other.real / state.magnitude[far])

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints, Ints, Ints]:
        """All pairs of entries of one row: the row, both entries, and the place in a square matrix."""
        width = np.diff(self.indptr)
        reach = width[self.row]
        first = np.repeat(np.arange(len(self.row)), reach)
        begin = self.indptr[self.row[first]]
        inner = np.arange(len(first)) - np.repeat(np.cumsum(reach) - reach, reach)
        second = begin + inner
        return self.row[first], first, second, self.col[first] * self.place.count + self.col[second]

    def gram(self, slopes: Floats, weight: Floats) -> Floats:
        """``H' W H`` as a dense matrix."""
        row, first, second, flat = self._pairs
        size = self.place.count
        products = weight[row] * slopes[first] * slopes[second]
        return _sums(flat, products, size * size).reshape(size, size)

    def spread(self, slopes: Floats, covariance: Floats) -> Floats:
        """Variance of every row for a covariance of the state: the diagonal of ``H C H'``."""
        row, first, second, flat = self._pairs
        return _sums(row, slopes[first] * slopes[second] * covariance.ravel()[flat], self.count)

    def pull(self, slopes: Floats, weighted: Floats) -> Floats:
        """``H' y`` for a value of every row."""
        return _sums(self.col, slopes * weighted[self.row], self.place.count)

    def along(self, slopes: Floats, step: Floats) -> Floats:
        """``H x`` for a value of every column."""
        return _sums(self.row, slopes * step[self.col], self.count)

    def dense(self, slopes: Floats) -> Floats:
        """The derivatives as a dense matrix."""
        found = np.zeros((self.count, self.place.count))
        found[self.row, self.col] = slopes
        return found


def _sums(place: Ints, value: Floats, size: int) -> Floats:
    """Values added up by their place."""
    return np.asarray(np.bincount(place, weights=value, minlength=size), dtype=float)
