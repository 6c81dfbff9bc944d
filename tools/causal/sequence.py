"""The sequence of events: what happened in which order, kept apart from what caused it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tools.causal.schema.causes import Event, EventSource
from tools.security.quoting import quoted_line
from tools.telemetry.schema.log import LogKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.causal.candidate import Candidate
    from tools.telemetry.schema.log import LogEntry

_NEAR = timedelta(minutes=10)
_SOURCES = {
    LogKind.SWITCHING: EventSource.SWITCHING_LOG,
    LogKind.COMMAND: EventSource.COMMAND_LOG,
    LogKind.ALARM: EventSource.ALARM_LOG,
}
_LONGEST = 200


def sequence_of(candidates: Sequence[Candidate], log: Iterable[LogEntry]) -> list[Event]:
    """Begins of everything that was found, and what the logs say near them, in order of time."""
    events = [
        Event(
            at=one.start,
            source=EventSource.ACCESS_LOG if one.logged and one.certain else EventSource.READINGS,
            element=one.element,
            subject=one.subject,
            what=one.note[:_LONGEST],
        )
        for one in candidates
    ]
    for entry in log:
        if entry.kind in _SOURCES and any(_near(entry, one) for one in candidates):
            text = quoted_line(entry.text) or entry.action
            events.append(Event(at=entry.at, source=_SOURCES[entry.kind], element=entry.element, what=text[:_LONGEST]))
    return sorted(events, key=lambda event: (event.at, event.source, event.what))


def _near(entry: LogEntry, candidate: Candidate) -> bool:
    """Whether an entry was written near a begin or an end; what lies between is another matter."""
    marks = [candidate.start, *([] if candidate.end is None else [candidate.end])]
    return any(abs(entry.at - mark) <= _NEAR for mark in marks)
