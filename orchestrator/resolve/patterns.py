"""Pieces of patterns over marked texts, in which ``@0`` stands for a mention."""

from __future__ import annotations

import re

ELEMENTS = r"@\d+(?:(?:\s*,\s*and\s+|\s*,\s*|\s+and\s+|\s*&\s*|\s*\+\s*)(?:the\s+)?@\d+)*"
"""One mark or a list of marks."""

DENIED = re.compile(
    r"(?<!why )(?<!why do i )(?<!why do we )(?<!why can not we )\b(?:not|never|without|instead of|"
    r"rather than|unless)\s+(?:be\s+|to\s+|have to\s+|having to\s+)?$"
)
"""What stands before a change that the question says is not made."""
_MARK = re.compile(r"@(\d+)")
_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTS = {word: number for number, word in enumerate(_SMALL) if word != "one"} | {
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "hundred": 100,
}
_COUNTED = re.compile(
    rf"\b({'|'.join(_COUNTS)})\b(?=\s+(?:mw|megawatts?|kw|percent|steps?|taps?|positions?|lines?|buses|worst|"
    rf"lowest|highest|most)\b)"
)

_NAMED = re.compile(
    r"\b(bus|line|trafo|transformer|gen|generator|unit|load|shunt|feeder|branch|breaker|node) (number )?"
    rf"({'|'.join((*_COUNTS, 'one'))})\b(?!\s+(?:of|is|that|mw|percent|steps?|more|less|lines|buses)\b)"
)
_BARE = re.compile(r"\b(by|to)\s+(\d+(?:\.\d+)?)(?=\s*(?:$|[?,;]|\.(?:\s|$)|\b(?:and|or|as|on|at|while|with)\b))")
_UNIT = re.compile(r"\d\s*(mws?|megawatts?|kw|gw)\b")

_ONE = re.compile(r"\bone\b(?=\s+(?:mw|megawatt|kw|percent|step|tap|position)\b)")
_SIGN = re.compile(r"\b(plus|minus)\s+(?=\d+(?:[.,]\d+)?\s*(?:mws?|kw|gw|megawatts?|percent|steps?)\b)")


def marks(text: str) -> list[int]:
    """Numbers of the marks in a text, in order.

    >>> marks("@0 and @2")
    [0, 2]
    """
    return [int(number) for number in _MARK.findall(text)]


def counted(text: str) -> str:
    """Number words before a unit as digits, and ``plus`` before an amount as a sign.

    "One line" stays in words: it means any.

    >>> counted("by twenty mw")
    'by 20 mw'
    """
    text = _NAMED.sub(lambda match: f"{match[1]} {_COUNTS.get(match[3], 1)}", text)
    units = set(_UNIT.findall(text))
    if len(units) == 1 and "tap" not in text:  # "by 10 and gen 3 by 5 MW": the unit that was said is meant
        unit = units.pop()
        text = _BARE.sub(lambda match: f"{match[1]} {match[2]} {unit}", text)
    text = _SIGN.sub(lambda match: "+" if match[1] == "plus" else "-", text)
    return _COUNTED.sub(lambda match: str(_COUNTS[match[1]]), _ONE.sub("1", text))


def parse_number(text: str) -> float:
    """A typed number; a comma before exactly three digits parts thousands, any other is a decimal comma.

    >>> parse_number("1,500"), parse_number("1,5")
    (1500.0, 1.5)
    """
    plain = re.sub(r",(?=\d{3}(?:\D|$))", "", text)
    return float(plain.replace(",", "."))
