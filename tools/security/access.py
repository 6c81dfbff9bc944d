"""``review_access_events``: failed and successful accesses of a time: guessing, spraying, log-ins against the habit.

Failures are laid to the origin that they came from. Few tries each from many origins stay below the threshold and are
told by the counts only.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tools.errors import SourceMissingError
from tools.security.access_issues import AccessIssues, Attack
from tools.security.guessing import find_bursts, is_attempt
from tools.security.logins import LoginHabit, created_accounts, unusual_logins
from tools.security.risk import NO_TABLE
from tools.security.schema.access import AccessReview, ReviewAccessEventsArguments
from tools.security.simulated import is_simulated
from tools.security.spraying import find_sprays
from tools.telemetry.schema.log import LogKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tools.context import ToolContext
    from tools.telemetry.schema.log import LogEntry
    from tools.telemetry.sources import LogSource

HABIT = timedelta(days=60)
NO_HABIT = "too few log-ins before the span to call an account, a network or an hour unusual"


def need_log(ctx: ToolContext, kind: LogKind) -> LogSource:
    """The logs of a run that keeps this kind.

    Raises:
        SourceMissingError: when there is no log at all, or none of this kind; an empty time in a kept log is neither.
    """
    logs = ctx.need_logs("protocol log") if kind is LogKind.PROTOCOL else ctx.need_logs()
    if kind not in logs.kinds():
        raise SourceMissingError(f"{kind} log")
    return logs


def review_access_events(ctx: ToolContext, args: ReviewAccessEventsArguments) -> AccessReview:
    """Count the accesses of a span and name the origins and accounts that do not look like work.

    An attack that began within one window before the span belongs to it when it reaches into it.

    Raises:
        SourceMissingError: without an access log.
    """
    logs = need_log(ctx, LogKind.ACCESS)
    start, end = args.span(ctx.clock)
    entries = logs.entries(LogKind.ACCESS, start, end)
    earlier = [entry for entry in logs.entries(LogKind.ACCESS, start - HABIT, start) if entry.at < start]
    habit = LoginHabit.of(earlier)
    found = _attacks(args, start, entries, earlier)
    make = AccessIssues(ctx.threats)
    issues = [
        *(issue for attack in found for issue in make.of_attack(attack)),
        *(make.of_login(login) for login in unusual_logins(entries, habit, {item.subject.name for item in found})),
        *(make.of_created(entry) for entry in created_accounts(entries)),
    ]
    issues.sort(key=lambda issue: (-issue.severity.rank, -issue.failures, issue.start, str(issue.subject)))
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
        spray_window_s=args.spray_window_s,
        spray_accounts=args.spray_accounts,
        not_seen=() if ctx.threats is not None else (NO_TABLE,),
        not_compared=None if habit.everybody.enough else NO_HABIT,
        simulated=is_simulated(ctx, start, end),
    )


def _attacks(
    args: ReviewAccessEventsArguments, start: datetime, entries: Sequence[LogEntry], earlier: Sequence[LogEntry]
) -> list[Attack]:
    """Guessing and spraying that reach into the span; what a success let in is told once."""

    def since(seconds: float) -> list[LogEntry]:
        return [*(entry for entry in earlier if entry.at >= start - timedelta(seconds=seconds)), *entries]

    bursts = find_bursts(since(args.window_s), args.window_s, args.threshold)
    sprays = find_sprays(since(args.spray_window_s), args.spray_window_s, args.spray_accounts)
    guessing = [Attack.of_burst(burst, args.threshold) for burst in bursts if burst.end >= start]
    told = {attack.success.id for attack in guessing if attack.success is not None}
    return [*guessing, *(Attack.of_spray(spray, told) for spray in sprays if spray.end >= start)]
