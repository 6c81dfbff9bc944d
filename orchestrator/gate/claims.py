"""Claims that no single field makes but that evidence decides: what joins what, which is the only one, who is dead."""
# ruff: noqa: E501 - one phrase stands on one line; a pattern broken in two cannot be read

import re
from collections.abc import Sequence
from dataclasses import replace

from orchestrator.gate.symbols import Case, Sign, Symbol, fold, whole

_IS = r"(?:(?:is|are|was|were|being|be|been|has|have|goes|gets|as|that|which) )*"
_JOINS = whole(
    r"E (?:, )?(?:(?:which|that|is|are) )*(?:(?:connects|connecting|links|linking|joins|joining|ties|tying)|"
    r"(?:(?:runs|running|goes|lies|lying|is|connected|located|placed|extends|leads) )*(?:from|between)) (?:the )?E (?:and|to|with|towards) (?:the )?E"
)
_WORST = r"(?:(?:worst|severest|heaviest)|most (?:severe|critical|serious|onerous|harmful|dangerous|damaging))"
_ONE = r"(?:outage|ones|loss|trip|case)"
_FOR_SUPPLY = r"(?: (?:for|in terms of|regarding|with regard to|as to) (?:the )?(?:supply|load|lost load|load loss|load lost|loss of load|unserved load|customers))"
_WORST_IS = whole(
    rf"(?:the )?{_WORST}(?: (?:single|simulated|of them|of these))*(?: {_ONE}|(?= is))(?P<supply>{_FOR_SUPPLY})?(?: (?:in|of|by|according to|on) (?:the )?(?:severity )?(?:ranking|screening|severity|list))?"
    rf"(?: (?:is|being|remains))?(?: ,| :)?(?: (?:that of|the loss of|the outage of|losing|the trip of))?(?: the)? (?:E|C)(?: (?:out|outage|trip))?"
)
_IS_WORST = whole(
    rf"C (?:, )?(?:(?:is|ranks|rank|counts|as|was|comes|out) )*(?:the )?{_WORST}(?: {_ONE})?(?P<supply>{_FOR_SUPPLY})?"
    r"(?: (?:in|of|by|according to|on) (?:the )?(?:severity )?(?:ranking|screening|severity|list))?"
)
_MOST_LOSS = whole(
    r"(?:the )?outage (?:(?:with|causing|that|which|causes|has|having|leads|leading|to) )+the (?:largest|biggest|greatest|highest|worst) "
    r"(?:loss of load|load loss|loss of supply|unserved load|lost load|supply loss)(?: (?:is|,|:|being))*(?: (?:the loss of|the outage of|that of))?(?: the)? (?:E|C)(?: out)?"
)
_LARGEST = whole(
    r"(?:loss of load|load loss|loses? load|load lost) (?:\S+ )*(?:largest|biggest|greatest)|(?:largest|biggest|greatest|worst|highest) (?:loss of load|load loss|loss of supply|unserved load|lost load)"
)
_LARGEST_AT = whole(
    r"(?<!followed )(?:(?:is|are|was|being|arises|occurs|comes|results) )*(?:caused by|due to|from|for|with|after|by|at)(?: (?:losing|the loss of|the outage of))?(?: the)? E(?: out)?"
)
_FOLLOWED = whole(r"followed by(?: (?:the loss of|the outage of|that of|losing))? E")

