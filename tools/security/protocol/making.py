"""Makes alerts of one message: how grave and how sure each kind is stands here, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from tools.security.protocol.alert import Alert
from tools.security.schema.protocol import ProtocolIssueKind as Kind
from tools.vocabulary import Confidence, Severity

if TYPE_CHECKING:
    from datetime import datetime

    from tools.security.protocol.talk import Talk
    from tools.telemetry.schema.log import LogEntry

_CRITICAL, _WARNING = Severity.CRITICAL, Severity.WARNING
_HIGH, _MEDIUM = Confidence.HIGH, Confidence.MEDIUM
# Critical is what reaches the process. Sure is what the standard itself or physics says; the profile alone is less.
WEIGHTS: Mapping[Kind, tuple[Severity, Confidence]] = MappingProxyType(
    {
        **dict.fromkeys(Kind, (_WARNING, _MEDIUM)),
        **dict.fromkeys((Kind.UNKNOWN_COMMAND, Kind.UNKNOWN_WRITE, Kind.BREAKER_FAILURE), (_CRITICAL, _MEDIUM)),
        **dict.fromkeys((Kind.WRITE_TO_READ_ONLY, Kind.BUSBAR_FAULT), (_CRITICAL, _HIGH)),
        **dict.fromkeys(
            (Kind.UNKNOWN_STATION, Kind.AGAINST_THE_STANDARD, Kind.SCAN, Kind.PROTECTION_TRIP), (_WARNING, _HIGH)
        ),
    }
)


@dataclass(frozen=True)
class Maker:
    """The message that an alert is about, and whoever else it concerns."""

    entry: LogEntry
    talk: Talk

    @property
    def at(self) -> datetime:
        """Time of the message."""
        return self.entry.at

    def alert(
        self,
        kind: Kind,
        detail: str,
        *,
        entries: tuple[LogEntry, ...] = (),
        subject: str | None = None,
        breakers: tuple[str, ...] = (),
        at: datetime | None = None,
    ) -> Alert:
        """An alert that is laid to the sender of the message, where nobody else is named."""
        laid_to = subject or self.talk.source
        other = self.talk.server if laid_to == self.talk.client else self.talk.client
        severity, confidence = WEIGHTS[kind]
        return Alert(
            kind=kind,
            protocol=self.talk.protocol,
            at=at or self.at,
            subject=laid_to,
            peer=other,
            severity=severity,
            confidence=confidence,
            detail=detail,
            entries=entries or (self.entry,),
            breakers=breakers,
        )
