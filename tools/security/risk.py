"""The risk of a finding, and all that surrounds it."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from tools.result import canonical_json
from tools.security.quoting import quoted_name, shortened
from tools.security.schema.context import Custody, FindingContext, Risk, ThreatTable
from tools.vocabulary import Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tools.telemetry.schema.log import LogEntry

NO_TABLE = "no table of threats, so techniques, clauses and responses are not named"
_MOST_WRITERS = 5
_MAX_SOURCE = 400


class CustodyLedger:
    """Adds up the records that a finding rests on, one at a time, without keeping them."""

    def __init__(self, log: str) -> None:
        self._log = log
        self._hash = sha256()
        self._writers: dict[str, None] = {}
        self._span: tuple[datetime, datetime] | None = None
        self.records = 0

    def add(self, entry: LogEntry) -> None:
        """One more record; records come in order of time."""
        self._hash.update(f"{canonical_json(entry)}\n".encode())
        self._span = (self._span[0] if self._span else entry.at, entry.at)
        self.records += 1
        if entry.host and len(self._writers) < _MOST_WRITERS:
            self._writers[quoted_name(entry.host)] = None

    def custody(self) -> Custody:
        """What was added so far; there must be one record at least."""
        if self._span is None:
            raise ValueError("A finding without a record has no custody")
        written = f" of {', '.join(self._writers)}" if self._writers else ""
        return Custody(
            source=shortened(f"{self._log}{written}", _MAX_SOURCE),
            records=self.records,
            first_at=self._span[0],
            last_at=self._span[1],
            sha256=self._hash.hexdigest(),
        )


def custody_of(log: str, entries: Iterable[LogEntry]) -> Custody:
    """The custody of some records of a log, each counted once and in order of time."""
    ledger = CustodyLedger(log)
    for entry in sorted({entry.id: entry for entry in entries}.values(), key=lambda entry: (entry.at, entry.id)):
        ledger.add(entry)
    return ledger.custody()


def risk_of(severity: Severity, confidence: Confidence) -> Risk:
    """Likelihood and consequence in one of three levels, in the manner of IEC 62443-3-2.

    Severity stands for the consequence and confidence for the likelihood: high from ``critical`` with at least medium
    confidence, low for ``information`` or where the confidence of a warning is low, medium otherwise.

    >>> risk_of(Severity.CRITICAL, Confidence.HIGH)
    <Risk.HIGH: 'high'>
    """
    grave = severity in {Severity.CRITICAL, Severity.EMERGENCY}
    if grave and confidence is not Confidence.LOW:
        return Risk.HIGH
    if severity is Severity.INFORMATION or (not grave and confidence is Confidence.LOW):
        return Risk.LOW
    return Risk.MEDIUM


def finding_context(
    table: ThreatTable | None,
    kind: str,
    severity: Severity,
    confidence: Confidence,
    custody: Custody,
    *,
    effected: bool = True,
) -> FindingContext:
    """What surrounds a finding of a kind; without a table only its risk and custody.

    Args:
        table: What each kind of finding means.
        kind: Of the finding.
        severity: Of the finding.
        confidence: Of the finding.
        custody: Records that it rests on.
        effected: Whether what was tried took effect, as far as is known; techniques that name the effect need it.
    """
    threat = table.find(kind) if table is not None else None
    return FindingContext(
        techniques=threat.named(effected=effected) if threat else (),
        clauses=threat.clauses if threat else (),
        risk=risk_of(severity, confidence),
        response=threat.response if threat else None,
        custody=custody,
    )
