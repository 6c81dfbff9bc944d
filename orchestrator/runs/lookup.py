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


def find_row(session: Session, table: type[Row], identifier: str) -> Row:
    """The row of this identifier.

    Args:
        session: Where to look.
        table: Runs or reports.
        identifier: Whole, or the beginning where only one begins so; ``latest`` for the newest, of runs the newest
            that has ended.

    Raises:
        UnknownRecordError: with the nearest identifiers.
    """
    if identifier == LATEST:
        row = session.exec(select(table).where(*_ended(table)).order_by(*_newest_first(table)).limit(1)).first()
        if row is None:
            raise UnknownRecordError(f"There is no {_kind(table)} yet")
        return row
    row = session.get(table, identifier)
    return row if row is not None else _by_beginning(session, table, identifier)


def newest_identifiers(session: Session, table: type[Row], limit: int) -> tuple[str, ...]:
    """Identifiers, newest first."""
    query = select(table.id).order_by(*_newest_first(table)).limit(limit)
    return tuple(session.exec(query).all())


def _by_beginning(session: Session, table: type[Row], identifier: str) -> Row:
    begins = col(table.id).startswith(identifier, autoescape=True)
    rows = session.exec(select(table).where(begins).limit(2)).all() if identifier else []
    if len(rows) == 1:
        return rows[0]
    if rows:
        raise UnknownRecordError(f"Several {_kind(table)}s begin with {identifier!r}: write more of the identifier")
    raise unknown_record(session, table, identifier)


def unknown_record(session: Session, table: type[Row], identifier: str) -> UnknownRecordError:
    """The error for an identifier that nothing has, with the nearest ones."""
    near = close_names(identifier, newest_identifiers(session, table, _CANDIDATES))
    return UnknownRecordError(f"There is no {_kind(table)} {identifier!r}. {near}")


def _kind(table: type[Row]) -> str:
    return "run" if table is RunRow else "report"


def _newest_first(table: type[Row]) -> tuple[UnaryExpression[datetime], UnaryExpression[str]]:
    time = RunRow.started_at if table is RunRow else ReportRow.created_at
    return (col(time).desc(), col(table.id).desc())


def _ended(table: type[Row]) -> tuple[ColumnElement[bool], ...]:
    return (col(RunRow.state) != RunState.RUNNING,) if table is RunRow else ()
