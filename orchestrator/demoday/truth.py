"""What was put into the day on purpose; only tests read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Truth:
    """One trouble.

    Attributes:
        kind: As a finding of it is called.
        element: What it is about: ``trafo:3``, ``sensor:NAME``, ``host:NAME``, ``account:NAME``.
        start, end: First and last moment, UTC.
        section: Section of the shift report that must name it.
    """

    kind: str
    element: str
    start: datetime
    end: datetime
    section: str

    def as_json(self) -> dict[str, str]:
        """Plain texts, times in ISO 8601."""
        return {
            "kind": self.kind,
            "element": self.element,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "section": self.section,
        }
