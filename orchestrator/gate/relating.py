"""Phrases that set a value against a limit: "above its limit of 1.06 pu", "against a rating of 137 A"."""

import re
from collections.abc import Sequence

from orchestrator.gate.symbols import Sign, Symbol, fold, whole

_PHRASE = whole(
    r"(?:(?P<violates>violates|violating|breaks|breaking|outside)"
    r"|(?P<above>above|over|beyond|exceeds?|exceeding)"
    r"|(?P<below>below|under)"
    r"|(?:well )?(?P<within>within|inside)"
    r"|(?:against|versus|with|has|compared (?:with|to)|relative to))?"
    r"(?: ?(?:its|the|their|a|an|own))*"
    r"(?P<kind>(?: ?(?:upper|lower|maximum|minimum|voltage|loading|thermal|active|reactive|power|current|branch))*)"
    r" ?(?:limit|rating|maximum|minimum)(?: (?:of|is))?(?= (?:\( )?N)"
)
_MINIMA = frozenset({"limit_min", "min_p", "min_q"})
# The limit in a row of violations is the one that is broken.
_OF_VIOLATIONS = frozenset({"limit_p", "limit_q"})
_UPPER = frozenset({"limit_max", "max_p", "max_q", "limit", "limit_p", "limit_q", "rating"})
_LOWER = frozenset({"limit_min", "min_p", "min_q", "limit", "limit_p", "limit_q"})


def fold_relations(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Recognise every limit that a number follows, and how the sentence sets a value against it."""
    return fold(symbols, _PHRASE, _related)


def _related(match: re.Match[str], run: Sequence[Symbol]) -> Symbol:
    relation = next((name for name in ("violates", "above", "below", "within") if match[name]), "beside")
    said = match[0]
    if "upper" in said or "maximum" in said or (relation == "above" and "lower" not in said and "minimum" not in said):
        fields = _UPPER
    elif "lower" in said or "minimum" in said:
        fields = _LOWER
    else:
        fields = _UPPER if "rating" in said else _UPPER | _LOWER
    return Symbol(Sign.QUANTITY, run[0].start, run[-1].end, said, quantities=fields, relation=relation)


def holds(relation: str, value: float, limit: float, quantity: str) -> bool:
    """Whether a value lies towards a limit as the sentence says."""
    if relation == "above":
        return value > limit
    if relation == "violates":
        return value < limit if quantity in _MINIMA else value > limit or quantity in _OF_VIOLATIONS
    if relation == "below":
        return value < limit
    lower = quantity in _MINIMA
    return relation == "beside" or (value >= limit if lower else abs(value) <= abs(limit))
