"""In "10 of 41 outages are insecure": what is counted, and out of how many."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from orchestrator.gate.symbols import Sign, Symbol

_CONNECTING = frozenset({"of", "the", "all", "simulated", "screened"})


def share_counts(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Give the part its quantity, and the whole that of the outages."""
    shared = list(symbols)
    numbers = [place for place, symbol in enumerate(shared) if symbol.sign is Sign.NUMBER]
    for first, second in pairwise(numbers):
        between = [symbol.text for symbol in shared[first + 1 : second]]
        counted = shared[second + 1] if second + 1 < len(shared) else None
        is_share = between[:1] == ["of"] and set(between) <= _CONNECTING
        if is_share and counted and counted.sign is Sign.QUANTITY and counted.text.startswith("outage"):
            shared[first] = replace(shared[first], quantities=counted.quantities)
            shared[second] = replace(shared[second], quantities=frozenset({"outages"}))
            shared[second + 1] = replace(counted, quantities=frozenset())
    return shared
