"""What GOOSE states say of breakers: which opened together, and which fault that was.

A fault on a busbar shows by Kirchhoff's law: current flows into the bar through a bay, and out of it through none. So
the bay that feeds it carries a fault current at a collapsed voltage, the other bays of the bar carry none, and the
protection opens them all. At a fault beyond a feeder its own bay would carry the current too; when its breaker stays
closed while the others open, the breaker has failed.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tools.security.protocol.making import Maker
from tools.security.quoting import quoted_name
from tools.security.schema.protocol import ProtocolIssueKind as Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.security.protocol.alert import Alert
    from tools.security.protocol.talk import Talk
    from tools.telemetry.schema.log import LogEntry
    from tools.telemetry.schema.message import GooseMessage

# Protection and the breakers it opens are done within this; the slowest zone, breaker failure, waits some tenths.
TOGETHER = timedelta(seconds=2)
# States before an opening that it is explained by.
BEFORE = timedelta(seconds=5)
# A bus has an infeed and a bay that it feeds; with the coupler or a second bay it is told from a single line.
BAYS_OF_A_BUS = 3
# An overcurrent stage is set above what load can ever be, usually beyond 1.5 times; a fault collapses the voltage.
OVERCURRENT, COLLAPSED = 2.0, 0.7
_MOST_IEDS, _MOST_STATES = 10_000, 64


@dataclass
class _Ied:
    states: deque[tuple[datetime, GooseMessage]] = field(default_factory=lambda: deque(maxlen=_MOST_STATES))
    last: LogEntry | None = None

    def fault_current(self, at: datetime) -> bool:
        """Whether its bay carried an overcurrent at a collapsed voltage shortly before a time."""
        recent = [message for when, message in self.states if at - BEFORE <= when <= at + TOGETHER]
        usual = [message for when, message in self.states if when < at - TOGETHER]
        load = max((message.i_ka for message in usual if message.i_ka is not None), default=None)
        level = max((message.vm_kv for message in usual if message.vm_kv is not None), default=None)
        if load is None or level is None:
            return False
        return any(
            message.i_ka is not None
            and message.vm_kv is not None
            and message.i_ka > OVERCURRENT * load
            and message.vm_kv < COLLAPSED * level
            for message in recent
        )

    def tripped(self, at: datetime) -> bool:
        """Whether its protection says that it tripped around a time."""
        near = (message for when, message in self.states if abs(when - at) <= TOGETHER)
        return any(message.tripped or message.intertrip_received or message.intertrip_sent for message in near)


@dataclass
class _Group:
    """Breakers that opened together."""

    make: Maker
    opened: dict[str, LogEntry]
    last_at: datetime


class Breakers:
    """Looks at one state after the other; holds the last states of each IED."""

    def __init__(self) -> None:
        self._ieds: OrderedDict[str, _Ied] = OrderedDict()
        self._group: _Group | None = None

    def see(self, entry: LogEntry, message: GooseMessage, talk: Talk) -> Iterator[Alert]:
        """What a state says; openings are told as soon as no more can belong to them."""
        if self._group is not None and entry.at - self._group.last_at > TOGETHER:
            yield from self.finish()
        ied = self._ieds.setdefault(message.source, _Ied())
        before = ied.states[-1][1] if ied.states else None
        yield from self._sequence(Maker(entry, talk), before, message)
        ied.states.append((entry.at, message))
        ied.last = entry
        if len(self._ieds) > _MOST_IEDS:
            self._ieds.popitem(last=False)
        was, now = (before.breaker_closed if before else None), message.breaker_closed
        if was is False and now:
            yield Maker(entry, talk).alert(Kind.BREAKER_MOVED, "the breaker closed")
        elif was and now is False:
            if self._group is None:
                self._group = _Group(Maker(entry, talk), {}, entry.at)
            self._group.opened[message.source] = entry
            self._group.last_at = entry.at

    def finish(self) -> Iterator[Alert]:
        """The openings that wait for others."""
        group, self._group = self._group, None
        if group is None:
            return
        names = tuple(sorted(group.opened))
        entries = tuple(sorted(group.opened.values(), key=lambda entry: (entry.at, entry.id)))
        began = entries[0].at
        kind, detail = self._named(group, began)
        yield group.make.alert(
            kind,
            f"{detail}; breakers that opened: {', '.join(quoted_name(name) for name in names)}",
            entries=entries,
            breakers=names,
            at=group.last_at + TOGETHER,
        )

    def _named(self, group: _Group, began: datetime) -> tuple[Kind, str]:
        """Which fault explains the openings."""
        opened = {name: self._ieds[name] for name in group.opened if name in self._ieds}
        feeding = sorted(name for name, ied in opened.items() if ied.fault_current(began))
        stayed = sorted(
            name
            for name, ied in self._ieds.items()
            if name not in opened and self._still_closed(ied) and ied.fault_current(began)
        )
        tripped = [name for name, ied in opened.items() if ied.tripped(began)]
        fed = ", ".join(quoted_name(name) for name in feeding)
        if stayed and tripped:
            failed = ", ".join(quoted_name(name) for name in stayed)
            return Kind.BREAKER_FAILURE, f"{failed} carried the fault current and stayed closed; others opened for it"
        if len(opened) >= BAYS_OF_A_BUS and feeding and len(feeding) < len(opened) and len(tripped) == len(opened):
            return Kind.BUSBAR_FAULT, f"fault current came in through {fed} and left through no bay"
        if tripped:
            return Kind.PROTECTION_TRIP, "protection tripped"
        return Kind.BREAKER_MOVED, "opened without a trip of the protection"

    @staticmethod
    def _still_closed(ied: _Ied) -> bool:
        return bool(ied.states and ied.states[-1][1].breaker_closed)

    @staticmethod
    def _sequence(make: Maker, before: GooseMessage | None, now: GooseMessage) -> Iterator[Alert]:
        """With each change stNum rises by one and sqNum begins anew; else sqNum rises by one (IEC 61850-8-1, 18.1)."""
        if before is None or None in {before.state_number, now.state_number}:
            return
        was, is_ = before.state_number or 0, now.state_number or 0
        changed = before.breaker_closed != now.breaker_closed or before.tripped != now.tripped
        if is_ not in {was, was + 1} and not (is_ == 1 and now.sequence_number in {0, 1}):
            yield make.alert(Kind.SEQUENCE_BROKEN, f"the state number went from {was} to {is_}")
        elif is_ == was + 1 and now.sequence_number not in {None, 0, 1}:
            yield make.alert(Kind.SEQUENCE_BROKEN, f"a new state begins with the sequence number {now.sequence_number}")
        elif is_ == was and changed:
            yield make.alert(Kind.SEQUENCE_BROKEN, "the state changed under the same state number")
        elif is_ == was and None not in {before.sequence_number, now.sequence_number}:
            expected = (before.sequence_number or 0) + 1
            if now.sequence_number != expected and not (now.sequence_number in {0, 1} and is_ == 1):
                yield make.alert(
                    Kind.SEQUENCE_BROKEN, f"the sequence number is {now.sequence_number} and should be {expected}"
                )
