"""The steps of a scenario's time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tools.telemetry.moments import to_us

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orchestrator.scenarios.schema.scenario import Period


@dataclass(frozen=True)
class Timeline:
    """Evenly spaced steps.

    Attributes:
        start: Time of step 0.
        steps: How many there are.
        step_s: Seconds between them.
    """

    start: datetime
    steps: int
    step_s: float

    @classmethod
    def of(cls, period: Period) -> Timeline:
        """The steps of a period."""
        return cls(period.start, period.steps, period.step_s)

    @property
    def last(self) -> datetime:
        """Time of the last step."""
        return self.at(self.steps - 1)

    @property
    def midnight(self) -> datetime:
        """Begin of the first day."""
        return self.start.replace(hour=0, minute=0, second=0, microsecond=0)

    @property
    def step_min(self) -> float:
        """Minutes between steps."""
        return self.step_s / 60

    def at(self, step: int) -> datetime:
        """Time of a step."""
        return self.start + timedelta(seconds=step * self.step_s)

    def step_of(self, minutes: float) -> int:
        """The first step not before some minutes after the begin."""
        return min(int(np.ceil(minutes * 60 / self.step_s - 1e-9)), self.steps)

    def times_us(self) -> NDArray[np.int64]:
        """Times of all steps, microseconds since 1970 UTC."""
        return to_us(self.start) + np.round(np.arange(self.steps) * self.step_s * 1e6).astype(np.int64)

    def hours(self) -> NDArray[np.float64]:
        """Hour of the day of every step, with its fraction."""
        begin = (self.start - self.midnight) / timedelta(hours=1)
        return np.asarray((begin + np.arange(self.steps) * self.step_s / 3600) % 24)
