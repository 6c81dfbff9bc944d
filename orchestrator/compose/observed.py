"""Findings from telemetry and logs, by code: each issue of a tool becomes one finding with time and cause."""

from collections.abc import Iterator, Sequence

from agents.anomaly_detector import ANOMALY_DETECTOR
from agents.coordinator import COORDINATOR
from agents.cyber_sentinel import CYBER_SENTINEL
from agents.finding import Finding
from agents.maintenance_predictor import MAINTENANCE_PREDICTOR
from agents.statement import Draft, Statement
from orchestrator.belonging import INCIDENT_RISK, OUTAGE_ON_RECORD
from orchestrator.compose.answers.bad_data import bad_data_words
from orchestrator.compose.answers.causes import cause_words, culprit
from orchestrator.compose.answers.cyber import Review, access_words, command_words, response, surroundings
from orchestrator.compose.answers.oscillations import event_words, mode_words
from orchestrator.compose.answers.protocol import protocol_words
from orchestrator.compose.answers.reliability import outage_words
from orchestrator.compose.answers.risk import factor_words, risk_words
from orchestrator.compose.answers.transformers import name, transformer_issue
from orchestrator.compose.answers.trust import anomaly_words, issue_words
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.departed import departed
from orchestrator.compose.phrases import Piece, Say, draft, listed
from tools.assets.schema.transformer import TransformerAssessment
from tools.causal.schema.causes import RootCauses
from tools.detection.schema.anomalies import AnomalyKind, AnomalyReport
from tools.detection.schema.oscillations import OscillationReport
from tools.detection.schema.quality import DataQuality
from tools.detection.schema.risk import IncidentRisk, RiskLevel
from tools.element import ElementRef
from tools.reliability.schema.indices import ReliabilityIndices
from tools.security.schema.access import AccessReview
from tools.security.schema.bad_data import BadDataAssessment, BadDataKind
from tools.security.schema.commands import CommandReview, IssuedCommand
from tools.security.schema.protocol import ProtocolCheck
from tools.subject import SubjectRef
from tools.telemetry.schema.operations import OutageKind
from tools.vocabulary import CauseVerdict, Confidence, Severity

_VERDICT = {
    Confidence.HIGH: CauseVerdict.LIKELY,
    Confidence.MEDIUM: CauseVerdict.LIKELY,
    Confidence.LOW: CauseVerdict.INCONCLUSIVE,
}
"""A detector alone never confirms a cause: somebody has to look at the sensor, the fans, the log-in."""
_SURE = {
    CauseVerdict.CONFIRMED: Confidence.HIGH,
    CauseVerdict.LIKELY: Confidence.MEDIUM,
    CauseVerdict.INCONCLUSIVE: Confidence.LOW,
}


def observed(board: Board, say: Say) -> Iterator[Finding]:
    """All findings of the specialists beside the grid monitor."""
    yield from _quality(board, say)
    yield from _anomalies(board, say)
    yield from departed(board, say)
    yield from _swings(board, say)
    yield from _risk(board, say)
    yield from _causes(board, say)
    yield from _transformers(board, say)
    yield from _access(board, say)
    yield from _commands(board, say)
    yield from _protocol(board, say)
    yield from _bad_data(board, say)
    yield from _outages(board, say)


def _about(*assets: ElementRef | SubjectRef | None) -> tuple[ElementRef | SubjectRef, ...]:
    return tuple(asset for asset in assets if asset is not None)


def _quality(board: Board, say: Say) -> Iterator[Finding]:
    for found in board.every(DataQuality):
        for place, row in enumerate(found.result.issues):
            yield Finding(
                id="",
                agent=ANOMALY_DETECTOR.name,
                kind=row.kind,
                severity=row.severity,
                title=say(draft(found.ref("issues", place, "subject"), ": ", found.ref("issues", place, "kind"))),
                statement=say(draft(issue_words(found, place), ".")),
                assets=_about(row.subject, row.element),
                start=row.start,
                end=row.end,
                cause=say(draft(found.ref("issues", place, "cause"))),
                verdict=_VERDICT[row.confidence],
                confidence=row.confidence,
                evidence=(found.evidence.id,),
            )


def _anomalies(board: Board, say: Say) -> Iterator[Finding]:
    for found in board.every(AnomalyReport):
        for place, row in enumerate(found.result.anomalies):
            title = draft(found.ref("anomalies", place, "subject"), ": ", found.ref("anomalies", place, "kind"))
            yield Finding(
                id="",
                agent=ANOMALY_DETECTOR.name,
                kind=row.kind,
                severity=row.severity,
                title=say(title),
                statement=say(draft(anomaly_words(found, place), ".")),
                assets=_about(row.subject, row.element),
                start=row.start,
                end=row.end,
                cause=say(draft(found.ref("anomalies", place, "cause"))),
                verdict=_VERDICT[row.confidence],
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
                assets=_about(*(item.subject for item in row.participants)),
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
                assets=_about(row.subject, row.element),
                start=row.start,
                end=row.end,
                verdict=row.verdict,
                confidence=_SURE[row.verdict],
                evidence=(found.evidence.id,),
            )


