"""A sentence as symbols: words as they stand, and one letter for each thing that was recognised."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agents.statement import Ref, TokenKind
from orchestrator.gate.typed_number import TypedNumber


class Sign(StrEnum):
    """What a symbol stands for; the letter is its place-holder in the patterns."""

    WORD = "w"
    POINT = "p"
    ELEMENT = "E"
    NUMBER = "N"
    CASE = "C"
    QUANTITY = "Q"
    STATUS = "S"
    IDENTIFIER = "I"
    CITATION = "K"
    TIME = "T"
    USER = "U"
    DIRECTION = "D"
    CLAIM = "X"


@dataclass(frozen=True)
class Case:
    """A state that a phrase names.

    Attributes:
        kind: ``base``, ``outage``, ``before``, ``after`` or ``any`` (over all outages).
        elements: Those that are out, or that an action is done to; each with its possible readings.
        action: What is done to them (``opening``), None when the phrase does not say.
        label: The case of the evidence, when a reference names it.
        rank: The measure by which the sentence ranks this outage, and its place from zero.
    """

    kind: str
    elements: tuple[frozenset[str], ...] = ()
    action: str | None = None
    label: str | None = None
    rank: tuple[str, int] | None = None


@dataclass(frozen=True)
class Symbol:
    """One piece of a sentence; only the fields of its sign are filled."""

    sign: Sign
    start: int
    end: int
    text: str
    elements: frozenset[str] = frozenset()
    number: TypedNumber | None = None
    ref: Ref | None = None
    case: Case | None = None
    quantities: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    claims: tuple[tuple[str, str | bool], ...] = ()
    token: TokenKind | None = None
    upward: bool | None = None
    relation: str = ""
    refinements: frozenset[str] = frozenset()
    every: bool = False
    listed: str = ""
    asserts: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """How the symbol appears to the patterns: a word in lower case, or its sign's letter."""
        return self.text if self.sign in {Sign.WORD, Sign.POINT} else self.sign.value


Maker = Callable[[re.Match[str], Sequence[Symbol]], Symbol | None]


def fold(symbols: Sequence[Symbol], pattern: re.Pattern[str], make: Maker) -> list[Symbol]:
    """Replace every run of symbols that a pattern matches by the one symbol that it means.

    Args:
        symbols: The sentence.
        pattern: Over the codes, one space between them; it must match whole codes.
        make: Gives the new symbol, or None to leave the run as it is.
    """
    starts, position = [], 0
    for symbol in symbols:
        starts.append(position)
        position += len(symbol.code) + 1
    line = " ".join(symbol.code for symbol in symbols)
    folded: list[Symbol] = []
    done = 0
    for match in pattern.finditer(line):
        if match.start() == match.end():
            continue
        first = bisect_right(starts, match.start()) - 1
        last = bisect_right(starts, match.end() - 1)
        made = make(match, symbols[first:last])
        if made is not None:
            folded += [*symbols[done:first], made]
            done = last
    return [*folded, *symbols[done:]]


def whole(pattern: str) -> re.Pattern[str]:
    """A pattern over codes that begins and ends at a code's border."""
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")
