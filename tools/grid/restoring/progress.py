"""How far a restoration has come, and which refused steps are worth another trial since then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.grid.restoring.course import Course
from tools.grid.schema.restoration import RefusalReason, RestorationAction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.grid.restoring.broken import Broken
    from tools.grid.restoring.course import Step
    from tools.grid.restoring.flow import Flow
    from tools.grid.restoring.moves import Move
    from tools.grid.restoring.status import Status
    from tools.grid.restoring.subject import Subject

# A refused step is tried again once load has grown by this share, or units were added.
_GROWN = 0.1
_SAME_MW = 1e-6
# What more load can cure; the rest waits for units, shunts, loops or the end.
_HELPED_BY_LOAD = frozenset({RefusalReason.OVERVOLTAGE, RefusalReason.REACTIVE, RefusalReason.MINIMUM})
_HELPED_BY_LOOPS = frozenset(
    {
        RefusalReason.OVERLOAD,
        RefusalReason.UNDERVOLTAGE,
        RefusalReason.MARGIN,
        RefusalReason.ANGLE,
        RefusalReason.VOLTAGE_DIFFERENCE,
        RefusalReason.NOT_SOLVED,
    }
)
_LOOPS = frozenset({RestorationAction.CLOSE, RestorationAction.JOIN})
# Few, and worth a trial whenever load has grown.
_WORTH_TRYING = frozenset({RestorationAction.SYNCHRONISE, RestorationAction.CRANK})


@dataclass(frozen=True)
class _Mark:
    """How far things were when a step was refused."""

    units: int
    loops: int
    served_mw: float


@dataclass(frozen=True)
class _Refusal:
    """A step that rests, and since when."""

    move: Move
    broken: Broken
    since: _Mark


class Progress:
    """The state that the plan has reached, the course so far, and the steps that rest."""

    def __init__(self, subject: Subject, status: Status, flow: Flow) -> None:
        self.subject, self.status, self.flow, self.now_min = subject, status, flow, 0.0
        self.course = Course()
        self._resting: dict[tuple[RestorationAction, int], _Refusal] = {}
        self._loops = 0
        self._mark = self._marked()

    @property
    def last(self) -> RestorationAction | None:
        """What was done last; None at the beginning."""
        return self.course.steps[-1].move.action if self.course.steps else None

    def take(self, step: Step) -> None:
        """Go on to the state that a step leads to."""
        self.course.steps.append(step)
        self.status, self.flow, self.now_min = step.status, step.flow, step.time_min
        self._loops += step.move.action in _LOOPS
        self._resting.pop(step.move.key, None)
        self._mark = self._marked()

    def refuse(self, move: Move, broken: Broken) -> None:
        """Let a step rest until something has changed that could let it pass."""
        self.course.refuse(move, broken)
        self._resting[move.key] = _Refusal(move, broken, self._mark)

    def rests(self, move: Move) -> bool:
        """Whether nothing has changed since a step was refused that could let it pass now."""
        if move.key not in self._resting:
            return False
        refusal, now = self._resting[move.key], self._mark
        then, reason = refusal.since, refusal.broken.reason
        if reason is RefusalReason.TOO_LATE:
            return True
        grown = abs(now.served_mw - then.served_mw) > _GROWN * max(then.served_mw, _SAME_MW)
        grown = grown and (reason in _HELPED_BY_LOAD or move.action in _WORTH_TRYING)
        rewired = reason in _HELPED_BY_LOOPS and now.loops != then.loops
        return not (now.units != then.units or grown or rewired)

    def wake(self, move: Move | None = None) -> bool:
        """Let one step, or all, be tried again; True where any rested."""
        woken = bool(self._resting)
        if move is None:
            self._resting.clear()
        else:
            self._resting.pop(move.key, None)
        return woken

    def resting(self) -> Iterator[tuple[Move, Broken]]:
        """Steps that stand refused, the first refused first."""
        for refusal in self._resting.values():
            yield refusal.move, refusal.broken

    def _marked(self) -> _Mark:
        status, units = self.status, self.subject.units
        drawn = sum(units[at].cranking_mw for at in status.cranking)
        supporting = len(status.online) + len(status.shunts) + len(status.raised)
        return _Mark(supporting, self._loops, float(status.served_mw.sum()) + drawn)
