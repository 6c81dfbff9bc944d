"""What belongs to the incident that is explained, by its record."""

from collections.abc import Callable, Iterable, Sequence, Set

from agents.finding import Finding
from orchestrator.compose.answers.records import record_of
from orchestrator.compose.board import Board
from orchestrator.record_schema import RecordKind
from tools.causal.schema.causes import Cause
from tools.vocabulary import Severity


def own(board: Board, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that the incident consists of, as the tools found them again; all grave ones without its record."""
    recorded = _recorded(board)
    return tuple(item for item in findings if is_grave(item) and (not recorded or _is_in(recorded, item)))


def own_first(board: Board, findings: Sequence[Finding]) -> list[Finding]:
    """Findings in their order, but those that the incident consists of before all others."""
    recorded = _recorded(board)
    return sorted(findings, key=lambda item: not (is_grave(item) and _is_in(recorded, item)))


def concerning(board: Board) -> Callable[[Cause], bool]:
    """Tells whether a cause is, or explains, what the incident consists of; all do without its record."""
    recorded = {about for _, about in _recorded(board)}

    def concerns(cause: Cause) -> bool:
        about = (cause.element, cause.subject, *cause.explains)
        return not recorded or any(str(item) in recorded for item in about if item is not None)

    return concerns


def is_grave(finding: Finding) -> bool:
    """Whether it is more than for the record."""
    return finding.severity is not Severity.INFORMATION


def _is_in(recorded: Set[tuple[str, str]], finding: Finding) -> bool:
    return any((finding.kind, str(asset)) in recorded for asset in finding.assets)


def _recorded(board: Board) -> set[tuple[str, str]]:
    """Kind, and element or subject, of each finding that the record of the incident holds."""
    record = record_of(board, RecordKind.INCIDENT)
    rows = record.result.rows if record is not None else ()
    return {(row.kind, str(about)) for row in rows for about in (row.element, row.subject) if about}
