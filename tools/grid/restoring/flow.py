"""The AC power flow of a state of the restoration, island by island, each on its own reference."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.cascading.flows import Island, IslandSolver, Slack
from tools.grid.cascading.islands import islands_of
from tools.grid.operating_limits import POWER_TOLERANCE_MVA
from tools.grid.restoring.balance import Team, team_of
from tools.grid.restoring.broken import Broken
from tools.grid.schema.restoration import RefusalReason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.element import ElementRef
    from tools.grid.restoring.status import Status
    from tools.grid.restoring.subject import Subject
    from tools.grid.screening.arrays import GridArrays

# Rounds in which units that reach a reactive limit are turned into constant reactive power.
_MOST_ROUNDS = 12
_SAME_MW = 1e-7
# So close to the set-points both ranges of the units say the same.
_SAME_SHARE = 1e-9


@dataclass(frozen=True)
class Balanced:
    """One solved island; powers add up: generation = load + loss.

    Attributes:
        buses: Of the matrix.
        reference: Who holds the angle.
        anchored: A live part or a neighbour without limit is in it.
        generation_mw: Of all its sources.
        load_mw: Restored load, station service, and load of a live part.
        loss_mw: Branches and shunts.
        share: Where its restarted units stand between their least and most output; None without any.
        capacity_mw: Online; infinite where a source has no limit.
        restored_mw: Restored load and station service alone.
    """

    buses: NDArray[np.int64]
    reference: ElementRef
    anchored: bool
    generation_mw: float
    load_mw: float
    loss_mw: float
    share: float | None
    capacity_mw: float
    restored_mw: float


@dataclass(frozen=True)
class Flow:
    """All islands solved; ``voltage`` is zero where nothing has voltage."""

    voltage: NDArray[np.complex128]
    islands: tuple[Balanced, ...]

    def island_of(self, bus: int) -> Balanced | None:
        """The island that a bus belongs to; None where it is dark."""
        return next((island for island in self.islands if bus in island.buses), None)


@dataclass(frozen=True)
class Engine:
    """The matrix with some of the shunts, and what solves parts of it."""

    arrays: GridArrays
    solver: IslandSolver


class FlowSolver:
    """Solves states of one restoration."""

    def __init__(self, subject: Subject, start_pu: float, reserve_percent: float) -> None:
        self._subject = subject
        self._start_pu = start_pu
        self._most_share = 1.0 - reserve_percent / 100.0
        self._engines: dict[frozenset[int], Engine] = {}

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
        arrays = self._subject.wiring.arrays
        demand = status.demand_mva(self._subject)
        if extra_mva is not None:
            demand = demand + extra_mva
        voltage = np.zeros(len(status.lit), dtype=complex)
        islands: list[Balanced] = []
        for island in islands_of(arrays, status.closed, ~status.lit):
            kept = None
            if before is not None and at not in island.buses:
                kept = before.island_of(int(island.buses[0]))
            if kept is not None and before is not None:
                voltage[island.buses] = before.voltage[island.buses]
                islands.append(kept)
                continue
            found = _IslandFlow(self, status, island, demand, before).run()
            if isinstance(found, Broken):
                return found
            voltage[island.buses], balanced = found
            islands.append(balanced)
        return Flow(voltage, tuple(islands))

    def engine(self, status: Status) -> Engine:
        """The solver with the shunts of a state."""
        if status.shunts not in self._engines:
            arrays, shunt = self._subject.wiring.arrays, self._subject.wiring.arrays.shunt.copy()
            for at in status.shunts:
                one = self._subject.shunts[at]
                shunt[one.bus] += (one.p_mw - 1j * one.q_mvar) / arrays.base_mva
            arrays = replace(arrays, shunt=shunt)
            self._engines[status.shunts] = Engine(arrays, IslandSolver(arrays))
        return self._engines[status.shunts]

    @property
    def subject(self) -> Subject:
        """What is restored."""
        return self._subject

    @property
    def start_pu(self) -> float:
        """Voltage that restarted units hold at first."""
        return self._start_pu

    @property
    def most_share(self) -> float:
        """Share of the online capacity that may be used."""
        return self._most_share


class _IslandFlow:
    """One island on its way to a solution: units at a reactive limit stop holding their voltage."""

    def __init__(
        self,
        solver: FlowSolver,
        status: Status,
        island: Island,
        demand: NDArray[np.complex128],
        before: Flow | None,
    ) -> None:
        self._solver, self._subject, self._status, self._island = solver, solver.subject, status, island
        self._demand, self._live = demand, solver.subject.live
        self._start = self._start_vector(before)
        self._limited: dict[int, float] = {}

    def run(self) -> tuple[NDArray[np.complex128], Balanced] | Broken:
        """Voltages of the island's buses with their balance, or what stands against it."""
        team = team_of(self._subject, self._status, self._island, self._solver.start_pu)
        if team is None:
            return Broken(RefusalReason.NOT_SOLVED)
        wanted = float(self._demand.real[self._island.buses].sum())
        share = self._first_share(team, wanted)
        for _ in range(_MOST_ROUNDS):
            flow = self._solved(team, share)
            if flow is None:
                return Broken(RefusalReason.NOT_SOLVED)
            voltage, power, loss = flow
            met = share if team.anchored else team.share(wanted + loss)
            beyond = self._beyond(team, power)
            if isinstance(beyond, Broken):
                return beyond
            fixed = float(team.room_mw(share)[list(self._limited)].sum()) if self._limited else 0.0
            same_range = (met > 1) == (share > 1) or abs(met - 1) <= _SAME_SHARE
            if not beyond and same_range and abs(met - share) * fixed <= _SAME_MW:
                return self._checked(team, met, voltage, power, loss)
            self._limited |= beyond
            share = met
        return Broken(RefusalReason.NOT_SOLVED)

    def _start_vector(self, before: Flow | None) -> NDArray[np.complex128]:
        buses = self._island.buses
        start = self._live.voltage[buses].copy()
        if before is None:
            return start
        known = before.voltage[buses]
        if not known.any():
            return start
        # what is new begins at the angle of what it is joined to
        turned = known[np.abs(known) > 0]
        return np.where(np.abs(known) > 0, known, np.exp(1j * np.angle(turned[-1])))

    def _first_share(self, team: Team, wanted_mw: float) -> float:
        if not team.anchored:
            return team.share(wanted_mw)
        return team.share(min(wanted_mw, float(team.most_mw.sum()) * self._solver.most_share))

    def _solved(self, team: Team, share: float) -> tuple[NDArray[np.complex128], NDArray[np.complex128], float] | None:
        """Voltages of the buses, power fed into branches and shunts there, and the losses."""
        buses, live = self._island.buses, self._live
        held = np.where(np.isnan(live.held_pu), team.vm_pu, live.held_pu)
        fed: NDArray[np.complex128] = np.asarray(
            live.injection_mva - self._demand + team.base_mw(share), dtype=np.complex128
        )
        part, room = (share - 1.0 if share > 1 else share), team.room_mw(share)
        limited = list(self._limited)
        held[limited] = np.nan
        fed[limited] += 1j * np.array([self._limited[bus] for bus in limited]) if limited else 0.0
        slack = [int(bus) for bus in team.slack if int(bus) not in self._limited]
        if team.anchored:
            fed += part * room
            shares = np.full(len(slack), 1.0 / len(slack))
        else:
            fed[limited] += part * room[limited]
            shares = room[slack]
            shares = shares / shares.sum() if shares.sum() > 0 else np.full(len(slack), 1.0 / len(slack))
        engine = self._solver.engine(self._status)
        found = engine.solver.ac(
            self._island, fed[buses], held[buses], Slack(np.array(slack, dtype=np.int64), shares), self._start
        )
        if found is None:
            return None
        return found.voltage, self._power(found.voltage), found.loss_mw

    def _power(self, voltage: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """MVA fed in at each bus of the grid; zero outside the island."""
        arrays, island = self._solver.engine(self._status).arrays, self._island
        full = np.zeros(len(self._status.lit), dtype=complex)
        full[island.buses] = voltage
        current = np.zeros_like(full)
        rows = island.rows
        start, end = arrays.start[rows], arrays.end[rows]
        np.add.at(current, start, arrays.yff[rows] * full[start] + arrays.yft[rows] * full[end])
        np.add.at(current, end, arrays.ytf[rows] * full[start] + arrays.ytt[rows] * full[end])
        return np.asarray(full * np.conj(current + arrays.shunt * full) * arrays.base_mva, dtype=np.complex128)

    def _beyond(self, team: Team, power: NDArray[np.complex128]) -> dict[int, float] | Broken:
        """Units beyond their reactive range with the limit that they stop at; a source must not be beyond it."""
        given = (power + self._demand - self._live.injection_mva).imag
        found: dict[int, float] = {}
        inside = self._island.buses
        for bus in inside[~np.isnan(team.vm_pu[inside])].tolist():
            low, high = float(team.least_mvar[bus]), float(team.most_mvar[bus])
            if bus in self._limited or low - POWER_TOLERANCE_MVA <= given[bus] <= high + POWER_TOLERANCE_MVA:
                continue
            if bus == team.slack[0] or (team.anchored and bus in team.slack):
                return Broken(RefusalReason.REACTIVE, team.reference, q_mvar=float(given[bus]))
            found[bus] = low if given[bus] < low else high
        return found

    def _checked(
        self, team: Team, share: float, voltage: NDArray[np.complex128], power: NDArray[np.complex128], loss_mw: float
    ) -> tuple[NDArray[np.complex128], Balanced] | Broken:
        buses = self._island.buses
        restored = float(self._demand.real[buses].sum())
        load = restored + float(self._live.load_mw[buses].sum())
        if broken := self._out_of_power(team, share, restored + loss_mw, power):
            return broken
        units = bool(team.most_mw.sum())
        return voltage, Balanced(
            buses=buses,
            reference=team.reference,
            anchored=team.anchored,
            generation_mw=load + loss_mw,
            load_mw=load,
            loss_mw=loss_mw,
            share=share if units else None,
            capacity_mw=team.capacity_mw,
            restored_mw=restored,
        )

    def _out_of_power(self, team: Team, share: float, needed_mw: float, power: NDArray[np.complex128]) -> Broken | None:
        tolerance = POWER_TOLERANCE_MVA
        if not team.anchored:
            if needed_mw > team.capacity_mw * self._solver.most_share + tolerance:
                return Broken(RefusalReason.CAPACITY, team.reference, p_mw=needed_mw)
            if needed_mw < team.minimum_mw - tolerance:
                return Broken(RefusalReason.MINIMUM, team.reference, p_mw=needed_mw)
            return None
        restarted = team.output_mw(share)
        more = power + self._demand - self._live.injection_mva
        for one in self._live.anchors:
            if one.bus in self._island.buses:
                p = one.p_mw + float(more.real[one.bus] - restarted[one.bus])
                q = one.q_mvar + float(more.imag[one.bus])
                if not one.least_mw - tolerance <= p <= one.most_mw + tolerance:
                    return Broken(RefusalReason.UNIT_LIMIT, one.ref, p_mw=p)
                if not one.least_mvar - tolerance <= q <= one.most_mvar + tolerance:
                    return Broken(RefusalReason.REACTIVE, one.ref, q_mvar=q)
        return None
