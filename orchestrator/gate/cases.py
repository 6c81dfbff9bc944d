"""Phrases that name a state: the base case, an outage, before or after an action, all outages."""
# ruff: noqa: E501 - one phrase stands on one line; a pattern broken in two cannot be read

import re
from collections.abc import Sequence
from dataclasses import replace

from orchestrator.gate.symbols import Case, Sign, Symbol, fold, whole

_EL = r"E(?: and E)*"
_BE = r"(?:(?:is|are|were|was|being|has|have|been|goes|go|went|gets|to|be|would) )*"
_GONE = (
    r"(?:out of service|taken out|switched out|switched off|out|lost|tripped|trips|trip|fails|fail|failed|"
    r"disconnected|removed|unavailable)"
)
_LEAD = r"(?:(?:after|following|upon|under|for|in|with|on|by|given|during|if|case of|when|once|at) )?"
_ART = r"(?:(?:the|an|a|simulated) )*"
_LOSS = r"(?:loss|outage|trip|tripping|failure|disconnection|removal)"
_MEASURE = (
    r"(?:actions?|measures?|switching|switching action|redispatch|changes?|step|remedy|intervention|operation|"
    r"proposed actions?|proposed measures?|simulated actions?)"
)
_DOING = r"(?:opening|closing|switching|redispatching|shedding)"

_OUTAGE = whole(
    rf"(?:with|having|if|when|once|should|while|after|in case|for) {_ART}(?:E(?: and E)*) {_BE}{_GONE}"
    rf"|{_LEAD}{_ART}{_LOSS} of {_ART}{_EL}(?: occurs)?"
    rf"|(?:(?:by|when|on|after|upon|following|if) )?(?:losing|tripping|disconnecting) (?:of )?{_ART}{_EL}"
    rf"|(?:if|when|once|should) {_ART}(?:grid|system|network) (?:loses|lost|lose) {_ART}{_EL}"
    rf"|without {_ART}{_EL}"
    rf"|{_EL} (?:out of service|out)"
    rf"|{_LEAD}{_ART}{_EL} (?:'s )?(?:outage|trip|contingency|loss)"
    rf"|{_LEAD}{_ART}(?:contingency|outage) {_EL}"
)
_BASE = whole(
    r"(?:(?:in|for|under|at|of|from|with) )?(?:(?:the|an) )?(?:(?:base|pre-contingency|pre-fault) (?:case|state|condition|"
    r"conditions)|(?:intact|undisturbed|unchanged) (?:grid|system|network|state|topology|case)|base case)"
    r"|pre-contingency|pre-fault|before (?:the|any|an) (?:outage|contingency|loss|trip)"
    r"|with (?:all elements in service|nothing out of service)|without (?:any )?(?:outage|outages|contingency)"
)
_BEFORE = whole(
    rf"before (?:(?:the|any|this|these) )?{_MEASURE}|before {_DOING} (?:the )?{_EL}|before (?:it|that|this)(?= [,.;:()]|$)|beforehand|before"
)
_AFTER = whole(
    rf"(?:(?:after|by|with|when|following|upon|if) )?(?:the )?(?:proposed )?(?P<doing>{_DOING}) (?:of )?(?:the )?{_EL}"
    rf"|(?:with|if|when|once|after) (?:the )?{_EL} (?:is |was )?(?P<done>opened|closed|switched)"
    rf"|(?:after|following|under|with) (?:(?:the|this|these) )?{_MEASURE}|after (?:it|that|this)(?= [,.;:()]|$)|afterwards|after"
)
_ANY = whole(
    r"(?:(?:of|over|across|among|for|after|under|in|considering|throughout) )?(?:all|any|every|each)(?: of)?(?: the)?"
    r"(?: (?:single|order-one|I|connected|simulated|screened|possible|studied))* (?:outage|outages|contingency|contingencies)"
    r"|(?:over|across|among) the (?:(?:single|I|connected|simulated|screened|possible) )*(?:outages|contingencies)"
)
_SUPERLATIVE = frozenset({"highest", "lowest", "worst", "maximum", "minimum", "largest", "heaviest"})
_DONE = {"opened": "opening", "closed": "closing", "switched": "switching"}


def fold_cases(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Recognise every phrase that names a state."""
    folded = _over_all(symbols)
    for kind, pattern in (("base", _BASE), ("any", _ANY), ("outage", _OUTAGE), ("before", _BEFORE), ("after", _AFTER)):
        folded = fold(folded, pattern, lambda match, run, kind=kind: _case(kind, match, run))  # type: ignore[misc]
    return folded


def _over_all(symbols: Sequence[Symbol]) -> list[Symbol]:
    """In "the highest N-1 loading" the adjective names the state: over all outages."""
    moved = list(symbols)
    for place in range(1, len(moved)):
        word = moved[place]
        adjective = word.sign is Sign.IDENTIFIER or word.text in {"post-contingency", "post-outage"}
        if adjective and moved[place - 1].text in _SUPERLATIVE:
            moved[place - 1 : place + 1] = [replace(word, sign=Sign.CASE, case=Case("any")), moved[place - 1]]
    return moved


def _case(kind: str, match: re.Match[str], run: Sequence[Symbol]) -> Symbol:
    named = match.groupdict()
    action = named.get("doing") or _DONE.get(named.get("done") or "")
    if kind == "before":
        action = next((symbol.text for symbol in run if symbol.text in _DONE.values()), None)
    elements = tuple(symbol.elements for symbol in run if symbol.sign is Sign.ELEMENT)
    start, end = run[0].start, run[-1].end
    return Symbol(Sign.CASE, start, end, "", case=Case(kind, elements, action))
