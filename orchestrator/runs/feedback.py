"""What people said of incidents; nothing is ever taken back, the newest word counts."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import col, select

from agents.incident import FeedbackVerdict, Incident, IncidentFeedback
from orchestrator.runs.bodies import parse
from orchestrator.runs.incidents import IncidentStore
from orchestrator.store.sessions import reading, writing
from orchestrator.store.tables import IncidentFeedbackRow
from tools.result import canonical_json


class FeedbackStore:
    """Feedback on the incidents of a store."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now
        self._incidents = IncidentStore(engine)

    def give(self, identifier: str, verdict: FeedbackVerdict, by: str, cause: str = "") -> IncidentFeedback:
        """Add a person's word.

        Args:
            identifier: Of the incident, or the beginning of it; ``latest`` for the newest.
            verdict: What it truly was.
            by: Who says so.
            cause: The true cause, as far as it is known.

        Raises:
            UnknownRecordError: with the nearest identifiers.
        """
        incident = self._incidents.get(identifier)
        said = IncidentFeedback(
            incident=incident.id, grid=incident.grid, verdict=verdict, by=by, at=self._now(), cause=cause
        )
        with writing(self._engine) as session:
            session.add(IncidentFeedbackRow(incident_id=incident.id, body=canonical_json(said)))
        return said

    def judged(self, grid: str) -> tuple[tuple[Incident, IncidentFeedback], ...]:
        """Incidents of a grid that people judged, each with the newest word, by the time of that word."""
        query = select(IncidentFeedbackRow).order_by(col(IncidentFeedbackRow.seq))
        with reading(self._engine) as session:
            said = [parse(IncidentFeedback, row.body, f"feedback {row.seq}") for row in session.exec(query).all()]
        newest = {item.incident: item for item in said if item.grid == grid}
        return tuple((self._incidents.get(name), item) for name, item in newest.items())
