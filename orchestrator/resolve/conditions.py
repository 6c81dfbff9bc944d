"""Conditions that a question lays down: each is read as a change, a claim or a kind of outage, or it is told."""

from __future__ import annotations

import re

from orchestrator.resolve.changes import STATE
from orchestrator.resolve.lexicon import lexicon
from orchestrator.resolve.mention import Marked
from orchestrator.resolve.premises import CLAIM
from orchestrator.resolve.verbs import VERBS
from orchestrator.resolve.vocabulary import neutral
from tools.grid.inventory import Inventory

_CLAUSE = re.compile(
    r"\b(?P<word>what if|what happens (?:to .{0,30}? )?(?:if|when|at|during|on|with|in)|what would happen (?:if|when|with|at)|"
    r"suppos(?:e|ing)(?: that)?|imagine(?: that)?|assum(?:e|ing)(?: that)?|in case|provided|when|whenever|once|"
    r"(?<!me )(?<!know )(?<!check )(?<!see )(?<!as )(?<!and )(?<!sure )(?<!wonder )(?<!wondering )(?<!even )(?<!tell )if)\b(?!\s+(?:needed|possible|necessary|"
    r"so|any|you|not|none|that|i may|i might)\b)(?P<clause>.*?)"
    r"(?=[,;?]|$|\b(?:what|which|how|who|why|then|do we|does|is|are|will|would|can|could|should)\b(?!\s+(?:to|be|being|at|on|off|out|by|in)\b))"
)
_ANY = re.compile(r"\b(?:any|some|something|anything|one|a|an|another|single|each|every|next|whichever|worst)\b")
_SUPERLATIVE = (
    r"(?:largest|biggest|heaviest|highest|lowest|smallest|strongest|weakest|hottest|fullest|longest|second|most\s+\w+|"
    r"least\s+\w+|best|top)"
)
_GOVERNS = r"(?:los(?:e|es|ing)|loss of|trip(?:ping)?(?: of)?|without|outage of|failure of|tak(?:e|ing) out|open(?:ing)?|clos(?:e|ing))"


def _kinds(*, plural: bool) -> str:
    known = lexicon()
    words = sorted((word for word in known.kind_of if plural or word not in known.plurals), key=len, reverse=True)
    return "|".join(map(re.escape, words))


def picked_by_value(text: str) -> bool:
    """Whether the element of a change is given by its value: "what if the most loaded line trips"."""
    chosen = rf"(?:the\s+|our\s+)?(?:\w+\s+)?{_SUPERLATIVE}\s+(?:\w+\s+)?(?:{_kinds(plural=True)})\b(?!\s*@)"
    state = rf"(?:\s+(?:is|are|was|were|gets?|goes|went|suddenly|both))*\s+{STATE}"
    return bool(re.search(rf"{chosen}{state}|\b{_GOVERNS}\s+{chosen}", text)) and not re.search(
        r"^(?:which|what|list|rank)\b(?!\s+(?:if|happens|would))", text
    )


def name_the_only(text: str, inventory: Inventory) -> str:
    """``the slack trips`` with its number where the grid has one element of that kind alone."""

    def number(match: re.Match[str]) -> str:
        kinds = lexicon().kind_of[match["kind"]]
        items = [item for kind in kinds for item in inventory.by_kind.get(kind, ())]
        return match[0].replace(match["kind"], f"{items[0].ref}", 1) if len(items) == 1 else match[0]

    kind = rf"(?P<kind>{_kinds(plural=False)})"
    lost = rf"\bthe\s+{kind}(?=(?:\s+(?:is|was|were|gets?|goes|went|suddenly|also))*\s+{STATE})"
    losing = rf"\b{_GOVERNS}\s+the\s+{kind}\b(?!\s*(?:[@#:\d]|at\b|on\b|of\b|between\b|from\b|number\b|named\b))"
    text = re.sub(lost, number, text)
    return re.sub(losing, number, text)


def unread_conditions(rest: str) -> tuple[str, ...]:
    """Marked clauses of a text, without its changes, that lay down what was not understood."""
    found = []
    for match in _CLAUSE.finditer(rest):
        clause = match["clause"]
        words = [word for word in re.findall(r"[^\W\d_]+", clause) if len(word) > 1 and word not in neutral()]
        if not (words or re.search(r"@|\d", clause)) or CLAIM.search(clause):
            continue
        if _ANY.search(clause) and re.search(rf"\b{STATE}", clause):
            continue  # any outage: the screening answers it
        found.append(clause)
    return tuple(found)


def change_left(rest: str) -> bool:
    """Whether a verb of change stands beside an element in what remains of a text."""
    verbs = "|".join(VERBS.values())
    return bool(re.search(rf"\b(?:{verbs})\s+(?:the\s+)?@\d|@\d+\s+(?:{verbs})\b", rest))


__all__ = ["Marked", "change_left", "name_the_only", "picked_by_value", "unread_conditions"]
