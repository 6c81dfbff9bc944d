"""A fragment that repeats the change of the turn before on another element: ``and line 15 too``, ``same for gen 4``."""

from __future__ import annotations

import re
from dataclasses import replace

from orchestrator.resolve.actions import Actions
from orchestrator.resolve.changes import Changes
from orchestrator.resolve.conversation import Before
from orchestrator.resolve.lexicon import lexicon
from orchestrator.resolve.mention import Marked, Mention
from orchestrator.resolve.patterns import ELEMENTS, parse_number
from tools.element import parse_canonical
from tools.grid.schema.actions import Action, Redispatch, ShedLoad, TransferLoad

_FRAGMENT = re.compile(
    rf"^(?P<lead>(?:(?:and|or|but|also|plus|then|now|ok|okay|alright|right|yes|so|additionally|in addition|"
    rf"furthermore|moreover|on top|again|what about|how about|same (?:for|with|on)|the same (?:for|"
    rf"with|on)|with|if|for)\s+)*)"
    rf"(?:the\s+)?(?P<elements>{ELEMENTS})(?P<tail>(?:[\s,]+(?:too|as well|also|instead|then|additionally|"
    rf"in addition|on top|out|please))*)\s*\??$"
)
_OTHER_AMOUNT = re.compile(
    r"^(?:(?:and|or|but|no|then|ok|so|what about|how about|what if|with|if|try)[\s,]+)*"
    r"(?P<made>make\s+(?:it|that|@\d+(?: and @\d+)*)\s+)?(?:by\s+|only\s+|just\s+)?"
    r"(?P<number>[+-]?\d+(?:[.,]\d+)?)\s*(?P<unit>mws?|megawatts?|kw|kilowatts?|gw)?(?:\s+(?:instead|then|"
    r"more|only|rather))*"
    r"\s*[?.]*$"
)
_IN_PLACE = re.compile(r"\b(?:same|what about|how about|instead|or)\b")


def continue_changes(marked: Marked, changes: Changes, before: Before) -> Changes:
    """The changes of a question, or those of the turn before laid on the elements of a fragment."""
    if other := _other_amount(marked, before):
        used = frozenset(range(len(marked.mentions)))
        return replace(changes, outages=(), actions=Actions(items=(other,)), rest="", used=used, instead=True)
    match = _FRAGMENT.match(marked.text)
    if changes.any or not match or before.last is None or _asks_on(marked, before, match["tail"]):
        return changes
    outages = tuple(mention for mention in marked.mentions if _like_outage(mention, before))
    actions = tuple(action for mention in marked.mentions for action in _copies(mention, before))
    if not outages and not actions:
        return changes
    used = frozenset(range(len(marked.mentions)))
    return replace(changes, outages=outages, actions=Actions(items=actions), rest=marked.text, used=used)


def _other_amount(marked: Marked, before: Before) -> Action | None:
    """The last action with another amount: "make it 10 MW instead"."""
    match = _OTHER_AMOUNT.match(marked.text)
    if (
        not match
        or not (match["made"] or match["unit"] or talk_instead(marked.text))
        or before.last is None
        or not before.last.proposed
    ):
        return None
    action = before.last.proposed[-1]
    amount = parse_number(match["number"]) * lexicon().units.get(match["unit"] or "", 1.0)
    if isinstance(action, Redispatch):
        down = action.delta_p_mw < 0 and match["number"][0] not in "+-"
        return action.model_copy(update={"delta_p_mw": -amount if down else amount}) if amount else None
    if isinstance(action, ShedLoad | TransferLoad):
        return action.model_copy(update={"p_mw": abs(amount)}) if amount else None
    return None


def talk_instead(text: str) -> bool:
    """Whether a bare number takes the place of an amount."""
    return bool(re.search(r"\b(?:instead|rather|only)\b", text))


def takes_the_place(text: str) -> bool:
    """Whether the new change comes in the place of the last one, not on top of it."""
    return bool(_IN_PLACE.search(text))


def _asks_on(marked: Marked, before: Before, tail: str) -> bool:
    """Whether the fragment goes on asking about elements of the kind that was asked about."""
    focus = {ref.kind for ref in before.last.elements} if before.last else set()
    same = any(mention.items and mention.first.ref.kind in focus for mention in marked.mentions)
    return same and not re.search(r"\b(?:too|as well|also|instead|additionally|in addition|on top)\b", tail)


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
