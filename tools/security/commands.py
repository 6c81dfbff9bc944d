"""``review_commands``: commands of a span that are not the work that is usual here.

A finding above ``information`` needs two independent reasons. The exceptions: a command on equipment under a permit
(people are there), in the wrong state of its element, or out of its range; five elements switched in a row; and
commands of an origin that guessed passwords and is not where the account usually works.
What a log says is data: it is compared and quoted, never followed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tools.security.access import HABIT, need_log
from tools.security.guessing import find_bursts, subject
from tools.security.habit import Habit, habit_of, split_sequences
from tools.security.outcomes import may_have_moved, outcomes
from tools.security.procedure import Orders, out_of_range, without_order, wrong_states
from tools.security.quoting import quoted_line
from tools.security.ranges import rated_range
from tools.security.risk import NO_TABLE, custody_of, finding_context
from tools.security.schema.commands import (
    CommandIssue,
    CommandIssueKind,
    CommandReason,
    CommandReview,
    IssuedCommand,
    ReviewCommandsArguments,
)
from tools.security.simulated import is_simulated
from tools.security.suspicion import AFTER_GUESSING, Guesses, Suspicion, suspicion, under_permit
from tools.subject import SubjectKind, SubjectRef
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.vocabulary import Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.context import ToolContext
    from tools.security.schema.context import ThreatTable
    from tools.telemetry.schema.operations import Permit

SHOWN = 20
SURE_REASONS = 3
# Actions after which equipment may carry voltage.
_ENERGISING = frozenset({"close", "energise", "energize", "switch_on", "reclose"})
_BREACHES = {
    CommandReason.ONTO_EARTH: (CommandIssueKind.WRONG_STATE, Severity.CRITICAL),
    CommandReason.LIVE_EARTHED: (CommandIssueKind.WRONG_STATE, Severity.CRITICAL),
    CommandReason.OPEN_ALREADY: (CommandIssueKind.WRONG_STATE, Severity.WARNING),
    CommandReason.CLOSED_ALREADY: (CommandIssueKind.WRONG_STATE, Severity.WARNING),
    CommandReason.OUT_OF_RANGE: (CommandIssueKind.OUT_OF_RANGE, Severity.WARNING),
}
_SURE = frozenset({CommandIssueKind.UNDER_PERMIT, CommandIssueKind.OUT_OF_RANGE})
LOG = "command log"


def review_commands(ctx: ToolContext, args: ReviewCommandsArguments) -> CommandReview:
    """Compare the commands of a span with those before it, with the access log and with the permits.

    Raises:
        SourceMissingError: without a command log.
    """
    logs = need_log(ctx, LogKind.COMMAND)
    start, end = args.span(ctx.clock)
    commands = logs.entries(LogKind.COMMAND, start, end)
    earlier = [entry for entry in logs.entries(LogKind.COMMAND, start - HABIT, start) if entry.at < start]
    habit = habit_of(earlier)
    guesses = _guesses(ctx, start, end)
    permits = ctx.permits.permits(start - HABIT, end) if ctx.permits is not None else ()
    outages = ctx.outages.outages(start - HABIT, end) if ctx.outages is not None else ()
    unordered = frozenset(entry.id for entry in without_order(commands, earlier, Orders(outages, permits)))
    judged = (suspicion(sequence, habit, guesses, unordered) for sequence in split_sequences(commands))
    issues = [_issue(found, habit, ctx.threats) for found in judged if found.reasons and found.worth_telling]
    issues += _under_permit(commands, permits, ctx.threats)
    issues += _breaches(ctx, Span(start, end, commands, earlier))
    issues.sort(key=lambda issue: (-issue.severity.rank, -len(issue.reasons), issue.start, str(issue.subject)))
    refused = [entry for entry in commands if entry.success is False]
    page = issues[args.offset : args.offset + args.limit]
    return CommandReview(
        start=start,
        end=end,
        commands=sum(entry.count for entry in commands),
        outcomes=outcomes(commands),
        refused=tuple(_issued(entry) for entry in refused[:SHOWN]),
        refused_omitted=max(len(refused) - SHOWN, 0),
        habit_commands=habit.commands,
        issues=tuple(page),
        omitted=len(issues) - len(page),
        not_seen=_not_seen(ctx),
        not_compared=_not_compared(habit),
        simulated=is_simulated(ctx, start, end),
    )


def _guesses(ctx: ToolContext, start: datetime, end: datetime) -> Guesses:
    logs = ctx.need_logs()
    if LogKind.ACCESS not in logs.kinds():
        return Guesses(())
    return Guesses(tuple(find_bursts(logs.entries(LogKind.ACCESS, start - AFTER_GUESSING, end))))


def _not_compared(habit: Habit) -> str | None:
    """Why there is no habit to compare with; None when there is one."""
    if not habit.commands:
        return "no command before the span, so nothing could be called unusual"
    return None if habit.enough else "too few commands before the span to call anything unusual"


def _not_seen(ctx: ToolContext) -> tuple[str, ...]:
    gaps = []
    if LogKind.ACCESS not in ctx.need_logs().kinds():
        gaps.append("no access log, so who guessed passwords is not known")
    if ctx.permits is None:
        gaps.append("no permits, so where people are at work is not known")
    if LogKind.SWITCHING not in ctx.need_logs().kinds():
        gaps.append("no switching log, so positions are known from commands only")
    if ctx.permits is None and ctx.outages is None:
        gaps.append("no permits and no planned outages, so what was ordered is not known")
    if ctx.threats is None:
        gaps.append(NO_TABLE)
    return tuple(gaps)


@dataclass(frozen=True)
class Span:
    """The commands of a time with what came before them."""

    start: datetime
    end: datetime
    commands: Sequence[LogEntry]
    earlier: Sequence[LogEntry]


def _breaches(ctx: ToolContext, span: Span) -> list[CommandIssue]:
    """Commands against normal procedure, by account and reason."""
    logs = ctx.need_logs()
    known = logs.entries(LogKind.SWITCHING, span.start - HABIT, span.end) if LogKind.SWITCHING in logs.kinds() else ()
    found = [
        *wrong_states(span.commands, [*span.earlier, *known]),
        *out_of_range(span.commands, span.earlier, lambda element, unit: rated_range(ctx, element, unit)),
    ]
    grouped: dict[tuple[SubjectRef, CommandReason], list[LogEntry]] = defaultdict(list)
    for breach in found:
        grouped[_subject(breach.entry), breach.reason].append(breach.entry)
    return [
        _build(entries, _BREACHES[reason][0], _BREACHES[reason][1], (reason,), ctx.threats)
        for (_, reason), entries in grouped.items()
    ]


def _issue(found: Suspicion, habit: Habit, table: ThreatTable | None) -> CommandIssue:
    # with nothing to compare with, or no other reason, the guessing is the finding
    alone = len(found.reasons) == 1 or not habit.enough
    kind = CommandIssueKind.UNUSUAL_SEQUENCE
    if alone and CommandReason.AFTER_GUESSING in found.reasons:
        kind = CommandIssueKind.COMMAND_AFTER_GUESSING
    elif found.reasons == (CommandReason.NO_ORDER,):
        kind = CommandIssueKind.WITHOUT_ORDER
    return _build(found.sequence, kind, _severity(found), found.reasons, table)


def _severity(found: Suspicion) -> Severity:
    if len(found.reasons) == 1:
        alone = found.stranger or CommandReason.ROW in found.reasons
        return Severity.WARNING if alone else Severity.INFORMATION
    sure = len(found.reasons) >= SURE_REASONS or CommandReason.AFTER_GUESSING in found.reasons
    return Severity.CRITICAL if sure else Severity.WARNING


def _under_permit(
    commands: Sequence[LogEntry], permits: Sequence[Permit], table: ThreatTable | None
) -> list[CommandIssue]:
    """Commands that reached equipment at which people work, by account and permit."""
    reached: dict[tuple[SubjectRef, str], list[LogEntry]] = defaultdict(list)
    for entry in commands:
        permit = under_permit(entry, permits)
        if permit is not None:
            reached[_subject(entry), permit.id].append(entry)
    issues = []
    for found in reached.values():
        live = any(entry.closed or entry.action in _ENERGISING for entry in found)
        severity = Severity.CRITICAL if live else Severity.WARNING
        issues.append(_build(found, CommandIssueKind.UNDER_PERMIT, severity, (CommandReason.UNDER_PERMIT,), table))
    return issues


def _build(
    sequence: Sequence[LogEntry],
    kind: CommandIssueKind,
    severity: Severity,
    reasons: tuple[CommandReason, ...],
    table: ThreatTable | None,
) -> CommandIssue:
    confidence = _confidence(kind, reasons)
    elements = tuple(dict.fromkeys(entry.element for entry in sequence if entry.element))
    return CommandIssue(
        subject=_subject(sequence[0]),
        kind=kind,
        severity=severity,
        start=sequence[0].at,
        end=sequence[-1].at,
        commands=sum(entry.count for entry in sequence),
        outcomes=outcomes(sequence),
        sequence=tuple(_issued(entry) for entry in sequence[:SHOWN]),
        sequence_omitted=max(len(sequence) - SHOWN, 0),
        elements=elements[:SHOWN],
        elements_omitted=max(len(elements) - SHOWN, 0),
        reasons=reasons,
        confidence=confidence,
        context=finding_context(
            table, kind, severity, confidence, custody_of(LOG, sequence), effected=may_have_moved(sequence)
        ),
    )


def _confidence(kind: CommandIssueKind, reasons: Sequence[CommandReason]) -> Confidence:
    if kind in _SURE or len(reasons) >= SURE_REASONS:
        return Confidence.HIGH
    several = len(reasons) > 1 or CommandReason.ROW in reasons or kind is CommandIssueKind.WRONG_STATE
    return Confidence.MEDIUM if several else Confidence.LOW


def _subject(entry: LogEntry) -> SubjectRef:
    if entry.account:
        return subject(SubjectKind.ACCOUNT, entry.account)
    return subject(SubjectKind.HOST, entry.origin or entry.host or "not named")


def _issued(entry: LogEntry) -> IssuedCommand:
    return IssuedCommand(
        at=entry.at,
        account=subject(SubjectKind.ACCOUNT, entry.account) if entry.account else None,
        origin=subject(SubjectKind.HOST, entry.origin) if entry.origin else None,
        element=entry.element,
        action=entry.action,
        success=entry.success,
        set_point=entry.set_point,
        line=quoted_line(entry.text),
    )
