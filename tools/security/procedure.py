"""What a command breaks of normal procedure: the state of the equipment, the range of a set-point, the order for it.

Positions and earthing are what the switching log and earlier commands say of the same element; where they say nothing,
nothing is concluded.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tools.security.schema.commands import CommandReason
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.schema.operations import OutageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from tools.element import ElementRef
    from tools.telemetry.schema.operations import OutageRecord, Permit

OPENING = frozenset({"open", "trip", "switch_off"})
CLOSING = frozenset({"close", "reclose", "switch_on", "energise", "energize"})
EARTHING = frozenset({"earth", "ground", "earth_on", "close_earthing_switch"})
UNEARTHING = frozenset({"unearth", "unground", "earth_off", "open_earthing_switch"})
# Planned times are kept to the hour.
ORDER_SLACK = timedelta(hours=1)
# Orders are kept where four switchings of five had one; elsewhere their absence says nothing.
ORDERS_KEPT, ORDERS_AT_LEAST = 0.8, 5
# The habit of a set-point: so many of them, and a tenth of their range beyond both ends.
HABIT_SET_POINTS, BEYOND_HABIT = 10, 0.1

Range = tuple[float, float]


@dataclass(frozen=True)
class Breach:
    """A command that breaks normal procedure, and in what."""

    entry: LogEntry
    reason: CommandReason


def is_switching(entry: LogEntry) -> bool:
    """Whether a command opens or closes an element."""
    return entry.element is not None and entry.action in OPENING | CLOSING


def wrong_states(commands: Iterable[LogEntry], before: Iterable[LogEntry]) -> list[Breach]:
    """Commands that contradict the state of their element.

    Args:
        commands: Of the span.
        before: Earlier commands, and the switching log up to the end of the span.
    """
    closed: dict[str, bool] = {}
    earthed: dict[str, bool] = {}
    found = []
    judged = {entry.id for entry in commands}
    events = {entry.id: entry for entry in [*before, *commands] if entry.element is not None}
    for entry in sorted(events.values(), key=lambda entry: (entry.at, entry.kind is LogKind.SWITCHING)):
        element = str(entry.element)
        if entry.id in judged:
            reason = _contradiction(entry.action, closed.get(element), earthed.get(element, False))
            found += [Breach(entry, reason)] if reason else []
        _follow(entry, element, closed, earthed)
    return found


def _contradiction(action: str, closed: bool | None, earthed: bool) -> CommandReason | None:
    if action in CLOSING and earthed:
        return CommandReason.ONTO_EARTH
    if action in EARTHING and closed:
        return CommandReason.LIVE_EARTHED
    if action in OPENING and closed is False:
        return CommandReason.OPEN_ALREADY
    return CommandReason.CLOSED_ALREADY if action in CLOSING and closed else None


def _follow(entry: LogEntry, element: str, closed: dict[str, bool], earthed: dict[str, bool]) -> None:
    """The state after an entry; of a command whose outcome is not said, the position is not known."""
    if entry.kind is LogKind.SWITCHING and entry.closed is not None:
        closed[element] = entry.closed
    elif entry.success is False:
        return
    elif entry.action in EARTHING | UNEARTHING:
        earthed[element] = entry.action in EARTHING
    elif entry.action in OPENING | CLOSING:
        if entry.success:
            closed[element] = entry.action in CLOSING
        else:
            closed.pop(element, None)


def out_of_range(
    commands: Iterable[LogEntry], earlier: Iterable[LogEntry], rated: Callable[[ElementRef, str], Range | None]
) -> list[Breach]:
    """Set-points outside what the element can do, or without such data outside what it was ever given.

    Args:
        commands: Of the span.
        earlier: Of the habit.
        rated: Lowest and highest of an element in a unit by the grid's model; None where it does not say.
    """
    usual = _usual_ranges(earlier)
    found = []
    for entry in commands:
        if entry.set_point is None or entry.element is None:
            continue
        unit = entry.set_point.unit
        span = rated(entry.element, unit) or usual.get((str(entry.element), unit))
        if span is not None and not span[0] <= entry.set_point.value <= span[1]:
            found.append(Breach(entry, CommandReason.OUT_OF_RANGE))
    return found


def _usual_ranges(earlier: Iterable[LogEntry]) -> Mapping[tuple[str, str], Range]:
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    for entry in earlier:
        if entry.set_point is not None and entry.element is not None and entry.success is not False:
            values[str(entry.element), entry.set_point.unit].append(entry.set_point.value)
    ranges = {}
    for key, given in values.items():
        if len(given) >= HABIT_SET_POINTS:
            margin = BEYOND_HABIT * (max(given) - min(given))
            ranges[key] = min(given) - margin, max(given) + margin
    return ranges


@dataclass(frozen=True)
class Orders:
    """What was ordered: planned outages and permits of elements."""

    outages: Sequence[OutageRecord]
    permits: Sequence[Permit]

    def cover(self, entry: LogEntry) -> bool:
        """Whether an order for the element holds at the time of a command, or the command names one."""
        if entry.order:
            return True
        planned = (record for record in self.outages if record.kind is OutageKind.PLANNED)
        return any(self._covers(record.element, record.start, record.end, entry) for record in planned) or any(
            self._covers(permit.element, permit.start, permit.closed_at or permit.end, entry) for permit in self.permits
        )

    @staticmethod
    def _covers(element: ElementRef | None, start: datetime, end: datetime | None, entry: LogEntry) -> bool:
        if element is None or entry.element is None or str(element) != str(entry.element):
            return False
        return start - ORDER_SLACK <= entry.at and (end is None or entry.at <= end + ORDER_SLACK)

    def are_kept(self, earlier: Iterable[LogEntry]) -> bool:
        """Whether switching has an order here as a rule, so that its absence says something."""
        switched = [entry for entry in earlier if is_switching(entry)]
        covered = sum(self.cover(entry) for entry in switched)
        return len(switched) >= ORDERS_AT_LEAST and covered >= ORDERS_KEPT * len(switched)


def without_order(commands: Iterable[LogEntry], earlier: Iterable[LogEntry], orders: Orders) -> list[LogEntry]:
    """Switching without an order, where orders are kept."""
    if not orders.are_kept(earlier):
        return []
    return [entry for entry in commands if is_switching(entry) and not orders.cover(entry)]
