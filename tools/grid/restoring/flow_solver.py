"""Solves the states of one restoration; what a step leaves alone is taken over from the state before it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.cascading.flows import Island, IslandSolver
from tools.grid.cascading.islands import islands_of
from tools.grid.restoring.broken import Broken
from tools.grid.restoring.flow import Balanced, Flow
from tools.grid.restoring.island_flow import IslandFlow, Rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.restoring.status import Status
    from tools.grid.restoring.subject import Subject


class FlowSolver:
    """Solves states of one restoration; the islands of the last wiring and the engines of its shunts are kept."""

    def __init__(self, subject: Subject, start_pu: float, reserve_percent: float) -> None:
        self._subject = subject
        self._rules = Rules(start_pu, 1.0 - reserve_percent / 100.0)
        self._engines: dict[frozenset[int], IslandSolver] = {}
        self._wired: tuple[NDArray[np.bool_], NDArray[np.bool_], list[Island]] | None = None

    def solve(
        self, status: Status, before: Flow | None, at: int, extra_mva: NDArray[np.complex128] | None = None
    ) -> Flow | Broken:
        """The flow of a state.

        Args:
            status: The state.
            before: The flow before its last step; islands that the step leaves alone are taken from it.
            at: A bus of the island that the step changes.
            extra_mva: Load for a short time, at each bus of the matrix.
        """
        demand = status.demand_mva(self._subject)
        if extra_mva is not None:
            demand = demand + extra_mva
        voltage = np.zeros(len(status.lit), dtype=complex)
        islands: list[Balanced] = []
        for island in self._islands(status):
            kept = None
            if before is not None and at not in island.buses:
                kept = before.island_of(int(island.buses[0]))
            if kept is not None and before is not None:
                voltage[island.buses] = before.voltage[island.buses]
                islands.append(kept)
                continue
            found = IslandFlow(self._subject, self.engine(status), self._rules, status, island).solve(demand, before)
            if isinstance(found, Broken):
                return found
            voltage[island.buses], balanced = found
            islands.append(balanced)
        return Flow(voltage, tuple(islands))

    def engine(self, status: Status) -> IslandSolver:
        """The solver with the shunts of a state."""
        if status.shunts not in self._engines:
            arrays, shunt = self._subject.wiring.arrays, self._subject.wiring.arrays.shunt.copy()
            for at in status.shunts:
                one = self._subject.shunts[at]
                shunt[one.bus] += (one.p_mw - 1j * one.q_mvar) / arrays.base_mva
            self._engines[status.shunts] = IslandSolver(replace(arrays, shunt=shunt))
        return self._engines[status.shunts]

    @property
    def most_share(self) -> float:
        """Share of the online capacity that may be used."""
        return self._rules.most_share

    def _islands(self, status: Status) -> list[Island]:
        """Steps that switch nothing share the arrays of their state, so they have the same islands."""
        if self._wired is None or self._wired[0] is not status.closed or self._wired[1] is not status.lit:
            found = islands_of(self._subject.wiring.arrays, status.closed, ~status.lit)
            self._wired = (status.closed, status.lit, found)
        return self._wired[2]
