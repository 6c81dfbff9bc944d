"""The report, put together from the evidence and from what was said about it."""

from collections.abc import Mapping
from functools import partial

from agents.finding import Finding
from agents.question import ReportKind, ReportStatus, Resolved
from agents.report import Citation, ReasonerStamp, Report, Section
from agents.statement import Statement
from knowledge.schema import StandardsSearch
from orchestrator.compose.advice import recommend
from orchestrator.compose.board import Board
from orchestrator.compose.disagreements import disagreements
from orchestrator.compose.findings import find
from orchestrator.compose.incident import incident_sections
from orchestrator.compose.not_checked import list_not_checked
from orchestrator.compose.phrases import Say
from orchestrator.compose.remarks import SECTION
from orchestrator.compose.sections import answer_sections
from orchestrator.compose.shift import shift_sections
from orchestrator.desk import Desk
from orchestrator.gate import render
from orchestrator.runs.record import RunHeader
from orchestrator.speaking import Spoken
from tools.coverage import Coverage
from tools.grid.schema.contingencies import ContingencyScreening
from tools.grid.schema.limit_check import LimitCheck
from tools.grid.schema.short_circuit import ShortCircuit, ShortCircuitStatus


def write_report(header: RunHeader, board: Board, spoken: Spoken, desk: Desk) -> Report:
    """All parts of the report; what a model said has passed the gate already."""
    resolved = header.resolved or Resolved()
    say: Say = partial(render, evidence={item.id: item for item in board.evidence}, zone=desk.zone)
    gaps = list_not_checked(board, say)
    findings = find(board, say)
    return Report(
        id=desk.new_id("rep"),
        run_id=header.id,
        kind=header.kind,
        status=_status(resolved, board),
        question=header.question,
        resolved=resolved,
        conversation=header.conversation,
        grid=header.grid,
        as_of=header.as_of,
        created_at=desk.now(),
        coverage=_coverage(board),
        summary=spoken.summary,
        sections=_sections(header, board, say, findings, spoken.remarks),
        findings=findings,
        disagreements=disagreements(findings, say),
        recommendations=recommend(board, resolved, findings, say),
        evidence=board.evidence,
        citations=_citations(board),
        not_checked=gaps,
        struck=spoken.struck,
        reasoner=ReasonerStamp(
            kind=header.reasoner.kind,
            model=header.reasoner.model,
            degraded=spoken.fallback is not None,
            note=spoken.fallback or "",
        ),
        prompts=header.prompts,
    )


def _status(resolved: Resolved, board: Board) -> ReportStatus:
    """A planned call without a result, or without the data for one, makes an answer a qualified one."""
    lacking = any(item.result.status is ShortCircuitStatus.DATA_MISSING for item in board.every(ShortCircuit))
    if resolved.status is ReportStatus.ANSWERED and (board.failed or lacking):
        return ReportStatus.QUALIFIED
    return resolved.status


def _coverage(board: Board) -> Coverage | None:
    screening = board.current(ContingencyScreening)
    if screening is not None:
        return screening.result.coverage
    check = board.current(LimitCheck)
    return check.result.branches if check is not None else None


def _sections(
    header: RunHeader,
    board: Board,
    say: Say,
    findings: tuple[Finding, ...],
    remarks: Mapping[str, tuple[Statement, ...]],
) -> tuple[Section, ...]:
    resolved = header.resolved or Resolved()
    if resolved.status is ReportStatus.REFUSED:
        return ()
    if header.kind is ReportKind.SHIFT:
        sections = shift_sections(board, resolved, say, findings)
    elif header.kind is ReportKind.INCIDENT:
        sections = incident_sections(board, resolved, say, findings)
    else:
        sections = answer_sections(board, resolved, say)
    return tuple(_with_remarks(section, remarks) for section in sections)


def _with_remarks(section: Section, remarks: Mapping[str, tuple[Statement, ...]]) -> Section:
    """A section with what language models added to it."""
    added = [item for agent, said in remarks.items() if SECTION[agent] == section.key for item in said]
    return section.model_copy(update={"statements": (*section.statements, *added)}) if added else section


def _citations(board: Board) -> tuple[Citation, ...]:
    """Every passage that was found, once, under the identifier that findings and advice cite."""
    hits = {hit.id: hit for found in board.every(StandardsSearch) for hit in found.result.hits}
    return tuple(
        Citation(id=hit.id, document=hit.document, edition=hit.edition, clause=hit.clause, quote=hit.quote)
        for hit in hits.values()
    )
