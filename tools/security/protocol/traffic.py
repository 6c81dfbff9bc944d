"""What holds for every protocol: who may speak to whom, silence, and floods."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from tools.security.protocol import rules104 as rules
from tools.security.protocol.making import Maker
from tools.security.protocol.pace import BEYOND, Distinct, Rolling, silence_limit
from tools.security.protocol.rules_mms import CONCLUDE_RESPONSE
from tools.security.quoting import quoted_name
from tools.security.schema.protocol import ProtocolIssueKind as Kind
from tools.telemetry.schema.message import Iec104Message, MmsMessage, ProtocolName

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tools.security.protocol.alert import Alert
    from tools.security.protocol.profile import Profile
    from tools.security.protocol.talk import Talk
    from tools.telemetry.schema.log import LogEntry
    from tools.telemetry.schema.message import ProtocolMessage

_FLOORS_S = {ProtocolName.IEC104: rules.IDLE_LIMIT_S}
# So many stations that one station never spoke to before, within ten minutes, are a search.
STATIONS_SEARCHED, _WINDOW = 3, timedelta(minutes=10)
# Fewer messages than this in ten minutes flood nobody.
FLOOD_AT_LEAST, ASKED_AT_LEAST = 100, 5
_MOST_HELD = 10_000


class Traffic:
    """Looks at one message after the other; what it holds is bounded."""

    def __init__(self, profile: Profile | None) -> None:
        self._profile = profile
        self._last: OrderedDict[tuple[str, str, str], tuple[LogEntry, Talk]] = OrderedDict()
        self._rolling: OrderedDict[tuple[str, str, str, str], Rolling] = OrderedDict()
        self._searching: dict[tuple[str, str], Distinct] = defaultdict(lambda: Distinct(_WINDOW))
        self._newest: datetime | None = None

    def known(self, talk: Talk) -> bool:
        """Whether normal traffic has this connection, so that its messages can be compared."""
        profile = self._profile
        return profile is not None and profile.knows(talk.protocol) and talk.connection in profile.connections

    def see(self, entry: LogEntry, message: ProtocolMessage, talk: Talk, starting: bool) -> Iterator[Alert]:
        """What is wrong with a message, whatever it says; ``starting`` while a client looks around."""
        make = Maker(entry, talk)
        self._newest = entry.at
        yield from self._strangers(make, talk)
        yield from self._silence(make, message, talk)
        if self.known(talk) and not starting:
            yield from self._flood(make, message, talk)

    def finish(self) -> Iterator[Alert]:
        """Connections that fell silent while others went on."""
        for entry, talk in self._last.values():
            limit = self._limit(talk)
            if limit is not None and self._newest is not None and self._newest - entry.at > limit:
                yield self._lost(Maker(entry, talk), entry, limit, (entry,))

    def last_at(self) -> datetime | None:
        """Time of the newest message."""
        return self._newest

    def _strangers(self, make: Maker, talk: Talk) -> Iterator[Alert]:
        profile = self._profile
        if profile is None or not profile.knows(talk.protocol) or talk.connection in profile.connections:
            return
        unknown = [
            name for name in (talk.client, talk.server) if name and (talk.protocol, name) not in profile.stations
        ]
        for name in unknown[:1]:
            detail = f"the station {quoted_name(name)}, which normal traffic does not have"
            yield make.alert(Kind.UNKNOWN_STATION, detail, subject=name)
        if not unknown:
            detail = "two stations of normal traffic that do not speak to each other in these roles"
            yield make.alert(Kind.UNKNOWN_CONNECTION, detail, subject=talk.client)
        if talk.forward:
            if len(self._searching) > _MOST_HELD:
                self._searching.clear()
            count = self._searching[talk.protocol, talk.client].add(talk.server, make.at)
            if count >= STATIONS_SEARCHED:
                detail = f"{count} stations within ten minutes that it does not speak to in normal traffic"
                yield make.alert(Kind.SCAN, detail, subject=talk.client)

    def _silence(self, make: Maker, message: ProtocolMessage, talk: Talk) -> Iterator[Alert]:
        before = self._last.get(talk.connection)
        limit = self._limit(talk)
        if before is not None and limit is not None and make.at - before[0].at > limit:
            yield self._lost(make, before[0], limit, (before[0], make.entry))
        self._last[talk.connection] = make.entry, talk
        self._last.move_to_end(talk.connection)
        if len(self._last) > _MOST_HELD:
            self._last.popitem(last=False)
        if isinstance(message, MmsMessage) and message.pdu == CONCLUDE_RESPONSE:
            del self._last[talk.connection]

    def _limit(self, talk: Talk) -> timedelta | None:
        learnt = self._profile.longest_s.get(talk.connection) if self._profile is not None else None
        return silence_limit(learnt, _FLOORS_S.get(talk.protocol, 0.0))

    @staticmethod
    def _lost(make: Maker, last: LogEntry, limit: timedelta, entries: tuple[LogEntry, ...]) -> Alert:
        detail = f"no message for more than {limit.total_seconds():.1f} s"
        return make.alert(
            Kind.CONNECTION_LOST,
            detail,
            entries=entries,
            subject=make.talk.server or make.talk.client,
            at=last.at + limit,
        )

    def _flood(self, make: Maker, message: ProtocolMessage, talk: Talk) -> Iterator[Alert]:
        """More than twice the densest ten minutes; files come in bulk, and receipts follow what they receive."""
        usual = self._profile.densest.get(talk.direction) if self._profile is not None else None
        type_id = message.type_id if isinstance(message, Iec104Message) else None
        if usual is None or talk.kind == "s" or type_id in rules.FILE:
            return
        rolling = self._rolling.setdefault(talk.direction, Rolling())
        if len(self._rolling) > _MOST_HELD:
            self._rolling.popitem(last=False)
        count = rolling.add(make.at)
        asks = type_id in rules.ASKING and talk.forward
        if count <= BEYOND * usual or count < (ASKED_AT_LEAST if asks else FLOOD_AT_LEAST):
            return
        detail = f"{count} messages ({talk.kind}) within ten minutes; normal traffic has {usual} at most"
        yield make.alert(Kind.SCAN if asks else Kind.MESSAGE_FLOOD, detail)
