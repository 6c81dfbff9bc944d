"""What belongs to the incident that is explained, by its record."""

from collections.abc import Iterable, Sequence

from agents.finding import Finding
from orchestrator.compose.answers.records import record_of
from orchestrator.compose.board import Board
from orchestrator.record_schema import RecordKind
from tools.causal.schema.causes import Cause
from tools.vocabulary import Severity


def own(board: Board, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that the incident consists of, as the tools found them again; all grave ones without its record."""
    recorded = _recorded(board)
    return tuple(
        item
        for item in findings
        if is_grave(item) and (not recorded or any((item.kind, str(asset)) in recorded for asset in item.assets))
    )


def own_first(board: Board, findings: Sequence[Finding]) -> list[Finding]:
    """Findings in their order, but those that the incident consists of before all others."""
    mine = own(board, findings)
    return [*mine, *(item for item in findings if item not in mine)] if _recorded(board) else list(findings)


def concerns(board: Board, cause: Cause) -> bool:
    """Whether a cause is, or explains, what the incident consists of; all do without its record."""
    recorded = {about for _, about in _recorded(board)}
    about = {str(item) for item in (cause.element, cause.subject, *cause.explains) if item is not None}
    return not recorded or bool(recorded & about)


def is_grave(finding: Finding) -> bool:
    """Whether it is more than for the record."""
    return finding.severity is not Severity.INFORMATION


def _recorded(board: Board) -> set[tuple[str, str]]:
    """Kind, and element or subject, of each finding that the record of the incident holds."""
    record = record_of(board, RecordKind.INCIDENT)
    rows = record.result.rows if record is not None else ()
    return {(row.kind, str(about)) for row in rows for about in (row.element, row.subject) if about}
