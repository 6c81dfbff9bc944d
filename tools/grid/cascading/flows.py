"""The power flow of one island, AC or DC: on the very matrices that pandapower solved, less what has gone out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from lightsim2grid.algorithm import NR_KLU
from scipy.sparse import csc_matrix, diags
from scipy.sparse.linalg import SuperLU, splu

from tools.grid.screening.engine import MAX_ITERATIONS, TOLERANCE_PU

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.screening.arrays import GridArrays

# A solution with a bus below this voltage is the lower branch of the nose curve, which no grid runs on.
_LOWEST_PU = 0.3
_LEAST_REACTANCE_PU = 1e-9

# Symmetric matrices with a dominant diagonal need no pivoting.
_SYMMETRIC: dict[str, Any] = {"diag_pivot_thresh": 0.0, "options": {"SymmetricMode": True}}


@dataclass(frozen=True)
class Island:
    """Buses that hang together, and the branch rows between them."""

    buses: NDArray[np.int64]
    rows: NDArray[np.int64]


@dataclass(frozen=True)
class Slack:
    """Buses that take what the flow still asks for, each with its share; shares add up to one."""

    buses: NDArray[np.int64]
    shares: NDArray[np.float64]


@dataclass(frozen=True)
class IslandFlow:
    """A solved island.

    Attributes:
        voltage: Complex voltage of its buses, pu; of magnitude one in the DC approximation.
        loss_mw: Losses and what shunts draw; zero in the DC approximation.
    """

    voltage: NDArray[np.complex128]
    loss_mw: float


class LinearRows:
    """Susceptance and phase shift of each branch row for the DC approximation, as pandapower has them."""

    def __init__(self, arrays: GridArrays) -> None:
        series = np.sqrt(arrays.yft * arrays.ytf)
        # the root's sign: a branch shifts by less than a right angle
        series = np.where((-arrays.yft * np.conj(series)).real < 0, -series, series)
        reactance = (1.0 / series).imag
        # a branch without reactance would take all: its impedance stands in
        tiny = np.abs(reactance) < _LEAST_REACTANCE_PU
        self.susceptance: NDArray[np.float64] = np.where(tiny, np.abs(series), 1.0 / np.where(tiny, 1.0, reactance))
        self.shift_rad: NDArray[np.float64] = np.where(arrays.phase_shift, np.angle(-arrays.yft / series), 0.0)


class IslandSolver:
    """Solves islands of a state; remembers nothing of what it solved but the matrix of the last island."""

    def __init__(self, arrays: GridArrays) -> None:
        self._arrays = arrays
        self._linear = LinearRows(arrays)
        self.susceptance = self._linear.susceptance
        self._newton = NR_KLU()
        self._kept: tuple[Island, csc_matrix] | None = None
        self._place = np.zeros(len(arrays.voltage), dtype=np.int64)
        self._rank = self._elimination_rank()

    def row_flow_mw(self, angle_rad: NDArray[np.float64]) -> NDArray[np.float64]:
        """Flow through each branch row in the DC approximation, start to end."""
        flow: NDArray[np.float64] = self._linear.susceptance * self.across_rad(angle_rad) * self._arrays.base_mva
        return flow

    def across_rad(self, angle_rad: NDArray[np.float64]) -> NDArray[np.float64]:
        """Angle across each branch row, its phase shift taken off."""
        across = angle_rad[self._arrays.start] - angle_rad[self._arrays.end] - self._linear.shift_rad
        wrapped: NDArray[np.float64] = (across + np.pi) % (2 * np.pi) - np.pi
        return wrapped

    def transfer(self, rows: NDArray[np.int64], reference: NDArray[np.int64]) -> NDArray[np.float64]:
        """Share of a power sent from start to end of each asked row that flows through every row; row by asked row."""
        arrays, b = self._arrays, self.susceptance
        size, every = len(arrays.voltage), np.arange(len(rows))
        row = np.concatenate((arrays.start, arrays.end, arrays.start, arrays.end))
        column = np.concatenate((arrays.end, arrays.start, arrays.start, arrays.end))
        matrix = csc_matrix((np.concatenate((-b, -b, b, b)), (row, column)), shape=(size, size))
        free = np.setdiff1d(np.arange(size), reference)
        right = np.zeros((size, len(rows)))
        right[arrays.start[rows], every] += 1.0
        right[arrays.end[rows], every] -= 1.0
        factors = splu(matrix[free][:, free].tocsc(), permc_spec="MMD_AT_PLUS_A", **_SYMMETRIC)
        right[free] = factors.solve(right[free])
        right[reference] = 0.0
        share: NDArray[np.float64] = (right[arrays.start] - right[arrays.end]) * b[:, None]
        return share

    def dc(self, island: Island, power_mw: NDArray[np.float64]) -> IslandFlow | None:
        """The linear flow; None where the equations have no unique solution.

        Args:
            island: The island.
            power_mw: Fed in at each of its buses; adds up to zero.
        """
        angle = np.zeros(len(island.buses))
        if len(angle) > 1:
            order = np.argsort(self._rank[island.buses])
            # the bus that is eliminated last has angle zero
            self._place[island.buses[order]] = np.arange(len(angle))
            start, end = (self._place[ends[island.rows]] for ends in (self._arrays.start, self._arrays.end))
            b, shift = self._linear.susceptance[island.rows], self._linear.shift_rad[island.rows]
            right = power_mw[order] / self._arrays.base_mva
            np.add.at(right, start, b * shift)
            np.add.at(right, end, -b * shift)
            try:
                found = _factors(start, end, b, len(angle) - 1).solve(right[:-1])
            except RuntimeError:  # scipy's word for a singular matrix
                return None
            angle[order[:-1]] = found
        return IslandFlow(np.exp(1j * angle), 0.0) if np.isfinite(angle).all() else None

    def ac(
        self,
        island: Island,
        power_mva: NDArray[np.complex128],
        held_pu: NDArray[np.float64],
        slack: Slack,
        start_v: NDArray[np.complex128],
        *,
        again: bool = True,
    ) -> IslandFlow | None:
        """The AC flow from the start given, else from linear angles; None where neither leads to a solution.

        Args:
            island: The island.
            power_mva: Fed in at each of its buses, P + jQ.
            held_pu: Voltage that units hold at each bus; NaN where none does.
            slack: Who takes the rest; buses of the grid, all of them held.
            start_v: Start of the iteration.
            again: Whether to try linear angles where the start leads nowhere.
        """
        admittance, base = self._admittance(island), self._arrays.base_mva
        magnitude = np.where(np.isnan(held_pu), np.abs(start_v), held_pu)
        first = magnitude * np.exp(1j * np.angle(start_v))
        if len(island.buses) == 1:
            return self._solved(admittance, first)
        self._place[island.buses] = np.arange(len(island.buses))
        at_slack = self._place[slack.buses].astype(np.int32)
        shares = np.zeros(len(island.buses))
        shares[at_slack] = slack.shares
        held = np.flatnonzero(~np.isnan(held_pu))
        voltage_held = np.setdiff1d(held, at_slack).astype(np.int32)
        free = np.flatnonzero(np.isnan(held_pu)).astype(np.int32)
        for begin in (first, None) if again else (first,):
            vector = self._from_linear(island, power_mva.real, held_pu) if begin is None else begin
            if vector is None:
                continue
            arguments = (at_slack, shares, voltage_held, free, MAX_ITERATIONS, TOLERANCE_PU)
            self._newton.reset()
            if self._newton.solve(admittance, vector.copy(), power_mva / base, *arguments):
                found = np.array(self._newton.get_V())
                if np.isfinite(found).all() and np.abs(found).min() > _LOWEST_PU:
                    return self._solved(admittance, found)
        return None

    def fed_mva(self, island: Island, voltage: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """What flows from each bus of an island into its branches and shunts at these voltages."""
        current = self._admittance(island) @ voltage
        power: NDArray[np.complex128] = voltage * np.conj(current) * self._arrays.base_mva
        return power

    def _elimination_rank(self) -> NDArray[np.int64]:
        """An order of elimination with little fill, found once: it is good for every part of the grid as well."""
        arrays = self._arrays
        size = len(arrays.voltage)
        row, column = np.concatenate((arrays.start, arrays.end)), np.concatenate((arrays.end, arrays.start))
        pattern = csc_matrix((np.full(len(row), -1.0), (row, column)), shape=(size, size))
        diagonal = np.asarray(-pattern.sum(axis=0)).ravel() + 1.0
        factors = splu((pattern + diags(diagonal)).tocsc(), permc_spec="MMD_AT_PLUS_A", **_SYMMETRIC)
        rank: NDArray[np.int64] = np.asarray(factors.perm_c, dtype=np.int64)
        return rank

    def _from_linear(
        self, island: Island, power_mw: NDArray[np.float64], held_pu: NDArray[np.float64]
    ) -> NDArray[np.complex128] | None:
        linear = self.dc(island, power_mw - power_mw.sum() / len(power_mw))
        return None if linear is None else np.where(np.isnan(held_pu), 1.0, held_pu) * linear.voltage

    def _solved(self, admittance: csc_matrix, voltage: NDArray[np.complex128]) -> IslandFlow:
        drawn = (voltage * np.conj(admittance @ voltage)).real.sum()
        return IslandFlow(voltage, float(drawn) * self._arrays.base_mva)

    def _ends(self, island: Island) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        self._place[island.buses] = np.arange(len(island.buses))
        return self._place[self._arrays.start[island.rows]], self._place[self._arrays.end[island.rows]]

    def _admittance(self, island: Island) -> csc_matrix:
        """The matrix of an island; asked for the same one again, as it was."""
        if self._kept is None or self._kept[0] is not island:
            self._kept = (island, self._assembled(island))
        return self._kept[1]

    def _assembled(self, island: Island) -> csc_matrix:
        arrays, rows, size = self._arrays, island.rows, len(island.buses)
        start, end = self._ends(island)
        every = np.arange(size)
        row = np.concatenate((start, start, end, end, every))
        column = np.concatenate((start, end, start, end, every))
        shunt = arrays.shunt[island.buses]
        values = np.concatenate((arrays.yff[rows], arrays.yft[rows], arrays.ytf[rows], arrays.ytt[rows], shunt))
        matrix = csc_matrix((values, (row, column)), shape=(size, size))
        matrix.sort_indices()
        return matrix


def _factors(start: NDArray[np.int64], end: NDArray[np.int64], b: NDArray[np.float64], size: int) -> SuperLU:
    """Factors of the susceptance matrix in the order given; the bus numbered ``size`` is the reference."""
    kept = (start < size) & (end < size)
    at_start, at_end = start < size, end < size
    row = np.concatenate((start[kept], end[kept], start[at_start], end[at_end]))
    column = np.concatenate((end[kept], start[kept], start[at_start], end[at_end]))
    value = np.concatenate((-b[kept], -b[kept], b[at_start], b[at_end]))
    matrix = csc_matrix((value, (row, column)), shape=(size, size))
    return splu(matrix, permc_spec="NATURAL", **_SYMMETRIC)
