"""Which outages a question about security means, where it is not each line and transformer alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.question import ScreeningWish
from orchestrator.resolve.changes import Changes
from orchestrator.resolve.mention import Marked
from orchestrator.resolve.patterns import ELEMENTS, marks
from tools.element import ElementKind, ElementRef
from tools.grid.inventory import CIRCUIT_KINDS, UNIT_KINDS
from tools.grid.schema.actions import Action

_SUCCESSIVE = " any successive outages "
"""What outages one after the other are called, once ``n-1-1`` and "a second line trips" are out."""
_TWICE = re.compile(r"\bn-1[\s-]+(?:minus |and then )?(?:1|one)\b")
_BRANCH = r"(?:line|branch|element|transformer|circuit|outage|trip|fault|failure|contingency|one|thing)"
_GOES = (
    r"(?:trips?|fails?|faults?|goes(?: out| down)?|is (?:lost|out)|drops?(?: out)?|happens|comes?|outage|failure|loss)"
)
_ACTED = (
    r"(?:re-?dispatch\w*|adjust\w*|the first(?: (?:one|outage|trip|fault|loss))?|"
    r"we (?:have )?(?:acted|adjusted|redispatched)|(?:corrective|remedial) actions?|remed(?:y|ies))"
)
_NEXT = rf"(?:a|an|the|any)?\s*(?:second|another|next|further|subsequent)\s+{_BRANCH}s?(?:\s+{_GOES})?"
_AFTER_ACTING = re.compile(rf"\b{_NEXT}\b(?=.{{0,25}}\bafter\b.{{0,30}}\b{_ACTED}\b)")
_ACTING_BEFORE = re.compile(rf"(?<=\bafter )(?P<acted>.{{0,30}}\b{_ACTED}\b.{{0,40}}?)\b{_NEXT}\b")
_AFTER_ONE = re.compile(
    rf"\b{_NEXT}\b(?=\s+(?:after|following|on top of)\s+"
    r"(?:(?:losing|the (?:loss|outage|trip) of|loss of|we lost|we lose)\s+)?(?:the\s+)?@\d+)"
)
_OUTAGES = r"(?:outages?|contingenc\w+|trips?|failures?|losses)"
_IN_A_ROW = re.compile(
    rf"\b(?:any )?(?:consecutive|successive|sequential|subsequent) (?:single |line |branch )?{_OUTAGES}\b(?:\s+of\b)?|"
    rf"\b(?:two|pairs? of) {_OUTAGES} (?:in sequence|in succession|in a row|one after (?:the )?other)\b"
)
_UNIT = r"(?:generators?|gens?|units?|machines?|power (?:plants?|stations?)|plants?|infeeds?)"
_OF_UNITS = re.compile(
    rf"\b{_UNIT} (?:outages?|trips?|tripping|failures?|losses|loss|contingenc\w+)\b|"
    r"\b(?:outages?|loss|losses|trip(?:s|ping)?|failures?|los(?:e|ing)|lost|contingenc\w+)\b(?: of)?"
    r"(?: (?:a|an|any|one|the|each|every|all|which|single|our|some|lines?|branches|transformers?|trafos?|and|or))*"
    rf" {_UNIT}\b(?! X)|"
    rf"\b(?:which|what|any|every|each|worst|a|one|another|single|no|all|the)(?: (?:single|one))? {_UNIT}\b(?! X)"
    rf"(?:\s+\w+){{0,6}}\s+(?:trips?|tripp\w+|outages?|out|lost|los(?:e|es|ing|s)|fail\w*|contingenc\w+|goes?|drops?)\b|"
    rf"\bn-1 (?:of|for|over|on) (?:the |all )*{_UNIT}\b"
)
_OF_BRANCHES = re.compile(r"\b(?:lines?|branch(?:es)?|transformers?|trafos?|circuits?)\b(?! X)")
_PLACE = r"(?:tower|mast|trench|corridor|right of way|pylon)s?"
_TOGETHER = (
    r"(?:common[- ]mode(?: (?:outage|group|fault|failure|event))?|double[- ]circuit|"
    rf"(?:the |a |one )?(?:same|shared|common|one) {_PLACE}|shar(?:e|es|ing) (?:the |a |one )?(?:same )?{_PLACE}|"
    r"(?:one|a|a single) (?:group|outage|event))"
)
_GROUPED = re.compile(
    rf"(?:\b(?:with|if|when|where|as|since|and)\s+)?(?:the\s+)?(?P<elements>{ELEMENTS})\s+"
    rf"(?:(?:are|is|being|go|going|in|on|at|as|a|an|form|forming|taken|counted|treated|hang|hanging)\s+)*"
    rf"{_TOGETHER}\b|\b{_TOGETHER} (?:of |with )?(?:the )?(?P<after>{ELEMENTS})"
)
_SCREENED = re.compile(r"\bn-1\b|\bsecur\w+|\bcontingenc\w+|\bscreen\w*|\bsingle outages?\b|\ball outages\b")
_MARGINS = re.compile(
    r"\b(?:closest|nearest|close|closer|near|nearer) (?:to )?(?:its |their |the |a |any )?(?:\w+ )?"
    r"(?:limits?|ratings?|overload\w*|violat\w+)\b|\bmargins?\b|\bheadroom\b|"
    r"\bleast room\b|\btightest\b|\bhow (?:near|close|tight)\b"
)


@dataclass(frozen=True)
class Grouped:
    """What one event takes out together, read before its elements are taken for outages.

    Attributes:
        group: Empty where a question names none, or does not ask for a screening.
        rest: The question without it.
        used: Marks of its elements.
    """

    group: tuple[ElementRef, ...]
    rest: str
    used: frozenset[int] = frozenset()


def name_twice(text: str) -> str:
    """A normalised text with a plain name for ``n-1-1``.

    >>> name_twice("are we n-1-1 secure").split()
    ['are', 'we', 'any', 'successive', 'outages', 'secure']
    """
    return _TWICE.sub(_SUCCESSIVE, text)


def name_second(text: str) -> str:
    """A marked text with the same name for a second outage that comes after a first one was acted on.

    >>> name_second("what if a second line trips after redispatch").split()
    ['what', 'if', 'any', 'successive', 'outages', 'after', 'redispatch']
    """
    for pattern in (_AFTER_ACTING, _AFTER_ONE, _IN_A_ROW):
        text = pattern.sub(_SUCCESSIVE, text)
    return _ACTING_BEFORE.sub(rf"\g<acted>{_SUCCESSIVE}", text)


def in_sequence(text: str) -> bool:
    """Whether a text so named asks for outages one after the other."""
    return _SUCCESSIVE.strip() in text


def read_group(marked: Marked) -> Grouped:
    """Take a common mode out of a marked question that asks for a screening; elsewhere it is as plain outages."""
    found = _GROUPED.search(marked.text)
    rest = "" if found is None else _GROUPED.sub(" ", marked.text, count=1)
    if found is None or not _SCREENED.search(rest):
        return Grouped((), marked.text)
    numbers = marks(found["elements"] or found["after"])
    refs = [item.ref for one in numbers for item in marked.mentions[one].items]
    group = tuple(dict.fromkeys(ref for ref in refs if ref.kind in {*CIRCUIT_KINDS, *UNIT_KINDS}))
    return Grouped(group, rest, frozenset(numbers)) if len(group) > 1 else Grouped((), marked.text)


def single_outages(marked: Marked, masked: str, group: Sequence[ElementRef]) -> ScreeningWish | None:
    """What a question about single outages says beyond them; None for each line and transformer alone.

    Args:
        marked: The whole question.
        masked: What is left of it without changes, masked.
        group: What goes out together.
    """
    units, margins = bool(_OF_UNITS.search(marked.masked)), bool(_MARGINS.search(masked))
    if not (units or group or margins):
        return None
    branches = not units or bool(_OF_BRANCHES.search(masked))
    return ScreeningWish(units=units, branches=branches, group=tuple(group), margins=margins)


def first_outage(changes: Changes) -> tuple[ElementRef, ...]:
    """The one element that goes out first; none where several are named."""
    out = [mention.first.ref for mention in changes.outages]
    return tuple(out) if len(out) == 1 and out[0].kind is not ElementKind.BUS else ()


def successive_outages(first: Sequence[ElementRef], between: Sequence[Action]) -> ScreeningWish:
    """The wish of N-1-1: what is done between belongs to the first outage."""
    return ScreeningWish(sequential=True, adjustment=tuple(between) if first else ())
