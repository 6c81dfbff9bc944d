"""The sequence of events: what happened in which order, kept apart from what caused it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tools.causal.schema.causes import Event, EventSource
from tools.security.guessing import subject
from tools.security.quoting import quoted_line, quoted_name
from tools.subject import SubjectKind
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


@dataclass(frozen=True)
class _Told:
    """An event with who is behind it: a repeat is the same one's, however its line is worded."""

    event: Event
    who: tuple[str | None, ...] = ()

    def repeats(self, other: _Told) -> bool:
        """Whether a log tells the same again."""
        one, two = self.event, other.event
        same = (one.source, one.element, one.action, one.success) == (two.source, two.element, two.action, two.success)
        return one.action is not None and same and self.who == other.who


def sequence_of(candidates: Sequence[Candidate], log: Iterable[LogEntry]) -> list[Event]:
    """Begins of everything that was found, and what the logs say near them, in order of time.

    What a log repeats with nothing between it stands once, with how often it was told.
    """
    told = [
        _Told(
            Event(
                at=one.start,
                source=EventSource.ACCESS_LOG if one.logged and one.certain else EventSource.READINGS,
                element=one.element,
                subject=one.subject,
                what=one.note[:_LONGEST],
            )
        )
        for one in candidates
    ]
    told += [_logged(entry) for entry in log if entry.kind in _SOURCES and any(_near(entry, one) for one in candidates)]
    return _folded(sorted(told, key=lambda one: (one.event.at, one.event.source, one.event.what)))


def _logged(entry: LogEntry) -> _Told:
    action = quoted_name(entry.action)
    event = Event(
        at=entry.at,
        source=_SOURCES[entry.kind],
        element=entry.element,
        subject=subject(SubjectKind.HOST, entry.host) if entry.element is None and entry.host else None,
        what=(quoted_line(entry.text) or action)[:_LONGEST],
        action=action,
        success=entry.success,
        entries=entry.count,
    )
    return _Told(event, (entry.host, entry.origin, entry.account))


def _folded(told: Sequence[_Told]) -> list[Event]:
    """Each run of equal entries as its first one."""
    runs: list[list[_Told]] = []
    for one in told:
        if runs and one.repeats(runs[-1][-1]):
            runs[-1].append(one)
        else:
            runs.append([one])
    return [_as_one([item.event for item in run]) for run in runs]


def _as_one(run: Sequence[Event]) -> Event:
    if len(run) == 1:
        return run[0]
    return run[0].model_copy(update={"entries": sum(one.entries for one in run), "last_at": run[-1].at})


def _near(entry: LogEntry, candidate: Candidate) -> bool:
    """Whether an entry was written near a begin or an end; what lies between is another matter."""
    marks = [candidate.start, *([] if candidate.end is None else [candidate.end])]
    return any(abs(entry.at - mark) <= _NEAR for mark in marks)
