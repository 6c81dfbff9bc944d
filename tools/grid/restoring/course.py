"""What a restoration has done so far, step by step, and what was refused on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.grid.restoring.broken import Broken
    from tools.grid.restoring.check import Extremes
    from tools.grid.restoring.flow import Balanced, Flow
    from tools.grid.restoring.moves import Move
    from tools.grid.restoring.status import Status
    from tools.grid.schema.restoration import RestorationAction


@dataclass(frozen=True)
class Step:
    """One step that was taken, with the state that it leads to.

    Attributes:
        move: What was done.
        status, flow: The state, solved.
        island: Of the step.
        extremes: Worst values there.
        time_min: When it is done.
        angle_degree, difference_pu: Across the breaker before it closed.
    """

    move: Move
    status: Status
    flow: Flow
    island: Balanced
    extremes: Extremes
    time_min: float
    angle_degree: float | None = None
    difference_pu: float | None = None


@dataclass
class Refused:
    """A step that was refused, last for this reason after so many steps, and how often."""

    move: Move
    broken: Broken
    after_step: int
    tries: int = 1


@dataclass
class Course:
    """The plan in the making."""

    steps: list[Step] = field(default_factory=list)
    refused: dict[tuple[RestorationAction, int], Refused] = field(default_factory=dict)
    beyond_horizon: bool = False

    def refuse(self, move: Move, broken: Broken) -> None:
        """Remember why a step was not taken."""
        known = self.refused.get(move.key)
        tries = known.tries + 1 if known else 1
        self.refused[move.key] = Refused(move, broken, len(self.steps), tries)
