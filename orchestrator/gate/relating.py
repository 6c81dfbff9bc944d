"""Phrases that set a value against a limit: "above its limit of 1.06 pu", "against a rating of 137 A"."""
# ruff: noqa: E501 - a phrase, or a class of words, broken in two cannot be read

import re
from collections.abc import Sequence
from dataclasses import replace

from orchestrator.gate.symbols import Sign, Symbol, fold, whole

_KINDS = "upper|lower|maximum|minimum|voltage|loading|thermal|active|reactive|power|current|branch|permitted|allowed|operating"
_TOWARDS = (
    r"(?:(?P<violates{n}>violates?|violating|breaks?|breaking|outside|beyond)"
    r"|(?P<over{n}>over|exceeds?|exceeding)"
    r"|(?P<above{n}>above)"
    r"|(?P<below{n}>below|under)"
    r"|(?P<within{n}>within|inside))"
)
_PHRASE = whole(
    rf"(?:{_TOWARDS.format(n='')}|(?:against|versus|with|has|where|although|though|while|whose|of))?"
    r"(?: ?(?:its|the|their|a|an|own|whose))*"
    rf"(?P<kind>(?: ?(?:{_KINDS}))*)"
    r" ?(?:limit|rating|maximum|minimum)(?: (?:of|is|being|lies))*(?= (?:\( )?N)"
    rf"|{_TOWARDS.format(n='_bare')}(?: (?:its|the|their|a))?(?= N(?:(?: (?:{_KINDS}))* limits?)?(?!\S))"
    r"|(?:(?:is|are|only) )*(?:limited|restricted|capped|allowed|permitted) to(?: (?:only|deliver|supply|provide|carry))*(?= N)"
    r"|(?:where|while|when|and)(?: only)?(?= N (?:is|are) (?:allowed|permitted|admissible)(?!\S))"
    r"|only (?:deliver|supply|provide|produce|carry|generate|inject)(?= N)"
)
# The words behind the number in "above the 1.06 pu limit".
_BEHIND = whole(rf"(?<=Q N )(?:(?:(?:{_KINDS}) )*limits?|(?:is|are) (?:allowed|permitted|admissible))")
_MINIMA = frozenset({"limit_min", "min_p", "min_q"})
# The limit in a row of violations is the one that is broken.
_OF_VIOLATIONS = frozenset({"limit_p", "limit_q"})
_UPPER = frozenset({"limit_max", "max_p", "max_q", "limit", "limit_p", "limit_q", "rating"})
_LOWER = frozenset({"limit_min", "min_p", "min_q", "limit", "limit_p", "limit_q"})


def fold_relations(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Recognise every limit that a number follows, and how the sentence sets a value against it."""
    related = fold(symbols, _PHRASE, _related)
    return fold(related, _BEHIND, lambda _, run: replace(run[0], sign=Sign.WORD, text="value"))


def _related(match: re.Match[str], run: Sequence[Symbol]) -> Symbol | None:
    names = ("violates", "over", "above", "below", "within")
    relation = next((name for name in names if match[name] or match[f"{name}_bare"]), "beside")
    said = match[0]
    if relation == "within" and match["within_bare"] and not said.endswith("the"):
        return None
    if "lower" in said or "minimum" in said:
        fields = _LOWER
    elif "upper" in said or "maximum" in said or relation == "over":
        fields = _UPPER
    else:
        fields = _UPPER if "rating" in said else _UPPER | _LOWER
    relation = "above" if relation == "over" else relation
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
