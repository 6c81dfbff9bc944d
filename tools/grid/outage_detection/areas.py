"""Dead buses that hang together, and the buses around them of which nothing tells."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tools.element import ElementRef
    from tools.grid.outage_detection.positions import Positions

Neighbours = dict[int, set[int]]


def neighbours(positions: Positions) -> Neighbours:
    """Buses joined by branches in service."""
    found: Neighbours = defaultdict(set)
    for _, ends in positions.branches():
        for bus in ends:
            found[bus] |= set(ends) - {bus}
    return found


def together(buses: Iterable[int], joined: Mapping[int, set[int]]) -> list[frozenset[int]]:
    """The buses in groups that hang together among themselves, by their lowest bus."""
    left, groups = set(buses), []
    while left:
        group = spread({min(left)}, left, joined)
        groups.append(group)
        left -= group
    return groups


def spread(start: Iterable[int], allowed: Iterable[int], joined: Mapping[int, set[int]]) -> frozenset[int]:
    """What can be reached from some buses over allowed ones; the start belongs to it."""
    found, free = set(start), set(allowed)
    edge = list(found)
    while edge:
        near = (joined.get(edge.pop(), set()) & free) - found
        found |= near
        edge.extend(near)
    return frozenset(found)


def border(positions: Positions, area: frozenset[int], outside: frozenset[int]) -> tuple[ElementRef, ...]:
    """Branches in service between an area and buses outside it."""
    return tuple(ref for ref, ends in positions.branches() if set(ends) & area and set(ends) & outside)
