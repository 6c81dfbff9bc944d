"""In "10 of 41 outages are insecure": what is counted, and out of how many."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from orchestrator.gate.symbols import Sign, Symbol

_CONNECTING = frozenset({"of", "the", "all", "simulated", "screened", "those", "these"})


_RANGING = frozenset({"range", "ranges", "vary", "varies", "lie", "lies", "are"})


def _ranges(symbols: Sequence[Symbol]) -> list[Symbol]:
    """In "voltages range from 0.96 pu to 1.00 pu" the two numbers are the extremes."""
    spread = list(symbols)
    for place in range(1, len(spread) - 2):
        said = [symbol.text for symbol in spread[place : place + 2]]
        if spread[place - 1].text != "voltages" or said[0] not in _RANGING or said[1] not in {"from", "between"}:
            continue
        spread[place] = replace(spread[place], text="lie")
        behind = [at for at in range(place, len(spread)) if spread[at].sign is Sign.NUMBER][:2]
        for at, role in zip(behind, ("lowest_voltage", "highest_voltage"), strict=False):
            spread[at] = replace(spread[at], quantities=frozenset({"vm"}), roles=frozenset({role}))
    return spread


def share_counts(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Give the part its quantity, and the whole that of the outages."""
    shared = _ranges(symbols)
    numbers = [place for place, symbol in enumerate(shared) if symbol.sign is Sign.NUMBER]
    for first, second in pairwise(numbers):
        between = [symbol.text for symbol in shared[first + 1 : second]]
        counted = shared[second + 1] if second + 1 < len(shared) else None
        is_share = between[:1] == ["of"] and set(between) <= _CONNECTING
        if not is_share or counted is None or counted.sign is not Sign.QUANTITY:
            continue
        if "outage" in counted.text or "ones" in counted.text:
            whole = frozenset({"outages"})
        elif any(role.startswith("defect:") for role in counted.roles):
            whole = frozenset({"checked"})
        elif counted.quantities == {"unit_violations"}:
            counted = replace(counted, quantities=frozenset({"count"}), roles=frozenset({"defect:unit_beyond_limit"}))
            whole = frozenset({"checked"})
        else:
            continue
        shared[first] = replace(shared[first], quantities=counted.quantities, roles=counted.roles)
        shared[second] = replace(shared[second], quantities=whole, roles=counted.roles)
        shared[second + 1] = replace(counted, quantities=frozenset(), roles=frozenset())
    return shared
