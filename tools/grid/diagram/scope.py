"""Which buses a picture shows: those near its centre, never more than can be read."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.grid.diagram.branches import Branch

MOST_BUSES = 150
"""A picture with more buses than this cannot be read on a screen or on paper."""


@dataclass(frozen=True)
class Scope:
    """What a picture shows.

    Attributes:
        buses: By index.
        branches: Those with all their ends shown.
        left_out: Buses of the model that are not shown.
    """

    buses: tuple[int, ...]
    branches: tuple[Branch, ...]
    left_out: int


def choose_scope(buses: Sequence[int], branches: Sequence[Branch], centre: Sequence[int], depth: int | None) -> Scope:
    """The buses within ``depth`` branches of the centre, nearest first up to ``MOST_BUSES``.

    Distances run through branches out of service too, so that an outage stays in its picture.

    Args:
        buses: All buses of the model.
        branches: All branches of the model.
        centre: Where the search starts.
        depth: None for no limit but the number of buses; the whole grid is then shown when it fits.
    """
    whole = depth is None and len(buses) <= MOST_BUSES
    shown = set(buses if whole else _nearest(branches, centre, depth))
    return Scope(
        buses=tuple(sorted(shown)),
        branches=tuple(branch for branch in branches if shown.issuperset(branch.buses)),
        left_out=len(buses) - len(shown),
    )


def _nearest(branches: Sequence[Branch], centre: Sequence[int], depth: int | None) -> Iterable[int]:
    neighbours: dict[int, set[int]] = {}
    for branch in branches:
        for bus in branch.buses:
            neighbours.setdefault(bus, set()).update(branch.buses)
    distance = dict.fromkeys(sorted(set(centre)), 0)
    queue = deque(distance)
    while queue and len(distance) < MOST_BUSES:
        bus = queue.popleft()
        if depth is not None and distance[bus] == depth:
            continue
        for other in sorted(neighbours.get(bus, ())):
            if other not in distance and len(distance) < MOST_BUSES:
                distance[other] = distance[bus] + 1
                queue.append(other)
    return distance
