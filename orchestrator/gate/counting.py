"""In "10 of 41 outages are insecure": what is counted, and out of how many."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from orchestrator.gate.symbols import Sign, Symbol

_CONNECTING = frozenset({"of", "the", "all", "simulated", "screened", "those", "these"})


def share_counts(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Give the part its quantity, and the whole that of the outages."""
    shared = list(symbols)
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
        else:
            continue
        shared[first] = replace(shared[first], quantities=counted.quantities, roles=counted.roles)
        shared[second] = replace(shared[second], quantities=whole, roles=counted.roles)
        shared[second + 1] = replace(counted, quantities=frozenset(), roles=frozenset())
    return shared
