"""Which single element explains an area without supply.

An element is suspect when its outage cuts off every bus of the area that is known to be dead, and none that is known to
have voltage. An opening in the log or a record within the time in which the voltage went puts an element first. Equals
are shown lines first, buses last, which decides nothing: the verdict stays inconclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref
from tools.vocabulary import CauseVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.grid.outage_detection.positions import Positions
    from tools.grid.snapshot_topology import Switchings

_ORDER = {ElementKind.LINE: 0, ElementKind.TRAFO: 1, ElementKind.TRAFO3W: 1, ElementKind.SWITCH: 3, ElementKind.BUS: 4}
_OTHER = 2
NEAR = timedelta(minutes=2)
"""Clocks of log and sensors may differ by so much."""


@dataclass(frozen=True)
class Suspect:
    """An element and what it explains.

    Attributes:
        element: The element.
        cut_off: Buses that its outage leaves without supply.
        opened_at: When log or record says that it went out; None where neither does.
        on_record: Whether an outage record names it.
    """

    element: ElementRef
    cut_off: frozenset[int]
    opened_at: datetime | None = None
    on_record: bool = False


def by_voltage(
    positions: Positions, dead: frozenset[int], alive: frozenset[int], reach: frozenset[int]
) -> list[Suspect]:
    """Elements in service by their positions whose outage would leave exactly such readings.

    Args:
        positions: The grid as switch states say.
        dead: Buses of the area that read no voltage.
        alive: Buses that have voltage.
        reach: Buses that hang together with the area over buses that nothing tells of.
    """
    branches = [ref for ref, ends in positions.branches() if reach & set(ends)]
    buses = [element_ref(positions.net, ElementKind.BUS, bus) for bus in sorted(reach)]
    found = [Suspect(ref, positions.cut_off_by(ref)) for ref in (*branches, *buses)]
    fitting = [item for item in found if dead <= item.cut_off and not item.cut_off & alive]
    return sorted(fitting, key=lambda item: (_order(item.element), len(item.cut_off), item.element.index))


def by_position(positions: Positions, area: frozenset[int], switchings: Switchings, at: datetime) -> list[Suspect]:
    """Elements that went out and whose return alone would supply the whole area again."""
    found = []
    for ref in positions.topology.out:
        again = positions.restored_by(ref)
        if area <= again:
            opened, record = opening(switchings, ref, at)
            found.append(Suspect(ref, again, opened, record))
    return sorted(found, key=lambda item: (not item.on_record, _order(item.element), item.element.index))


def opening(switchings: Switchings, ref: ElementRef, at: datetime) -> tuple[datetime | None, bool]:
    """When an element last went out before a time, and whether a record says so."""
    past = [event for event in switchings.events.get(ref, ()) if event.at <= at and not event.closed]
    return (past[-1].at, any(event.record for event in past)) if past else (None, False)


def with_openings(
    suspects: Iterable[Suspect], switchings: Switchings, window: tuple[datetime | None, datetime | None], at: datetime
) -> list[Suspect]:
    """Those first that opened, by log or record, when the voltage went."""
    alive_until, dead_from = window
    told = []
    for item in suspects:
        opened, record = opening(switchings, item.element, at)
        if opened is None or (alive_until and opened < alive_until - NEAR) or (dead_from and opened > dead_from + NEAR):
            told.append(item)
        else:
            told.append(Suspect(item.element, item.cut_off, opened, record))
    return sorted(told, key=lambda item: item.opened_at is None)


def verdict_on(suspects: list[Suspect], sensors: int, *, by_switch_state: bool) -> CauseVerdict:
    """How sure the first suspect is.

    Confirmed: it alone opened by log or record, and the switch state or at least two sensors say that the area is
    dead. Likely: it is the only one that is no bus, on the same evidence. Else inconclusive: one sensor may be broken.
    """
    branches = [item for item in suspects if item.element.kind is not ElementKind.BUS]
    sure = by_switch_state or sensors > 1
    if suspects and sure and suspects[0].opened_at is not None:
        return (
            CauseVerdict.CONFIRMED if len([item for item in suspects if item.opened_at]) == 1 else CauseVerdict.LIKELY
        )
    return CauseVerdict.LIKELY if sure and len(branches) == 1 else CauseVerdict.INCONCLUSIVE


def _order(ref: ElementRef) -> int:
    return _ORDER.get(ref.kind, _OTHER)
