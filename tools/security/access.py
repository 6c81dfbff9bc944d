"""``review_access_events``: failed and successful accesses of a time, and who guesses passwords.

Failures are laid to the origin that they came from. Few tries each from many origins stay below the threshold and are
told by the counts only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tools.errors import SourceMissingError
from tools.security.guessing import Burst, find_bursts, is_attempt, subject
from tools.security.quoting import quoted_line
from tools.security.schema.access import AccessIssue, AccessIssueKind, AccessReview, ReviewAccessEventsArguments
from tools.security.simulated import is_simulated
from tools.subject import SubjectKind, SubjectRef
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.vocabulary import Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.context import ToolContext
    from tools.telemetry.sources import LogSource

NAMES_SHOWN = 20
HABIT = timedelta(days=60)
# An account has a habit of origins from so many successes on so many days; with less, every origin would be new.
HABIT_SUCCESSES, HABIT_DAYS = 5, 3
_URGENCY = {severity: rank for rank, severity in enumerate(reversed(Severity))}


def need_log(ctx: ToolContext, kind: LogKind) -> LogSource:
    """The logs of a run that keeps this kind.

    Raises:
        SourceMissingError: when there is no log at all, or none of this kind; an empty time in a kept log is neither.
    """
    logs = ctx.need_logs()
    if kind not in logs.kinds():
        raise SourceMissingError(f"{kind} log")
    return logs


def review_access_events(ctx: ToolContext, args: ReviewAccessEventsArguments) -> AccessReview:
    """Count the accesses of a span and name the origins that do not look like work.

    A burst that began within one window before the span belongs to it when it reaches into it.

    Raises:
        SourceMissingError: without an access log.
    """
    logs = need_log(ctx, LogKind.ACCESS)
    start, end = args.span(ctx.clock)
    entries = logs.entries(LogKind.ACCESS, start, end)
    earlier = [entry for entry in logs.entries(LogKind.ACCESS, start - HABIT, start) if entry.at < start]
    near = [entry for entry in earlier if entry.at >= start - timedelta(seconds=args.window_s)]
    bursts = find_bursts([*near, *entries], args.window_s, args.threshold)
    issues = [issue for burst in bursts if burst.end >= start for issue in _of_burst(burst, args.threshold)]
    issues += _unusual_origins(entries, earlier, {burst.subject for burst in bursts})
    issues.sort(key=lambda issue: (_URGENCY[issue.severity], -issue.failures, issue.start, str(issue.subject)))
    page = issues[args.offset : args.offset + args.limit]
    attempts = [entry for entry in entries if is_attempt(entry)]
    failures = sum(entry.count for entry in attempts if entry.success is False)
    successes = sum(entry.count for entry in attempts if entry.success)
    return AccessReview(
        start=start,
        end=end,
        events=len(entries),
        attempts=failures + successes,
        failures=failures,
        successes=successes,
        unclear=len(entries) - len(attempts),
        issues=tuple(page),
        omitted=len(issues) - len(page),
        window_s=args.window_s,
        threshold=args.threshold,
        simulated=is_simulated(ctx, start, end),
    )


def _of_burst(burst: Burst, threshold: int) -> list[AccessIssue]:
    """The guessing, and the account that it let in."""
    accounts, hosts = _accounts(burst.failures), _hosts(burst.failures)
    shown = [burst.failures[0], burst.failures[-1]] if len(burst.failures) > 1 else [burst.failures[0]]
    if burst.success is not None:
        shown.append(burst.success)
    lines = tuple(quoted_line(entry.text) for entry in shown if entry.text)
    sure = burst.success is not None or len(accounts) > 1 or burst.count >= 2 * threshold
    guessing = AccessIssue(
        subject=burst.subject,
        kind=AccessIssueKind.PASSWORD_GUESSING,
        severity=Severity.CRITICAL if burst.success else Severity.WARNING,
        start=burst.start,
        end=burst.end,
        failures=burst.count,
        accounts=accounts[:NAMES_SHOWN],
        accounts_omitted=max(len(accounts) - NAMES_SHOWN, 0),
        hosts=hosts[:NAMES_SHOWN],
        hosts_omitted=max(len(hosts) - NAMES_SHOWN, 0),
        succeeded_at=burst.success.at if burst.success else None,
        lines=lines,
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
    )
    if burst.success is None:
        return [guessing]
    let_in = burst.success.account
    return [
        guessing,
        AccessIssue(
            subject=subject(SubjectKind.ACCOUNT, let_in) if let_in else burst.subject,
            kind=AccessIssueKind.SUCCESS_AFTER_GUESSING,
            # The guessing above is critical because of it; the account is named for whoever looks for it.
            severity=Severity.INFORMATION,
            start=burst.success.at,
            end=burst.success.at,
            failures=burst.count,
            hosts=_hosts([burst.success]),
            succeeded_at=burst.success.at,
            lines=lines[-1:],
            confidence=Confidence.HIGH,
        ),
    ]


@dataclass(frozen=True)
class _Habit:
    """From where an account came in before, how often, and on how many days."""

    origins: frozenset[str]
    successes: int
    days: int

    @property
    def known(self) -> bool:
        """Whether there is enough of it to call an origin new."""
        return self.successes >= HABIT_SUCCESSES and self.days >= HABIT_DAYS


def _unusual_origins(
    entries: Sequence[LogEntry], earlier: Sequence[LogEntry], guessing: set[SubjectRef]
) -> list[AccessIssue]:
    """Accounts that came in from where they never came in before; an origin that guessed is told already."""
    habits = _habits(earlier)
    everybody = {entry.origin for entry in earlier if entry.origin}
    new: dict[tuple[str, str], list[LogEntry]] = defaultdict(list)
    for entry in entries:
        if not (is_attempt(entry) and entry.success and entry.account and entry.origin):
            continue
        habit = habits.get(entry.account)
        if habit is None or not habit.known or entry.origin in habit.origins:
            continue
        if subject(SubjectKind.HOST, entry.origin) not in guessing:
            new[entry.account, entry.origin].append(entry)
    return [_unusual_origin(came, origin not in everybody) for (_, origin), came in sorted(new.items())]


def _unusual_origin(came: Sequence[LogEntry], unknown: bool) -> AccessIssue:
    """One reason alone is no more than information; an origin that nobody ever used makes it surer."""
    first = came[0]
    return AccessIssue(
        subject=subject(SubjectKind.ACCOUNT, first.account or ""),
        kind=AccessIssueKind.UNUSUAL_ORIGIN,
        severity=Severity.INFORMATION,
        start=first.at,
        end=came[-1].at,
        failures=0,
        hosts=(subject(SubjectKind.HOST, first.origin or ""),),
        succeeded_at=first.at,
        lines=tuple(quoted_line(entry.text) for entry in came[:3] if entry.text),
        confidence=Confidence.MEDIUM if unknown else Confidence.LOW,
    )


def _habits(earlier: Iterable[LogEntry]) -> dict[str, _Habit]:
    came: dict[str, list[LogEntry]] = defaultdict(list)
    for entry in earlier:
        if is_attempt(entry) and entry.success and entry.account and entry.origin:
            came[entry.account].append(entry)
    return {
        account: _Habit(
            origins=frozenset(entry.origin for entry in mine if entry.origin),
            successes=sum(entry.count for entry in mine),
            days=len({_day(entry.at) for entry in mine}),
        )
        for account, mine in came.items()
    }


def _day(at: datetime) -> str:
    return at.date().isoformat()


def _accounts(entries: Iterable[LogEntry]) -> tuple[SubjectRef, ...]:
    names = dict.fromkeys(entry.account for entry in entries if entry.account)
    return tuple(subject(SubjectKind.ACCOUNT, name) for name in names)


def _hosts(entries: Iterable[LogEntry]) -> tuple[SubjectRef, ...]:
    names = dict.fromkeys(entry.host for entry in entries if entry.host)
    return tuple(subject(SubjectKind.HOST, name) for name in names)
