"""A fragment that names another time, sensor or element keeps the topic of the turn before: ``and at 18:00?``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agents.question import Resolved, Turn
from orchestrator.observing.asked import Asked
from orchestrator.observing.subjects import Named
from orchestrator.planning.observed import OBSERVED
from orchestrator.resolve.conversation import conversation_before
from orchestrator.resolve.mentions import find_mentions
from orchestrator.resolve.text import normalise
from tools.grid.inventory import Inventory

_OPENING = re.compile(
    r"^\W*(?:and|but|or|also|only|just|then|now|ok(?:ay)?|so|same|what about|how about)\b", re.IGNORECASE
)
_FILLING = re.compile(
    r"\b(?:and|but|or|also|only|just|then|now|ok|okay|so|the|same|what|how|about|for|with|on|in|at|of|from|during|"
    r"sensors?|instead|too|as|well|again|please|alone)\b|@\d+",
    re.IGNORECASE,
)


def last_of(grid: str, turns: Sequence[Turn]) -> Resolved | None:
    """The last turn on a grid that was understood, time and all; None when there is none."""
    return conversation_before(grid, turns).last


def is_observed(last: Resolved | None) -> bool:
    """Whether a turn was about what was measured, logged or recorded alone."""
    return last is not None and bool(last.intents) and set(last.intents) <= OBSERVED


def goes_on(text: str, asked: Asked, about: Named, inventory: Inventory) -> bool:
    """Whether a text names a time, sensors or elements and says nothing else.

    A name alone is a question of its own; with ``and`` or ``only`` before it, it goes on.
    """
    named = bool(about.sensors or about.assets or about.elements)
    if not (asked.named or (named and _OPENING.match(text))):
        return False
    rest = asked.without(text)
    names = [*(item.name for item in about.sensors), *(item.name for item in about.assets)]
    for name in sorted(names, key=len, reverse=True):
        rest = re.sub(re.escape(name), " ", rest, flags=re.IGNORECASE)
    return not re.search(r"\w", _FILLING.sub(" ", find_mentions(normalise(rest), inventory).text))


def only_a_time(text: str, asked: Asked) -> bool:
    """Whether a text names a time and says nothing else: ``and at 18:00?``."""
    return asked.named and not re.search(r"\w", _FILLING.sub(" ", asked.without(text)))


def time_of(last: Resolved) -> Asked:
    """The time of a turn, for one that names none."""
    return Asked(last.at, last.start, last.end, over=last.start is not None)
