"""Finding a run or report by its identifier, by the beginning of it, or as the latest."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, UnaryExpression
from sqlmodel import Session, col, select

from orchestrator.runs.record import RunState
from orchestrator.store.tables import ReportRow, RunRow
from tools.errors import UnknownRecordError, close_names

Row = TypeVar("Row", RunRow, ReportRow)
LATEST = "latest"
_CANDIDATES = 200


def find_row(session: Session, table: type[Row], identifier: str, until: datetime | None = None) -> Row:
    """The row of this identifier.

    Args:
        session: Where to look.
        table: Runs or reports.
        identifier: Whole, or the beginning where only one begins so; ``latest`` for the newest, of runs the newest
            that has ended.
        until: With it, only runs that had ended by then, and their reports, are there.

    Raises:
        UnknownRecordError: with the nearest identifiers.
    """
    seen = _seen(table, until)
    if identifier == LATEST:
        newest = select(table).where(*_ended(table), *seen).order_by(*_newest_first(table)).limit(1)
        row = session.exec(newest).first()
        if row is None:
            raise UnknownRecordError(f"There is no {_kind(table)} yet")
        return row
    row = session.exec(select(table).where(table.id == identifier, *seen)).first()
    return row if row is not None else _by_beginning(session, table, identifier, until)


def newest_identifiers(
    session: Session, table: type[Row], limit: int, until: datetime | None = None
) -> tuple[str, ...]:
    """Identifiers, newest first; ``until`` as in ``find_row``."""
    query = select(table.id).where(*_seen(table, until)).order_by(*_newest_first(table)).limit(limit)
    return tuple(session.exec(query).all())


def unknown_record(
    session: Session, table: type[Row], identifier: str, until: datetime | None = None
) -> UnknownRecordError:
    """The error for an identifier that nothing has, with the nearest ones."""
    near = close_names(identifier, newest_identifiers(session, table, _CANDIDATES, until))
    return UnknownRecordError(f"There is no {_kind(table)} {identifier!r}. {near}")


def _by_beginning(session: Session, table: type[Row], identifier: str, until: datetime | None) -> Row:
    begins = (col(table.id).startswith(identifier, autoescape=True), *_seen(table, until))
    rows = session.exec(select(table).where(*begins).limit(2)).all() if identifier else []
    if len(rows) == 1:
        return rows[0]
    if rows:
        raise UnknownRecordError(f"Several {_kind(table)}s begin with {identifier!r}: write more of the identifier")
    raise unknown_record(session, table, identifier, until)


def _kind(table: type[Row]) -> str:
    return "run" if table is RunRow else "report"


def _newest_first(table: type[Row]) -> tuple[UnaryExpression[datetime], UnaryExpression[str]]:
    time = RunRow.started_at if table is RunRow else ReportRow.created_at
    return (col(time).desc(), col(table.id).desc())


def _ended(table: type[Row]) -> tuple[ColumnElement[bool], ...]:
    return (col(RunRow.state) != RunState.RUNNING,) if table is RunRow else ()


def _seen(table: type[Row], until: datetime | None) -> tuple[ColumnElement[bool], ...]:
    if until is None:
        return ()
    ended = select(RunRow.id).where(col(RunRow.finished_at) <= until)
    return (col(RunRow.id if table is RunRow else ReportRow.run_id).in_(ended),)
