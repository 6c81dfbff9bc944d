"""One pass over messages: the rules of all protocols, alerts joined to issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from tools.security.protocol.alert import Episodes
from tools.security.protocol.breakers import Breakers
from tools.security.protocol.talk import Talk, talk_of
from tools.security.protocol.traffic import Traffic
from tools.security.protocol.watch104 import Watch104
from tools.security.protocol.watch_mms import WatchMms
from tools.telemetry.schema.message import Iec104Message, MmsMessage, ProtocolName

if TYPE_CHECKING:
    from datetime import datetime

    from tools.security.protocol.alert import Alert
    from tools.security.protocol.profile import Profile
    from tools.security.schema.context import ThreatTable
    from tools.security.schema.protocol import ProtocolIssue
    from tools.telemetry.schema.log import LogEntry
    from tools.telemetry.schema.message import ProtocolMessage


class Watch:
    """Looks at messages in order of time; memory does not grow with their number.

    Args:
        profile: Of normal traffic; None where only the standard can be held against them.
        table: What kinds of findings mean.
        since: What was known before is not told; such messages only say what was going on.
    """

    def __init__(self, profile: Profile | None, table: ThreatTable | None, since: datetime) -> None:
        self._since = since
        self._traffic, self._104 = Traffic(profile), Watch104(profile)
        self._mms, self._breakers = WatchMms(profile), Breakers()
        self._episodes = Episodes(table)
        self.counts: Counter[ProtocolName] = Counter()
        self.unreadable = 0
        self._transfers_before = 0

    @property
    def file_transfers(self) -> int:
        """Transfers of files in the order of the standard, since the begin of what is told."""
        return self._104.file_transfers - self._transfers_before

    @property
    def not_kept(self) -> int:
        """Issues beyond what is held."""
        return self._episodes.not_kept

    def see(self, entry: LogEntry) -> None:
        """One entry of a protocol log."""
        told = entry.at >= self._since
        if entry.message is None:
            self.unreadable += told
            return
        talk = talk_of(entry.message)
        self._take(self._alerts(entry, entry.message, talk))
        if told:
            self.counts[talk.protocol] += 1
        else:
            self._transfers_before = self._104.file_transfers

    def issues(self) -> list[ProtocolIssue]:
        """All issues, after the last message."""
        self._take(chain(self._traffic.finish(), self._breakers.finish()))
        return self._episodes.issues()

    def last_at(self) -> datetime | None:
        """Time of the newest message."""
        return self._traffic.last_at()

    def _alerts(self, entry: LogEntry, message: ProtocolMessage, talk: Talk) -> Iterator[Alert]:
        known, starting = self._traffic.known(talk), False
        if isinstance(message, Iec104Message):
            yield from self._104.see(entry, message, talk, known)
        elif isinstance(message, MmsMessage):
            yield from self._mms.see(entry, message, talk, known)
            starting = self._mms.starting(talk, message, entry)
        else:
            yield from self._breakers.see(entry, message, talk)
        yield from self._traffic.see(entry, message, talk, starting)

    def _take(self, alerts: Iterator[Alert]) -> None:
        for alert in alerts:
            if alert.at >= self._since:
                self._episodes.add(alert)
