"""A flood of alarms taken apart into the disturbances behind it.

Two alarms belong together when no more than two minutes lie between them and their elements are the same, share a bus,
or have no more than two branches between them; so do alarms of one host. What is linked to what is linked belongs
together as well, because a disturbance spreads. Equal input gives equal groups, whatever the order of equal times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from tools.detection.alarm_sources import message_of, shown_source, source_of
from tools.detection.schema.alarms import AlarmFlood, Disturbance
from tools.element import ElementRef

if TYPE_CHECKING:
    from datetime import datetime

    from tools.telemetry.schema.log import LogEntry

PAUSE = timedelta(minutes=2)
LEAD = timedelta(minutes=10)
NEAR = 2
_ELEMENTS = 10


class Distance(Protocol):
    """How far apart elements of a grid are."""

    def between(self, one: ElementRef, other: ElementRef) -> int | None:
        """Branches between two elements; None when they lie far apart."""
        ...


def alarms_of(flood: AlarmFlood, raised: Sequence[LogEntry], until: datetime) -> list[LogEntry]:
    """The alarms of a flood and of ten minutes before it, in order of time; those of one time by source.

    A flood is counted in pieces of ten minutes on the clock, and a disturbance may begin in the piece before.
    """
    begin, end = flood.start - LEAD, flood.end or until
    inside = [item for item in raised if begin <= item.at < end or (flood.end is None and item.at == end)]
    return sorted(inside, key=lambda item: (item.at, source_of(item), item.text, item.id))


def group(entries: Sequence[LogEntry], since: datetime, distance: Distance | None) -> tuple[list[Disturbance], int]:
    """Disturbances in order of time, and how many alarms stand alone.

    Args:
        entries: Raised alarms in order of time.
        since: What was over before is left out.
        distance: Of the grid; None where there is none, so that only equal sources belong together.
    """
    groups = [items for items in _linked(entries, distance) if items[-1].at >= since]
    found = [_disturbance(items) for items in groups if _count(items) > 1]
    alone = sum(_count(items) for items in groups if _count(items) == 1)
    return sorted(found, key=lambda item: (item.start, item.message)), alone


def _linked(entries: Sequence[LogEntry], distance: Distance | None) -> list[list[LogEntry]]:
    parent = list(range(len(entries)))
    newest: dict[str, int] = {}
    near: dict[tuple[str, str], bool] = {}
    for place, item in enumerate(entries):
        source = source_of(item)
        for other, last in list(newest.items()):
            if item.at - entries[last].at > PAUSE:
                del newest[other]
            elif _near(item, entries[last], near, distance):
                parent[_root(parent, place)] = _root(parent, last)
        newest[source] = place
    groups: dict[int, list[LogEntry]] = {}
    for place, item in enumerate(entries):
        groups.setdefault(_root(parent, place), []).append(item)
    return list(groups.values())


def _near(one: LogEntry, other: LogEntry, known: dict[tuple[str, str], bool], distance: Distance | None) -> bool:
    """Whether two sources are one or neighbours; a host is near the elements that it reports."""
    key = source_of(one), source_of(other)
    if key[0] == key[1]:
        return True
    if one.element is None or other.element is None:
        return one.host is not None and one.host == other.host and (one.element is None) != (other.element is None)
    if distance is None:
        return False
    if key not in known:
        hops = distance.between(one.element, other.element)
        known[key] = hops is not None and hops <= NEAR
    return known[key]


def _root(parent: list[int], place: int) -> int:
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


def _disturbance(items: Sequence[LogEntry]) -> Disturbance:
    first = items[0]
    elements = list(_each_once(items))
    tied = {source_of(item) for item in items if item.at == first.at} - {source_of(first)}
    return Disturbance(
        **shown_source(first),
        start=first.at,
        end=items[-1].at,
        alarms=_count(items),
        sources=len({source_of(item) for item in items}),
        message=message_of(first),
        tied=len(tied),
        elements=tuple(elements[:_ELEMENTS]),
        elements_omitted=max(0, len(elements) - _ELEMENTS),
    )


def _each_once(items: Sequence[LogEntry]) -> Iterator[ElementRef]:
    yield from {str(item.element): item.element for item in items if item.element is not None}.values()


def _count(items: Sequence[LogEntry]) -> int:
    return sum(item.count for item in items)
