"""What a time is meant as, by what is asked of it, and which times cannot be looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from agents.question import Intent
from orchestrator.gate.value import time_text
from orchestrator.observing.asked import Asked

_EVENTS = frozenset(
    {Intent.ALARMS, Intent.CYBER, Intent.PROTOCOL, Intent.CAUSES, Intent.OSCILLATIONS, Intent.FREQUENCY}
)
"""What happens at a moment is seen around it: logs hold nothing between their entries, and a trip has after-effects."""
_LAST_MINUTE, _MINUTES_A_DAY = 59, 24 * 60
_STANDING = re.compile(
    r"\b(?:standing|active|still|(?:is|are|was|were) (?:\w+ )?(?:logged|signed) (?:in|on))\b", re.IGNORECASE
)
"""What stood at a moment began before it."""
_COMING = frozenset({Intent.FORECAST, Intent.PERMITS})
_MAY_LIE_AHEAD = frozenset({*_COMING, Intent.OPEN_ITEMS, Intent.RELIABILITY})
"""What can be asked about a time to come: a forecast, and what is planned."""
_CLOCK = re.compile(r"(?<![\w:.,-])(\d{1,2}):(\d\d)(?![\w:])")
_ISO_DAY = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d(?!\d)")
_OTHER_DAY = re.compile(r"(?<![\w.])\d{1,2}([./])\d{1,2}\1\d{4}(?!\w)")
_LATER = "what comes later is not checked, but the load of the whole grid can be forecast."


def meant(asked: Asked, text: str, intents: Sequence[Intent], as_of: datetime) -> Asked:
    """The time as a question about observations means it.

    Around a moment at which something happened; of clock times over midnight without a day the night that is over.
    """
    if _COMING & set(intents):
        return asked
    asked = asked.past(as_of)
    return asked.around(as_of) if _EVENTS & set(intents) and not _STANDING.search(text) else asked


def unreadable(text: str) -> str | None:
    """Why a time in a question is none, or is in a form that is not read; None where nothing of that sort stands there.

    >>> unreadable("any alarms at 25:00?")
    '“25:00” is no time of day: hours go from 00:00 to 24:00, minutes to 59.'
    >>> unreadable("any alarms at 17:59?")
    """
    for found in _CLOCK.finditer(text):
        hour, minute = int(found[1]), int(found[2])
        if minute > _LAST_MINUTE or hour * 60 + minute > _MINUTES_A_DAY:
            return f"“{found[0]}” is no time of day: hours go from 00:00 to 24:00, minutes to 59."
    for found in _ISO_DAY.finditer(text):
        try:
            date.fromisoformat(found[0])
        except ValueError:
            return f"“{found[0]}” is no day of the calendar."
    if other := _OTHER_DAY.search(text):
        return f"“{other[0]}” is not read as a day, for it means another one elsewhere: 2026-01-31 is the form."
    return None


def out_of_reach(asked: Asked, as_of: datetime, zone: ZoneInfo, intents: Sequence[Intent] = ()) -> str | None:
    """Why a time cannot be looked at; None when it can.

    Args:
        asked: As it is meant.
        as_of: Of a simulated day its last minute, else now.
        zone: That times are shown in.
        intents: What is asked of sensors, logs and records; some of it may lie ahead.
    """
    begin = asked.begin
    if begin is None or (intents and set(intents) <= _MAY_LIE_AHEAD):
        return None
    until = time_text(as_of, zone)
    if begin > as_of:
        return f"That time begins after {until}, up to when readings and logs are looked at; {_LATER}"
    if asked.overnight and asked.end is not None and asked.end > as_of:
        return f"That time ends before it begins; read until the next day it goes beyond {until}: {_LATER}"
    return None
