"""A log while it is being written: entries get their number when all are there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from orchestrator.demoday.clock import DAY, LAST
from tools.telemetry.schema.log import LogEntry, LogKind

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass
class Book:
    """Lines in any order; ``entries`` numbers them by time."""

    _lines: list[tuple[datetime, LogKind, dict[str, Any]]] = field(default_factory=list)

    def add(self, kind: LogKind, at: datetime, **columns: Any) -> None:  # noqa: ANN401 - columns of an entry
        """Write one line; what lies after the day has not happened yet and is dropped."""
        if at <= LAST + timedelta(seconds=59):
            self._lines.append((at, kind, columns))

    def take(self, other: Iterable[tuple[datetime, LogKind, dict[str, Any]]]) -> None:
        """Write lines that were kept elsewhere."""
        for at, kind, columns in other:
            self.add(kind, at, **columns)

    def entries(self) -> tuple[LogEntry, ...]:
        """All entries in order of time."""
        lines = sorted(self._lines, key=lambda line: line[0])
        return tuple(
            LogEntry(id=f"demo-{kind}-{number:05d}", kind=kind, at=at, **columns)
            for number, (at, kind, columns) in enumerate(lines)
        )


def moment(day: int, hour: float) -> datetime:
    """A time of a day counted from the demo day, to the second."""
    return DAY + timedelta(days=day, seconds=round(hour * 3600))
