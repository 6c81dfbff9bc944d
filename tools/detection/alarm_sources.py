"""Who raised an alarm, and which alarm it is: one source may raise several kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.security.quoting import shortened, visible
from tools.subject import SubjectKind, SubjectRef

if TYPE_CHECKING:
    from tools.element import ElementRef
    from tools.telemetry.schema.log import LogEntry

RAISED, RETURNED = "raise", "return"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_MESSAGE = 200


@dataclass(frozen=True)
class AlarmKey:
    """One alarm: its source, and its text without the numbers in it."""

    source: str
    text: str


def source_of(entry: LogEntry) -> str:
    """The element where one is known, else the host."""
    return str(entry.element) if entry.element else f"host:{entry.host or 'unknown'}"


def key_of(entry: LogEntry) -> AlarmKey:
    """Which alarm a line is about; a measured value in its text makes no other alarm of it."""
    return AlarmKey(source_of(entry), _NUMBER.sub("#", entry.text))


def shown_source(entry: LogEntry) -> dict[str, ElementRef | SubjectRef | None]:
    """The fields ``element`` and ``subject`` of a row."""
    if entry.element is not None:
        return {"element": entry.element, "subject": None}
    return {"element": None, "subject": SubjectRef(kind=SubjectKind.HOST, name=(entry.host or "unknown")[:200])}


def message_of(entry: LogEntry) -> str:
    """The line as data: nothing invisible in it, and what is cut is counted."""
    return shortened(visible(entry.text), _MESSAGE)
