"""A fragment that repeats the change of the turn before on another element: ``and line 15 too``, ``same for gen 4``."""

from __future__ import annotations

import re
from dataclasses import replace

from orchestrator.resolve.actions import Actions
from orchestrator.resolve.changes import Changes
from orchestrator.resolve.conversation import Before
from orchestrator.resolve.mention import Marked, Mention
from orchestrator.resolve.patterns import ELEMENTS
from tools.element import parse_canonical
from tools.grid.schema.actions import Action

_FRAGMENT = re.compile(
    rf"^(?P<lead>(?:(?:and|or|but|also|plus|then|now|what about|how about|same (?:for|with|on)|the same (?:for|"
    rf"with|on)|with|if|for)\s+)*)"
    rf"(?:the\s+)?(?P<elements>{ELEMENTS})(?P<tail>(?:\s+(?:too|as well|also|instead|then))*)\s*\??$"
)
_IN_PLACE = re.compile(r"\b(?:same|what about|how about|instead|or)\b")


def continue_changes(marked: Marked, changes: Changes, before: Before) -> Changes:
    """The changes of a question, or those of the turn before laid on the elements of a fragment."""
    match = _FRAGMENT.match(marked.text)
    if changes.any or not match or before.last is None or _asks_on(marked, before, match["tail"]):
        return changes
    outages = tuple(mention for mention in marked.mentions if _like_outage(mention, before))
    actions = tuple(action for mention in marked.mentions for action in _copies(mention, before))
    if not outages and not actions:
        return changes
    used = frozenset(range(len(marked.mentions)))
    return replace(changes, outages=outages, actions=Actions(items=actions), rest=marked.text, used=used)


def takes_the_place(text: str) -> bool:
    """Whether the new change comes in the place of the last one, not on top of it."""
    return bool(_IN_PLACE.search(text))


def _asks_on(marked: Marked, before: Before, tail: str) -> bool:
    """Whether the fragment goes on asking about elements of the kind that was asked about."""
    focus = {ref.kind for ref in before.last.elements} if before.last else set()
    same = any(mention.items and mention.first.ref.kind in focus for mention in marked.mentions)
    return same and not re.search(r"\b(?:too|as well|also|instead)\b", tail)


def _like_outage(mention: Mention, before: Before) -> bool:
    kinds = {ref.kind for ref in before.added.outages}
    return bool(mention.items) and mention.first.ref.kind in kinds


def _copies(mention: Mention, before: Before) -> list[Action]:
    asked = before.last.proposed if before.last else ()
    return [
        action.model_copy(update={"element": str(mention.first.ref)})
        for action in asked[-1:]
        if mention.items and (parsed := parse_canonical(action.element)) and parsed[0] is mention.first.ref.kind
    ]
