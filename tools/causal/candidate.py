"""What may be at fault: one candidate, with what is known of it before any model is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tools.causal.schema.causes import CauseKind
from tools.vocabulary import Severity

if TYPE_CHECKING:
    from datetime import datetime

    from tools.causal.contrasts import Contrast
    from tools.element import ElementRef
    from tools.subject import SubjectRef

GRID_KINDS = frozenset({CauseKind.BRANCH_OPENED, CauseKind.POWER_STEPPED, CauseKind.POWER_SWUNG})
"""What truly happens in the grid, so that flows follow at once."""
SENSOR_KINDS = frozenset({CauseKind.SENSOR_FAULT, CauseKind.FALSE_DATA, CauseKind.SILENT_SENSOR})


@dataclass(frozen=True)
class Candidate:
    """One thing that may be at fault.

    Attributes:
        first, stop: Moments of the frame, the last not included; None for what the frame does not hold.
        strength: Its own departure in its usual sizes; the events of a log.
        observed: Whether readings or logs of its own show it.
        sure: Whether what found it has no doubt of its own.
        rivals: Whether another fits what was found as well.
        certain: Whether its kind leaves no doubt: a reading that is not there, or that repeats to the last digit.
        by_chance: Whether chance makes as much once in a hundred such times, or oftener.
        row: Row of the frame: the sensor that is accused, or the element's own.
        contrast: How its departure is measured; None where no contrast is taken.
        moment: Moment of the frame at which the contrast is largest.
        note: Why it is a candidate, in words.
    """

    kind: CauseKind
    start: datetime
    end: datetime | None
    strength: float
    observed: bool
    sure: bool
    first: int = 0
    stop: int | None = None
    element: ElementRef | None = None
    subject: SubjectRef | None = None
    severity: Severity = Severity.WARNING
    rivals: bool = False
    certain: bool = False
    by_chance: bool = False
    logged: bool = False
    row: int | None = None
    contrast: Contrast | None = field(default=None, compare=False)
    moment: int = 0
    note: str = ""

    @property
    def placed(self) -> bool:
        """Whether it has its place in the frame; heat and intruders move no flows."""
        return self.kind not in {CauseKind.COOLING_LOST, CauseKind.INTRUDER}

    @property
    def name(self) -> str:
        """Canonical form of what is at fault."""
        named = self.element if self.kind not in SENSOR_KINDS and self.element is not None else self.subject
        return str(named or self.element or self.kind)
