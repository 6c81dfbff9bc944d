"""The time that a report looks back over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import JsonValue

from agents.question import Intent

SHIFT = timedelta(hours=24)
"""What a shift report looks back over: no hour between two reports of a day is left out."""
LOOKS_BACK = {
    **dict.fromkeys(
        (
            Intent.TRUST,
            Intent.BAD_DATA,
            Intent.CAUSES,
            Intent.CYBER,
            Intent.PROTOCOL,
            Intent.ALARMS,
            Intent.OSCILLATIONS,
            Intent.FREQUENCY,
            Intent.TRANSFORMERS,
            Intent.RELIABILITY,
        ),
        SHIFT,
    ),
    Intent.POWER_QUALITY: timedelta(days=7),
}
"""How far back a question looks that names no time; a week is what EN 50160 counts over."""
MARGIN = timedelta(hours=1)
"""Looked at before and after an incident."""


@dataclass(frozen=True)
class Span:
    """From when to when, timezone-aware."""

    start: datetime
    end: datetime

    @property
    def arguments(self) -> dict[str, JsonValue]:
        """As the tools of telemetry and logs take it."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}

    @property
    def sweep(self) -> dict[str, JsonValue]:
        """As the grid tools take it: the state at the end, and what held since the start."""
        return {"at": self.end.isoformat(), "since": self.start.isoformat()}

    @classmethod
    def of_shift(cls, as_of: datetime) -> Span:
        """The day before a report."""
        return cls(as_of - SHIFT, as_of)

    @classmethod
    def around(cls, start: datetime, end: datetime | None, as_of: datetime) -> Span:
        """An incident with a margin; one that lasts reaches to the run's ``as_of``."""
        return cls(start - MARGIN, min((end or as_of) + MARGIN, as_of))
