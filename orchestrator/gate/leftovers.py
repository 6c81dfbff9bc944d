"""The words that remain when everything is recognised: they must claim nothing."""

from collections.abc import Sequence
from dataclasses import replace

from orchestrator.gate.causing import CAUSING, REASON
from orchestrator.gate.neutral import COMMANDS, FALLING, NEUTRAL, RISING
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.symbols import Sign, Symbol
from orchestrator.gate.wordings import STATUS_WORD

# What can rise or fall, right before a verb that could also be a command.
_SUBJECTS = frozenset(
    {
        "losses",
        "loading",
        "loadings",
        "voltage",
        "voltages",
        "load",
        "generation",
        "would",
        "will",
        "can",
        "could",
        "may",
        "might",
        "must",
    }
)


def mark_directions(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Recognise the verbs of change."""
    return [
        replace(symbol, sign=Sign.DIRECTION, upward=symbol.text in RISING)
        if symbol.sign is Sign.WORD and symbol.text in RISING | FALLING and _is_told(symbols, place)
        else symbol
        for place, symbol in enumerate(symbols)
    ]


def _is_told(symbols: Sequence[Symbol], place: int) -> bool:
    """Whether a verb tells what happens; "reduce" at the head of a clause is a command."""
    if symbols[place].text not in COMMANDS:
        return True
    before = symbols[place - 1] if place else None
    return before is not None and (before.sign is Sign.ELEMENT or before.text in _SUBJECTS)


def check_words(symbols: Sequence[Symbol], *, recommending: bool) -> None:
    """Refuse a sentence in which a word may claim more than its references do.

    A list of forbidden words would never be complete ("everything is rosy"), so only words that are known to claim
    nothing may stand beside what is bound.

    Raises:
        RefusedError: naming the word.
    """
    words = [symbol.text for symbol in symbols if symbol.sign is Sign.WORD and symbol.text not in CAUSING | REASON]
    commands = [word for word in words if word in COMMANDS]
    if commands and not recommending:
        raise RefusedError(f"{commands[0]!r} asks for a switching; actions are proposed as recommendations only")
    if claim := STATUS_WORD.search(" ".join(words)):
        raise RefusedError(
            f"{claim[0]!r} is a claim of status that no field of the evidence is tied to; use a reference to a status "
            "field, or leave it out"
        )
    allowed = NEUTRAL | (COMMANDS if recommending else frozenset())
    for word in words:
        if word not in allowed:
            raise RefusedError(
                f"the word {word!r} may claim more than the evidence says; put the facts plainly: element, quantity, "
                "reference, case"
            )
