"""Stored incidents; each is kept as the report that found it first recorded it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from agents.incident import Incident, IncidentFeedback
from orchestrator.runs.bodies import parse
from orchestrator.store.sessions import reading, writing
from orchestrator.store.tables import IncidentFeedbackRow, IncidentRow
from tools.errors import UnknownRecordError, close_names
from tools.result import canonical_json

_KNOWN = 200


class IncidentStore:
    """Incidents of all grids; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, incidents: Iterable[Incident]) -> None:
        """Keep incidents; one that is there already stays as it is."""
        with writing(self._engine) as session:
            for item in incidents:
                if session.get(IncidentRow, item.id) is None:
                    session.add(
                        IncidentRow(
                            id=item.id,
                            grid=item.grid,
                            start_at=item.start,
                            recorded_at=item.recorded_at,
                            body=canonical_json(item.model_copy(update={"feedback": None})),
                        )
                    )

    def get(self, identifier: str, until: datetime | None = None) -> Incident:
        """One incident, by its identifier or the beginning of it; ``latest`` for the newest.

        Raises:
            UnknownRecordError: with the nearest identifiers.
        """
        known = self.list(_KNOWN, until=until)
        found = known[:1] if identifier == "latest" else [item for item in known if item.id.startswith(identifier)]
        exact = [item for item in found if item.id == identifier]
        if len(found) == 1 or exact:
            return (exact or found)[0]
        if found:
            raise UnknownRecordError(f"Several incidents begin with {identifier!r}: write more of the identifier")
        near = close_names(identifier, [item.id for item in known]) if known else "None is on record yet."
        raise UnknownRecordError(f"There is no incident {identifier!r}. {near}")

    def list(self, limit: int = 20, grid: str | None = None, until: datetime | None = None) -> list[Incident]:
        """Incidents, newest first, each with the newest word of a person on it."""
        query = select(IncidentRow).order_by(col(IncidentRow.start_at).desc(), col(IncidentRow.id))
        if grid is not None:
            query = query.where(IncidentRow.grid == grid)
        if until is not None:
            query = query.where(col(IncidentRow.recorded_at) <= until)
        with reading(self._engine) as session:
            found = [parse(Incident, row.body, f"incident {row.id}") for row in session.exec(query.limit(limit)).all()]
            said = _newest_words(session, [item.id for item in found], until)
        return [item.model_copy(update={"feedback": said.get(item.id)}) for item in found]


def _newest_words(session: Session, incidents: Collection[str], until: datetime | None) -> dict[str, IncidentFeedback]:
    """What was last said of each incident by a time."""
    query = select(IncidentFeedbackRow).where(col(IncidentFeedbackRow.incident_id).in_(incidents))
    rows = session.exec(query.order_by(col(IncidentFeedbackRow.seq))).all()
    said = (parse(IncidentFeedback, row.body, f"feedback {row.seq}") for row in rows)
    return {item.incident: item for item in said if until is None or item.at <= until}
