"""The sequence of a restoration: the first step that holds is taken, until none does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.errors import NotSolvedError
from tools.grid.restoring.broken import Broken
from tools.grid.restoring.candidates import Candidates
from tools.grid.restoring.flow import Flow
from tools.grid.restoring.moves import Move
from tools.grid.restoring.progress import Progress
from tools.grid.schema.restoration import RestorationAction

if TYPE_CHECKING:
    from tools.grid.restoring.blocks import BlockRule
    from tools.grid.restoring.course import Course
    from tools.grid.restoring.status import Status
    from tools.grid.restoring.subject import Subject
    from tools.grid.restoring.trial import Trial

MOST_STEPS = 5000
# The live part must come out as pandapower solved it.
_SAME_PU = 1e-6


class Sequence:
    """Builds the course, one step after the other, the same for the same question."""

    def __init__(self, subject: Subject, trial: Trial, rule: BlockRule, start: Status, horizon_min: float) -> None:
        self._subject, self._trial, self._horizon = subject, trial, horizon_min
        self._progress = Progress(subject, start, _first_flow(trial, start))
        self._candidates = Candidates(self._progress, trial, rule)

    def run(self) -> Course:
        """Take steps until none is left that holds.

        Raises:
            NotSolvedError: when the live part does not come out as pandapower solved it.
        """
        progress = self._progress
        for at, start_min in self._subject.first.items():
            progress.now_min = max(progress.now_min, start_min)
            self._try(Move(RestorationAction.START, at, self._subject.units[at].bus))
        while len(progress.course.steps) < MOST_STEPS:
            if progress.now_min >= self._horizon:
                progress.course.beyond_horizon = True
                break
            if not self._step() and not self._wait() and not self._once_more():
                break
        return progress.course

    def _step(self) -> bool:
        return any(self._try(move) for move in self._candidates)

    def _try(self, move: Move) -> bool:
        progress = self._progress
        if progress.rests(move):
            return False
        step = self._trial.take(progress.status, progress.flow, move, progress.now_min)
        if isinstance(step, Broken):
            progress.refuse(move, step)
            return False
        progress.take(step)
        return True

    def _wait(self) -> bool:
        """Let time pass until the next unit can be synchronised."""
        progress = self._progress
        later = [ready for ready in progress.status.cranking.values() if ready > progress.now_min]
        if not later:
            return False
        progress.now_min = min(later)
        progress.wake()
        return True

    def _once_more(self) -> bool:
        """Try all that was refused once more before giving up, first as it is, then with nothing kept for cranking."""
        if self._progress.wake() and self._step():
            return True
        held_back, self._candidates.hold_back = self._candidates.hold_back, False
        if held_back:
            self._progress.wake()
        return held_back


def _first_flow(trial: Trial, start: Status) -> Flow:
    """The live part as it stands; no island where there is none."""
    if not start.lit.any():
        return Flow(np.zeros(len(start.lit), dtype=complex), ())
    found = trial.solver.solve(start, None, -1)
    live = trial.subject.live
    if isinstance(found, Broken) or np.abs(found.voltage - live.voltage)[start.lit].max() > _SAME_PU:
        raise NotSolvedError(
            "The live part has no power flow that the plan's engine reproduces, so nothing is planned on it; "
            "check_model tells what is unusual in it."
        )
    return found
