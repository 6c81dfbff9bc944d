"""What a time is meant as, by what is asked of it, and which times cannot be looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from agents.question import Intent
from orchestrator.gate.value import time_text
from orchestrator.observing.asked import Asked

_EVENTS = frozenset(
    {Intent.ALARMS, Intent.CYBER, Intent.PROTOCOL, Intent.CAUSES, Intent.OSCILLATIONS, Intent.FREQUENCY}
)
"""What happens at a moment is seen around it: logs hold nothing between their entries, and a trip has after-effects."""
_STANDING = re.compile(
    r"\b(?:standing|active|still|(?:is|are|was|were) (?:\w+ )?(?:logged|signed) (?:in|on))\b", re.IGNORECASE
)
"""What stood at a moment began before it."""
_COMING = frozenset({Intent.FORECAST, Intent.PERMITS})
_MAY_LIE_AHEAD = frozenset({*_COMING, Intent.OPEN_ITEMS, Intent.RELIABILITY})
"""What can be asked about a time to come: a forecast, and what is planned."""
_LATER = "what comes later is not checked, but the load of the whole grid can be forecast."


def meant(asked: Asked, text: str, intents: Sequence[Intent], as_of: datetime) -> Asked:
    """The time as a question about observations means it.

    Around a moment at which something happened; of clock times over midnight without a day the night that is over.
    """
    if _COMING & set(intents):
        return asked
    asked = asked.past(as_of)
    return asked.around(as_of) if _EVENTS & set(intents) and not _STANDING.search(text) else asked


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
