"""Amounts of an action: how many MW, by or to, which tap position."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from orchestrator.resolve.lexicon import lexicon
from orchestrator.resolve.patterns import parse_number
from tools.grid.inventory import Item

_ROUNDING = 1e-6


class Way(StrEnum):
    """What a verb does."""

    OPEN = "open"
    CLOSE = "close"
    SHED = "shed"
    MOVE = "move"
    UP = "up"
    DOWN = "down"
    SET = "set"


class Need(Exception):  # noqa: N818 - it is what the question still needs, and is told to the user
    """An action that cannot be understood; the message is shown as the reason."""


@dataclass(frozen=True)
class Amount:
    """A typed amount.

    Attributes:
        value: In MW, or percent of what the element has.
        percent: Whether it is percent.
        target: True for ``to``, False for ``by``, None where the words leave it open.
        down: Whether the words around the number say less.
    """

    value: float
    percent: bool = False
    target: bool | None = None
    down: bool = False

    @classmethod
    def whole(cls) -> Amount:
        """All of it."""
        return cls(100.0, percent=True)


_AMOUNT = re.compile(
    rf"(?P<before>\b(?:by|to|at|down to|up to|up by|down by|up|down|less|of|"
    rf"=)\s*)?(?<![@\w.])(?P<number>[+-]?\s?\d+(?:[.,]\d+)*)\s*"
    rf"(?P<unit>percent|{'|'.join(sorted(lexicon().units, key=len, reverse=True))})\b(?P<after>\s+(?:less|"
    rf"lower|down|more|higher|up))?"
)
_EXTREME = re.compile(
    r"\b(?:to|at)\s+(?:its\s+|the\s+|full\s+)?(?P<word>max(?:imum)?|full(?: load| output| power)?|"
    r"min(?:imum)?|zero|nothing)\b"
)
_POSITION = re.compile(
    r"(?P<before>\bby\s+|\bto\s+(?:position\s+|pos\s+|tap\s+)?|\bat\s+|\bposition\s+|\bpos\s+|\btap\s+|=\s*|"
    r"\bup\s+|\bdown\s+|\bon\s+)?(?<![@\w.])(?P<number>[+-]?\s?\d+)\b(?P<steps>\s*(?:steps?|taps?|positions?|"
    r"notch(?:es)?))?"
)


def read_amounts(text: str) -> list[Amount]:
    """Every amount with a unit of power, or percent; or the word for an extreme, as an amount of infinity."""
    found = [_amount(match) for match in _AMOUNT.finditer(text)]
    if found:
        return found
    extreme = _EXTREME.search(text)
    if not extreme:
        return []
    word = extreme["word"]
    return [
        Amount(0.0 if word in {"zero", "nothing"} else float("-inf" if word.startswith("min") else "inf"), target=True)
    ]


def _amount(match: re.Match[str]) -> Amount:
    before, after, unit = (match["before"] or "").split(), (match["after"] or "").strip(), match["unit"]
    number = match["number"].replace(" ", "")
    target = None
    if "to" in before or "at" in before or "=" in before:
        target = True
    elif "by" in before or after or number[0] in "+-" or "up" in before or "down" in before:
        target = False
    scale = 1.0 if unit == "percent" else lexicon().units[unit]
    down = after in {"less", "lower", "down"} or "down" in before or "less" in before
    return Amount(parse_number(number) * scale, unit == "percent", target, down)


def redispatch_delta(way: Way, amount: Amount, unit: Item) -> float:
    """What is added to a unit's set-point, in MW.

    Raises:
        Need: when the model lacks the set-point or the limit that the words rest on.
    """
    to_value = amount.target if amount.target is not None else way is Way.SET
    value = _limit(amount.value, unit)
    if amount.percent:
        value = value / 100 * _power(unit)
    if to_value:
        return _tidy(value - _power(unit))
    return _tidy(-value if way is Way.DOWN or amount.down else value)


def shed_amount(amount: Amount, load: Item) -> float:
    """How much of a load, in MW.

    Raises:
        Need: when nothing is left to take, or more than there is.
    """
    value = amount.value / 100 * _power(load) if amount.percent else abs(amount.value)
    if amount.target:
        value = _power(load) - value
    if load.p_mw is not None and value > load.p_mw * (1 + _ROUNDING):
        raise Need("That is more than the load draws.")
    if value <= 0:
        raise Need("The amount of load has to be above zero, and below what the load draws.")
    return _tidy(value)


def read_position(text: str, way: Way, trafo: Item) -> int:
    """The tap position that the words ask for.

    Raises:
        Need: without a position, or for steps from a position that the model does not know.
    """
    match = _POSITION.search(text)
    if re.search(r"\b(?:to|at) (?:the )?(?:neutral|middle)\b", text):
        return 0
    number = int(match["number"].replace(" ", "")) if match else 1
    before = ((match["before"] or "") if match else "").split()
    steps = bool(match and match["steps"]) and not {"to", "at"} & set(before)
    relative = "by" in before or "up" in before or "down" in before or steps or not match
    if not relative:
        return number
    if way not in {Way.UP, Way.DOWN} and not re.search(r"\b(?:up|down)\b", text):
        raise Need("A tap change needs a position, or a direction and a number of steps.")
    if trafo.tap_pos is None:
        raise Need("The model has no tap position for that transformer, so steps from it mean nothing.")
    down = way is Way.DOWN or re.search(r"\bdown\b", text) is not None
    return trafo.tap_pos + (-number if down else number)


def _limit(value: float, unit: Item) -> float:
    if abs(value) != float("inf"):
        return value
    limit = unit.max_p_mw if value > 0 else unit.min_p_mw
    if limit is None:
        raise Need("The model has no limit of active power for that unit.")
    return limit


def _power(item: Item) -> float:
    if item.p_mw is None:
        raise Need("The model has no set-point for that element.")
    return item.p_mw


def _tidy(value: float) -> float:
    return round(value, 6)
