"""The coordinator's own words, by kind of report: an answer, a shift report, the explanation of an incident."""

from collections.abc import Iterator, Sequence
from itertools import islice

from agents.finding import Finding
from agents.question import ReportKind, Resolved
from agents.statement import Draft
from orchestrator.compose.answers.causes import cause_sentences
from orchestrator.compose.answers.limits import answer_limits
from orchestrator.compose.answers.records import incident_feedback, incident_line, record_of
from orchestrator.compose.answers.security import answer_security
from orchestrator.compose.board import Board
from orchestrator.compose.findings import find
from orchestrator.compose.incident import cause_words
from orchestrator.compose.membership import concerning, own
from orchestrator.compose.phrases import Say
from orchestrator.compose.shift.summary import shift_summary
from orchestrator.compose.summary import summarise
from orchestrator.record_schema import RecordKind

_CAUSES = 4
"""Causes in the summary of an explanation; the sections carry the rest."""


def lead(kind: ReportKind, board: Board, resolved: Resolved, say: Say) -> tuple[Draft, ...]:
    """The summary of a report; its first sentence answers."""
    if kind is ReportKind.SHIFT:
        return tuple(shift_summary(board, resolved, find(board, say)))
    if kind is ReportKind.INCIDENT:
        return tuple(dict.fromkeys(_explanation(board, resolved, find(board, say))))
    return summarise(board, resolved)


def _explanation(board: Board, resolved: Resolved, findings: Sequence[Finding]) -> Iterator[Draft]:
    """What it was, why, and how the grid stands after it."""
    record = record_of(board, RecordKind.INCIDENT)
    if record is not None:
        yield incident_line(record)
        yield from incident_feedback(record)
    yield from islice(cause_sentences(board, concerning(board)), 1)
    for finding in own(board, findings)[:_CAUSES]:
        yield cause_words(finding)
    for answer in (answer_limits, answer_security):
        yield from islice(answer(board, resolved), 1)
