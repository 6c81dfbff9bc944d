"""What is asked about: quantities, what a ranking ranks by, how many rows, which record."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from tools.element import ElementKind
from tools.grid.inventory import BRANCH_KINDS

_QUANTITIES = {
    "vm": r"\b(voltages?|kv|undervoltages?|overvoltages?|pu)\b",
    "va": r"\b(voltage )?(angles?|phase)\b",
    "loading": r"\b(loadings?|loaded|overload\w*|utili[sz]ation|used|stressed|hot|hottest|percent)\b"
    r"|\bloads? (on|of|over|in|through) (the )?(line|transformer|branch|it|X)|(line|transformer) X load\b",
    "i": r"\b(current(?= (in|on|through|of|at|over)\b)|currents|amps?|amperes?|ka)\b|X current\b",
    "q": r"\b(reactive|mvar|q)\b",
    "p": r"\b(flow(s|ing)?|power|mw|output|produc\w+|generat(e|es|ing|ion)|demand"
    r"|consum\w+|draws?|feeds?|infeed|carr(y|ies|ying))\b",
    "loss": r"\b(loss|losses|lose|losing)\b",
}
_COMPILED = {name: re.compile(source) for name, source in _QUANTITIES.items()}
_ROWS = re.compile(
    r"\b(?:top|first|worst|list|show)(?: me)?(?: the)? (\d{1,3})\b|\b(\d{1,3}) (?:worst|most|highest|lowest|"
    r"weakest|hottest|biggest|largest|heaviest|lines|buses|branches|outages)\b"
)
_RECORD = re.compile(r"\b(?:run|report)\s+(?=[a-z0-9-]*\d)([a-z0-9][a-z0-9-]{5,63})\b")
_HIGH = re.compile(r"\b(highest|high|maximum|max|above|over|exceed\w*|overvoltages?|upper|top|peak)\b")
_MOST_ROWS = 100


def quantities(masked: str) -> tuple[str, ...]:
    """Quantities named in a masked question, in a fixed order."""
    return tuple(name for name, pattern in _COMPILED.items() if pattern.search(masked))


def ranked_by(masked: str) -> str:
    """What a ranking question ranks by: a value of ``RankBy``.

    >>> ranked_by("lowest voltages")
    'low_voltage'
    """
    if re.search(r"\bloss(es)?\b|\blose\b", masked):
        return "losses"
    if re.search(r"\b(voltages?|bus|buses|pu|kv|undervoltages?|overvoltages?)\b", masked):
        return (
            "high_voltage"
            if _HIGH.search(masked) and not re.search(r"\b(lowest|low|weakest|worst)\b", masked)
            else "low_voltage"
        )
    if re.search(r"\b(gens?|generators?|units?|machines?|generation|plants?|produc\w+|infeed|makes?)\b", masked):
        return "generation"
    return "loading"


def rows_asked(masked: str) -> int | None:
    """How many rows a question asks for, None when it does not say or asks for none."""
    match = _ROWS.search(masked)
    number = int(match[1] or match[2]) if match else 0
    return min(number, _MOST_ROWS) or None


def record_asked(text: str) -> str | None:
    """The identifier of a record in a normalised text."""
    match = _RECORD.search(text)
    return match[1] if match else None


_SHOWN: Mapping[ElementKind, frozenset[str]] = {
    ElementKind.BUS: frozenset({"vm", "va"}),
    ElementKind.LOAD: frozenset({"p", "q"}),
    **dict.fromkeys((ElementKind.GEN, ElementKind.SGEN, ElementKind.EXT_GRID), frozenset({"p", "q"})),
    **dict.fromkeys(BRANCH_KINDS, frozenset({"loading", "i", "p", "q", "loss"})),
}


def not_shown(masked: str, kinds: Collection[ElementKind]) -> tuple[str, ...]:
    """Words for quantities that the rows of some kinds of elements do not have: ``voltage`` of a line."""
    if not kinds or not set(kinds) <= set(_SHOWN):
        return ()
    shown = frozenset().union(*(_SHOWN[kind] for kind in kinds))
    asked = quantities(masked)
    if any(name in shown for name in asked) and len(asked) == 1:
        return ()
    return tuple(
        match[0]
        for name in asked
        if name not in shown and not (name in {"loading", "p"} and len(asked) > 1)
        if (match := _COMPILED[name].search(masked))
    )
