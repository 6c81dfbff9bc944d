"""Stored runs and reports as a tool sees them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import Engine

from orchestrator.runs.assembly import assemble_record, assemble_report
from orchestrator.runs.carried import carried_forward
from orchestrator.runs.incidents import IncidentStore
from orchestrator.runs.lookup import find_row, newest_identifiers
from orchestrator.store.sessions import reading
from orchestrator.store.tables import ReportRow, RunRow
from tools.errors import UnknownRecordError


class StoredRecords:
    """A ``RecordSource`` over the store.

    Args:
        engine: The store.
        until: Only runs that had ended by then, and their reports, are seen; a run gives its own start, so that
            the same question about ``latest`` has the same answer when it is recomputed later.
    """

    def __init__(self, engine: Engine, until: datetime | None = None) -> None:
        self._engine = engine
        self._until = until

    def read(self, kind: str, identifier: str, before: datetime | None = None) -> Mapping[str, JsonValue] | None:
        """One record as JSON; None when there is none.

        Args:
            kind: ``run`` (a ``RunRecord``), ``report`` (a ``Report``), ``incident`` (an ``Incident``) or
                ``open_items`` (a ``CarriedForward``).
            identifier: Of the record; for ``open_items`` the name of the grid.
            before: Of open items: only what reports on an earlier moment left open.
        """
        if kind == "open_items":
            return carried_forward(self._engine, identifier, self._until, before).model_dump(mode="json")
        if kind == "incident":
            return self._incident(identifier)
        with reading(self._engine) as session:
            try:
                if kind == "run":
                    run = find_row(session, RunRow, identifier, self._until)
                    return assemble_record(session, run).model_dump(mode="json")
                report = find_row(session, ReportRow, identifier, self._until)
                return assemble_report(session, report).model_dump(mode="json")
            except UnknownRecordError:
                return None

    def _incident(self, identifier: str) -> Mapping[str, JsonValue] | None:
        try:
            return IncidentStore(self._engine).get(identifier, self._until).model_dump(mode="json")
        except UnknownRecordError:
            return None

    def identifiers(self, kind: str, limit: int) -> Sequence[str]:
        """The newest identifiers of a kind, newest first."""
        if kind == "incident":
            return [item.id for item in IncidentStore(self._engine).list(limit, until=self._until)]
        with reading(self._engine) as session:
            if kind == "run":
                return newest_identifiers(session, RunRow, limit, self._until)
            return newest_identifiers(session, ReportRow, limit, self._until)
