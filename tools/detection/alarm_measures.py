"""Chattering, stale alarms, priorities and the classes of EEMUA 191.

Chattering is three or more alarms of one kind within a minute, stale a day without a return; both are the usual marks
of ANSI/ISA-18.2-2016 and IEC 62682, which leave the figures to the alarm philosophy. The classes are those of EEMUA
191 for the long-term mean and for the ten minutes after an upset.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from tools.detection.alarm_sources import RAISED, AlarmKey, key_of, message_of, shown_source
from tools.detection.schema.alarms import AlarmLoad, ChatteringAlarm, PriorityShare, StaleAlarm, UpsetLoad
from tools.telemetry.schema.log import LogEntry

CHATTERS, WITHIN = 3, timedelta(minutes=1)
STALE = timedelta(hours=24)
_LEAST_FOR_A_RATE = timedelta(hours=1)
_PRIORITY = re.compile(r"\bprio(?:rity)?\s*[:=#]?\s*([0-9]|[a-z]+)\b|\bP([1-5])\b", re.IGNORECASE)
_NAMED = frozenset({"emergency", "critical", "urgent", "high", "medium", "low", "diagnostic", "journal"})


def find_chattering(raised: Sequence[LogEntry]) -> list[ChatteringAlarm]:
    """Alarms that were raised three times or more within some minute; the worst first."""
    rows = []
    for lines in _by_key(raised).values():
        most, minutes = _densest(lines)
        if most >= CHATTERS:
            rows.append(
                ChatteringAlarm(
                    **shown_source(lines[-1]),
                    message=message_of(lines[-1]),
                    alarms=sum(item.count for item in lines),
                    most_in_a_minute=most,
                    minutes=minutes,
                    first=lines[0].at,
                    last=lines[-1].at,
                )
            )
    return sorted(rows, key=lambda row: (-row.most_in_a_minute, -row.alarms, row.first, row.message))


def find_stale(entries: Sequence[LogEntry], end: datetime) -> list[StaleAlarm]:
    """Alarms whose newest line is a raise, first raised more than a day before the end; the longest first."""
    standing: dict[AlarmKey, LogEntry] = {}
    for item in entries:
        key = key_of(item)
        if item.action == RAISED:
            standing.setdefault(key, item)
        elif key in standing:
            del standing[key]
        else:
            # A return in other words than the raise: all of its source have returned, rather than none.
            standing = {other: first for other, first in standing.items() if other.source != key.source}
    rows = [
        StaleAlarm(
            **shown_source(first),
            message=message_of(first),
            since=first.at,
            standing_h=(end - first.at) / timedelta(hours=1),
        )
        for first in standing.values()
        if end - first.at > STALE
    ]
    return sorted(rows, key=lambda row: (row.since, row.message))


def share_priorities(raised: Sequence[LogEntry]) -> tuple[tuple[PriorityShare, ...], int]:
    """Shares of the priorities that lines state, the most frequent first; and how many alarms state none."""
    counts: Counter[str] = Counter()
    without = 0
    for item in raised:
        priority = _priority(item.text)
        if priority is None:
            without += item.count
        else:
            counts[priority] += item.count
    total = counts.total()
    shares = tuple(
        PriorityShare(priority=name, alarms=count, share_percent=100.0 * count / total)
        for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    return shares, without


def rate_class(rate_10min: float, span: timedelta) -> AlarmLoad | None:
    """The class of a mean rate; None for a time too short to have one."""
    if span < _LEAST_FOR_A_RATE:
        return None
    if rate_10min < 1:
        return AlarmLoad.ACCEPTABLE
    if rate_10min <= 2:  # noqa: PLR2004 - one in five minutes
        return AlarmLoad.MANAGEABLE
    return AlarmLoad.OVER_DEMANDING if rate_10min <= 10 else AlarmLoad.UNACCEPTABLE  # noqa: PLR2004 - one a minute


def peak_class(busiest: int) -> UpsetLoad:
    """The class of the alarms in ten minutes."""
    for bound, found in ((10, UpsetLoad.MANAGEABLE), (20, UpsetLoad.BETWEEN), (101, UpsetLoad.HARD)):
        if busiest < bound:
            return found
    return UpsetLoad.EXCESSIVE


def _by_key(entries: Sequence[LogEntry]) -> dict[AlarmKey, list[LogEntry]]:
    found: dict[AlarmKey, list[LogEntry]] = defaultdict(list)
    for item in entries:
        found[key_of(item)].append(item)
    return found


def _densest(lines: Sequence[LogEntry]) -> tuple[int, int]:
    """Most alarms within a minute, and how many minutes of the clock have such a minute begin in them."""
    most, first, held = 0, 0, 0
    chattering: set[datetime] = set()
    for item in lines:
        held += item.count
        while item.at - lines[first].at >= WITHIN:
            held -= lines[first].count
            first += 1
        most = max(most, held)
        if held >= CHATTERS:
            chattering.add(item.at.replace(second=0, microsecond=0))
    return most, len(chattering)


def _priority(text: str) -> str | None:
    match = _PRIORITY.search(text)
    if match is None:
        return None
    word = (match[1] or match[2]).lower()
    return word if word.isdigit() or word in _NAMED else None
