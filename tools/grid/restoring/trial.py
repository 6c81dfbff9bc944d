"""One step tried: carried out, solved, held against every limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.restoring.broken import Broken
from tools.grid.restoring.check import LimitCheck
from tools.grid.restoring.course import Step
from tools.grid.restoring.flow import Flow
from tools.grid.restoring.flow_solver import FlowSolver
from tools.grid.restoring.moves import Move, carry_out
from tools.grid.schema.restoration import RefusalReason, RestorationAction

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.restoring.status import Status
    from tools.grid.restoring.subject import Subject
    from tools.grid.schema.restoration import PlanRestorationArguments

_CLOSINGS = frozenset({RestorationAction.JOIN, RestorationAction.CLOSE})


@dataclass(frozen=True)
class Trial:
    """What tries steps of one restoration."""

    subject: Subject
    args: PlanRestorationArguments
    solver: FlowSolver
    check: LimitCheck

    def take(self, status: Status, flow: Flow, move: Move, now_min: float) -> Step | Broken:
        """The step, or what stands against it.

        Args:
            status: The state before.
            flow: Its flow.
            move: What to do.
            now_min: When it begins.
        """
        done = now_min + (0.0 if move.action is RestorationAction.START else self.args.switching_min)
        angle = difference = None
        if move.action in _CLOSINGS:
            angle, difference = self._across(status, flow, move)
            if broken := self._apart(flow, move, angle, difference):
                return broken
        if broken := self._hopeless(status, flow, move, now_min):
            return broken
        ready = done + self.subject.units[move.at].start_min if move.action is RestorationAction.CRANK else 0.0
        after = carry_out(self.subject, status, move, ready)
        if move.action is RestorationAction.PICK_UP and self.args.cold_load_factor > 1:
            cold = self._solved(after, flow, move, self._cold(move))
            if isinstance(cold, Broken):
                return cold
        solved = self._solved(after, flow, move, None)
        if isinstance(solved, Broken):
            return solved
        island = solved.island_of(move.bus)
        if island is None:
            return Broken(RefusalReason.NOT_SOLVED)
        extremes = self.check.extremes(after, solved, move.bus)
        told_angle = angle if move.action is RestorationAction.CLOSE else None
        return Step(move, after, solved, island, extremes, done, told_angle, difference)

    def _solved(self, status: Status, before: Flow, move: Move, extra: NDArray[np.complex128] | None) -> Flow | Broken:
        solved = self.solver.solve(status, before, move.bus, extra)
        if isinstance(solved, Broken):
            return solved
        broken = self.check.broken(status, solved)
        if broken is None and move.margin is not None:
            broken = self.check.short_of_margin(status, solved, move.bus, move.margin)
        return broken or solved

    def _cold(self, move: Move) -> NDArray[np.complex128]:
        load = self.subject.loads[move.at]
        extra = np.zeros(len(self.subject.live.buses), dtype=complex)
        more = move.amount_mw * (self.args.cold_load_factor - 1.0)
        extra[load.bus] = more * (1 + 1j * load.q_mvar / load.p_mw)
        return extra

    def _across(self, status: Status, flow: Flow, move: Move) -> tuple[float, float]:
        """Standing angle and voltage difference across a branch, its phase shift taken off."""
        branch = self.subject.wiring.branches[move.at]
        voltage = flow.voltage
        lit = [bus for bus in branch.ends if abs(voltage[bus]) > 0]
        if len(branch.rows) == 1:
            angle = float(np.degrees(self.solver.engine(status).across_rad(np.angle(voltage))[branch.rows[0]]))
        else:
            # three windings: the widest pair, shifts not taken off
            angle = max(float(np.degrees(np.angle(voltage[a] / voltage[b]))) for a in lit for b in lit)
        magnitude = [abs(voltage[bus]) for bus in lit]
        return abs(angle), float(max(magnitude) - min(magnitude))

    def _apart(self, flow: Flow, move: Move, angle: float, difference: float) -> Broken | None:
        if difference > self.args.voltage_difference_pu:
            return Broken(RefusalReason.VOLTAGE_DIFFERENCE, move.element(self.subject))
        ends = self.subject.wiring.branches[move.at].ends
        islands = {id(island): island for island in map(flow.island_of, ends) if island is not None}
        if sum(island.anchored for island in islands.values()) > 1:
            return Broken(RefusalReason.TWO_SYSTEMS, move.element(self.subject))
        # between islands the speed of one is adjusted until the angle is small
        if move.action is RestorationAction.CLOSE and angle > self.args.standing_angle_degree:
            return Broken(RefusalReason.ANGLE, move.element(self.subject), angle_degree=angle)
        return None

    def _hopeless(self, status: Status, flow: Flow, move: Move, now_min: float) -> Broken | None:
        """What stands against a step before it is solved; where the margin is gone already, no load brings it back."""
        if move.margin is not None:
            return self.check.short_of_margin(status, flow, move.bus, move.margin)
        return self._cranking(flow, move, now_min)

    def _cranking(self, flow: Flow, move: Move, now_min: float) -> Broken | None:
        if move.action is not RestorationAction.CRANK:
            return None
        unit = self.subject.units[move.at]
        if now_min > unit.latest_min:
            return Broken(RefusalReason.TOO_LATE, unit.ref)
        island = flow.island_of(unit.bus)
        free = 0.0 if island is None else island.capacity_mw * self.solver.most_share - island.restored_mw
        if unit.cranking_mw > free:
            return Broken(RefusalReason.CAPACITY, unit.ref, p_mw=unit.cranking_mw)
        return None
