"""Findings over a span: times in which limits were broken, and times in which an outage would have broken one."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from agents.finding import CauseVerdict, Finding
from agents.grid_monitor import GRID_MONITOR
from agents.statement import Draft
from orchestrator.belonging import NOT_SECURE
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import N_MINUS_ONE, Piece, Say, draft, interval, listed
from tools.element import ElementRef
from tools.grid.schema.contingencies import ContingencyScreening
from tools.grid.schema.limit_check import LimitCheck
from tools.grid.schema.span import InsecureInterval, InsecureTime
from tools.vocabulary import Confidence, Severity

_SHOWN = 4
_FURTHER = 6


def insecure_times(board: Board, say: Say, confidence: Confidence) -> Iterator[Finding]:
    """One finding for each time in which a single outage would have done harm."""
    for found in board.every(ContingencyScreening):
        for place, time in enumerate(found.result.insecure_times):
            within = _within(found.result.intervals, time)
            if within:
                yield _insecure(found, place, within, say, confidence)


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
    time, (worst, row) = found.result.insecure_times[place], within[0]
    here, changed = ("insecure_times", place), _changed(found, worst)
    statement: list[Piece] = [
        "The ",
        N_MINUS_ONE,
        " criterion was not kept ",
        interval(found, time, *here),
        "; outages that would have done harm: ",
        found.ref(*here, "outages"),
        ". Worst: ",
        harm(found, worst),
        [". Out of service at that time: ", listed(changed)] if changed else "",
        ".",
    ]
    return Finding(
        id="",
        agent=GRID_MONITOR.name,
        kind=NOT_SECURE,
        severity=Severity.CRITICAL if time.end is None else Severity.WARNING,
        title=say(draft(N_MINUS_ONE, " criterion not kept", [" with ", listed(changed), " out"] if changed else "")),
        statement=say(draft(statement)),
        assets=_assets(within),
        start=time.start,
        end=time.end,
        cause=say(_cause(changed)),
        verdict=CauseVerdict.LIKELY,
        confidence=confidence if row.changed else min(confidence, Confidence.MEDIUM, key=list(Confidence).index),
        evidence=(found.evidence.id,),
    )


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
            changed: list[Piece] = [check.ref(*here, "changed", number) for number in range(len(row.changed[:_SHOWN]))]
            yield Finding(
                id="",
                agent=GRID_MONITOR.name,
                kind=row.kind,
                severity=row.severity,
                title=say(draft(check.ref(*here, "element"), ": ", check.ref(*here, "kind"))),
                statement=say(
                    draft(
                        check.ref(*here, "element"),
                        ": ",
                        check.ref(*here, "kind"),
                        " ",
                        interval(check, row, *here),
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
                ),
                assets=(row.element, *row.changed),
                start=row.start,
                end=row.end,
                cause=say(_cause(changed)),
                verdict=CauseVerdict.LIKELY,
                confidence=confidence,
                evidence=(check.evidence.id,),
            )
