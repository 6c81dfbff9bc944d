"""Records that are lists: permits to work, open items, the findings of an incident."""

from datetime import datetime

from agents.finding import Finding
from agents.incident import Incident
from orchestrator.belonging import key_of
from orchestrator.record_schema import ReadRecordArguments, RecordExcerpt, RecordKind, RecordRow
from orchestrator.runs.carried import CarriedForward
from tools.context import ToolContext
from tools.element import ElementRef
from tools.errors import UnknownRecordError
from tools.subject import SubjectRef
from tools.telemetry.schema.operations import Permit

_ROWS = 100
_HOUR_S = 3600.0


def read_permits(ctx: ToolContext, args: ReadRecordArguments) -> RecordExcerpt:
    """Permits to work that touch a time, those in force first.

    Raises:
        SourceMissingError: when nobody keeps permits for this grid.
    """
    now = ctx.clock.as_of
    rows = [_permit(item, now) for item in ctx.need_permits().permits(args.start or now, args.end or now)]
    rows.sort(key=lambda row: (not row.lasts, row.start))
    return RecordExcerpt(
        kind=RecordKind.PERMITS,
        identifier="permits",
        grid=ctx.loaded_grid().name,
        as_of=now,
        rows=tuple(rows[:_ROWS]),
        omitted=max(len(rows) - _ROWS, 0),
    )


def _permit(permit: Permit, now: datetime) -> RecordRow:
    return RecordRow(
        id=permit.id,
        title=permit.work,
        element=permit.element,
        start=permit.start,
        end=permit.closed_at or permit.end,
        lasts=permit.start <= now and (permit.closed_at is None or permit.closed_at > now),
        age_h=_hours(permit.start, now),
        holder=permit.holder,
    )


def read_open_items(ctx: ToolContext, args: ReadRecordArguments) -> RecordExcerpt:
    """What earlier shift reports of the run's grid left open, oldest first.

    Raises:
        SourceMissingError: when the context has no records.
    """
    grid = ctx.loaded_grid().name
    stored = ctx.need_records().read("open_items", grid, args.end)
    if stored is None:
        raise UnknownRecordError(f"There are no open items of {grid!r}")
    carried = CarriedForward.model_validate(stored)
    rows = [_finding(item.id, item.finding, item.opened_at, ctx.clock.as_of) for item in carried.items]
    return RecordExcerpt(
        kind=RecordKind.OPEN_ITEMS,
        identifier=carried.report or "none",
        grid=grid,
        as_of=carried.as_of,
        created_at=carried.created_at,
        rows=tuple(rows[:_ROWS]),
        omitted=max(len(rows) - _ROWS, 0),
    )


def of_incident(incident: Incident, now: datetime) -> RecordExcerpt:
    """An incident with its findings in order of time."""
    rows = [_finding(item.id, item, incident.start, now) for item in incident.findings]
    return RecordExcerpt(
        kind=RecordKind.INCIDENT,
        identifier=incident.id,
        question=incident.title,
        grid=incident.grid,
        status=incident.severity,
        as_of=incident.start,
        created_at=incident.recorded_at,
        findings=len(incident.findings),
        feedback=incident.feedback,
        rows=tuple(rows[:_ROWS]),
        omitted=max(len(rows) - _ROWS, 0),
    )


def _finding(identifier: str, finding: Finding, recorded_at: datetime, now: datetime) -> RecordRow:
    start = finding.start or recorded_at
    elements = [item for item in finding.assets if isinstance(item, ElementRef)]
    subjects = [item for item in finding.assets if isinstance(item, SubjectRef)]
    return RecordRow(
        id=identifier,
        kind=finding.kind,
        key=key_of(finding),
        title=finding.title.text,
        severity=finding.severity,
        element=elements[0] if elements else None,
        subject=subjects[0] if subjects else None,
        start=start,
        end=finding.end,
        lasts=finding.end is None or finding.end > now,
        age_h=_hours(start, now),
    )


def _hours(start: datetime, now: datetime) -> float | None:
    """Age in hours; None for what has yet to begin."""
    return round((now - start).total_seconds() / _HOUR_S, 1) if start <= now else None
