"""Clauses: which numbers, statuses, elements and cases of a sentence belong together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from orchestrator.gate.refused import RefusedError
from orchestrator.gate.symbols import Case, Sign, Symbol

_HARD = frozenset({";", "while", "whereas", "but", "although", "though"})
_SOFT = frozenset({",", ":", "and", "or", "(", ")", "–", "—", "against", "versus", "compared", "then"})
_BETWEEN = frozenset({"at", "with", "for", "which", "to", "against", "namely"})
_BEHIND = frozenset({"at", "on", "in", "of", "for"})


@dataclass
class Segment:
    """One number, or some statuses, with what is said around them."""

    symbols: list[Symbol]
    group: int
    bracketed: bool = False
    lead: str = ""

    def has(self, sign: Sign) -> bool:
        """Whether a symbol of this sign is in it."""
        return any(symbol.sign is sign for symbol in self.symbols)

    def every(self, sign: Sign) -> list[Symbol]:
        """The symbols of this sign."""
        return [symbol for symbol in self.symbols if symbol.sign is sign]

    def says(self, *words: str) -> bool:
        """Whether one of these words is in it."""
        return any(symbol.sign is Sign.WORD and symbol.text in words for symbol in self.symbols)

    @property
    def anchored(self) -> bool:
        """Whether it claims something."""
        return self.has(Sign.NUMBER) or self.has(Sign.STATUS) or self.has(Sign.CLAIM)

    @property
    def counts(self) -> bool:
        """Whether it counts something."""
        return any(item.sign is Sign.NUMBER and (item.ref or item.number) for item in self.symbols) and not any(
            item.number and item.number.unit for item in self.symbols
        )

    @property
    def bare(self) -> bool:
        """Whether there is nothing in it but a number."""
        return all(symbol.sign in {Sign.NUMBER, Sign.POINT} for symbol in self.symbols)

    @property
    def elements(self) -> frozenset[str]:
        """Elements named outside the names of states."""
        return frozenset().union(*(symbol.elements for symbol in self.every(Sign.ELEMENT)))

    @property
    def quantities(self) -> frozenset[str]:
        """Quantities that its words name."""
        return frozenset().union(*(symbol.quantities for symbol in self.every(Sign.QUANTITY)))

    @property
    def roles(self) -> frozenset[str]:
        """Extremes that its words ask for."""
        return frozenset().union(*(symbol.roles for symbol in self.every(Sign.QUANTITY)))

    @property
    def cases(self) -> tuple[Case, ...]:
        """The states that it names."""
        return tuple(symbol.case for symbol in self.every(Sign.CASE) if symbol.case)

    @property
    def fronted(self) -> bool:
        """Whether the state is named before anything else, and so holds for what follows."""
        things = [symbol for symbol in self.symbols if symbol.sign not in {Sign.WORD, Sign.POINT, Sign.TIME}]
        return bool(things) and things[0].sign is Sign.CASE


def segment(symbols: Sequence[Symbol]) -> list[Segment]:
    """Cut a sentence so that each part has at most one number, and join what claims nothing to its neighbour.

    Raises:
        RefusedError: when two numbers cannot be told apart.
    """
    pieces = [part for piece in _cut(symbols) for part in _one_number_each(piece)]
    joined: list[Segment] = []
    waiting: list[Symbol] = []
    for piece in pieces:
        if piece.anchored:
            joined.append(replace(piece, symbols=[*waiting, *piece.symbols]))
            waiting = []
        elif not waiting and joined and _belongs_behind(piece, joined[-1]):
            joined[-1].symbols += piece.symbols
        else:
            waiting += piece.symbols
    if not joined:
        return [Segment(waiting, 0)]
    joined[-1].symbols += waiting
    return joined


def _cut(symbols: Sequence[Symbol]) -> list[Segment]:
    pieces = [Segment([], 0)]
    group, depth = 0, 0
    for position, symbol in enumerate(symbols):
        plain = symbol.sign in {Sign.WORD, Sign.POINT}
        hard = plain and symbol.text in _HARD
        counted = (
            symbol.text == "of"
            and position > 0
            and symbols[position - 1].sign is Sign.NUMBER
            and any(item.sign is Sign.NUMBER for item in symbols[position + 1 : position + 4])
        )
        if hard or (plain and (symbol.text in _SOFT or counted)):
            group += hard
            depth += (symbol.text == "(") - (symbol.text == ")")
            pieces.append(Segment([], group, bracketed=depth > 0, lead=symbol.text))
        else:
            pieces[-1].symbols.append(symbol)
    return [piece for piece in pieces if piece.symbols]


def _one_number_each(piece: Segment) -> list[Segment]:
    parts: list[list[Symbol]] = [[]]
    for symbol in piece.symbols:
        if symbol.sign is Sign.NUMBER and any(item.sign is Sign.NUMBER for item in parts[-1]):
            after = max(place for place, item in enumerate(parts[-1]) if item.sign is Sign.NUMBER)
            cut = [
                place
                for place, item in enumerate(parts[-1])
                if place > after and (item.relation or (item.sign is Sign.WORD and item.text in _BETWEEN))
            ]
            if any(item.text == "from" for item in parts[-1]):
                cut = [place for place in cut if parts[-1][place].text == "to"][:1] or cut
            if parts[-1][after].quantities and not parts[-1][after].roles and after + 1 < len(parts[-1]):
                cut = [after + 1]  # the number itself says what it is
            if not cut:
                raise RefusedError("two numbers stand together; say in separate clauses what each of them is")
            parts[-1], rest = parts[-1][: cut[-1]], parts[-1][cut[-1] :]
            parts.append(rest)
        parts[-1].append(symbol)
    return [replace(piece, symbols=part) for part in parts]


def _belongs_behind(piece: Segment, before: Segment) -> bool:
    """Whether a part without a claim completes the one before: ", at bus 12" or ", with line 14 out"."""
    things = [symbol for symbol in piece.symbols if symbol.sign is not Sign.WORD]
    if not things:
        return False
    if (
        piece.bracketed
        and before.counts
        and not before.elements
        and {symbol.sign for symbol in things} == {Sign.ELEMENT}
    ):
        return True  # "1 bus (bus 6)"
    if all(symbol.sign is Sign.CASE for symbol in things):
        return not before.cases and piece.group == before.group
    led = piece.symbols[0].sign is Sign.WORD and piece.symbols[0].text in _BEHIND
    return led and things[0].sign is Sign.ELEMENT and not before.elements and piece.group == before.group
