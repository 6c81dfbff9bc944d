"""From characters to symbols: references, names, quotes, clauses, times, numbers, words; nothing is skipped."""

import re
from dataclasses import replace
from decimal import Decimal

from pydantic import JsonValue

from agents.statement import Ref, TokenKind
from orchestrator.gate.context import Context
from orchestrator.gate.quoting import citation_at, quote_at
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.symbols import Case, Sign, Symbol
from orchestrator.gate.timing import time_at
from orchestrator.gate.typed_number import UNIT, TypedNumber
from orchestrator.gate.user_words import user_number_at
from orchestrator.gate.value import field_of
from orchestrator.gate.wordings import CRITERION, NUMBER_VALUES, numeric_characters
from tools.element import CANONICAL
from tools.facts import is_element, lookup
from tools.units import split_name

_REFERENCE = re.compile(r"\[\[(e[0-9]{1,4})((?:/[^\]\[\s/]{1,64}){1,16})\]\]")
_NUMBER = re.compile(
    rf"(?P<sign>minus |[-−+](?=[0-9]))?"
    rf"(?P<digits>(?:[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,3}}|[0-9]{{1,12}})(?:\.[0-9]{{1,12}})?)"
    rf"(?![\w]|[.,:/-][0-9]|-\w)"
    rf"(?:[ \u00a0\u202f-]?(?P<unit>{UNIT})(?!\w))?"
)
_SPELLED = re.compile(rf"({'|'.join(sorted(NUMBER_VALUES, key=len, reverse=True))})(?![\w-])", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*|'s(?![A-Za-z])|n't")
_POINT = re.compile(r"[,;:()–—.!?-]")
# Quotation marks right around a reference.
_QUOTES = "\"“”'"
_AROUND_REFERENCE = re.compile(r"[\"“']\[\[|\]\][\"”']")
_LIST_MARKS = ({","}, {"and"}, {",", "and"}, {"or"}, {",", "or"})
_SPACE = re.compile(r"[ \t\u00a0\u202f]+")


def scan(text: str, context: Context) -> list[Symbol]:
    """All symbols of a sentence, in order.

    Raises:
        RefusedError: at the first thing that is not understood.
    """
    symbols: list[Symbol] = []
    position = 0
    while position < len(text):
        if space := _SPACE.match(text, position):
            position = space.end()
            continue
        symbol = _in_list(text, position, symbols, context) or _next(text, position, context)
        symbols.append(symbol)
        position = symbol.end
    return symbols


def _in_list(text: str, at: int, symbols: list[Symbol], context: Context) -> Symbol | None:
    """A member of "buses 7, 5 and 6"; the kind stands before the first one only."""
    places = [place for place, symbol in enumerate(symbols) if symbol.sign is Sign.ELEMENT and symbol.listed]
    spoken = ""
    if places and {symbol.text for symbol in symbols[places[-1] + 1 :]} in _LIST_MARKS:
        spoken = symbols[places[-1]].listed
    if not spoken and (at and text[at - 1].isalnum()):
        return None
    found = context.naming.listed(text, at, spoken)
    if found is None:
        return None
    end, meant, kind = found
    return replace(_mentioned(text, at, end, meant), listed=kind)


def _next(text: str, at: int, context: Context) -> Symbol:
    if text.startswith("[[", at):
        return _reference(text, at, context)
    if text[at] in _QUOTES and (quoted := _quoted(text, at, context)):
        return quoted
    begins = at == 0 or not (text[at - 1].isalnum())
    if begins and (known := _known(text, at, context) or _number(text, at)):
        return known
    if text[at].isnumeric():
        raise RefusedError(
            f"the number at {text[max(at - 8, 0) : at + 12]!r} is written in a form that is not accepted; "
            "write a plain decimal such as 12.5 with its unit, or a reference"
        )
    for sign, pattern in ((Sign.WORD, _WORD), (Sign.POINT, _POINT)):
        if match := pattern.match(text, at):
            return Symbol(sign, at, match.end(), match[0].lower())
    raise RefusedError(f"the character {text[at]!r} is not accepted in running text")


def _quoted(text: str, at: int, context: Context) -> Symbol | None:
    """A quotation; the marks right around a reference are none."""
    if _AROUND_REFERENCE.search(text[max(at - 2, 0) : at + 3]):
        return Symbol(Sign.POINT, at, at + 1, "'")
    return quote_at(text, at, context)


def _known(text: str, at: int, context: Context) -> Symbol | None:
    """A citation, a time, a user's number, a criterion, the grid or an element that the run knows."""
    for find in (citation_at, time_at, user_number_at):
        if found := find(text, at, context):
            return found
    for field, said in context.texts:
        if text.startswith(said, at) and not text[at + len(said) : at + len(said) + 1].isalnum():
            return Symbol(Sign.STATUS, at, at + len(said), said, claims=((field, said),))
    if match := CRITERION.match(text, at):
        return Symbol(Sign.IDENTIFIER, at, match.end(), match[0], token=TokenKind.IDENTIFIER)
    grid = context.frame.grid
    end = at + len(grid)
    if numeric_characters(grid) and text.startswith(grid, at) and not text[end : end + 1].isalnum():
        return Symbol(Sign.IDENTIFIER, at, end, grid, token=TokenKind.IDENTIFIER)
    return _element(text, at, context)


def _element(text: str, at: int, context: Context) -> Symbol | None:
    mention = context.naming.at(text, at)
    if mention is None:
        return None
    return _mentioned(text, at, *mention)


def _mentioned(text: str, at: int, end: int, meant: frozenset[str]) -> Symbol:
    if not meant:
        raise RefusedError(f"no element {text[at:end]!r} is in the evidence or the grid")
    if len(meant) > 1:
        raise RefusedError(f"{text[at:end]!r} may mean {' or '.join(sorted(meant))}; write the canonical form")
    return Symbol(Sign.ELEMENT, at, end, text[at:end], elements=meant, token=TokenKind.IDENTIFIER)


def _number(text: str, at: int) -> Symbol | None:
    if match := _NUMBER.match(text, at):
        digits = match["digits"].replace(",", "")
        if match["sign"] and not float(digits):
            raise RefusedError("a zero has no sign")
        if "," in match["digits"] and match["unit"] is None:
            return None
        value = Decimal(digits) * (-1 if match["sign"] in {"minus ", "-", "−"} else 1)
        decimals = len(digits.partition(".")[2])
        return Symbol(Sign.NUMBER, at, match.end(), match[0], number=TypedNumber(value, decimals, match["unit"]))
    if match := _SPELLED.match(text, at):
        value = Decimal(NUMBER_VALUES[match[1].lower()])
        return Symbol(Sign.NUMBER, at, match.end(), match[0], number=TypedNumber(value, 0, None, spelled=True))
    return None


def _reference(text: str, at: int, context: Context) -> Symbol:
    match = _REFERENCE.match(text, at)
    if match is None:
        raise RefusedError("a reference is not well formed; right would be [[e1/lowest_voltage/vm_pu]]")
    ref = Ref(evidence=match[1], path=match[2])
    try:
        value = lookup(context.evidence[ref.evidence].result, ref.path)
    except KeyError:
        value = None
    if value is None:
        raise RefusedError(f"the reference {match[0]} leads to nothing in the evidence")
    if isinstance(value, list) or (isinstance(value, dict) and not is_element(value)):
        raise RefusedError(f"the reference {match[0]} leads to a row or a list; refer to one of its fields")
    return _meaning(value, Symbol(Sign.NUMBER, at, match.end(), match[0], ref=ref))


def _meaning(value: JsonValue, shape: Symbol) -> Symbol:
    """What a reference to this value is in the grammar of a sentence."""
    quantity, _ = split_name(field_of(shape.ref.path if shape.ref else ""))
    if isinstance(value, dict):
        meant = frozenset({f"{value['kind']}:{value['index']}"})
        return replace(shape, sign=Sign.ELEMENT, elements=meant)
    if isinstance(value, str) and quantity == "element" and CANONICAL.fullmatch(value):
        return replace(shape, sign=Sign.ELEMENT, elements=frozenset({value}))
    if isinstance(value, str) and quantity == "case":
        return replace(shape, sign=Sign.CASE, case=Case("label", label=value))
    if isinstance(value, str | bool):
        return replace(shape, sign=Sign.STATUS, claims=((quantity, value),))
    return shape
