"""Which elements are in or out of service at a time, by the switching log and the outage records.

The log tells positions, so its latest entry decides, unless an outage began after it that has not ended. A closing that
was logged while a record still says out stands, for it is the later word, and the disagreement is told.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref, table
from tools.telemetry.schema.log import LogKind

if TYPE_CHECKING:
    from pandapower import pandapowerNet

    from tools.telemetry.sources import LogSource, OutageSource

LOOK_BACK = timedelta(days=400)


@dataclass(frozen=True)
class Event:
    """A change of one element.

    Attributes:
        at: From when on.
        closed: In service or closed, or not.
        record: Whether an outage record says so; else the switching log.
    """

    at: datetime
    closed: bool
    record: bool


@dataclass(frozen=True)
class Topology:
    """What differs from the model at a time.

    Attributes:
        out: Out of service, in service in the model.
        back: In service, out of service in the model.
        disputed: Elements on whose position log and records end up apart.
    """

    out: tuple[ElementRef, ...]
    back: tuple[ElementRef, ...]
    disputed: tuple[ElementRef, ...]


@dataclass(frozen=True)
class Switchings:
    """All events up to the end of a span, by element; what is not in the model is counted only."""

    events: dict[ElementRef, tuple[Event, ...]]
    in_service: dict[ElementRef, bool]
    unknown: int
    simulated: bool

    def at(self, moment: datetime) -> Topology:
        """The topology at a time; it is worked out once between two events."""
        past = bisect_right(self._times, moment)
        if past not in self._between:
            self._between[past] = self._work_out(moment)
        return self._between[past]

    @cached_property
    def _times(self) -> list[datetime]:
        return sorted({event.at for events in self.events.values() for event in events})

    @cached_property
    def _between(self) -> dict[int, Topology]:
        """Topologies by the number of times of events that are past."""
        return {}

    def _work_out(self, moment: datetime) -> Topology:
        out: list[ElementRef] = []
        back: list[ElementRef] = []
        disputed: list[ElementRef] = []
        for ref, events in self.events.items():
            log, record = (_latest(events, moment, record=source) for source in (False, True))
            closed = self.in_service[ref] if log is None else log.closed
            if record is not None and not record.closed:
                if log is None or log.at <= record.at:
                    closed = False
                elif closed:
                    disputed.append(ref)
            if closed != self.in_service[ref]:
                (back if closed else out).append(ref)
        return Topology(*(tuple(sorted(refs, key=_order)) for refs in (out, back, disputed)))

    def changes(self, start: datetime, end: datetime) -> tuple[datetime, ...]:
        """The times within a span at which anything changes."""
        return tuple(at for at in self._times if start < at <= end)


def find_switchings(
    net: pandapowerNet, logs: LogSource | None, outages: OutageSource | None, start: datetime, end: datetime
) -> Switchings:
    """Events of the elements of a model up to ``end``, from long enough before ``start``."""
    events: dict[ElementRef, list[Event]] = defaultdict(list)
    unknown, simulated = 0, False
    if logs is not None and LogKind.SWITCHING in logs.kinds():
        for entry in logs.entries(LogKind.SWITCHING, start - LOOK_BACK, end):
            if entry.element is None or entry.closed is None or entry.success is False:
                continue
            ref = _in_model(net, entry.element)
            unknown += ref is None
            if ref is not None:
                events[ref].append(Event(entry.at, entry.closed, record=False))
    for record in outages.outages(start - LOOK_BACK, end) if outages is not None else ():
        ref = _in_model(net, record.element) if record.element is not None else None
        unknown += ref is None and record.element is not None
        if ref is not None:
            simulated = simulated or record.simulated
            events[ref].append(Event(record.start, closed=False, record=True))
            if record.end is not None:
                events[ref].append(Event(record.end, closed=True, record=True))
    ordered = {ref: tuple(sorted(found, key=lambda event: event.at)) for ref, found in events.items()}
    return Switchings(ordered, {ref: _in_service(net, ref) for ref in ordered}, unknown, simulated)


def _latest(events: tuple[Event, ...], moment: datetime, *, record: bool) -> Event | None:
    """The latest word of one source not after a time."""
    return next((event for event in reversed(events) if event.record is record and event.at <= moment), None)


def _in_model(net: pandapowerNet, element: ElementRef) -> ElementRef | None:
    rows = table(net, element.kind)
    known = element.index in rows.index and ("in_service" in rows or element.kind is ElementKind.SWITCH)
    return element_ref(net, element.kind, element.index) if known else None


def _in_service(net: pandapowerNet, ref: ElementRef) -> bool:
    column = "closed" if ref.kind is ElementKind.SWITCH else "in_service"
    return bool(net[ref.kind.value].at[ref.index, column])


def _order(ref: ElementRef) -> tuple[str, int]:
    return ref.kind.value, ref.index
