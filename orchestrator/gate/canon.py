"""One word for words that mean the same, and none for words that change nothing: before phrases are recognised."""
# ruff: noqa: E501 - a phrase, or a class of words, broken in two cannot be read

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from orchestrator.gate.neutral import COMMANDS
from orchestrator.gate.symbols import Sign, Symbol, fold, whole

# Words without which a sentence claims the same: what a simulation shows "would" happen is what it shows.
_TRANSPARENT = frozenset(
    [
        "would",
        "will",
        "can",
        "could",
        "may",
        "might",
        "must",
        "shall",
        "also",
        "then",
        "still",
        "already",
        "presently",
        "meanwhile",
        "even",
        "thereby",
        "accordingly",
        "individually",
        "actually",
        "furthermore",
        "moreover",
        "additionally",
        "however",
        "simultaneously",
    ]
)
_BOTH = whole(r"both(?= E)")
# Degrees: they stand only before what is checked, a relation to a limit or a change.
_DEGREES = whole(
    r"(?:well|far|just|slightly|clearly|marginally|narrowly|somewhat|considerably|significantly|comfortably|heavily|only just|"
    r"sharply|noticeably|markedly|moderately|substantially|a little|a bit)"
    r"(?= (?:above|below|beyond|over|under|outside|within|inside|exceeds?|exceeding|past|from|to|higher|lower|up|down|increases?|"
    r"rises?|falls?|drops?|reduces?|raises?|lowers?|decreases?|undervolted|overvolted|overloaded|more|less)(?!\S))"
)
_AFTER_CHANGE = whole(
    r"(?<=rises |falls |drops )(?:slightly|sharply|noticeably|marginally|markedly|considerably|significantly)"
)
_ONLY_COUNT = whole(
    r"(?:only|just|as many as|as few as|exactly|precisely|a total of|in total|in all)(?= (?:the )?N)|(?:only|merely)(?= S)"
)
# Phrase and the word that stands for it.
_SAME: tuple[tuple[str, str], ...] = (
    (r"(?:has|have|had|needs?|is|are|was|were) to(?= (?:be|deliver|supply|provide|produce|generate|carry|feed|inject|draw|absorb|serve)(?!\S))", ""),
    (r"(?:single|individual|simulated|screened|studied|examined|possible|potential|analysed|analyzed|considered|credible|calculated|I|order-one|branch|line|element|such)(?: (?:single|simulated|screened|studied|I|branch|element))*(?= (?:outages?|contingenc(?:y|ies)|ones|cases)(?!\S))", ""),
    (r"contingencies|outage cases|outage events|element outages|branch outages|line outages|(?<=N )trips", "outages"),
    (r"contingency|outage case|outage event", "outage"),
    (r"power system|power grid|electric(?:al|ity)? (?:grid|network|system)|transmission (?:grid|network|system)|distribution (?:grid|network|system)", "grid"),
    (r"(?:cut|cuts|cutting|shut|shuts|takes|take) off|blacks? out|blacking out|de-energi[sz]es?|de-energi[sz]ing|strands?|stranding|drops(?= N of load)", "loses"),
    (r"(?:is|are|was|were|be|been|being|goes|go|gets|get|left|stays?|remains?|become|becomes|sits?) (?:blacked out|in the dark|dark|dead|de-energi[sz]ed|unpowered|unenergi[sz]ed|off supply|out of supply)", "is dead"),
    (r"(?:is|are|was|were|been|be) checked (?:at|for|on|in)(?= (?:all )?N)", "checked-at"),
    (r"(?:checked|checks|screened|examined|studied|covered|covers|included|includes|comprised|comprises)(?= (?:all )?(?:the )?N)", "covers"),
    (r"(?:after|in|within)(?= N iterations?(?!\S))", "with"),
    (r"(?:adds?|creates?|introduces?|brings?|produces?|adding|creating)(?= (?:a|an|ones) new)", "has"),
    (r"takes (?:in|up)|soaks up", "absorbs"),
    (r"all(?: the)?(?= (?:loadings|voltages|ratings)(?: and (?:loadings|voltages))? (?:is|are|was|were) (?:not )?(?:meaningful|placeholders|checked|meaningless))", ""),
    (r"security (?:assessment|analysis|screening|check|study|calculation)", "screening"),
    (r"(?:tap ranges?|taps? range) (?:is|are|was|were) (?:missing|absent|unknown|not given|not known) (?:on|for|at|in|of|with)(?= (?:all )?(?:the )?N)", "lacking-tap-range"),
    (r"breach(?:es)?|infringes?|transgress(?:es)?|overshoots?|overruns?", "violates"),
    (r"breaching|infringing|overshooting", "violating"),
    (r"surpass(?:es)?|tops|goes (?:above|beyond|over)|rises (?:above|beyond|over)(?= (?:its|the))|in excess of|higher than|more than(?= (?:its|the|their) (?:\S+ )*(?:limit|rating|maximum)(?!\S))|past(?= (?:its|the))", "exceeds"),
    (r"lower than|less than(?= (?:its|the|their) (?:\S+ )*limit)|falls below|drops below|goes below|dips below|beneath|short of(?= its)", "below"),
    (r"thresholds?|bounds?|bands?(?= of N)|limit values?|limiting values?", "limit"),
    (r"compared (?:with|to)|in comparison (?:with|to)|relative to|as opposed to|rather than|instead of|vs", "against"),
    (r"in (?:the|this|that) event of|in the case of|in case of|in the aftermath of|in the wake of|as soon as|assuming", "after"),
    (r"voltage magnitudes?|bus voltages?|node voltages?", "voltage"),
    (r"percentage loading|line loading|branch loading|thermal loading|transformer loading|load factor", "loading"),
    (r"branch loadings|line loadings|thermal loadings|flow loadings", "loadings"),
    (r"active losses|active power losses|real power losses|grid losses|network losses|system losses|transmission losses|power losses|line losses|feeder losses", "losses"),
    (r"(?:does|do|did) not(?= (?:lose|cause|have|leave|break|violate|overload|create|add))", "not"),
    (r"(?:unable|failed|fails?) to (?:converge|solve)|(?:did|do|does) not (?:converge|solve)|fails? to reach a solution|diverges?|diverging|has not converged|have not converged", "diverged"),
    (r"(?:left|leaving|leaves|leave) out|excluded|skipped|passed over", "left-out"),
    (r"(?<=is )served|(?<=not )served", "served"),
    (r"ends up|ending up|settles|settling|comes out|works out|turns out|turning out|comes in|clocks in|stands|sits", "is"),
    (r"(?:all|both|each)(?: of (?:them|these|which))?(?= (?:(?:are|is|being) )*(?:above|below|beyond|exceeds?|outside|over|under|overloaded|undervolted|overvolted|dead)(?!\S))", "they"),
    (r"makes?(?= N outages worse)|makes?(?= outages worse)", "leaves"),
)  # fmt: skip
_PATTERN = whole("|".join(f"(?P<g{place}>{phrase})" for place, (phrase, _) in enumerate(_SAME)))
# Behind these a "one" is no number.
_NOT_COUNTED = frozenset({"the", "other", "another", "this", "that", "every", "each", "any", "loaded", "worst", "only"})