_CLAIMS: tuple[tuple[str, str], ...] = (
    ("dead", rf"(?<=E ){_IS}(?:dead|without supply|without power|without voltage|unsupplied|islanded|isolated)"),
    ("dead", r"(?<=E )(?:loses?|lost|losing) (?:(?:its|their|all) )?(?:supply|power)"),
    ("dead", r"(?:loses?|losing|isolates?|isolating|disconnects?|disconnecting)(?= (?:the )?E)"),
    ("bridge", rf"(?<=E ){_IS}(?:(?:a|the) )?bridges?"),
    ("zero:new_violation_count", r"not (?:create|add|cause|introduce|bring|produce) (?:(?:any|a|an|further|new|additional) )*(?:limit )?violations?|without (?:(?:creating|adding|causing|introducing|any|a|new|further) )+(?:limit )?violations?(?= (?:after|with|by|C)|$)"),
    ("zero:unserved_p", r"not (?:lose|interrupt|cost|cut|drop) (?:any )?(?:load|supply)|without (?:any |a )?(?:load loss|loss of load|loss of supply|lost load|unserved load|supply interruption|losing (?:any )?(?:load|supply))"),
    ("zero:unserved_p", rf"{_IS}(?:fully|completely|entirely) (?:supplied|served|met|covered)|(?:all|the whole|the entire|the full) (?:(?:of )?the )?(?:load|demand|loads|customers) {_IS}(?:stays? |remains? )?(?:supplied|served)"),
    ("only", r"(?:the )?(?:only|sole|single) (?:(?:limit|standing|thermal|voltage|operating) )*(?:violations?|violated limit|overloads?|undervoltages?|overvoltages?|overloaded (?:branch|line|transformer|element|ones))"),
    ("only", r"(?:the )?only (?:branch|line|transformer|element|bus|ones)(?= (?:(?:that|which|is) )*S)"),
    ("new", rf"{_IS}(?:(?:a|the|one) )?new (?:limit )?(?:violation|overload|undervoltage|overvoltage)|newly(?= S)"),
    ("ranked", r"(?:N )?(?:most heavily|most|heaviest|highest) loaded (?:branches|lines|elements|transformers)|(?:highest|largest) loadings"),
    ("member", r"including|among them|for example|for instance|such as|e \. g \.|e g|namely|notably|in particular|among others"),
    ("alike", r"(?:changes?|moves?|differs?|shifts?) (?:only )?(?:little|marginally|minimally)|(?:hardly|barely|scarcely) (?:changes?|affects?|alters?|moves?|differs?)(?: from)?"),
)  # fmt: skip
_CLAIM = whole("|".join(f"(?P<g{place}>{phrase})" for place, (_, phrase) in enumerate(_CLAIMS)))
_MEMBERS_OF = {"undervoltage", "overvoltage", "overload"}


def fold_joins(symbols: Sequence[Symbol]) -> list[Symbol]:
    """In "line 14 connects bus 8 and bus 38" the two buses are what is said of the line."""

    def make(_: re.Match[str], run: Sequence[Symbol]) -> Symbol:
        line, *ends = [symbol for symbol in run if symbol.sign is Sign.ELEMENT]
        return replace(line, asserts=("joins", *(min(end.elements) for end in ends)))

    return fold(symbols, _JOINS, make)


def fold_ranks(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Outages that the sentence ranks: "the worst outage is line 9", "followed by line 39"."""
    ranked = fold(fold(symbols, _WORST_IS, _ranked), _IS_WORST, _ranked)
    ranked = fold(ranked, _MOST_LOSS, lambda _, run: _most_loss(run))
    line = " ".join(symbol.code for symbol in ranked)
    if _LARGEST.search(line):
        ranked = fold(ranked, _LARGEST_AT, lambda _, run: _outage(run, ("supply", 0)))
    counted: list[Symbol] = []
    last: tuple[str, int] | None = None
    for symbol in fold(ranked, _FOLLOWED, lambda _, run: _outage(run, ("next", 0))):
        rank = symbol.case.rank if symbol.case else None
        if rank and rank[0] == "next":
            rank = (last[0], last[1] + 1) if last else ("next", 0)
            counted.append(replace(symbol, case=replace(symbol.case or Case("outage"), rank=rank)))
        else:
            counted.append(symbol)
        last = rank or last
    return counted


def _ranked(match: re.Match[str], run: Sequence[Symbol]) -> Symbol | None:
    case = next((symbol.case for symbol in run if symbol.case), None)
    if case and case.kind != "outage":
        return None
    rank = ("supply" if match["supply"] or "lose load ;" in match.string else "severity", 0)
    if case:
        return Symbol(Sign.CASE, run[0].start, run[-1].end, "", case=replace(case, rank=rank))
    return _outage(run, rank)


def _most_loss(run: Sequence[Symbol]) -> Symbol:
    case = next((symbol.case for symbol in run if symbol.case), None)
    found = Symbol(Sign.CASE, run[0].start, run[-1].end, "", case=case) if case else _outage(run, ("supply", 0))
    return replace(found, case=replace(found.case or Case("outage"), rank=("supply", 0)))


def _outage(run: Sequence[Symbol], rank: tuple[str, int]) -> Symbol:
    out = tuple(symbol.elements for symbol in run if symbol.sign is Sign.ELEMENT)
    return Symbol(Sign.CASE, run[0].start, run[-1].end, "", case=Case("outage", out, rank=rank))


def fold_claims(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Recognise the claims; each is a symbol of its own."""

    def make(match: re.Match[str], run: Sequence[Symbol]) -> Symbol:
        said = _CLAIMS[int((match.lastgroup or "g0")[1:])][0]
        words = " ".join(symbol.text for symbol in run)
        noun = next((noun for noun in sorted(_MEMBERS_OF) if noun in words), "")
        count = run[0].number if said == "ranked" else None
        return Symbol(Sign.CLAIM, run[0].start, run[-1].end, words, asserts=(said, noun), number=count)

    return fold(symbols, _CLAIM, make)
