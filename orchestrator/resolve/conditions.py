"""Conditions that a question lays down: each is read as a change, a claim or a kind of outage, or it is told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from orchestrator.resolve.changes import STATE
from orchestrator.resolve.lexicon import lexicon
from orchestrator.resolve.premises import CLAIM
from orchestrator.resolve.vocabulary import neutral
from tools.element import ElementRef
from tools.grid.inventory import Inventory

_CLAUSE = re.compile(
    r"\b(?P<word>what if|what happens (?:to .{0,30}? )?(?:if|when|at|during|on|with|in)|"
    r"what would happen (?:if|when|with|at)|"
    r"suppos(?:e|ing)(?: that)?|imagine(?: that)?|assum(?:e|ing)(?: that)?|in case|provided|"
    r"(?<!^)(?<!since )when|whenever|(?<!at )once|"
    r"(?<!me )(?<!know )(?<!check )(?<!see )(?<!as )(?<!and )(?<!sure )(?<!wonder )(?<!wondering )(?<!even )(?<!tell )"
    r"if)\b(?!\s+(?:needed|"
    r"possible|necessary|"
    r"so|any|you|not|none|that|i may|i might)\b)(?P<clause>.*?)"
    r"(?=[,;?]|\.\s|$|\b(?:what|which|how|who|why|then|do we)\b|"
    r"\b(?:does|is|are|will|would|can|could|should)\s+(?=@|(?:the|it|there|any|my|we|i|everything|this|that)\b))"
)
_ANY = re.compile(r"\b(?:any|some|something|anything|one|a|an|another|single|each|every|next|whichever|worst)\b")
_SUPERLATIVE = (
    r"(?:largest|biggest|heaviest|highest|lowest|smallest|strongest|weakest|hottest|fullest|longest|second|most\s+\w+|"
    r"least\s+\w+|best|top)"
)
_ORDINAL = r"(?:first|second|third|last|other|former|latter|upper|lower|parallel|next)"
_UNITS = (
    "mws?|megawatts?|kw|gw|mvar|mva|percent|kv|pu|ka|amps?|a|steps?|taps?|positions?|hours?|minutes?|times|"
    "lines?|buses|am|pm"
)
GOVERNS = (
    r"(?:los(?:e|es|ing)|loss of|trip(?:ping)?(?: of)?|without|outage of|failure of|"
    r"tak(?:e|ing) out|open(?:ing)?|clos(?:e|ing))"
)


def _kinds(*, plural: bool) -> str:
    known = lexicon()
    words = sorted((word for word in known.kind_of if plural or word not in known.plurals), key=len, reverse=True)
    return "|".join(map(re.escape, words))


def picked_by_value(text: str) -> bool:
    """Whether the element of a change is given by its value: "what if the most loaded line trips"."""
    chosen = rf"(?:the\s+|our\s+)?(?:\w+\s+)?{_SUPERLATIVE}\s+(?:\w+\s+)?(?:{_kinds(plural=True)})\b(?!\s*@)"
    state = rf"(?:\s+(?:is|are|was|were|gets?|goes|went|suddenly|both))*\s+{STATE}"
    ordinal = rf"\bthe\s+{_ORDINAL}\s+(?:one|two|{_kinds(plural=True)})\b(?!\s*@)"
    if re.search(rf"{ordinal}{state}", text) and not re.search(r"\bnext (?:one|line|outage)\b", text):
        return True
    return bool(re.search(rf"{chosen}{state}|\b{GOVERNS}\s+{chosen}", text)) and not re.search(
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
    losing = rf"\b{GOVERNS}\s+the\s+{kind}\b(?!\s*(?:[@#:\d]|at\b|on\b|of\b|between\b|from\b|number\b|named\b))"
    text = re.sub(lost, number, text)
    return re.sub(losing, number, text)


def bare_numbers(text: str, focus: Sequence[ElementRef]) -> str:
    """``loss of 14`` or ``with 34 closed`` with the kind that was spoken of: in the words before, else in the focus."""
    pattern = (
        rf"(?P<lead>\b(?:{GOVERNS}|with|if)\s+)?(?<![\w.,:@#-])(?P<said>number\s+)?(?P<number>\d+)\b"
        rf"(?![.,:]\d|\s*(?:{_UNITS})\b)(?P<tail>\s+(?:is\s+|are\s+|gets?\s+|also\s+|too\s+)*(?:{STATE}|closed\b|back\b))?"
    )

    def named(match: re.Match[str]) -> str:
        before = text[: match.start("said") if match["said"] else match.start("number")]
        tied = match["tail"] or re.search(rf"\b{GOVERNS}\s+$", match["lead"] or "")
        if not tied and not match["said"]:
            return match[0]
        if match["said"] and (asked := re.findall(rf"\b({_kinds(plural=True)})\b", before)):
            return f"{lexicon().kind_of[asked[-1]][0]} {match['number']}{match['tail'] or ''}"
        if re.search(rf"(?:{_kinds(plural=True)})(?:\s+\d+\s*(?:,|and|or|&|-|to|through)+)*\s*(?:number\s*)?$", before):
            return match[0]
        if re.search(r"\b(?:by|to|at|top|first|than|n|from)\s*[-+]?$", before):
            return match[0]
        spoken = re.findall(rf"\b({_kinds(plural=False)})s?\s+\d", before)
        kind = spoken[-1] if spoken else (str(focus[-1].kind) if focus else "")
        return f"{match['lead'] or ''}{kind} {match['number']}{match['tail'] or ''}" if kind else match[0]

    return re.sub(pattern, named, text)


def unread_conditions(rest: str) -> tuple[str, ...]:
    """Marked clauses of a text, without its changes, that lay down what was not understood."""
    found = []
    known = neutral()
    for match in _CLAUSE.finditer(rest):
        clause = match["clause"]
        words = [word for word in re.findall(r"[^\W\d_]+", clause) if len(word) > 1 and word not in known]
        if not (words or re.search(r"@|\d", clause)) or CLAIM.search(clause):
            continue
        if _ANY.search(clause) and re.search(rf"\b{STATE}", clause):
            continue  # any outage: the screening answers it
        found.append(clause)
    return tuple(found)