def canonical(symbols: Sequence[Symbol]) -> list[Symbol]:
    """The sentence in fewer words, each still at its place in the text."""
    said = [symbol for symbol, behind in pairwise([*symbols, _END]) if not _is_empty(symbol, behind)]
    for pattern in (_BOTH, _DEGREES, _ONLY_COUNT, _AFTER_CHANGE):
        said = _without(said, pattern)
    return [symbol for symbol in fold(said, _PATTERN, _same) if symbol.text or symbol.sign is not Sign.WORD]


_END = Symbol(Sign.POINT, 0, 0, "")


def _is_empty(symbol: Symbol, behind: Symbol) -> bool:
    if symbol.sign is Sign.POINT:
        return symbol.text == "'"
    if behind.text in COMMANDS:  # "would reduce" tells, "reduce" commands
        return False
    return symbol.sign is Sign.WORD and symbol.text in _TRANSPARENT


def _same(match: object, run: Sequence[Symbol]) -> Symbol:
    group = getattr(match, "lastgroup", None) or "g0"
    word = _SAME[int(group[1:])][1]
    return replace(run[0], sign=Sign.WORD, end=run[-1].end, text=word)


def _without(symbols: Sequence[Symbol], pattern: object) -> list[Symbol]:
    folded = fold(symbols, pattern, lambda _, run: replace(run[0], sign=Sign.WORD, text=""))  # type: ignore[arg-type]
    return [symbol for symbol in folded if symbol.text or symbol.sign is not Sign.WORD]


def pronouns(symbols: Sequence[Symbol]) -> list[Symbol]:
    """The "one" of "the most loaded one" is no number."""
    changed = list(symbols)
    for place, symbol in enumerate(symbols):
        before = symbols[place - 1].text if place else ""
        if symbol.number and symbol.number.spelled and symbol.text.lower() == "one" and before in _NOT_COUNTED:
            changed[place] = replace(symbol, sign=Sign.WORD, text="ones", number=None)
    return changed
