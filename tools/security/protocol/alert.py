"""Alerts of the rules, joined to episodes: what comes again within half a minute is one issue."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tools.security.quoting import quoted_line, quoted_name, shortened
from tools.security.risk import CustodyLedger, finding_context
from tools.security.schema.protocol import ProtocolIssue, ProtocolIssueKind
from tools.subject import SubjectKind, SubjectRef

if TYPE_CHECKING:
    from tools.security.schema.context import ThreatTable
    from tools.telemetry.schema.log import LogEntry
    from tools.telemetry.schema.message import ProtocolName
    from tools.vocabulary import Confidence, Severity

# An alert is due within a minute; what pauses for half of one is told anew.
PAUSE = timedelta(seconds=30)
LINES, BREAKERS, MOST, MAX_DETAIL = 3, 20, 1000, 500
LOG = "protocol log"


@dataclass(frozen=True)
class Alert:
    """One rule that a message, or the lack of messages, broke.

    Attributes:
        at: When it could be known.
        subject: Station that it is laid to.
        peer: Station at the other end; empty for none.
        detail: What was found and what would be right; names in it are quoted already.
        entries: Records that it rests on, in order of time; one at least.
        breakers: IEDs whose breaker opened.
    """

    kind: ProtocolIssueKind
    protocol: ProtocolName
    at: datetime
    subject: str
    peer: str
    severity: Severity
    confidence: Confidence
    detail: str
    entries: tuple[LogEntry, ...]
    breakers: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two alerts the same matter."""
        return self.kind, self.protocol, self.subject, self.peer


@dataclass
class _Episode:
    first: Alert
    last: Alert
    start: datetime
    end: datetime
    ledger: CustodyLedger = field(default_factory=lambda: CustodyLedger(LOG))
    lines: list[str] = field(default_factory=list)
    recent: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def add(self, alert: Alert) -> None:
        """Take the records of an alert in, each once."""
        self.last = alert
        for entry in alert.entries:
            if entry.id in self.recent:
                continue
            self.recent[entry.id] = None
            if len(self.recent) > MOST:
                self.recent.popitem(last=False)
            self.ledger.add(entry)
            self.end = max(self.end, entry.at)
            if len(self.lines) < LINES and entry.text:
                self.lines.append(quoted_line(entry.text))


class Episodes:
    """Joins alerts to issues; holds no records, and no more than a thousand issues."""

    def __init__(self, table: ThreatTable | None) -> None:
        self._table = table
        self._open: dict[tuple[str, ...], _Episode] = {}
        self._closed: list[ProtocolIssue] = []
        self.not_kept = 0

    def add(self, alert: Alert) -> None:
        """Alerts come in order of the time at which they could be known."""
        episode = self._open.get(alert.key)
        if episode is not None and alert.entries[0].at - episode.end > PAUSE:
            self._close(episode)
            episode = None
        if episode is None:
            start = alert.entries[0].at
            episode = self._open[alert.key] = _Episode(alert, alert, start, start)
        episode.add(alert)

    def issues(self) -> list[ProtocolIssue]:
        """All issues, by their begin."""
        for episode in self._open.values():
            self._close(episode)
        self._open.clear()
        return sorted(self._closed, key=lambda issue: (issue.start, issue.kind, str(issue.subject)))

    def _close(self, episode: _Episode) -> None:
        if len(self._closed) < MOST:
            self._closed.append(self._issue(episode))
        else:
            self.not_kept += 1

    def _issue(self, episode: _Episode) -> ProtocolIssue:
        first, custody = episode.first, episode.ledger.custody()
        breakers = tuple(dict.fromkeys((*first.breakers, *episode.last.breakers)))
        return ProtocolIssue(
            subject=SubjectRef(kind=SubjectKind.HOST, name=quoted_name(first.subject)),
            peer=SubjectRef(kind=SubjectKind.HOST, name=quoted_name(first.peer)) if first.peer else None,
            protocol=first.protocol,
            kind=first.kind,
            severity=first.severity,
            start=episode.start,
            end=episode.end,
            alerted_at=first.at,
            messages=custody.records,
            detail=shortened(first.detail, MAX_DETAIL),
            breakers=tuple(SubjectRef(kind=SubjectKind.ASSET, name=quoted_name(name)) for name in breakers[:BREAKERS]),
            breakers_omitted=max(len(breakers) - BREAKERS, 0),
            lines=tuple(episode.lines),
            confidence=first.confidence,
            context=finding_context(self._table, first.kind, first.severity, first.confidence, custody),
        )
