"""The coordinator's own words, by kind of report: an answer, a shift report, the explanation of an incident."""

from collections.abc import Iterator, Sequence

from agents.question import ReportKind, Resolved
from agents.spec import AgentSpec
from agents.statement import Draft
from orchestrator.compose.answers.records import incident_line, record_of
from orchestrator.compose.board import Board
from orchestrator.compose.findings import find
from orchestrator.compose.phrases import Say
from orchestrator.compose.remarks import remark
from orchestrator.compose.shift.summary import shift_summary
from orchestrator.compose.summary import summarise
from orchestrator.record_schema import RecordKind

_OF_EACH = 2
"""Sentences of each specialist in the explanation of an incident; the sections carry the rest."""


def lead(
    kind: ReportKind, board: Board, resolved: Resolved, specialists: Sequence[AgentSpec], say: Say
) -> tuple[Draft, ...]:
    """The summary of a report; its first sentence answers."""
    if kind is ReportKind.SHIFT:
        return tuple(shift_summary(board, resolved, find(board, say)))
    if kind is ReportKind.INCIDENT:
        return tuple(dict.fromkeys(_explanation(board, resolved, specialists)))
    return summarise(board, resolved)


def _explanation(board: Board, resolved: Resolved, specialists: Sequence[AgentSpec]) -> Iterator[Draft]:
    record = record_of(board, RecordKind.INCIDENT)
    if record is not None:
        yield incident_line(record)
    for spec in specialists:
        yield from remark(board, resolved, spec.name)[:_OF_EACH]
