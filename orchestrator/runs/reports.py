"""Stored reports, and who took note of them."""

from sqlalchemy import Engine
from sqlmodel import col, select

from agents.question import ReportKind
from agents.report import Acknowledgement, Report
from orchestrator.runs.assembly import acknowledgements, assemble_report
from orchestrator.runs.bodies import parse
from orchestrator.runs.lookup import find_row
from orchestrator.runs.record import ReportSummary
from orchestrator.store.sessions import reading, writing
from orchestrator.store.tables import AcknowledgementRow, ReportRow
from tools.result import canonical_json


class ReportStore:
    """Reports of finished runs; written by ``RunStore.finish``, read and acknowledged here."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, identifier: str) -> Report:
        """One report.

        Args:
            identifier: The report's, or the beginning of it where only one begins so; ``latest`` for the newest.

        Raises:
            UnknownRecordError: with the nearest identifiers.
            RecordDamagedError: when a stored body cannot be read any more, naming the place.
        """
        with reading(self._engine) as session:
            return assemble_report(session, find_row(session, ReportRow, identifier))

    def list(self, limit: int = 20, offset: int = 0, kind: ReportKind | None = None) -> tuple[ReportSummary, ...]:
        """Reports, newest first, without their evidence."""
        query = select(ReportRow).order_by(col(ReportRow.created_at).desc(), col(ReportRow.id).desc())
        if kind is not None:
            query = query.where(ReportRow.kind == kind)
        with reading(self._engine) as session:
            rows = session.exec(query.limit(limit).offset(offset)).all()
            return tuple(_summary(row, len(acknowledgements(session, row.id))) for row in rows)

    def acknowledge(self, identifier: str, note: Acknowledgement) -> Report:
        """Add who took note of a report; nothing is ever taken back.

        Raises:
            UnknownRecordError: with the nearest identifiers.
        """
        with writing(self._engine) as session:
            row = find_row(session, ReportRow, identifier)
            session.add(AcknowledgementRow(report_id=row.id, body=canonical_json(note)))
            session.flush()
            return assemble_report(session, row)


def _summary(row: ReportRow, acknowledged: int) -> ReportSummary:
    report = parse(Report, row.body, f"report {row.id}")
    return ReportSummary(
        id=report.id,
        run=report.run_id,
        kind=report.kind,
        status=report.status,
        question=report.question.text,
        grid=report.question.grid if report.grid is None else report.grid.name,
        as_of=report.as_of,
        created_at=report.created_at,
        answer=report.summary[0].text if report.summary else "",
        acknowledged=acknowledged,
    )
