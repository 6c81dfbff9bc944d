"""Phrases that name a state: the base case, an outage, before or after an action, all outages."""
# ruff: noqa: E501 - one phrase stands on one line; a pattern broken in two cannot be read

import re
from collections.abc import Sequence
from dataclasses import replace

from orchestrator.gate.symbols import Case, Sign, Symbol, fold, whole

_EL = r"E(?: and E)*"
_BE = r"(?:(?:is|are|were|was|being|has|have|been|goes|go|went|gets|to|be|would) )*"
_GONE = (
    r"(?:out of service|taken out(?: of service)?|put out of service|switched out|switched off|out|lost|tripped|trips|trip|fails|fail|failed|"
    r"disconnected|removed|unavailable|not available|missing|gone|off|down)"
)
_LEAD = r"(?:(?:after|following|upon|under|for|in|with|on|by|given|during|if|case of|when|once|at) )?"
_ART = r"(?:(?:the|an|a|simulated) )*"
_LOSS = r"(?:loss|outage|trip|tripping|failure|disconnection|removal)"
_MEASURE = (
    r"(?:actions?|measures?|switching|switching action|redispatch|changes?|step|remedy|intervention|operation|"
    r"proposed actions?|proposed measures?|simulated actions?)"
)
_DOING = r"(?:opening|closing|switching|redispatching|shedding|raising|lowering)"
_RAISING = whole(
    r"(?P<doing>redispatching|raising|increasing|lowering|reducing|decreasing) (?:the )?(?:(?:output|generation|infeed|set-point) of (?:the )?)?E(?: 's)?(?: (?:output|generation))?(?: by)?"
)

_OUTAGE = whole(
    rf"(?:with|having|if|when|once|should|while|after|in case|for) {_ART}(?:E(?: and E)*) {_BE}{_GONE}"
    rf"|{_LEAD}{_ART}{_LOSS} of {_ART}{_EL}(?: occurs)?"
    rf"|(?:(?:by|when|on|after|upon|following|if) )?(?:losing|tripping|disconnecting) (?:of )?{_ART}{_EL}"
    rf"|(?:if|when|once|should) {_ART}(?:grid|system|network) (?:loses|lost|lose) {_ART}{_EL}"
    rf"|without {_ART}{_EL}"
    rf"|{_EL} (?:out of service|out)"
    rf"|(?:without|in the absence of|with no) {_ART}{_EL}|(?:{_LOSS}|losing) (?:of )?{_ART}{_EL}"
    rf"|{_LEAD}{_ART}{_EL} (?:'s )?{_LOSS}|(?:after|following|upon|on) {_ART}{_EL} (?:{_BE})?{_GONE}"
    rf"|{_LEAD}{_ART}{_EL} (?:'s )?(?:outage|trip|contingency|loss)"
    rf"|{_LEAD}{_ART}(?:contingency|outage) {_EL}"
)
_BASE = whole(
    r"(?:(?:in|for|under|at|of|from|with) )?(?:(?:the|an) )?(?:(?:base|pre-contingency|pre-fault) (?:case|state|condition|"
    r"conditions)|(?:intact|undisturbed|unchanged) (?:grid|system|network|state|topology|case)|base case)"
    r"|(?:(?:in|under|for|at|from|with) )?(?:the|its|their) (?:present|current|initial|starting|original|existing|actual|pre-outage|undisturbed|unfaulted|normal-case|base) (?:state|states|condition|conditions|situation|operating point|topology|configuration|case|grid|network|system|operation)"
    r"|at present|as (?:it )?(?:stands|is)|as things stand|before anything (?:fails|trips|happens)|with (?:everything|all (?:lines|branches|elements)) in service|base-case"
    r"|now(?= (?:and|,|;|but|against|to)(?!\S))"
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
# The amount of such an action stands right behind it.
_AMOUNT = {
    "raising": frozenset({"delta_p"}),
    "lowering": frozenset({"delta_p"}),
    "redispatching": frozenset({"delta_p"}),
    "shedding": frozenset({"p", "shed_p"}),
}
_DONE = {"opened": "opening", "closed": "closing", "switched": "switching"}


def fold_cases(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Recognise every phrase that names a state."""
    folded = _amounts(_over_all(symbols))
    for kind, pattern in (("base", _BASE), ("any", _ANY), ("outage", _OUTAGE), ("before", _BEFORE), ("after", _AFTER)):
        folded = fold(folded, pattern, lambda match, run, kind=kind: _case(kind, match, run))  # type: ignore[misc]
    return folded


def _amounts(symbols: Sequence[Symbol]) -> list[Symbol]:
    """In "raising gen 0 by 40 MW" the number is the amount of the action."""
    raised = fold(symbols, _RAISING, lambda match, run: _case("after", match, run))
    if any(symbol.text == "shedding" for symbol in raised):
        raised = _shedding(raised)
    for place in range(1, len(raised)):
        case, number = raised[place - 1].case, raised[place]
        if case and case.action in _AMOUNT and number.sign is Sign.NUMBER:
            raised[place] = replace(number, quantities=_AMOUNT[case.action])
    return raised


def _shedding(symbols: Sequence[Symbol]) -> list[Symbol]:
    """In "shedding 0.2 MW at load 23" the element stands behind the amount."""
    place = next(place for place, symbol in enumerate(symbols) if symbol.text == "shedding")
    behind = symbols[place + 1 :]
    at = next((item for item in behind[1:5] if item.sign is Sign.ELEMENT), None)
    if at is None or not behind or behind[0].sign is not Sign.NUMBER:
        return list(symbols)
    head = symbols[place]
    case = Symbol(Sign.CASE, head.start, head.end, "", case=Case("after", (at.elements,), "shedding"))
    return [*symbols[:place], case, *(item for item in behind if item is not at)]


def _over_all(symbols: Sequence[Symbol]) -> list[Symbol]:
    """In "the highest N-1 loading" the adjective names the state: over all outages."""
    moved = list(symbols)
    for place in range(1, len(moved)):
        word = moved[place]
        adjective = word.sign is Sign.IDENTIFIER or word.text in {"post-contingency", "post-outage"}
        if adjective and moved[place - 1].text in _SUPERLATIVE:
            moved[place - 1 : place + 1] = [replace(word, sign=Sign.CASE, case=Case("any")), moved[place - 1]]
    return moved


_SAME_ACT = {"increasing": "raising", "reducing": "lowering", "decreasing": "lowering"}


def _case(kind: str, match: re.Match[str], run: Sequence[Symbol]) -> Symbol:
    named = match.groupdict()
    action = _SAME_ACT.get(named.get("doing") or "", named.get("doing")) or _DONE.get(named.get("done") or "")
    if kind == "before":
        action = next((symbol.text for symbol in run if symbol.text in _DONE.values()), None)
    elements = tuple(symbol.elements for symbol in run if symbol.sign is Sign.ELEMENT)
    start, end = run[0].start, run[-1].end
    return Symbol(Sign.CASE, start, end, "", case=Case(kind, elements, action))
