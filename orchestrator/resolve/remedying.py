"""Which remedies a question asks for: before or after an outage, and what may not be used."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agents.question import RemedyWish
from orchestrator.resolve.changes import Changes, outages_named
from orchestrator.resolve.mention import Marked, Mention
from orchestrator.resolve.patterns import ELEMENTS, marks
from tools.element import ElementRef
from tools.grid.inventory import CIRCUIT_KINDS
from tools.grid.schema.remedies import ActionType

_KINDS: tuple[tuple[ActionType, str], ...] = (
    (
        "shed_load",
        r"(?:load[- ]?)?shed\w*(?: of)?(?: (?:any|the|more))?(?: (?:loads?|customers?))?|load cuts?|"
        r"(?:cut\w*|drop\w*|los\w+|interrupt\w*|disconnect\w*)(?: (?:any|the|off))* (?:loads?|customers?)",
    ),
    (
        "redispatch",
        r"re-?dispatch\w*|(?:moving|touching|using|changing)(?: the)? (?:units|generators?|generation|gens)",
    ),
    (
        "switch_branch",
        r"(?:line )?switching(?: (?:any|the))?(?: (?:lines?|branches))?|topolog\w+(?: changes?)?|"
        r"opening (?:any )?lines?",
    ),
    ("set_tap", r"(?:tap[- ]?)?(?:changers?|taps?)(?: (?:changes|changing|moves|changers?))?"),
    ("switch_shunt", r"shunts?(?: switching)?|capacitors?|reactors?|compensation"),
    ("transfer_load", r"load transfers?|(?:transfer\w*|moving)(?: (?:any|the))? loads?"),
)
_ANY_KIND = "|".join(source for _, source in _KINDS)
_AND = r"(?:\s*,\s*|\s+(?:or|and|nor)\s+)(?:any\s+|the\s+)?"
_WITHOUT = re.compile(
    r"\b(?:without|no|not|avoid\w*|excluding|other than|apart from|instead of|rather than)\s+"
    rf"(?:(?:any|the|having to|more|further|using|need for)\s+)*(?P<kinds>(?:{_ANY_KIND})(?:{_AND}(?:{_ANY_KIND}))*)\b"
)
_ONLY = re.compile(
    rf"\b(?:only|just|solely|purely|by|using|with|through|via)\s+(?P<kinds>(?:{_ANY_KIND})(?:{_AND}(?:{_ANY_KIND}))*)"
    rf"(?:\s+(?:only|alone))?\b(?!\s*(?:of\s+)?(?:the\s+)?@)|\b(?P<alone>{_ANY_KIND})\s+(?:only|alone)\b"
)
_UNTOUCHED = re.compile(
    r"\b(?:without|not|avoid\w*)\s+(?:touching|moving|using|switching|changing|opening|redispatching|shedding)\s+"
    rf"(?:the\s+)?{ELEMENTS}|\b(?:leav\w+|keep\w*)\s+(?:the\s+)?{ELEMENTS}\s+(?:alone|untouched|as it is)"
)
_BEFOREHAND = re.compile(
    r"\bprevent(?:ive(?:ly)?|ative|ively)\b|\bpre[- ]?(?:contingency|fault|outage)\b|\bbeforehand\b|\bin advance\b|"
    r"\b(?:before|ahead of)\b.{0,30}(?:\b(?:loss|outage|trip|failure|losing)\b|@\d+\s+(?:trips|fails|goes|is lost))|"
    r"\b(?:prepare|ready|safe|secure)\s+(?:us\s+)?(?:for|against)\b|\bsurviv\w+\b|\bwithstand\w*\b"
)
_AFTERWARDS = re.compile(
    r"\bcorrective(?:ly)?\b|\bcurative\b|\bpost[- ]?(?:contingency|fault|outage)\b|"
    r"\b(?:if|when|once|should|after|following|upon|in case)\b"
)
_CORRECTIVE = re.compile(r"\bcorrective(?:ly)?\b|\bcurative\b|\bpost[- ]?(?:contingency|fault|outage)\b")


def remedy_wish(marked: Marked, changes: Changes) -> RemedyWish:
    """What a question for advice says beside what is wrong.

    An outage that is supposed is acted after, one that shall be borne is acted before; one that has happened, and
    several at once, are part of the state.

    Args:
        marked: The whole question.
        changes: What it lays over the grid.
    """
    named = _circuits(outages_named(marked))
    without, barred = _without(marked.text), _barred(marked)
    if _BEFOREHAND.search(marked.text):
        return RemedyWish(contingencies=named, without=without, barred=barred)
    supposed = _circuits(changes.outages) if _AFTERWARDS.search(marked.text) else ()
    alone = len(supposed) == 1 and len(changes.outages) == 1
    if alone or (_CORRECTIVE.search(marked.text) and not changes.outages):
        return RemedyWish(mode="corrective", contingencies=supposed, without=without, barred=barred)
    return RemedyWish(without=without, barred=barred)


def without_means(text: str) -> str:
    """A marked text without what it says of the means, which the wish has taken up.

    >>> without_means("remedies for @0 without shedding load").strip()
    'remedies for @0'
    """
    for pattern in (_UNTOUCHED, _WITHOUT, _ONLY):
        text = pattern.sub(" ", text)
    return text


def _without(text: str) -> tuple[ActionType, ...]:
    """Kinds of action that a text rules out: by name, or by naming all that may be used."""
    text = _UNTOUCHED.sub(" ", text)
    barred = {kind for match in _WITHOUT.finditer(text) for kind in _kinds(match["kinds"])}
    only = {
        kind for match in _ONLY.finditer(_WITHOUT.sub(" ", text)) for kind in _kinds(match["kinds"] or match["alone"])
    }
    return tuple(kind for kind, _ in _KINDS if kind in barred or (only and kind not in only))


def _kinds(text: str) -> set[ActionType]:
    return {kind for kind, source in _KINDS if re.search(rf"\b(?:{source})\b", text)}


def _barred(marked: Marked) -> tuple[ElementRef, ...]:
    numbers = [number for match in _UNTOUCHED.finditer(marked.text) for number in marks(match[0])]
    return tuple(dict.fromkeys(marked.mentions[number].first.ref for number in numbers))


def _circuits(mentions: Sequence[Mention]) -> tuple[ElementRef, ...]:
    """Lines and transformers of some mentions, by their preferred readings."""
    return tuple(dict.fromkeys(one.first.ref for one in mentions if one.items and one.first.ref.kind in CIRCUIT_KINDS))
