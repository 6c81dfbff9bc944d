"""What the last shift report of a grid left open for the next one."""

from datetime import datetime

from pydantic import AwareDatetime
from sqlalchemy import Engine
from sqlmodel import col, select

from agents.finding import Finding
from agents.question import ReportKind
from agents.report import Report
from orchestrator.runs.bodies import parse
from orchestrator.runs.open_items import OpenItems
from orchestrator.store.sessions import reading
from orchestrator.store.tables import ReportRow, RunRow
from tools.result import Result

_LOOKED_AT = 200


class CarriedItem(Result):
    """One open item with the finding that opened it."""

    id: str
    opened_at: AwareDatetime
    finding: Finding


class CarriedForward(Result):
    """Open items of a grid, oldest first, and the report that they were last seen by."""

    grid: str
    report: str | None = None
    as_of: AwareDatetime | None = None
    created_at: AwareDatetime | None = None
    items: tuple[CarriedItem, ...] = ()


def carried_forward(
    engine: Engine, grid: str, until: datetime | None = None, before: datetime | None = None
) -> CarriedForward:
    """Open items of a grid, as they were known at a time.

    Args:
        engine: The store.
        grid: Its name.
        until: Only what was recorded by then.
        before: Only what reports on an earlier moment left open.
    """
    last = last_shift_report(engine, grid, until, before)
    items = OpenItems(engine).open(grid, until, before)
    return CarriedForward(
        grid=grid,
        report=last.id if last else None,
        as_of=last.as_of if last else None,
        created_at=last.created_at if last else None,
        items=tuple(CarriedItem(id=item.id, opened_at=item.opened_at, finding=item.finding) for item in items),
    )


def last_shift_report(
    engine: Engine,
    grid: str,
    until: datetime | None = None,
    before: datetime | None = None,
    besides: str | None = None,
) -> Report | None:
    """The newest shift report of a grid, without its evidence; None when there is none yet.

    Args:
        engine: The store.
        grid: Its name.
        until: Only reports of runs that had ended by then.
        before: Only reports on an earlier moment.
        besides: Identifier of a report that does not count.
    """
    query = select(ReportRow.id, ReportRow.body).where(ReportRow.kind == ReportKind.SHIFT)
    if until is not None:
        ended = select(RunRow.id).where(col(RunRow.finished_at) <= until)
        query = query.where(col(ReportRow.run_id).in_(ended))
    newest = query.order_by(col(ReportRow.created_at).desc(), col(ReportRow.id).desc()).limit(_LOOKED_AT)
    with reading(engine) as session:
        for identifier, body in session.exec(newest):
            report = parse(Report, body, f"report {identifier}")
            mine = report.grid is not None and report.grid.name == grid and report.id != besides
            if mine and (before is None or report.as_of < before):
                return report
    return None
