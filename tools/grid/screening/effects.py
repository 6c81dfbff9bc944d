"""Loadings and voltages of the most affected elements after the few outages that are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.schema.outage_effects import (
    BranchEffects,
    BusEffects,
    LoadingAfter,
    NoValue,
    OutageEffects,
    VoltageAfter,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.element import ElementRef
    from tools.grid.screening.resident import Resident


@dataclass(frozen=True)
class Shown:
    """One outage of the page.

    Attributes:
        voltage: By bus of the matrix, pu; zero without supply; None where the outage did not solve.
    """

    case: str
    out: tuple[ElementRef, ...]
    voltage: NDArray[np.complex128] | None


def effects_of(state: Resident, shown: Sequence[Shown], most: int) -> OutageEffects:
    """The most affected elements over these outages.

    Args:
        state: The state before the outages.
        shown: Outages in the order of the rows.
        most: So many branches, and so many buses.
    """
    table = _Table(state, shown)
    branches, buses = table.nearest_branches(most), table.nearest_buses(most)
    return OutageEffects(
        branches=tuple(table.branch(column) for column in branches),
        branches_omitted=len(state.monitor.thermal.circuits) - len(branches),
        buses=tuple(table.bus(column) for column in buses),
        buses_omitted=len(state.monitor.bus_index) - len(buses),
    )


class _Table:
    """Outages by rated circuits and by watched buses, and why there is no value.

    Where none of the outages solved, the state before them tells which elements are nearest to their limits.
    """

    def __init__(self, state: Resident, shown: Sequence[Shown]) -> None:
        self._state, self._shown = state, shown
        monitor, arrays = state.monitor, state.arrays
        solved = np.array([one.voltage is not None for one in shown], dtype=bool)
        dark = np.zeros(len(arrays.vn_kv), dtype=np.complex128)
        voltage = np.stack([dark if one.voltage is None else one.voltage for one in shown])
        self._vm_pu = np.abs(voltage)[:, monitor.bus_place]
        self._loading = monitor.thermal.loading_percent(voltage)
        self._bus_absent = _absences(solved, supplied=self._vm_pu > 0)
        self._branch_absent = _absences(solved, supplied=self._supplied(np.abs(voltage) > 0))
        for row, one in enumerate(shown):
            found = (arrays.circuits.find(ref.kind.value, ref.index) for ref in one.out)
            own = np.isin(monitor.thermal.circuits, [circuit for circuit in found if circuit is not None])
            self._branch_absent[row, own] = NoValue.OUT
        self._branch_known = _known(self._branch_absent)
        self._bus_known = _known(self._bus_absent)
        self._any_solved = bool(solved.any())

    def _supplied(self, alive: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which rated circuits have a terminal with supply, after each outage."""
        arrays, circuits = self._state.arrays, self._state.monitor.thermal.circuits
        rows = arrays.circuits.rows
        ends = alive[:, arrays.start[rows]] | alive[:, arrays.end[rows]]
        supplied = np.logical_or.reduceat(ends, arrays.circuits.first, axis=1)
        return np.asarray(supplied[:, circuits])

    def nearest_branches(self, most: int) -> list[int]:
        """Columns by loading less limit."""
        monitor = self._state.monitor
        before = monitor.loading_before_percent[None, :]
        loading = np.where(self._branch_known, self._loading, np.nan) if self._any_solved else before
        return _highest(loading - monitor.contingency.loading_percent, most)

    def nearest_buses(self, most: int) -> list[int]:
        """Columns by distance beyond the nearer limit."""
        band = self._state.monitor.contingency
        before = np.abs(self._state.arrays.voltage)[None, self._state.monitor.bus_place]
        vm_pu = np.where(self._bus_known, self._vm_pu, np.nan) if self._any_solved else before
        return _highest(np.fmax(band.vm_min_pu - vm_pu, vm_pu - band.vm_max_pu), most)

    def branch(self, column: int) -> BranchEffects:
        """One branch after all outages."""
        limit = _finite(self._state.monitor.contingency.loading_percent[column])
        cells = zip(self._shown, self._loading[:, column], self._branch_absent[:, column], strict=True)
        return BranchEffects(
            element=self._state.refs[int(self._state.monitor.thermal.circuits[column])],
            after=tuple(
                LoadingAfter(case=one.case, loading_percent=float(loading), limit_percent=limit)
                if absent is None
                else LoadingAfter(case=one.case, absent=absent)
                for one, loading, absent in cells
            ),
        )

    def bus(self, column: int) -> BusEffects:
        """One bus after all outages."""
        band = self._state.monitor.contingency
        low, high = _finite(band.vm_min_pu[column]), _finite(band.vm_max_pu[column])
        cells = zip(self._shown, self._vm_pu[:, column], self._bus_absent[:, column], strict=True)
        return BusEffects(
            element=self._state.bus_refs[column],
            after=tuple(
                VoltageAfter(case=one.case, vm_pu=float(vm_pu), limit_min_pu=low, limit_max_pu=high)
                if absent is None
                else VoltageAfter(case=one.case, absent=absent)
                for one, vm_pu, absent in cells
            ),
        )


def _absences(solved: NDArray[np.bool_], supplied: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Why there is no value, None where there is one."""
    found = np.full(supplied.shape, None, dtype=object)
    found[~supplied] = NoValue.WITHOUT_SUPPLY
    found[~solved] = NoValue.NOT_SOLVED
    return found


def _known(absent: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.array([[why is None for why in row] for row in absent.tolist()], dtype=bool).reshape(absent.shape)


def _highest(values: NDArray[np.float64], most: int) -> list[int]:
    """Columns by their highest value over the rows, equal ones by place; those without any value never."""
    highest = np.where(np.isnan(values), -np.inf, values).max(axis=0, initial=-np.inf)
    order = np.argsort(-highest, kind="stable")[:most]
    found: list[int] = order[np.isfinite(highest[order])].tolist()
    return found


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
