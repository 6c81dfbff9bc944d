"""A question for the least load to be shed: read from the words first, so that its loads are not shed as an action."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agents.question import SheddingWish
from orchestrator.resolve.lookup import Lookup
from orchestrator.resolve.mention import Marked, Mention
from orchestrator.resolve.patterns import ELEMENTS, marks
from tools.element import ElementKind, ElementRef

_SHED = r"(?:shed(?:ding|s)?|cut(?:ting)?(?: off)?|drop(?:ped|ping)?|curtail(?:ed|ing|ment)?|disconnect(?:ed|ing)?)"
_SHEDDING = r"(?:shed(?:ding)?|curtailment)"
_MUST = r"(?:must|need(?:s|ed)?|have|has|should|shall|do|got|ought|required|necessary)"
_LEAST = r"(?:least|minimum|minimal|min|smallest|lowest|fewest|optimal|cheapest|as little|as few)"
_LOADS = r"(?:loads?|demand|customers?|consumers?|consumption|feeders?|mws?|megawatts?|power)"
_AT = r"(?!\s+(?:at|of|on)\s)"
"""What follows a plan; load shed at a place is an action to be simulated."""
_PLANS = (
    rf"how (?:much|many)(?: of)?(?: the| our)?(?: {_LOADS})*\s+(?:(?:{_MUST}|we|i|to|be|the|is|are)\s+)*{_MUST}"
    rf"(?:\s+(?:we|i|to|be|have|has|the))*\s+{_SHED}\b(?:\s+{_LOADS})?",
    rf"how (?:much|many)(?: {_LOADS})* (?:is|are) (?:there )?to (?:be )?{_SHED}",
    rf"how much (?:load[- ]?)?{_SHEDDING}\b(?:\s+(?:do|does|is|would|we|i|need\w*|required|necessary|be))*",
    rf"{_LEAST}(?: possible| amount of| necessary)*(?: {_LOADS})?(?: to be| to| that must be| we must)?[\s-]+{_SHED}\b"
    rf"(?:\s+(?:of )?{_LOADS})?(?:\s+plan)?",
    rf"{_SHED} (?:the )?{_LEAST}(?: possible)?(?: {_LOADS})?(?: as possible)?\b(?! (?:voltages?|loading))",
    rf"(?:{_LOADS}[- ]?)?{_SHEDDING}[ -](?:plan|schedule|list|programme|program|proposal|order|sequence)",
    r"(?:plan|propose|work out|calculate|compute|determine|optimi[sz]e|give me|need) (?:me |us )?"
    rf"(?:a |the |some |any )?{_LOADS}?[- ]?{_SHEDDING}\b{_AT}",
    rf"(?:which|what) (?:other )?{_LOADS}\s+(?:(?:{_MUST}|can|could|would|we|i|to|be|best)\s+)+{_SHED}\b(?: first)?",
    rf"where (?:(?:{_MUST}|can|could|best)\s+)+(?:we |i |to )*{_SHED}\b(?:\s+{_LOADS})?",
    rf"(?:load[- ]?)?{_SHEDDING} (?:that is |is )?(?:needed|required|necessary|unavoidable)",
    rf"{_MUST} (?:we|i) (?:(?:have|need|got) to )?(?:shed|curtail)(?:\s+(?:any|some))?(?:\s+{_LOADS})?{_AT}",
)
_PLAN = re.compile("|".join(rf"\b{source}\b" for source in _PLANS))
_CANONICAL = " load relief plan "
"""What a plan is called once its words are out: no verb of change stands in it."""
_SECURE = re.compile(r"\bn-1\b|\bsecur\w+|\b(?:every|each|any|all) (?:single )?outages?\b|\bcontingenc\w+")
_IS = r"(?:(?:is|are|as|being|has|have|a|an|the|very|with|shed|cut|goes?|going|to|be|for|until|till|comes?|at)\s+)*"
_LAST = re.compile(
    r"(?:\b(?:with|keep(?:ing)?|leav(?:e|ing)|shed(?:ding)?|but|and|put(?:ting)?)\s+)?"
    rf"(?:the\s+)?{ELEMENTS}\s+{_IS}last\b|\blast\s+(?:is|are|comes?)?\s*{ELEMENTS}|"
    r"\b(?:whil(?:e|st)\s+|and\s+|but\s+)?(?:protect(?:ing)?|prioriti[sz](?:e|ing)|favou?r(?:ing)?|spar(?:e|ing)|"
    rf"sav(?:e|ing)|(?:top |high(?:est)? )?priority (?:to|for|on|is))\s+(?:the\s+)?{ELEMENTS}|"
    rf"{ELEMENTS}\s+{_IS}(?:critical|important|vital|priority|prioriti[sz]ed|protected|hospital)\b"
    r"(?:\s+(?:loads?|customers?|feeder))?"
)
_FIRST = re.compile(
    r"(?:\b(?:with|shed(?:ding)?|cut(?:ting)?|start(?:ing)? (?:with|at)|and|but)\s+)?"
    rf"(?:the\s+)?{ELEMENTS}\s+{_IS}first\b|\b(?:first|start(?:ing)?)\s+(?:with|at|from)?\s*{ELEMENTS}"
)
_BARRED = re.compile(
    r"\b(?:without|not|never|except(?:ing)?(?: for)?|excluding|but not|other than|apart from|avoid\w*|must not)\s+"
    r"(?:(?:touch\w*|shed\w*|cut\w*|at|the|use|using|interrupt\w*|any|load of|customers (?:of|at))\s+)*"
    rf"{ELEMENTS}(?!\d|\s+{_IS}(?:first|last)\b)|\b(?:keep(?:ing)?|leav(?:e|ing))\s+(?:the\s+)?{ELEMENTS}\s+"
    r"(?:on|supplied|alone|untouched|connected|out of it|in supply)\b|"
    rf"{ELEMENTS}\s+(?:must|may|can|should|is|are)\s+not\s+(?:to\s+)?(?:be\s+)?"
    rf"(?:{_SHED}|touched|interrupted|used)\b"
)
NO_LOAD = "There is no load there: name the loads that go first or last, or the buses where they are."


@dataclass(frozen=True)
class Planned:
    """What was read.

    Attributes:
        wish: None where no plan is asked for.
        rest: The question without the loads it ranks, and with a plain name for the plan.
        used: Marks of the loads that it ranks.
        problem: What it still needs; None where nothing is missing.
    """

    wish: SheddingWish | None
    rest: str
    used: frozenset[int] = frozenset()
    problem: str | None = None


def read_shedding(marked: Marked, lookup: Lookup) -> Planned:
    """Read a marked question; one without a plan is left as it is."""
    if not _PLAN.search(marked.text):
        return Planned(None, marked.text)
    rest = _PLAN.sub(_CANONICAL, marked.text)
    used: set[int] = set()
    named: list[tuple[ElementRef, ...]] = []
    problem = None
    for pattern in (_BARRED, _LAST, _FIRST):
        numbers = [number for match in pattern.finditer(rest) for number in marks(match[0])]
        found = [_loads(marked.mentions[one], lookup) for one in numbers if marked.mentions[one].items]
        problem = problem if all(found) else NO_LOAD
        named.append(tuple(dict.fromkeys(ref for refs in found for ref in refs)))
        used |= set(numbers)
        rest = pattern.sub(" ", rest)
    barred, last, first = named
    wish = SheddingWish(last=last, first=first, barred=barred, secure=bool(_SECURE.search(rest)))
    return Planned(wish, re.sub(r"\s+", " ", rest).strip(), frozenset(used), problem)


def _loads(mention: Mention, lookup: Lookup) -> tuple[ElementRef, ...]:
    """The loads of a mention: of the readings of a bus number, those at the first that has any."""
    loads = tuple(item.ref for item in mention.items if item.ref.kind is ElementKind.LOAD)
    if loads:
        return loads
    there = (lookup.at_bus(mention.only(item), (ElementKind.LOAD,)) for item in mention.items)
    return tuple(item.ref for item in next(filter(None, there), ()))
