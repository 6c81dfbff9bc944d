"""The AC power flow of one island of the restoration, with its units within their reactive limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.cascading.flows import Island, IslandSolver, Slack
from tools.grid.operating_limits import POWER_TOLERANCE_MVA
from tools.grid.restoring.balance import Team, team_of
from tools.grid.restoring.broken import Broken
from tools.grid.restoring.flow import Balanced, Flow
from tools.grid.restoring.reactive import ReactiveLimits
from tools.grid.schema.restoration import RefusalReason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.restoring.status import Status
    from tools.grid.restoring.subject import Subject

# Rounds in which units are set to a reactive limit or freed of it, and outputs follow the losses.
_MOST_ROUNDS = 30
# Outputs that differ by less move no voltage by as much as 1e-7 pu.
_SAME_MW = 1e-6
# So close to the set-points both ranges of the units say the same.
_SAME_SHARE = 1e-9


@dataclass(frozen=True)
class Rules:
    """What holds for every island.

    Attributes:
        start_pu: Voltage that restarted units hold at first.
        most_share: Share of the online capacity that may be used.
    """

    start_pu: float
    most_share: float


@dataclass(frozen=True)
class _Solved:
    """Voltages of the island's buses, power fed into branches and shunts at every bus of the grid, losses."""

    voltage: NDArray[np.complex128]
    power: NDArray[np.complex128]
    loss_mw: float


class IslandFlow:
    """One island of a state on its way to a solution."""

    def __init__(self, subject: Subject, engine: IslandSolver, rules: Rules, status: Status, island: Island) -> None:
        self._subject, self._engine, self._rules = subject, engine, rules
        self._status, self._island, self._live = status, island, subject.live
        self._demand = np.zeros(len(status.lit), dtype=complex)
        self._start = subject.live.voltage[island.buses]

    def solve(
        self, demand_mva: NDArray[np.complex128], before: Flow | None
    ) -> tuple[NDArray[np.complex128], Balanced] | Broken:
        """Voltages of the island's buses with their balance, or what stands against it.

        Args:
            demand_mva: Restored load and station service at each bus of the matrix.
            before: The flow of the state before, at which the iteration begins.
        """
        self._demand = demand_mva
        team = team_of(self._subject, self._status, self._island, self._rules.start_pu)
        if team is None:
            return Broken(RefusalReason.NOT_SOLVED)
        parts = self._parts_of(before)
        self._start = self._start_vector(before)
        limits = ReactiveLimits(
            team, self._island.buses, {b: most for one in parts for b, most in one.at_limit.items()}
        )
        share = self._first_share(team, sum(one.loss_mw for one in parts))
        wanted = float(demand_mva.real[self._island.buses].sum())
        for _ in range(_MOST_ROUNDS):
            flow = self._solved(team, share, limits)
            if flow is None:
                return Broken(RefusalReason.NOT_SOLVED)
            met = share if team.anchored else team.share(wanted + flow.loss_mw)
            moved = self._moved(team, limits, flow)
            if isinstance(moved, Broken):
                return moved
            fixed = float(team.room_mw(share)[limits.buses].sum())
            same_range = (met > 1) == (share > 1) or abs(met - 1) <= _SAME_SHARE
            if not moved and same_range and abs(met - share) * fixed <= _SAME_MW:
                return self._checked(team, met, flow, limits)
            share, self._start = met, flow.voltage
        return Broken(RefusalReason.NOT_SOLVED)

    def _parts_of(self, before: Flow | None) -> list[Balanced]:
        """The islands of the state before that this one is made of."""
        if before is None:
            return []
        return [one for one in before.islands if one.buses[0] in self._island.buses]

    def _start_vector(self, before: Flow | None) -> NDArray[np.complex128]:
        buses = self._island.buses
        if before is None or not (known := before.voltage[buses]).any():
            return self._live.voltage[buses]
        # what is new begins at the angle of what it is joined to
        turned = known[np.abs(known) > 0]
        return np.where(np.abs(known) > 0, known, np.exp(1j * np.angle(turned[-1])))

    def _first_share(self, team: Team, loss_mw: float) -> float:
        wanted = float(self._demand.real[self._island.buses].sum())
        if not team.anchored:
            return team.share(wanted + loss_mw)
        return team.share(min(wanted, float(team.most_mw.sum()) * self._rules.most_share))

    def _solved(self, team: Team, share: float, limits: ReactiveLimits) -> _Solved | None:
        buses, live = self._island.buses, self._live
        held = np.where(np.isnan(live.held_pu), team.vm_pu, live.held_pu)
        fed: NDArray[np.complex128] = np.asarray(
            live.injection_mva - self._demand + team.base_mw(share), dtype=np.complex128
        )
        part, room, limited = (share - 1.0 if share > 1 else share), team.room_mw(share), limits.buses
        held[limited] = np.nan
        fed[limited] += 1j * limits.given_mvar()
        slack = [bus for bus in team.slack.tolist() if bus not in limits.at]
        if team.anchored:
            fed += part * room
            shares = np.full(len(slack), 1.0 / len(slack))
        else:
            fed[limited] += part * room[limited]
            shares = room[slack]
            shares = shares / shares.sum() if shares.sum() > 0 else np.full(len(slack), 1.0 / len(slack))
        rest = Slack(np.array(slack, dtype=np.int64), shares)
        found = self._engine.ac(self._island, fed[buses], held[buses], rest, self._start)
        if found is None:
            return None
        power = np.zeros(len(fed), dtype=complex)
        power[buses] = self._engine.fed_mva(self._island, found.voltage)
        return _Solved(found.voltage, power, found.loss_mw)

    def _moved(self, team: Team, limits: ReactiveLimits, flow: _Solved) -> bool | Broken:
        """Whether units came to a reactive limit or off it; a source must not be beyond its own."""
        vm_pu = np.zeros(len(flow.power))
        vm_pu[self._island.buses] = np.abs(flow.voltage)
        if limits.free(vm_pu):
            return True
        given = (flow.power + self._demand - self._live.injection_mva).imag
        beyond = limits.beyond(given)
        source = next((bus for bus in limits.unmoved if bus in beyond), None)
        if source is not None:
            return Broken(RefusalReason.REACTIVE, team.reference, q_mvar=float(given[source]))
        limits.at.update(beyond)
        return bool(beyond)

    def _checked(
        self, team: Team, share: float, flow: _Solved, limits: ReactiveLimits
    ) -> tuple[NDArray[np.complex128], Balanced] | Broken:
        buses = self._island.buses
        restored = float(self._demand.real[buses].sum())
        load = restored + float(self._live.load_mw[buses].sum())
        if broken := self._out_of_power(team, share, restored + flow.loss_mw, flow.power):
            return broken
        return flow.voltage, Balanced(
            island=self._island,
            reference=team.reference,
            anchored=team.anchored,
            generation_mw=load + flow.loss_mw,
            load_mw=load,
            loss_mw=flow.loss_mw,
            share=share if team.most_mw.any() else None,
            capacity_mw=team.capacity_mw,
            restored_mw=restored,
            at_limit=dict(limits.at),
        )

    def _out_of_power(self, team: Team, share: float, needed_mw: float, power: NDArray[np.complex128]) -> Broken | None:
        tolerance = POWER_TOLERANCE_MVA
        if not team.anchored:
            if needed_mw > team.capacity_mw * self._rules.most_share + tolerance:
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
