"""Open items: what a shift report found and no later report of the same grid has found gone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, Engine, or_
from sqlmodel import col, select

from agents.finding import Finding
from agents.report import Report
from orchestrator.runs.bodies import parse
from orchestrator.store.sessions import reading, writing
from orchestrator.store.tables import OpenItemRow
from tools.result import canonical_json

_ID_DIGITS = 12


@dataclass(frozen=True)
class OpenItem:
    """One matter that is carried forward.

    Attributes:
        key: What makes two findings the same matter.
        finding: As the report that opened it said it.
        report: That report.
        opened_at: When it was recorded.
    """

    id: str
    key: str
    finding: Finding
    report: str
    opened_at: datetime


class OpenItems:
    """Open items of all grids; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, grid: str, until: datetime | None = None, before: datetime | None = None) -> tuple[OpenItem, ...]:
        """What is open, oldest first; of one report the gravest first.

        Args:
            grid: The grid's name.
            until: As it was known then; as it is known now when absent.
            before: Only what reports on an earlier moment opened, and none of them closed.
        """
        row, query = OpenItemRow, select(OpenItemRow).where(OpenItemRow.grid == grid)
        shut: list[ColumnElement[bool]] = [col(row.closed_at).is_(None)]
        if until is not None:
            query = query.where(col(row.opened_at) <= until)
            shut.append(col(row.closed_at) > until)
        if before is not None:
            query = query.where(col(row.opened_as_of) < before)
            shut.append(col(row.closed_as_of) >= before)
        query = query.where(or_(*shut))
        with reading(self._engine) as session:
            found = [
                OpenItem(
                    id=row.id,
                    key=row.key,
                    finding=parse(Finding, row.body, f"open item {row.id}"),
                    report=row.opened_report,
                    opened_at=row.opened_at,
                )
                for row in session.exec(query).all()
            ]
        return tuple(sorted(found, key=lambda item: (item.opened_at, -item.finding.severity.rank, item.key)))

    def settle(self, grid: str, report: Report, found: dict[str, Finding], gone: Collection[str]) -> None:
        """Open what a report found anew and close what it looked for and did not find; again changes nothing.

        Args:
            grid: The grid's name.
            report: A finished shift report.
            found: Its findings that are to be carried forward, by key.
            gone: Identifiers of open items that it looked for and did not find.
        """
        with writing(self._engine) as session:
            standing = select(OpenItemRow.key).where(OpenItemRow.grid == grid, col(OpenItemRow.closed_at).is_(None))
            known = set(session.exec(standing).all())
            for key, finding in found.items():
                identifier = f"o-{sha256(f'{grid}|{report.id}|{key}'.encode()).hexdigest()[:_ID_DIGITS]}"
                if key not in known and session.get(OpenItemRow, identifier) is None:
                    session.add(
                        OpenItemRow(
                            id=identifier,
                            grid=grid,
                            key=key,
                            kind=finding.kind,
                            opened_report=report.id,
                            opened_at=report.created_at,
                            opened_as_of=report.as_of,
                            body=canonical_json(finding),
                        )
                    )
            for identifier in gone:
                row = session.get(OpenItemRow, identifier)
                if row is not None and row.closed_at is None:
                    row.closed_report, row.closed_at, row.closed_as_of = report.id, report.created_at, report.as_of
