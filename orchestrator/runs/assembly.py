"""Putting a record together from its rows."""

import json

from sqlmodel import Session, col, select

from agents.evidence import Evidence, FailedCall
from agents.report import Acknowledgement, Report
from orchestrator.runs.bodies import parse
from orchestrator.runs.errors import RecordDamagedError
from orchestrator.runs.record import ModelCall, RunHeader, RunRecord, RunState, RunSummary
from orchestrator.runs.seal import unpack
from orchestrator.store.tables import AcknowledgementRow, ModelCallRow, ReportRow, RunRow, ToolCallRow


def assemble_record(session: Session, row: RunRow) -> RunRecord:
    """Everything that is stored of one run.

    Raises:
        RecordDamagedError: when a stored body cannot be read any more, naming the place.
    """
    place = f"run {row.id}"
    calls = _tool_calls(session, row.id)
    of_run = select(ModelCallRow).where(ModelCallRow.run_id == row.id).order_by(col(ModelCallRow.seq))
    report = session.exec(select(ReportRow).where(ReportRow.run_id == row.id)).first()
    return RunRecord(
        header=parse(RunHeader, row.header, place),
        evidence=tuple(call for call in calls if isinstance(call, Evidence)),
        failed=tuple(call for call in calls if isinstance(call, FailedCall)),
        model_calls=tuple(
            parse(ModelCall, call.body, f"{place}, model call {call.agent} {call.ordinal}")
            for call in session.exec(of_run)
        ),
        report=None if report is None else assemble_report(session, report),
        report_digest=row.report_digest,
        seal=unpack(row.seal),
        state=RunState(row.state),
        error=_error(row),
    )


def assemble_report(session: Session, row: ReportRow) -> Report:
    """A report with its evidence and acknowledgements.

    Raises:
        RecordDamagedError: when a stored body cannot be read any more, naming the place.
    """
    place = f"report {row.id}"
    evidence = {call.id: call for call in _tool_calls(session, row.run_id) if isinstance(call, Evidence)}
    wanted: list[str] = json.loads(row.evidence_ids)
    missing = [name for name in wanted if name not in evidence]
    if missing:
        raise RecordDamagedError(place, f"its evidence {', '.join(missing)} is gone")
    return parse(Report, row.body, place).model_copy(
        update={
            "evidence": tuple(evidence[name] for name in wanted),
            "acknowledgements": acknowledgements(session, row.id),
        }
    )


def acknowledgements(session: Session, report_id: str) -> tuple[Acknowledgement, ...]:
    """Who took note of a report, oldest first."""
    of_report = AcknowledgementRow.report_id == report_id
    rows = session.exec(select(AcknowledgementRow).where(of_report).order_by(col(AcknowledgementRow.seq)))
    return tuple(parse(Acknowledgement, row.body, f"report {report_id}, acknowledgement {row.seq}") for row in rows)


def summarize(row: RunRow, report_id: str | None) -> RunSummary:
    """One line about a run."""
    header = parse(RunHeader, row.header, f"run {row.id}")
    return RunSummary(
        id=row.id,
        kind=header.kind,
        state=RunState(row.state),
        question=header.question.text,
        grid=header.question.grid,
        started_at=row.started_at,
        finished_at=row.finished_at,
        report=report_id,
        error=_error(row),
    )


def _tool_calls(session: Session, run_id: str) -> list[Evidence | FailedCall]:
    query = select(ToolCallRow).where(ToolCallRow.run_id == run_id).order_by(col(ToolCallRow.seq))
    return [_tool_call(row) for row in session.exec(query)]


def _tool_call(row: ToolCallRow) -> Evidence | FailedCall:
    if row.evidence_id is None:
        return parse(FailedCall, row.body, f"run {row.run_id}, failed call {row.seq}")
    return parse(Evidence, row.body, f"run {row.run_id}, evidence {row.evidence_id}")


def _error(row: RunRow) -> str | None:
    if row.error is None:
        return None
    text: str = json.loads(row.error)
    return text
