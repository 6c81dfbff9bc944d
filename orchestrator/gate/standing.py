"""Pronouns that stand for the one element named before them: "if it trips", "its loss"."""

from collections.abc import Sequence
from dataclasses import replace

from orchestrator.gate.symbols import Sign, Symbol

_LOSSES = frozenset({"loss", "outage", "trip", "tripping", "failure", "disconnection", "removal", "contingency"})
_GONE = frozenset({"trips", "tripped", "fails", "failed", "out", "lost", "disconnected", "opened", "closed", "removed"})
_AUXILIARY = frozenset({"is", "was", "goes", "went", "gets", "be", "were", "has", "been"})
_LEADS = frozenset({"without", "losing", "tripping", "opening", "closing", "disconnecting", "of"})


def stand_in(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Put the element in the place of a pronoun in the name of a state, where only one element was named before."""
    changed = list(symbols)
    for place, symbol in enumerate(symbols):
        if symbol.sign is Sign.WORD and symbol.text in {"it", "its"} and _of_a_state(symbols, place):
            before = {item.elements for item in symbols[:place] if item.sign is Sign.ELEMENT}
            if len(before) == 1:
                changed[place] = replace(symbol, sign=Sign.ELEMENT, elements=before.pop())
    return changed


def _of_a_state(symbols: Sequence[Symbol], place: int) -> bool:
    behind = [symbol.text for symbol in symbols[place + 1 : place + 4]]
    if symbols[place].text == "its":
        return bool(behind) and behind[0] in _LOSSES
    while behind and behind[0] in _AUXILIARY:
        behind = behind[1:]
    led = place > 0 and symbols[place - 1].text in _LEADS
    return led or (bool(behind) and behind[0] in _GONE)
