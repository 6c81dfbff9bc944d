"""``check_protocol``: messages of IEC 60870-5-104, MMS and GOOSE against the standard and against normal traffic.

The profile is learnt from normal traffic and never from the messages that are judged. One pass, message by message: a
judgement rests only on what came before it, so a stream and a stored capture give the same issues.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tools.errors import InvalidArgumentError
from tools.security.access import HABIT, need_log
from tools.security.protocol.profile import ENOUGH_MESSAGES, ENOUGH_TIME, Learner, Profile
from tools.security.protocol.watch import Watch
from tools.security.risk import NO_TABLE
from tools.security.schema.protocol import CheckProtocolArguments, ProtocolCheck
from tools.security.simulated import is_simulated
from tools.telemetry.schema.log import LogKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.context import ToolContext
    from tools.telemetry.sources import LogSource

# Which associations and requests are open is taken from the hour before; an opening takes no longer.
WARM_UP = timedelta(hours=1)


def check_protocol(ctx: ToolContext, args: CheckProtocolArguments) -> ProtocolCheck:
    """Judge the messages of a span.

    Raises:
        SourceMissingError: without a protocol log.
        InvalidArgumentError: when the normal traffic and the span overlap.
    """
    logs = need_log(ctx, LogKind.PROTOCOL)
    start, end = args.span(ctx.clock)
    profile = _learnt(logs, *_normal(args, start, end), start)
    usable = profile if profile is not None and any(profile.knows(name) for name in profile.counts) else None
    watch = Watch(usable, ctx.threats, start)
    for entry in logs.stream(LogKind.PROTOCOL, start - WARM_UP, end):
        watch.see(entry)
    issues = watch.issues()
    issues.sort(key=lambda issue: (-issue.severity.rank, issue.start, issue.kind, str(issue.subject)))
    page = issues[args.offset : args.offset + args.limit]
    return ProtocolCheck(
        start=start,
        end=end,
        messages=sum(watch.counts.values()),
        protocols=tuple(sorted(watch.counts)),
        unreadable=watch.unreadable,
        file_transfers=watch.file_transfers,
        issues=tuple(page),
        omitted=len(issues) - len(page) + watch.not_kept,
        profile=usable.summary() if usable is not None else None,
        not_seen=tuple(_not_seen(ctx, watch, usable)),
        not_compared=None if usable is not None else _why_not(profile),
        simulated=is_simulated(ctx, start, end),
    )


def _normal(args: CheckProtocolArguments, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """From when to when traffic is taken for normal."""
    if args.normal_start is None or args.normal_end is None:
        return start - HABIT, start
    if args.normal_start < end and start < args.normal_end:
        raise InvalidArgumentError(
            f"normal_start {args.normal_start.isoformat()} to normal_end {args.normal_end.isoformat()} overlaps the "
            f"span {start.isoformat()} to {end.isoformat()}; traffic is not compared with itself: choose another time"
        )
    return args.normal_start, args.normal_end


def _learnt(logs: LogSource, normal_start: datetime, normal_end: datetime, start: datetime) -> Profile | None:
    learner = Learner()
    for entry in logs.stream(LogKind.PROTOCOL, normal_start, normal_end):
        # both ends of a stream belong to it; the first message of the span does not belong to the profile
        if entry.at != start:
            learner.see(entry)
    return learner.profile()


def _why_not(profile: Profile | None) -> str:
    if profile is None:
        return "no message in the time of normal traffic, so only the standard is held against the messages"
    return (
        f"fewer than {ENOUGH_MESSAGES} messages of a protocol, or less than {ENOUGH_TIME.total_seconds() / 60:.0f} "
        "minutes, of normal traffic, so only the standard is held against the messages"
    )


def _not_seen(ctx: ToolContext, watch: Watch, profile: Profile | None) -> Iterator[str]:
    if ctx.threats is None:
        yield NO_TABLE
    if watch.last_at() is not None:
        yield "after the last message: whether the recording ended or all stations fell silent is not known"
    if profile is not None:
        for name in sorted(set(watch.counts) - {item for item in profile.counts if profile.knows(item)}):
            yield f"{name}: too little normal traffic of it, so only the standard is held against its messages"
        if profile.not_kept:
            yield "the profile is full: what did not fit in is not compared"
