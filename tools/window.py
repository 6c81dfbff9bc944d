"""The time that a tool looks back over."""

from datetime import datetime, timedelta
from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from tools.arguments import Arguments
from tools.context import Clock

SHIFT_H = 24.0
"""Length of the time that is looked at when nobody names one."""


class WindowArguments(Arguments):
    """A time span; without a start it is the day before its end, without an end it ends at the run's ``as_of``."""

    start: AwareDatetime | None = Field(default=None, description="Begin; a day before the end when absent")
    end: AwareDatetime | None = Field(default=None, description="End; the run's as_of when absent")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.end and self.start >= self.end:
            raise ValueError(f"start {self.start.isoformat()} is not before end {self.end.isoformat()}")
        return self

    def span(self, clock: Clock) -> tuple[datetime, datetime]:
        """Begin and end, filled in from the run's clock."""
        end = self.end or clock.as_of
        return self.start or end - timedelta(hours=SHIFT_H), end
