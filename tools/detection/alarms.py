"""The tool ``summarize_alarms``: rate, floods and their disturbances, standing and chattering alarms, worst sources.

Rates are judged in pieces of ten minutes, as ANSI/ISA-18.2 and IEC 62682 do: a flood begins with more than ten alarms
in a piece and ends with fewer than five.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tools.context import ToolContext
from tools.detection.alarm_measures import find_chattering, find_stale, peak_class, rate_class, share_priorities
from tools.detection.alarm_sources import RAISED, RETURNED, message_of, shown_source, source_of
from tools.detection.disturbances import alarms_of, group
from tools.detection.schema.alarms import (
    AlarmFlood,
    AlarmPiece,
    AlarmSource,
    AlarmSummary,
    Disturbance,
    Grouping,
    SummarizeAlarmsArguments,
)
from tools.errors import InvalidArgumentError, SourceMissingError
from tools.grid.neighbourhood import BusDistance
from tools.security.simulated import is_simulated
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.sources import LogSource

PIECE = timedelta(minutes=10)
FLOOD_BEGINS, FLOOD_ENDS = 10, 5
LONGEST = timedelta(days=7)
_ROWS = 20
_UNRECORDED = (
    "the alarm log has no entry in the time, in the week before it or in the week after it: nobody seems to have "
    "recorded alarms then"
)
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
    kept = [item for item in logs.entries(LogKind.ALARM, end - LONGEST, end) if item.action in {RAISED, RETURNED}]
    entries = [item for item in kept if item.at >= start]
    recorded = bool(kept) or _any_after(logs, end)
    raised = [item for item in entries if item.action == RAISED]
    pieces = _pieces(raised)
    rate = sum(pieces.values()) / ((end - start) / PIECE)
    busiest = max(_listed(pieces), key=lambda piece: piece.alarms, default=None)
    floods = tuple(_floods(pieces))
    chattering, stale = find_chattering(raised), find_stale(kept, end)
    priorities, without_priority = share_priorities(raised)
    grouping, disturbances, ungrouped = _disturbances(ctx, floods, raised, end)
    sources = sorted(_sources(entries), key=lambda item: (not item.standing, -item.alarms, item.first))
    return AlarmSummary(
        start=start,
        end=end,
        alarms=sum(item.count for item in raised),
        standing=sum(item.standing for item in sources),
        rate_10min=round(rate, 3),
        busiest=busiest,
        pieces=tuple(_listed(pieces)),
        floods=floods,
        sources=tuple(sources[args.offset : args.offset + args.limit]),
        omitted=max(len(sources) - args.offset - args.limit, 0),
        rate_class=rate_class(rate, end - start) if recorded else None,
        peak_class=peak_class(busiest.alarms) if busiest else None,
        flood_percent=_flooded_percent(floods, start, end),
        chattering=tuple(chattering[:_ROWS]),
        chattering_omitted=max(len(chattering) - _ROWS, 0),
        stale=tuple(stale[:_ROWS]),
        stale_omitted=max(len(stale) - _ROWS, 0),
        priorities=priorities,
        without_priority=without_priority,
        grouping=grouping,
        disturbances=tuple(disturbances[:_ROWS]),
        disturbances_omitted=max(len(disturbances) - _ROWS, 0),
        ungrouped=ungrouped,
        simulated=is_simulated(ctx, start, end),
        not_seen=() if recorded else (_UNRECORDED,),
    )


def _any_after(logs: LogSource, end: datetime) -> bool:
    """Whether the log goes on soon after a time."""
    return next(iter(logs.stream(LogKind.ALARM, end, end + LONGEST)), None) is not None


def _disturbances(
    ctx: ToolContext, floods: Sequence[AlarmFlood], raised: Sequence[LogEntry], end: datetime
) -> tuple[Grouping | None, list[Disturbance], int]:
    """The disturbances of all floods, and by what they were told apart."""
    if not floods:
        return None, [], 0
    distance = BusDistance(ctx.loaded_grid()) if ctx.grids is not None else None
    found: list[Disturbance] = []
    alone = 0
    for flood in floods:
        groups, rest = group(alarms_of(flood, raised, end), flood.start, distance)
        found += groups
        alone += rest
    return (Grouping.SOURCE_AND_TIME if distance is None else Grouping.TOPOLOGY_AND_TIME), found, alone


def _flooded_percent(floods: Sequence[AlarmFlood], start: datetime, end: datetime) -> float:
    """Share of the time that is in floods."""
    within = sum((min(flood.end or end, end) - max(flood.start, start) for flood in floods), timedelta())
    return min(100.0, max(0.0, 100.0 * (within / (end - start))))


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
        by_source[source_of(item)].append(item)
    for lines in by_source.values():
        raised = [item for item in lines if item.action == RAISED]
        if not raised:
            continue  # it was raised before the span, and has returned in it
        yield AlarmSource(
            **shown_source(lines[-1]),
            message=message_of(raised[-1]),
            alarms=sum(item.count for item in raised),
            first=raised[0].at,
            last=raised[-1].at,
            standing=lines[-1].action == RAISED,
        )
