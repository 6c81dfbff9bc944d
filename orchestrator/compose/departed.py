"""Findings of what left its own past: told where no other tool told of the same sensor at that time."""

from collections.abc import Iterator
from datetime import datetime

from agents.anomaly_detector import ANOMALY_DETECTOR
from agents.finding import Finding
from orchestrator.compose.answers.departures import departure_words, season_words
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Say, Timed, draft
from tools.detection.schema.anomalies import AnomalyKind, AnomalyReport
from tools.detection.schema.quality import DataQuality
from tools.subject import SubjectRef
from tools.vocabulary import Confidence, Severity

_Told = tuple[SubjectRef, datetime, datetime | None]


def departed(board: Board, say: Say) -> Iterator[Finding]:
    """Episodes and hours that more than one method, or more than a moment, speaks for.

    What is of low confidence stays in the text: a normal moment in a thousand is beyond its limit, and a day of minutes
    has more than a thousand. Severity is information, because how far is odd is known, and not whether it is bad.
    """
    told = list(_told(board))
    for found in board.every(AnomalyReport):
        for place, row in enumerate(found.result.statistical):
            if row.confidence is Confidence.LOW or _is_told(row.subject, row, told):
                continue
            told.append((row.subject, row.start, row.end))
            yield Finding(
                id="",
                agent=ANOMALY_DETECTOR.name,
                kind=row.kind,
                severity=Severity.INFORMATION,
                title=say(
                    draft(found.ref("statistical", place, "subject"), ": ", found.ref("statistical", place, "kind"))
                ),
                statement=say(draft(departure_words(found, place), ".")),
                assets=tuple(
                    asset for share in row.shares for asset in (share.subject, share.element) if asset is not None
                ),
                start=row.changed_at or row.start,
                end=row.end,
                confidence=row.confidence,
                evidence=(found.evidence.id,),
            )
        yield from _seasonal(found, told, say)


def _seasonal(found: Exhibit[AnomalyReport], told: list[_Told], say: Say) -> Iterator[Finding]:
    for place, row in enumerate(found.result.baselines):
        for number, departure in enumerate(row.departures):
            if row.confidence is Confidence.LOW or _is_told(row.subject, departure, told):
                continue
            yield Finding(
                id="",
                agent=ANOMALY_DETECTOR.name,
                kind=AnomalyKind.UNUSUAL,
                severity=Severity.INFORMATION,
                title=say(draft(found.ref("baselines", place, "subject"), ": not as usual at this hour")),
                statement=say(draft(season_words(found, place, number), ".")),
                assets=tuple(asset for asset in (row.subject, row.element) if asset is not None),
                start=departure.start,
                end=departure.end,
                confidence=row.confidence,
                evidence=(found.evidence.id,),
            )


def _told(board: Board) -> Iterator[_Told]:
    """Sensors that other findings are about, with their times."""
    for quality in board.every(DataQuality):
        for issue in quality.result.issues:
            yield issue.subject, issue.start, issue.end
    for report in board.every(AnomalyReport):
        for anomaly in report.result.anomalies:
            yield anomaly.subject, anomaly.start, anomaly.end


def _is_told(subject: SubjectRef, row: Timed, told: list[_Told]) -> bool:
    """Whether a finding about the same sensor touches its time."""
    return any(
        subject == other and (end is None or row.start <= end) and (row.end is None or start <= row.end)
        for other, start, end in told
    )
