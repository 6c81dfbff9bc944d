"""The tool ``summarize_alarms``: rate, floods, standing alarms and worst sources of an alarm log.

Rates are judged in pieces of ten minutes, as ANSI/ISA-18.2 and IEC 62682 do: a flood begins with more than ten alarms
in a piece and ends with fewer than five.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tools.context import ToolContext
from tools.detection.schema.alarms import (
    AlarmFlood,
    AlarmPiece,
    AlarmSource,
    AlarmSummary,
    SummarizeAlarmsArguments,
)
from tools.errors import InvalidArgumentError, SourceMissingError
from tools.subject import SubjectKind, SubjectRef
from tools.telemetry.schema.log import LogEntry, LogKind

PIECE = timedelta(minutes=10)
FLOOD_BEGINS, FLOOD_ENDS = 10, 5
RAISED, RETURNED = "raise", "return"
LONGEST = timedelta(days=7)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def summarize_alarms(ctx: ToolContext, args: SummarizeAlarmsArguments) -> AlarmSummary:
    """Count the alarms of a time.

    Raises:
        SourceMissingError: when no alarm log is kept.
        InvalidArgumentError: for a span of more than seven days.
    """
    logs = ctx.need_logs()
    if LogKind.ALARM not in logs.kinds():
        raise SourceMissingError("alarm log")
    start, end = args.span(ctx.clock)
    if end - start > LONGEST:
        raise InvalidArgumentError(f"start = {start.isoformat()}: the span is {end - start}; 7 days would be right")
    entries = [item for item in logs.entries(LogKind.ALARM, start, end) if item.action in {RAISED, RETURNED}]
    raised = [item for item in entries if item.action == RAISED]
    pieces = _pieces(raised)
    sources = sorted(_sources(entries), key=lambda item: (not item.standing, -item.alarms, item.first))
    return AlarmSummary(
        start=start,
        end=end,
        alarms=sum(item.count for item in raised),
        standing=sum(item.standing for item in sources),
        rate_10min=round(sum(pieces.values()) / ((end - start) / PIECE), 3),
        busiest=max(_listed(pieces), key=lambda piece: piece.alarms, default=None),
        pieces=tuple(_listed(pieces)),
        floods=tuple(_floods(pieces)),
        sources=tuple(sources[args.offset : args.offset + args.limit]),
        omitted=max(len(sources) - args.offset - args.limit, 0),
        simulated=any("(simulated)" in item.text for item in entries),
    )


def _pieces(raised: Sequence[LogEntry]) -> dict[datetime, int]:
    """Alarms by the begin of their piece, in order."""
    count: Counter[datetime] = Counter()
    for item in raised:
        count[_EPOCH + (item.at - _EPOCH) // PIECE * PIECE] += item.count
    return dict(sorted(count.items()))


def _listed(pieces: Mapping[datetime, int]) -> list[AlarmPiece]:
    return [AlarmPiece(at=at, alarms=alarms) for at, alarms in pieces.items()]


def _floods(pieces: Mapping[datetime, int]) -> Iterator[AlarmFlood]:
    begun: datetime | None = None
    alarms = 0
    at, last = min(pieces, default=_EPOCH), max(pieces, default=_EPOCH)
    while pieces and at <= last:
        here = pieces.get(at, 0)
        if begun is None and here > FLOOD_BEGINS:
            begun, alarms = at, 0
        elif begun is not None and here < FLOOD_ENDS:
            yield AlarmFlood(start=begun, end=at, alarms=alarms)
            begun = None
        alarms += here
        at += PIECE
    if begun is not None:
        yield AlarmFlood(start=begun, alarms=alarms)


def _sources(entries: Sequence[LogEntry]) -> Iterator[AlarmSource]:
    by_source: dict[str, list[LogEntry]] = defaultdict(list)
    for item in entries:
        by_source[str(item.element) if item.element else f"host:{item.host or 'unknown'}"].append(item)
    for lines in by_source.values():
        raised = [item for item in lines if item.action == RAISED]
        if not raised:
            continue  # it was raised before the span, and has returned in it
        yield AlarmSource(
            element=lines[-1].element,
            subject=None if lines[-1].element else SubjectRef(kind=SubjectKind.HOST, name=lines[-1].host or "unknown"),
            message=raised[-1].text[:200],
            alarms=sum(item.count for item in raised),
            first=raised[0].at,
            last=raised[-1].at,
            standing=lines[-1].action == RAISED,
        )
