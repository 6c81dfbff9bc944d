"""Lists that belong together one by one: "line 9 and line 28 are loaded to 111.8 % and 95.4 %, respectively"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from orchestrator.gate.refused import RefusedError
from orchestrator.gate.symbols import Sign, Symbol

_JOINING = frozenset({",", "and"})
_HARD = frozenset({";", ":", "while", "whereas", "but", "which"})
_FEWEST = 2


@dataclass(frozen=True)
class _Run:
    start: int
    end: int
    items: tuple[Symbol, ...]


def paired(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Write such a sentence out, one pair after the other; what stands between the lists holds for each pair.

    Only when there is one list of elements or states, one of numbers, and both are of one length.
    """
    plain = [symbol for symbol in symbols if symbol.text != "respectively"]
    numbers = [run for run in _runs(plain, Sign.NUMBER) if len(run.items) >= _FEWEST]
    named = [run for sign in (Sign.ELEMENT, Sign.CASE) for run in _runs(plain, sign) if len(run.items) >= _FEWEST]
    if len(numbers) != 1 or len(named) != 1 or len(named[0].items) != len(numbers[0].items):
        return _unpaired(symbols, plain)
    first, second = sorted((named[0], numbers[0]), key=lambda run: run.start)
    between = plain[first.end : second.start]
    if any(symbol.text in _HARD for symbol in between) or _repeated(plain, first, second):
        return _unpaired(symbols, plain)
    written = plain[: first.start]
    comma = Symbol(Sign.POINT, 0, 0, ",")
    for place, (one, other) in enumerate(zip(first.items, second.items, strict=True)):
        written += [*([comma] if place else []), one, *between, other]
    return [*written, *plain[second.end :]]


def _unpaired(symbols: Sequence[Symbol], plain: list[Symbol]) -> list[Symbol]:
    if len(plain) != len(symbols):
        raise RefusedError("'respectively' needs two lists of one length: elements or states, and their values")
    return plain


def _repeated(symbols: Sequence[Symbol], first: _Run, second: _Run) -> bool:
    """Whether the sentence names more elements than its list: then it is not clear whose the numbers are."""
    outside = {symbol.sign for symbol in [*symbols[: first.start], *symbols[second.end :]]}
    listed = {item.sign for item in first.items + second.items}
    return bool(outside & listed)


def _runs(symbols: Sequence[Symbol], sign: Sign) -> list[_Run]:
    runs: list[_Run] = []
    place = 0
    while place < len(symbols):
        if symbols[place].sign is not sign:
            place += 1
            continue
        start, items = place, [symbols[place]]
        place += 1
        while (behind := _next_item(symbols, place, sign)) is not None:
            items.append(symbols[behind])
            place = behind + 1
        runs.append(_Run(start, place, tuple(_with_unit(item, items[-1]) for item in items)))
    return runs


def _with_unit(item: Symbol, last: Symbol) -> Symbol:
    """In "1.09, 1.07 and 1.06 pu" the unit of the last number is that of all."""
    if item.number is None or item.number.unit or item.number.spelled or last.number is None:
        return item
    return replace(item, number=replace(item.number, unit=last.number.unit))


def _next_item(symbols: Sequence[Symbol], place: int, sign: Sign) -> int | None:
    """The place of the list's next item, behind a comma, an "and" or both."""
    behind = place
    while behind < len(symbols) and symbols[behind].text in _JOINING and behind - place < _FEWEST:
        behind += 1
    found = behind > place and behind < len(symbols) and symbols[behind].sign is sign
    return behind if found else None
