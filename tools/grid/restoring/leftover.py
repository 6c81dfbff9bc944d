"""What a plan leaves dark, off or open, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.grid.restoring.moves import Move
from tools.grid.schema.restoration import DarkLoad, OpenBranch, RefusalReason, RestorationAction, UnitNotStarted

if TYPE_CHECKING:
    from tools.grid.restoring.course import Course
    from tools.grid.restoring.status import Status
    from tools.grid.restoring.subject import Subject

_SAME_MW = 1e-6


@dataclass(frozen=True)
class Leftover:
    """The end of a course."""

    subject: Subject
    course: Course
    end: Status

    def loads(self) -> list[DarkLoad]:
        """Loads without supply in part or all, by class, then MW."""
        rows = [
            DarkLoad(element=load.ref, priority=load.priority, dark_p_mw=left, reason=self._load_reason(at))
            for at, load in enumerate(self.subject.loads)
            if (left := load.p_mw - float(self.end.served_mw[at])) > _SAME_MW
        ]
        return sorted(rows, key=lambda row: (row.priority, -row.dark_p_mw, row.element.index))

    def units(self) -> list[UnitNotStarted]:
        """Units that are not online, the largest first."""
        rows = [
            UnitNotStarted(
                element=unit.ref,
                rated_p_mw=unit.rated_mw,
                cranking_p_mw=unit.cranking_mw,
                reason=self._unit_reason(at),
            )
            for at, unit in enumerate(self.subject.units)
            if at not in self.end.online
        ]
        return sorted(rows, key=lambda row: (-row.rated_p_mw, row.element.kind, row.element.index))

    def branches(self) -> list[OpenBranch]:
        """Branches that are normally closed and are open at the end."""
        return [
            OpenBranch(element=branch.ref, reason=self._branch_reason(at))
            for at, branch in enumerate(self.subject.wiring.branches)
            if not branch.tie and not self.end.closed[branch.rows[0]]
        ]

    def _load_reason(self, at: int) -> RefusalReason:
        bus = self.subject.loads[at].bus
        if bus >= 0 and not self.end.lit[bus]:
            return self._dark_reason()
        return self._of(RestorationAction.PICK_UP, at) if bus >= 0 else RefusalReason.NO_PATH

    def _unit_reason(self, at: int) -> RefusalReason:
        unit = self.subject.units[at]
        if unit.bus < 0:
            return RefusalReason.NO_PATH
        if unit.unlimited and at not in self.subject.first:
            return RefusalReason.NOT_NAMED
        if at in self.subject.first:
            return self._of(RestorationAction.START, at)
        if at in self.end.cranking:
            return self._of(RestorationAction.SYNCHRONISE, at)
        return self._of(RestorationAction.CRANK, at) if self.end.lit[unit.bus] else self._dark_reason()

    def _branch_reason(self, at: int) -> RefusalReason:
        branch = self.subject.wiring.branches[at]
        for action in (RestorationAction.CLOSE, RestorationAction.JOIN, RestorationAction.ENERGISE):
            if (found := self.course.refused.get((action, at))) is not None:
                return found.broken.reason
        if all(self.end.lit[list(branch.ends)]):
            return RefusalReason.RADIAL if self.subject.radial else self._at_the_end()
        return self._dark_reason()

    def _of(self, action: RestorationAction, at: int) -> RefusalReason:
        found = self.course.refused.get(Move(action, at, 0).key)
        return found.broken.reason if found else self._at_the_end()

    def _at_the_end(self) -> RefusalReason:
        return RefusalReason.HORIZON if self.course.beyond_horizon else RefusalReason.CAPACITY

    def _dark_reason(self) -> RefusalReason:
        """Why a bus that could be reached is dark: the last refusal of a branch that is open still."""
        if self.course.beyond_horizon:
            return RefusalReason.HORIZON
        branches = self.subject.wiring.branches
        refused = [
            one
            for (action, at), one in self.course.refused.items()
            if action is RestorationAction.ENERGISE and not self.end.closed[branches[at].rows[0]]
        ]
        return max(refused, key=lambda one: one.after_step).broken.reason if refused else RefusalReason.NO_PATH
