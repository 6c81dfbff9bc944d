"""The words that remain when everything is recognised: they must claim nothing."""

from collections.abc import Sequence
from dataclasses import replace

from orchestrator.gate.neutral import COMMANDS, FALLING, NEUTRAL, RISING
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.symbols import Sign, Symbol
from orchestrator.gate.wordings import STATUS_WORD


def mark_directions(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Recognise the verbs of change."""
    return [
        replace(symbol, sign=Sign.DIRECTION, upward=symbol.text in RISING)
        if symbol.sign is Sign.WORD and symbol.text in RISING | FALLING
        else symbol
        for symbol in symbols
    ]


def check_words(symbols: Sequence[Symbol], *, recommending: bool) -> None:
    """Refuse a sentence in which a word may claim more than its references do.

    A list of forbidden words would never be complete ("everything is rosy"), so only words that are known to claim
    nothing may stand beside what is bound.

    Raises:
        RefusedError: naming the word.
    """
    words = [symbol.text for symbol in symbols if symbol.sign is Sign.WORD]
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
