"""The store of runs: each call is written once, a finished run never changes."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from agents.evidence import Evidence, FailedCall
from agents.plan import Plan
from agents.question import ReportKind, Resolved
from agents.report import GridStamp, Report
from orchestrator.runs.assembly import assemble_record, summarize
from orchestrator.runs.bodies import parse
from orchestrator.runs.call_key import call_key
from orchestrator.runs.errors import RecordConflictError
from orchestrator.runs.lookup import find_row, unknown_record
from orchestrator.runs.record import ModelCall, RunHeader, RunRecord, RunState, RunSummary, report_digest
from orchestrator.runs.seal import make_seal, pack
from orchestrator.store.sessions import reading, writing
from orchestrator.store.tables import ModelCallRow, ReportRow, RunRow, ToolCallRow
from tools.result import canonical_json


def utc_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


class RunStore:
    """Runs with their tool calls, model calls and reports; safe to share between threads."""

    def __init__(self, engine: Engine, now: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._now = now

    def start(self, header: RunHeader) -> None:
        """Record that a run begins; the same header again changes nothing.

        Raises:
            RecordConflictError: when another run has this identifier.
        """
        body = canonical_json(header)
        with writing(self._engine) as session:
            row = session.get(RunRow, header.id)
            if row is None:
                row = RunRow(
                    id=header.id, kind=header.kind, state=RunState.RUNNING, started_at=header.started_at, header=body
                )
                session.add(row)
            elif row.header != body:
                message = f"There is another run {header.id}"
                raise RecordConflictError(message)

    def begun(self, run_id: str) -> RunHeader | None:
        """The header of the run that has begun under exactly this identifier, if one has."""
        with reading(self._engine) as session:
            row = session.get(RunRow, run_id)
            return None if row is None else parse(RunHeader, row.header, f"run {run_id}")

    def update(
        self, run_id: str, *, resolved: Resolved | None = None, plan: Plan | None = None, grid: GridStamp | None = None
    ) -> RunHeader:
        """Add to the header what was understood, planned and loaded; what is None stays as it is."""
        found = {"resolved": resolved, "plan": plan, "grid": grid}
        with writing(self._engine) as session:
            row = _open_run(session, run_id)
            header = parse(RunHeader, row.header, f"run {run_id}")
            header = header.model_copy(update={key: value for key, value in found.items() if value is not None})
            row.header = canonical_json(header)
        return header

    def add_evidence(self, run_id: str, evidence: Evidence) -> None:
        """Record an answered tool call; the same evidence again changes nothing.

        Raises:
            RecordConflictError: when other evidence has this identifier, or the run has ended.
        """
        key = call_key(evidence.agent, evidence.tool, evidence.arguments)
        with writing(self._engine) as session:
            _open_run(session, run_id)
            same_id = (ToolCallRow.run_id == run_id, ToolCallRow.evidence_id == evidence.id)
            stored = session.exec(select(ToolCallRow.body).where(*same_id)).first()
            if stored is None:
                session.add(_tool_call(session, run_id, key, evidence.id, canonical_json(evidence)))
            elif parse(Evidence, stored, f"evidence {evidence.id} of {run_id}").digest != evidence.digest:
                message = f"Run {run_id} has other evidence {evidence.id}"
                raise RecordConflictError(message)

    def add_failed(self, run_id: str, failed: FailedCall, occurrence: int | None = None) -> None:
        """Record a tool call without a result.

        Args:
            run_id: The run.
            failed: The call, and why it has no result.
            occurrence: How many equal calls came before; with it, recording the same call again changes nothing.
        """
        key = call_key(failed.agent, failed.tool, failed.arguments)
        with writing(self._engine) as session:
            _open_run(session, run_id)
            row = _tool_call(session, run_id, key, None, canonical_json(failed))
            if occurrence is None or occurrence >= row.occurrence:
                session.add(row)

    def add_model_call(self, call: ModelCall) -> None:
        """Record a model call; one that is there already, by agent, ordinal and content, stays as it is."""
        with writing(self._engine) as session:
            _open_run(session, call.run)
            if _model_call(session, call.run, call.agent, call.ordinal, call.content_hash) is None:
                keys = call.model_dump(include={"agent", "ordinal", "content_hash"})
                session.add(ModelCallRow(run_id=call.run, body=canonical_json(call), **keys))

    def find_model_call(self, run_id: str, agent: str, ordinal: int, content_hash: str) -> ModelCall | None:
        """The recorded call of this agent, ordinal and content, if there is one."""
        with reading(self._engine) as session:
            body = _model_call(session, run_id, agent, ordinal, content_hash)
        return None if body is None else parse(ModelCall, body, f"model call {agent} {ordinal} of {run_id}")

    def finish(self, run_id: str, report: Report) -> None:
        """Record the report and seal the run; the same report again changes nothing.

        Raises:
            RecordConflictError: when the report is another run's, uses evidence that is not recorded as it stands
                there, or the run is already done with another report.
        """
        digest = report_digest(report)
        with writing(self._engine) as session:
            row = _locked(session, run_id)
            if row.state == RunState.DONE and row.report_digest == digest:
                return
            _refuse_foreign(assemble_record(session, _open_run(session, run_id)), report)
            session.add(_report_row(report))
            row.state, row.error, row.report_digest = RunState.DONE, None, digest
            row.finished_at = self._now()
            session.flush()
            row.seal = pack(make_seal(assemble_record(session, row)))

    def fail(self, run_id: str, reason: str) -> None:
        """Record that a run ended without a report; it may be resumed, and then finishes."""
        with writing(self._engine) as session:
            row = _open_run(session, run_id)
            row.state, row.error, row.finished_at = RunState.FAILED, canonical_json(reason), self._now()

    def get(self, identifier: str) -> RunRecord:
        """Everything about one run.

        Args:
            identifier: The run's, or the beginning of it where only one run begins so; ``latest`` for the newest
                that has ended.

        Raises:
            UnknownRecordError: with the nearest identifiers.
            RecordDamagedError: when a stored body cannot be read any more, naming the place.
        """
        with reading(self._engine) as session:
            return assemble_record(session, find_row(session, RunRow, identifier))

    def list(self, limit: int = 20, offset: int = 0, kind: ReportKind | None = None) -> tuple[RunSummary, ...]:
        """Runs, newest first."""
        query = select(RunRow, ReportRow.id).outerjoin(ReportRow, col(ReportRow.run_id) == RunRow.id)
        if kind is not None:
            query = query.where(RunRow.kind == kind)
        order = (col(RunRow.started_at).desc(), col(RunRow.id).desc())
        with reading(self._engine) as session:
            rows = session.exec(query.order_by(*order).limit(limit).offset(offset)).all()
            return tuple(summarize(row, report) for row, report in rows)


def _locked(session: Session, run_id: str) -> RunRow:
    """The run, locked until the session ends, so that two writers of one run come one after the other."""
    row = session.exec(select(RunRow).where(RunRow.id == run_id).with_for_update()).first()
    if row is None:
        raise unknown_record(session, RunRow, run_id)
    return row


def _open_run(session: Session, run_id: str) -> RunRow:
    row = _locked(session, run_id)
    if row.state == RunState.DONE:
        message = f"Run {run_id} is done; nothing can be added"
        raise RecordConflictError(message)
    return row


def _tool_call(session: Session, run_id: str, key: str, evidence_id: str | None, body: str) -> ToolCallRow:
    equal = select(func.count()).where(ToolCallRow.run_id == run_id, ToolCallRow.call_hash == key)
    occurrence = session.exec(equal).one()
    return ToolCallRow(run_id=run_id, evidence_id=evidence_id, call_hash=key, occurrence=occurrence, body=body)


def _model_call(session: Session, run_id: str, agent: str, ordinal: int, content_hash: str) -> str | None:
    same = (ModelCallRow.agent == agent, ModelCallRow.ordinal == ordinal, ModelCallRow.content_hash == content_hash)
    return session.exec(select(ModelCallRow.body).where(ModelCallRow.run_id == run_id, *same)).first()


def _report_row(report: Report) -> ReportRow:
    return ReportRow(
        id=report.id,
        run_id=report.run_id,
        kind=report.kind,
        created_at=report.created_at,
        body=canonical_json(report.model_dump(mode="json", exclude={"evidence", "acknowledgements"})),
        evidence_ids=canonical_json([item.id for item in report.evidence]),
    )


def _refuse_foreign(record: RunRecord, report: Report) -> None:
    if report.run_id != record.header.id:
        message = f"Report {report.id} is of run {report.run_id}, not of {record.header.id}"
        raise RecordConflictError(message)
    recorded = {item.id: item for item in record.evidence}
    foreign = [item.id for item in report.evidence if recorded.get(item.id) != item]
    if foreign:
        message = f"Report {report.id} uses evidence that is not recorded as it stands there: {', '.join(foreign)}"
        raise RecordConflictError(message)
