"""The issues of an access log: each attack, log-in and new account as a row with what surrounds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.security.guessing import subject
from tools.security.quoting import quoted_line
from tools.security.risk import custody_of, finding_context
from tools.security.schema.access import AccessIssue, AccessIssueKind, AccessReason
from tools.subject import SubjectKind, SubjectRef
from tools.telemetry.schema.log import LogEntry
from tools.vocabulary import Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.security.guessing import Burst
    from tools.security.logins import UnusualLogin
    from tools.security.schema.context import FindingContext, ThreatTable
    from tools.security.spraying import Spray

NAMES_SHOWN = 20
LOG = "access log"
_KIND_OF = {
    AccessReason.NEW_ACCOUNT: AccessIssueKind.NEW_ACCOUNT,
    AccessReason.NEW_NETWORK: AccessIssueKind.UNUSUAL_NETWORK,
    AccessReason.NEW_ORIGIN: AccessIssueKind.UNUSUAL_ORIGIN,
    AccessReason.ODD_HOUR: AccessIssueKind.UNUSUAL_HOUR,
}


@dataclass(frozen=True)
class Attack:
    """Failures that one origin has to answer for.

    Attributes:
        success: The access that it got in the end; None when there is none.
        sure: Whether it can hardly be a person who mistypes.
        tells_success: Whether the account that was let in is still to be named.
    """

    kind: AccessIssueKind
    subject: SubjectRef
    failures: tuple[LogEntry, ...]
    success: LogEntry | None
    sure: bool
    tells_success: bool

    @classmethod
    def of_burst(cls, burst: Burst, threshold: int) -> Attack:
        """Guessing is sure with a success, several accounts, or twice the threshold."""
        sure = burst.success is not None or len(_accounts(burst.failures)) > 1 or burst.count >= 2 * threshold
        kind, let_in = AccessIssueKind.PASSWORD_GUESSING, burst.success is not None
        return cls(kind, burst.subject, burst.failures, burst.success, sure, let_in)

    @classmethod
    def of_spray(cls, spray: Spray, told: set[str]) -> Attack:
        """Nobody mistypes on many accounts; ``told`` are successes that are named already."""
        kind, let_in = AccessIssueKind.PASSWORD_SPRAYING, spray.success is not None and spray.success.id not in told
        return cls(kind, spray.subject, spray.failures, spray.success, True, let_in)

    @property
    def records(self) -> tuple[LogEntry, ...]:
        """All that it rests on."""
        return (*self.failures, *((self.success,) if self.success else ()))


@dataclass(frozen=True)
class AccessIssues:
    """Makes issues; the table says what their kinds mean."""

    table: ThreatTable | None

    def of_attack(self, attack: Attack) -> Iterator[AccessIssue]:
        """The attack, and the account that it let in."""
        accounts, hosts = _accounts(attack.failures), _hosts(attack.failures)
        severity = Severity.CRITICAL if attack.success else Severity.WARNING
        confidence = Confidence.HIGH if attack.sure else Confidence.MEDIUM
        shown = {entry.id: entry for entry in (attack.failures[0], attack.failures[-1], *attack.records[-1:])}
        yield AccessIssue(
            subject=attack.subject,
            kind=attack.kind,
            severity=severity,
            start=attack.failures[0].at,
            end=attack.failures[-1].at,
            failures=sum(entry.count for entry in attack.failures),
            accounts=accounts[:NAMES_SHOWN],
            accounts_omitted=max(len(accounts) - NAMES_SHOWN, 0),
            hosts=hosts[:NAMES_SHOWN],
            hosts_omitted=max(len(hosts) - NAMES_SHOWN, 0),
            succeeded_at=attack.success.at if attack.success else None,
            lines=_lines(shown.values()),
            confidence=confidence,
            context=self._context(attack.kind, severity, confidence, attack.records),
        )
        if attack.success is not None and attack.tells_success:
            yield self._let_in(attack, attack.success)

    def of_login(self, found: UnusualLogin) -> AccessIssue:
        """One reason alone is no more than information; two that do not follow from each other are a warning."""
        first = found.entries[0]
        place = {AccessReason.NEW_NETWORK, AccessReason.NEW_ORIGIN}
        independent = len({"place" if reason in place else reason for reason in found.reasons})
        severity = Severity.WARNING if independent > 1 else Severity.INFORMATION
        confidence = Confidence.MEDIUM if independent > 1 or found.unknown_origin else Confidence.LOW
        kind = _KIND_OF[found.reasons[0]]
        return AccessIssue(
            subject=subject(SubjectKind.ACCOUNT, first.account or ""),
            kind=kind,
            severity=severity,
            start=first.at,
            end=found.entries[-1].at,
            failures=0,
            hosts=(subject(SubjectKind.HOST, first.origin),) if first.origin else (),
            succeeded_at=first.at,
            lines=_lines(found.entries[:3]),
            reasons=found.reasons,
            confidence=confidence,
            context=self._context(kind, severity, confidence, found.entries),
        )

    def of_created(self, entry: LogEntry) -> AccessIssue:
        """An account that was made: whoever administers the system knows whether that was ordered."""
        kind, severity, confidence = AccessIssueKind.NEW_ACCOUNT, Severity.WARNING, Confidence.HIGH
        return AccessIssue(
            subject=subject(SubjectKind.ACCOUNT, entry.account or ""),
            kind=kind,
            severity=severity,
            start=entry.at,
            end=entry.at,
            failures=0,
            hosts=_hosts([entry]),
            lines=_lines([entry]),
            reasons=(AccessReason.CREATED,),
            confidence=confidence,
            context=self._context(kind, severity, confidence, [entry]),
        )

    def _let_in(self, attack: Attack, success: LogEntry) -> AccessIssue:
        # The attack itself is critical because of it; the account is named for whoever looks for it.
        kind, severity, confidence = AccessIssueKind.SUCCESS_AFTER_GUESSING, Severity.INFORMATION, Confidence.HIGH
        return AccessIssue(
            subject=subject(SubjectKind.ACCOUNT, success.account) if success.account else attack.subject,
            kind=kind,
            severity=severity,
            start=success.at,
            end=success.at,
            failures=sum(entry.count for entry in attack.failures),
            hosts=_hosts([success]),
            succeeded_at=success.at,
            lines=_lines([success]),
            confidence=confidence,
            context=self._context(kind, severity, confidence, attack.records),
        )

    def _context(
        self, kind: AccessIssueKind, severity: Severity, confidence: Confidence, records: Sequence[LogEntry]
    ) -> FindingContext:
        return finding_context(self.table, kind, severity, confidence, custody_of(LOG, records))


def _lines(entries: Iterable[LogEntry]) -> tuple[str, ...]:
    return tuple(quoted_line(entry.text) for entry in entries if entry.text)


def _accounts(entries: Iterable[LogEntry]) -> tuple[SubjectRef, ...]:
    names = dict.fromkeys(entry.account for entry in entries if entry.account)
    return tuple(subject(SubjectKind.ACCOUNT, name) for name in names)


def _hosts(entries: Iterable[LogEntry]) -> tuple[SubjectRef, ...]:
    names = dict.fromkeys(entry.host for entry in entries if entry.host)
    return tuple(subject(SubjectKind.HOST, name) for name in names)
