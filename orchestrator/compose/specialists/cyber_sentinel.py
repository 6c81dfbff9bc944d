"""Findings of the cyber sentinel: each issue of a review becomes one suspicion, with what a person should do."""

from collections.abc import Iterator, Sequence

from agents.cyber_sentinel import CYBER_SENTINEL
from agents.finding import Finding
from agents.statement import Draft, Statement
from orchestrator.compose.answers.bad_data import bad_data_words
from orchestrator.compose.answers.cyber import Review, access_words, command_words, response, surroundings
from orchestrator.compose.answers.protocol import protocol_words
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, Say, draft, listed
from orchestrator.compose.specialists.verdicts import VERDICT, about
from tools.detection.schema.anomalies import AnomalyKind, AnomalyReport
from tools.detection.schema.quality import DataQuality
from tools.element import ElementRef
from tools.security.schema.access import AccessReview
from tools.security.schema.bad_data import BadDataAssessment, BadDataKind
from tools.security.schema.commands import CommandReview, IssuedCommand
from tools.security.schema.protocol import ProtocolCheck
from tools.subject import SubjectRef


def of_cyber_sentinel(board: Board, say: Say) -> Iterator[Finding]:
    """Log-ins, commands, messages, and readings that somebody or something falsified."""
    yield from _access(board, say)
    yield from _commands(board, say)
    yield from _protocol(board, say)
    yield from _bad_data(board, say)


def _access(board: Board, say: Say) -> Iterator[Finding]:
    for found in board.every(AccessReview):
        for place, row in enumerate(found.result.issues):
            cause = _reasons(found, place, row.reasons) if row.reasons else _failures(found, place)
            assets = about(row.subject, *row.accounts, *row.hosts)
            yield _suspicion(found, place, access_words(found, place), cause, assets, say)


def _failures(found: Exhibit[AccessReview], place: int) -> Draft:
    failures = found.ref("issues", place, "failures")
    return draft("log-ins failed ", failures, " times from one origin in the time that was looked at")


def _commands(board: Board, say: Say) -> Iterator[Finding]:
    for found in board.every(CommandReview):
        for place, row in enumerate(found.result.issues):
            cause = _reasons(found, place, row.reasons)
            assets = about(row.subject, *_origins(row.sequence), *row.elements)
            yield _suspicion(found, place, command_words(found, place), cause, assets, say)


def _reasons(found: Review, place: int, reasons: Sequence[str]) -> Draft:
    return draft(listed([found.ref("issues", place, "reasons", number) for number in range(len(reasons))]))


def _protocol(board: Board, say: Say) -> Iterator[Finding]:
    for found in board.every(ProtocolCheck):
        for place, row in enumerate(found.result.issues):
            cause = draft(found.ref("issues", place, "detail"))
            assets = about(row.subject, row.peer, *row.breakers)
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
            assets = about(row.subject, row.element, *row.sensors[1:], *(trace.subject for trace in row.traces))
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
        verdict=VERDICT[row.confidence],
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
