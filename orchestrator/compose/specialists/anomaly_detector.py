"""Findings of the anomaly detector: each issue of a tool becomes one finding with time and cause."""

from collections.abc import Iterator

from agents.anomaly_detector import ANOMALY_DETECTOR
from agents.finding import Finding
from orchestrator.belonging import INCIDENT_RISK
from orchestrator.compose.answers.causes import cause_words, culprit
from orchestrator.compose.answers.oscillations import event_words, mode_words
from orchestrator.compose.answers.risk import factor_words, risk_words
from orchestrator.compose.answers.trust import anomaly_words, issue_words
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.departed import departed
from orchestrator.compose.phrases import Piece, Say, draft
from orchestrator.compose.specialists.verdicts import VERDICT, about
from tools.causal.schema.causes import RootCauses
from tools.detection.schema.anomalies import Anomaly, AnomalyReport
from tools.detection.schema.oscillations import OscillationReport
from tools.detection.schema.quality import DataQuality, QualityIssue
from tools.detection.schema.risk import IncidentRisk, RiskLevel
from tools.vocabulary import CauseVerdict, Confidence, Severity

_SURE = {
    CauseVerdict.CONFIRMED: Confidence.HIGH,
    CauseVerdict.LIKELY: Confidence.MEDIUM,
    CauseVerdict.INCONCLUSIVE: Confidence.LOW,
}
"""Of a cause the tool gives the verdict, by its rules; the confidence follows."""


def of_anomaly_detector(board: Board, say: Say) -> Iterator[Finding]:
    """Sensors, readings that left what is implied or their own past, oscillations, risk and causes."""
    yield from _quality(board, say)
    yield from _anomalies(board, say)
    yield from departed(board, say)
    yield from _swings(board, say)
    yield from _risk(board, say)
    yield from _causes(board, say)


def _quality(board: Board, say: Say) -> Iterator[Finding]:
    for found in board.every(DataQuality):
        for place, row in enumerate(found.result.issues):
            yield _of_sensor(found, ("issues", place), row, issue_words(found, place), say)


def _anomalies(board: Board, say: Say) -> Iterator[Finding]:
    for found in board.every(AnomalyReport):
        for place, row in enumerate(found.result.anomalies):
            yield _of_sensor(found, ("anomalies", place), row, anomaly_words(found, place), say)


def _of_sensor(
    found: Exhibit[DataQuality] | Exhibit[AnomalyReport],
    here: tuple[str, int],
    row: QualityIssue | Anomaly,
    words: Piece,
    say: Say,
) -> Finding:
    """One time of a sensor, as a detector tells it."""
    return Finding(
        id="",
        agent=ANOMALY_DETECTOR.name,
        kind=row.kind,
        severity=row.severity,
        title=say(draft(found.ref(*here, "subject"), ": ", found.ref(*here, "kind"))),
        statement=say(draft(words, ".")),
        assets=about(row.subject, row.element),
        start=row.start,
        end=row.end,
        cause=say(draft(found.ref(*here, "cause"))),
        verdict=VERDICT[row.confidence],
        confidence=row.confidence,
        evidence=(found.evidence.id,),
    )


def _swings(board: Board, say: Say) -> Iterator[Finding]:
    """Oscillations that are more than information, and frequency events."""
    for found in board.every(OscillationReport):
        for place, row in enumerate(found.result.modes):
            if row.severity is Severity.INFORMATION:
                continue
            yield Finding(
                id="",
                agent=ANOMALY_DETECTOR.name,
                kind=row.origin,
                severity=row.severity,
                title=say(draft("Oscillation, ", found.ref("modes", place, "origin"))),
                statement=say(draft(mode_words(found, place), ".")),
                assets=about(*(item.subject for item in row.participants)),
                start=row.start,
                end=row.end,
                confidence=row.confidence,
                evidence=(found.evidence.id,),
            )
        for place, event in enumerate(found.result.events):
            yield Finding(
                id="",
                agent=ANOMALY_DETECTOR.name,
                kind="frequency_event",
                severity=event.severity,
                title=say(draft("Frequency event")),
                statement=say(draft(event_words(found, place), ".")),
                start=event.start,
                end=event.nadir_at,
                confidence=Confidence.HIGH,
                evidence=(found.evidence.id,),
            )


def _risk(board: Board, say: Say) -> Iterator[Finding]:
    """The hour with the highest risk, where an incident is likelier than not; what it is, the other findings say."""
    for found in board.every(IncidentRisk):
        row = found.result.highest
        if row.level is RiskLevel.HIGH:
            yield Finding(
                id="",
                agent=ANOMALY_DETECTOR.name,
                kind=INCIDENT_RISK,
                severity=Severity.WARNING,
                title=say(draft("Risk of an incident: ", found.ref("highest", "level"))),
                statement=say(draft(risk_words(found, "highest"), ".")),
                start=row.start,
                end=row.end,
                cause=say(draft(factor_words(found, "highest"))),
                verdict=CauseVerdict.INCONCLUSIVE,
                confidence=row.confidence,
                evidence=(found.evidence.id,),
            )


def _causes(board: Board, say: Say) -> Iterator[Finding]:
    """Causes with the verdict that the tool gave by its rules."""
    for found in board.every(RootCauses):
        for place, row in enumerate(found.result.causes):
            yield Finding(
                id="",
                agent=ANOMALY_DETECTOR.name,
                kind=row.kind,
                severity=row.severity,
                title=say(draft(culprit(found, place), ": ", found.ref("causes", place, "kind"))),
                statement=say(draft(cause_words(found, place), ".")),
                assets=about(row.subject, row.element),
                start=row.start,
                end=row.end,
                verdict=row.verdict,
                confidence=_SURE[row.verdict],
                evidence=(found.evidence.id,),
            )
