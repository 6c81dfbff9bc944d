"""Findings over a span: times in which limits were broken, and times in which an outage would have broken one."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from agents.finding import Finding
from agents.grid_monitor import GRID_MONITOR
from agents.statement import Draft
from orchestrator.belonging import NOT_SECURE
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import N_MINUS_ONE, Piece, Say, draft, interval, listed
from orchestrator.compose.rest import rest
from tools.element import ElementRef
from tools.grid.schema.contingencies import ContingencyScreening
from tools.grid.schema.limit_check import LimitCheck
from tools.grid.schema.span import InsecureInterval, InsecureTime
from tools.vocabulary import CauseVerdict, Confidence, Severity

_SHOWN = 4
_FURTHER = 6


def insecure_times(board: Board, say: Say, confidence: Confidence) -> Iterator[Finding]:
    """One finding for each time in which a single outage would have done harm."""
    for found in board.every(ContingencyScreening):
        for place, time in enumerate(found.result.insecure_times):
            yield _insecure(found, place, _within(found.result.intervals, time), say, confidence)


def _within(intervals: Sequence[InsecureInterval], time: InsecureTime) -> list[tuple[int, InsecureInterval]]:
    """The intervals of a time, worst first as they are listed."""
    return [(place, item) for place, item in enumerate(intervals) if _overlap(item.start, item.end, time)]


def _overlap(start: datetime, end: datetime | None, time: InsecureTime) -> bool:
    return (time.end is None or start <= time.end) and (end is None or end >= time.start)


def _insecure(
    found: Exhibit[ContingencyScreening],
    place: int,
    within: list[tuple[int, InsecureInterval]],
    say: Say,
    confidence: Confidence,
) -> Finding:
    """``within`` is empty where all outages of the time are beyond those that the screening lists."""
    time, worst = found.result.insecure_times[place], within[0][0] if within else None
    changed = _changed(found, worst) if worst is not None else []
    sure = bool(within and within[0][1].changed)
    return Finding(
        id="",
        agent=GRID_MONITOR.name,
        kind=NOT_SECURE,
        severity=Severity.CRITICAL if time.end is None else Severity.WARNING,
        title=say(draft(N_MINUS_ONE, " criterion not kept", [" with ", listed(changed), " out"] if changed else "")),
        statement=say(insecure_words(found, place, worst)),
        assets=_assets(within),
        start=time.start,
        end=time.end,
        cause=say(_cause(changed)) if within else None,
        verdict=CauseVerdict.LIKELY if within else CauseVerdict.INCONCLUSIVE,
        confidence=confidence if sure else min(confidence, Confidence.MEDIUM, key=list(Confidence).index),
        evidence=(found.evidence.id,),
    )


def insecure_words(found: Exhibit[ContingencyScreening], place: int, worst: int | None) -> Draft:
    """A time in which an outage would have done harm, and the worst of them where the screening lists it."""
    here = ("insecure_times", place)
    details: Piece = ""
    if worst is not None:
        changed = _changed(found, worst)
        out: Piece = [". Out of service at that time: ", listed(changed)] if changed else ""
        details = [". Worst: ", harm(found, worst), out]
    return draft(
        "The ",
        N_MINUS_ONE,
        " criterion was not kept ",
        interval(found, found.result.insecure_times[place], *here),
        "; outages that would have done harm: ",
        found.ref(*here, "outages"),
        details,
        ".",
    )


def security_over_time(found: Exhibit[ContingencyScreening]) -> Iterator[Draft]:
    """The claim on a whole span, and the times in which an outage would have done harm; nothing without a span."""
    result = found.result
    if result.span is None:
        return
    if result.secure_over_span is None:
        yield draft(time_of(found), "the ", N_MINUS_ONE, " criterion is not checked in full. ", _looked_at(found))
    else:
        claim = found.ref("secure_over_span")
        yield draft(time_of(found), "by the ", N_MINUS_ONE, " criterion: ", claim, ". ", _looked_at(found))
    for place, time in enumerate(result.insecure_times[:_SHOWN]):
        within = _within(result.intervals, time)
        yield insecure_words(found, place, within[0][0] if within else None)
    yield from rest(
        found,
        "times in which an outage would have done harm",
        "insecure_times",
        range(_SHOWN, len(result.insecure_times)),
        "insecure_times_omitted",
    )


def limits_over_time(check: Exhibit[LimitCheck]) -> Iterator[Draft]:
    """The status of a whole span, and the times in which a limit was broken; nothing without a span."""
    result = check.result
    if result.span is None:
        return
    yield draft(time_of(check), check.ref("span_status"), ". ", _looked_at(check))
    for place in range(min(len(result.intervals), _SHOWN)):
        yield exceedance_words(check, place)
    yield from rest(
        check, "times beyond a limit", "intervals", range(_SHOWN, len(result.intervals)), "intervals_omitted"
    )


def time_of(exhibit: Exhibit[ContingencyScreening] | Exhibit[LimitCheck]) -> Piece:
    """``From 2026-03-10 17:00 UTC to 2026-03-10 20:00 UTC: ``, to begin a sentence with; of a result with a span."""
    return ["From ", exhibit.ref("span", "start"), " to ", exhibit.ref("span", "end"), ": "]


def left_out(exhibit: Exhibit[ContingencyScreening] | Exhibit[LimitCheck]) -> list[Piece]:
    """States of the time that could not be looked at, and why, to follow what was said; nothing where all were."""
    span, pieces = exhibit.result.span, list[Piece]()
    if span is not None and span.unmeasured:
        pieces += ["; left out for want of fresh readings: ", exhibit.ref("span", "unmeasured")]
    if span is not None and span.unsolved:
        pieces += ["; left out, their power flow diverged: ", exhibit.ref("span", "unsolved")]
    return pieces


def _looked_at(exhibit: Exhibit[ContingencyScreening] | Exhibit[LimitCheck]) -> Piece:
    """How many states of the time were looked at, and what could not be."""
    span = exhibit.result.span
    pieces: list[Piece] = ["States looked at: ", exhibit.ref("span", "states")]
    pieces += [", one at least every ", exhibit.ref("span", "step_min"), *left_out(exhibit)]
    if isinstance(exhibit.result, ContingencyScreening) and span is not None and span.not_screened:
        named: list[Piece] = [exhibit.ref("span", "not_screened", place) for place in range(len(span.not_screened))]
        pieces += ["; looked at in the last state only: limits after the outage of ", listed(named[:_SHOWN])]
    return [*pieces, "."]


def _changed(found: Exhibit[ContingencyScreening], place: int) -> list[Piece]:
    count = len(found.result.intervals[place].changed)
    return [found.ref("intervals", place, "changed", number) for number in range(min(count, _SHOWN))]


def _cause(changed: list[Piece]) -> Draft:
    if changed:
        return draft("out of service by log or record at that time: ", listed(changed))
    return draft("load and dispatch of that time: no element was out of service beside those of the model")


def _assets(within: list[tuple[int, InsecureInterval]]) -> tuple[ElementRef, ...]:
    """What was out first, then the outages and what they would load, worst first."""
    rows = [row for _, row in within[:_FURTHER]]
    refs = [ref for row in rows for ref in row.changed]
    for row in rows:
        refs += [row.element, *((row.worst.element,) if row.worst else ())]
    return tuple({str(ref): ref for ref in refs}.values())


def harm(found: Exhibit[ContingencyScreening], place: int) -> Piece:
    """What one outage would have done at its worst moment."""
    row, here = found.result.intervals[place], ("intervals", place)
    pieces: list[Piece] = ["outage of ", found.ref(*here, "element"), " with ", found.ref(*here, "kind")]
    if row.worst is not None:
        pieces += [" of ", found.ref(*here, "worst", "element"), " at ", found.ref(*here, "worst", "value")]
        if row.worst.limit is not None:
            pieces += [" (limit ", found.ref(*here, "worst", "limit"), ")"]
        pieces += [", ", found.ref(*here, "worst", "at")]
    if row.unserved_p_mw is not None:
        pieces += [", load cut off ", found.ref(*here, "unserved_p_mw")]
    if row.lost_generation_p_mw is not None:
        pieces += [", generation lost ", found.ref(*here, "lost_generation_p_mw")]
    return pieces


def exceedances(board: Board, say: Say, confidence: Confidence) -> Iterator[Finding]:
    """One finding for each time in which an element was beyond a limit."""
    for check in board.every(LimitCheck):
        for place, row in enumerate(check.result.intervals):
            here = ("intervals", place)
            yield Finding(
                id="",
                agent=GRID_MONITOR.name,
                kind=row.kind,
                severity=row.severity,
                title=say(draft(check.ref(*here, "element"), ": ", check.ref(*here, "kind"))),
                statement=say(exceedance_words(check, place)),
                assets=(row.element, *row.changed),
                start=row.start,
                end=row.end,
                cause=say(_cause([check.ref(*here, "changed", number) for number in range(len(row.changed[:_SHOWN]))])),
                verdict=CauseVerdict.LIKELY,
                confidence=confidence,
                evidence=(check.evidence.id,),
            )


def exceedance_words(check: Exhibit[LimitCheck], place: int) -> Draft:
    """A time in which an element was beyond a limit, and its worst moment."""
    here = ("intervals", place)
    return draft(
        check.ref(*here, "element"),
        ": ",
        check.ref(*here, "kind"),
        " ",
        interval(check, check.result.intervals[place], *here),
        ", worst ",
        check.ref(*here, "value"),
        " (limit ",
        check.ref(*here, "limit"),
        ", ",
        check.ref(*here, "basis"),
        ") at ",
        check.ref(*here, "at"),
        ".",
    )