def _transformers(board: Board, say: Say) -> Iterator[Finding]:
    for found in board.every(TransformerAssessment):
        for place, row in enumerate(found.result.rows):
            for number, issue in enumerate(row.issues):
                here = ("rows", place, "issues", number)
                yield Finding(
                    id="",
                    agent=MAINTENANCE_PREDICTOR.name,
                    kind=issue.kind,
                    severity=issue.severity,
                    title=say(draft(name(found, place), ": ", found.ref(*here, "kind"))),
                    statement=say(draft(transformer_issue(found, place, number), ".")),
                    assets=_about(row.element, row.subject),
                    start=issue.start,
                    end=issue.end,
                    cause=say(draft(found.ref(*here, "cause"))),
                    verdict=_VERDICT[issue.confidence],
                    confidence=issue.confidence,
                    evidence=(found.evidence.id,),
                )


def _access(board: Board, say: Say) -> Iterator[Finding]:
    for found in board.every(AccessReview):
        for place, row in enumerate(found.result.issues):
            cause = _reasons(found, place, row.reasons) if row.reasons else _failures(found, place)
            assets = _about(row.subject, *row.accounts, *row.hosts)
            yield _suspicion(found, place, access_words(found, place), cause, assets, say)


def _failures(found: Exhibit[AccessReview], place: int) -> Draft:
    failures = found.ref("issues", place, "failures")
    return draft("log-ins failed ", failures, " times from one origin in the time that was looked at")


def _commands(board: Board, say: Say) -> Iterator[Finding]:
    for found in board.every(CommandReview):
        for place, row in enumerate(found.result.issues):
            cause = _reasons(found, place, row.reasons)
            assets = _about(row.subject, *_origins(row.sequence), *row.elements)
            yield _suspicion(found, place, command_words(found, place), cause, assets, say)


def _reasons(found: Review, place: int, reasons: Sequence[str]) -> Draft:
    return draft(listed([found.ref("issues", place, "reasons", number) for number in range(len(reasons))]))


def _protocol(board: Board, say: Say) -> Iterator[Finding]:
    for found in board.every(ProtocolCheck):
        for place, row in enumerate(found.result.issues):
            cause = draft(found.ref("issues", place, "detail"))
            assets = _about(row.subject, row.peer, *row.breakers)
            yield _suspicion(found, place, protocol_words(found, place), cause, assets, say)


def _bad_data(board: Board, say: Say) -> Iterator[Finding]:
    """What is false or undecided; real events are told by those who look at the grid, worn sensors once only."""
    told = {str(row.subject) for quality in board.every(DataQuality) for row in quality.result.issues}
    # one that the detector calls falsified is told by both: they differ, and that is shown
    anomalies = (row for report in board.every(AnomalyReport) for row in report.result.anomalies)
    told |= {str(row.subject) for row in anomalies if row.kind is not AnomalyKind.FALSE_DATA}
    for found in board.every(BadDataAssessment):
        for place, row in enumerate(found.result.issues):
            if row.kind is BadDataKind.REAL_EVENT or (
                row.kind is BadDataKind.SENSOR_FAULT and str(row.subject) in told
            ):
                continue
            cause = draft(found.ref("issues", place, "cause"))
            assets = _about(row.subject, row.element, *row.sensors[1:], *(trace.subject for trace in row.traces))
            yield _suspicion(found, place, bad_data_words(found, place), cause, assets, say)


def _suspicion(
    found: Review, place: int, words: Piece, cause: Draft, assets: tuple[ElementRef | SubjectRef, ...], say: Say
) -> Finding:
    """One issue of a review of the cyber sentinel."""
    row, here = found.result.issues[place], ("issues", place)
    return Finding(
        id="",
        agent=CYBER_SENTINEL.name,
        kind=row.kind,
        severity=row.severity,
        title=say(draft(found.ref(*here, "subject"), ": ", found.ref(*here, "kind"))),
        statement=say(draft(words, surroundings(found, place), ".")),
        response=_response(found, place, say),
        assets=assets,
        start=row.start,
        end=row.end,
        cause=say(cause),
        verdict=_VERDICT[row.confidence],
        confidence=row.confidence,
        evidence=(found.evidence.id,),
    )


def _response(found: Review, place: int, say: Say) -> Statement | None:
    """What the library says that a person should do."""
    words = response(found, place)
    return None if words is None else say(draft(words))


def _origins(sequence: Sequence[IssuedCommand]) -> Iterator[SubjectRef]:
    """Where the commands came from, each once."""
    yield from {str(item.origin): item.origin for item in sequence if item.origin is not None}.values()


def _outages(board: Board, say: Say) -> Iterator[Finding]:
    """Forced outages of the time as the records have them; planned ones are no surprise."""
    for found in board.every(ReliabilityIndices):
        for place, row in enumerate(found.result.rows):
            if row.kind is not OutageKind.FORCED:
                continue
            who = found.ref("rows", place, "element" if row.element is not None else "id")
            yield Finding(
                id="",
                agent=COORDINATOR.name,
                kind=OUTAGE_ON_RECORD,
                severity=Severity.INFORMATION,
                title=say(draft("Outage on record: ", who)),
                statement=say(draft(outage_words(found, place), ".")),
                assets=_about(row.element),
                start=row.start,
                end=row.end,
                confidence=Confidence.HIGH,
                evidence=(found.evidence.id,),
            )
