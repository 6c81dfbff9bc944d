"""The profile of normal traffic: who speaks to whom about what, how often; learnt from messages one at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from tools.security.protocol.association import Association, Associations, RequestKey, request_key
from tools.security.protocol.pace import Pauses, Rolling
from tools.security.protocol.rules_mms import REQUEST, WRITE
from tools.security.protocol.talk import Talk, talk_of
from tools.security.quoting import quoted_name
from tools.security.schema.protocol import ProtocolProfile
from tools.telemetry.schema.message import Iec104Message, MmsMessage, ProtocolName

if TYPE_CHECKING:
    from tools.telemetry.schema.log import LogEntry

# With fewer messages of a protocol, or a shorter time, everything would be unknown.
ENOUGH_MESSAGES, ENOUGH_TIME = 200, timedelta(minutes=5)
MOST_HELD = 50_000
# A share of reports that may be of something new in normal traffic, without an alert being likely to be false.
UNSEEN = 0.001
_Point = tuple[str, int, int | None, int | None]
_SHOWN = 20
Item = TypeVar("Item", bound=Hashable)


@dataclass
class Profile:
    """What normal traffic holds.

    Attributes:
        stations: By protocol and name.
        connections: Protocol, client, server.
        kinds: Connection, direction and kind of message.
        commons: Protocol, server, common address.
        objects: Server, common address, address of the information object.
        detailed: Servers of which such addresses were learnt at all.
        settled: Servers of IEC 104 that have shown all they report: of a thousand reports at most one was of a point or
            of a kind that was seen once only (the estimate of Good and Turing for what was never seen).
        steady: Client, server and request outside the start-up of an association.
        writes: Client, server, domain and item that were written.
        longest_s: Longest usual pause by connection.
        densest: Most messages in ten minutes by connection, direction and kind.
    """

    start: datetime
    end: datetime
    messages: int = 0
    counts: dict[ProtocolName, int] = field(default_factory=lambda: defaultdict(int))
    stations: set[tuple[str, str]] = field(default_factory=set)
    connections: set[tuple[str, str, str]] = field(default_factory=set)
    kinds: set[tuple[str, str, str, str]] = field(default_factory=set)
    commons: set[tuple[str, int]] = field(default_factory=set)
    objects: set[tuple[str, int, int]] = field(default_factory=set)
    detailed: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    steady: set[tuple[str, str, RequestKey]] = field(default_factory=set)
    writes: set[tuple[str, str, str, str]] = field(default_factory=set)
    longest_s: dict[tuple[str, str, str], float] = field(default_factory=dict)
    densest: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    not_kept: int = 0

    def knows(self, protocol: ProtocolName) -> bool:
        """Whether there is enough of a protocol to call anything unknown."""
        return self.counts.get(protocol, 0) >= ENOUGH_MESSAGES and self.end - self.start >= ENOUGH_TIME

    def summary(self) -> ProtocolProfile:
        """What is in it, and from when to when."""
        names = sorted({quoted_name(name) for _, name in self.stations})
        return ProtocolProfile(
            start=self.start,
            end=self.end,
            messages=self.messages,
            protocols=tuple(sorted(self.counts)),
            stations=tuple(names[:_SHOWN]),
            stations_omitted=max(len(names) - _SHOWN, 0),
            connections=len(self.connections),
            message_types=len(self.kinds),
            addresses=len(self.objects),
            writes=len(self.writes),
            longest_pause_s=round(max(self.longest_s.values()), 3) if self.longest_s else None,
            not_kept=self.not_kept,
        )


class Learner:
    """Learns a profile from messages in order of time; memory does not grow with their number."""

    def __init__(self) -> None:
        self._profile: Profile | None = None
        self._pauses: dict[tuple[str, str, str], Pauses] = defaultdict(Pauses)
        self._rolling: dict[tuple[str, str, str, str], Rolling] = defaultdict(Rolling)
        self._associations = Associations()
        self._reports: Counter[str] = Counter()
        self._seen: set[_Point] = set()
        self._once: set[_Point] = set()

    def see(self, entry: LogEntry) -> None:
        """One message of normal traffic."""
        message = entry.message
        if message is None:
            return
        if self._profile is None:
            self._profile = Profile(entry.at, entry.at)
        profile, talk = self._profile, talk_of(message)
        profile.end = max(profile.end, entry.at)
        profile.messages += 1
        profile.counts[talk.protocol] += 1
        self._see_stations(profile, talk)
        self._keep(profile.kinds, talk.direction)
        if talk.connection in profile.connections:
            self._pauses[talk.connection].add(entry.at)
        starting = False
        if isinstance(message, MmsMessage):
            starting = self._see_mms(profile, talk, message, entry.at).starting
        elif isinstance(message, Iec104Message):
            self._see_104(profile, talk, message)
        if not starting and talk.direction in profile.kinds:
            most = profile.densest.get(talk.direction, 0)
            profile.densest[talk.direction] = max(most, self._rolling[talk.direction].add(entry.at))

    def _see_stations(self, profile: Profile, talk: Talk) -> None:
        for name in filter(None, (talk.client, talk.server)):
            self._keep(profile.stations, (talk.protocol, name))
        self._keep(profile.connections, talk.connection)

    def profile(self) -> Profile | None:
        """What was learnt; None without a single message."""
        if self._profile is not None:
            singles = Counter(server for server, *_ in self._once)
            self._profile.settled = {
                server for server, reports in self._reports.items() if singles[server] <= UNSEEN * reports
            }
            found = ((key, pauses.longest_s()) for key, pauses in self._pauses.items())
            self._profile.longest_s = {key: longest for key, longest in found if longest is not None}
        return self._profile

    def _see_mms(self, profile: Profile, talk: Talk, message: MmsMessage, at: datetime) -> Association:
        association = self._associations.of(talk, message, at)
        if talk.forward and message.pdu == REQUEST:
            association.request(message, at)
            if not association.starting:
                self._keep(profile.steady, (talk.client, talk.server, request_key(message)))
            if message.service == WRITE:
                self._keep(profile.writes, (talk.client, talk.server, message.domain, message.item))
        return association

    def _see_104(self, profile: Profile, talk: Talk, message: Iec104Message) -> None:
        if not talk.forward and message.type_id is not None:
            self._reports[talk.server] += 1
            for point in message.objects or (None,):
                self._count((talk.server, message.type_id, message.common_address, point))
        if message.common_address is None:
            return
        self._keep(profile.commons, (talk.server, message.common_address))
        if message.objects:
            self._keep(profile.detailed, talk.server)
        for address in message.objects:
            self._keep(profile.objects, (talk.server, message.common_address, address))

    def _count(self, point: _Point) -> None:
        """Once, and then never as once again."""
        if point in self._seen:
            self._once.discard(point)
        elif len(self._seen) < MOST_HELD:
            self._seen.add(point)
            self._once.add(point)

    def _keep(self, held: set[Item], item: Item) -> None:
        if item in held:
            return
        if len(held) < MOST_HELD:
            held.add(item)
        elif self._profile is not None:
            self._profile.not_kept += 1
