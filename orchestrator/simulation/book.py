"""A log while it is being written: entries get their number when all are there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tools.telemetry.schema.log import LogEntry, LogKind

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass
class Book:
    """Lines in any order; ``entries`` numbers them by time.

    Attributes:
        until: Last moment that has happened yet.
        name: What the numbers of its entries begin with.
    """

    until: datetime
    name: str
    _lines: list[tuple[datetime, LogKind, dict[str, Any]]] = field(default_factory=list)

    def add(self, kind: LogKind, at: datetime, **columns: Any) -> None:  # noqa: ANN401 - columns of an entry
        """Write one line; what lies after ``until`` has not happened yet and is dropped."""
        if at <= self.until:
            self._lines.append((at, kind, columns))

    def take(self, other: Iterable[tuple[datetime, LogKind, dict[str, Any]]]) -> None:
        """Write lines that were kept elsewhere."""
        for at, kind, columns in other:
            self.add(kind, at, **columns)

    def entries(self) -> tuple[LogEntry, ...]:
        """All entries in order of time."""
        lines = sorted(self._lines, key=lambda line: line[0])
        return tuple(
            LogEntry(id=f"{self.name}-{kind}-{number:05d}", kind=kind, at=at, **columns)
            for number, (at, kind, columns) in enumerate(lines)
        )
