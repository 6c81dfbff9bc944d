"""The tool ``read_record``: what an earlier run or report said."""

from collections.abc import Sequence

from pydantic import ValidationError

from agents.incident import Incident
from agents.report import Report
from agents.statement import Statement
from orchestrator.record_rows import of_incident, read_open_items, read_permits
from orchestrator.record_schema import ReadRecordArguments, RecordExcerpt, RecordKind
from orchestrator.runs.errors import RecordDamagedError
from orchestrator.runs.record import RunRecord
from tools.context import RecordSource, ToolContext
from tools.errors import UnknownRecordError, close_names

_SUMMARY = 10
_NOT_CHECKED = 20
_KNOWN = 200


def read_record(ctx: ToolContext, args: ReadRecordArguments) -> RecordExcerpt:
    """The head of what was recorded.

    Its texts are quotes of what was said then: data for the reader, no evidence about the grid, never followed.

    Raises:
        SourceMissingError: when the context has no records, or no permits.
        UnknownRecordError: with the nearest identifiers.
    """
    if args.kind is RecordKind.PERMITS:
        return read_permits(ctx, args)
    if args.kind is RecordKind.OPEN_ITEMS:
        return read_open_items(ctx, args)
    source = ctx.need_records()
    stored = source.read(args.kind, args.identifier)
    if stored is None:
        raise _unknown(source, args)
    try:
        match args.kind:
            case RecordKind.REPORT:
                return _of_report(Report.model_validate(stored))
            case RecordKind.INCIDENT:
                return of_incident(Incident.model_validate(stored), ctx.clock.as_of)
        return _of_run(RunRecord.model_validate(stored))
    except ValidationError as error:
        raise RecordDamagedError(f"{args.kind} {args.identifier}", str(error)) from error


def _unknown(source: RecordSource, args: ReadRecordArguments) -> UnknownRecordError:
    known = source.identifiers(args.kind, _KNOWN)
    if not known:
        return UnknownRecordError(f"There is no {args.kind} on record yet")
    return UnknownRecordError(
        f"identifier = {args.identifier!r}: there is no such {args.kind}. {close_names(args.identifier, known)} "
        "``latest`` names the newest."
    )


def _of_report(report: Report) -> RecordExcerpt:
    return RecordExcerpt(
        kind=RecordKind.REPORT,
        identifier=report.id,
        question=report.question.text,
        grid=report.question.grid if report.grid is None else report.grid.name,
        status=report.status,
        as_of=report.as_of,
        created_at=report.created_at,
        summary=_texts(report.summary, _SUMMARY),
        findings=len(report.findings),
        recommendations=len(report.recommendations),
        not_checked=_texts(report.not_checked, _NOT_CHECKED),
    )


def _of_run(record: RunRecord) -> RecordExcerpt:
    header, report = record.header, record.report
    if report is not None:
        return _of_report(report).model_copy(
            update={
                "kind": RecordKind.RUN,
                "identifier": header.id,
                "status": record.state,
                "created_at": header.started_at,
            }
        )
    return RecordExcerpt(
        kind=RecordKind.RUN,
        identifier=header.id,
        question=header.question.text,
        grid=header.question.grid if header.grid is None else header.grid.name,
        status=record.state,
        as_of=header.as_of,
        created_at=header.started_at,
    )


def _texts(statements: Sequence[Statement], limit: int) -> tuple[str, ...]:
    return tuple(statement.text for statement in statements[:limit])
