"""Trained models with their versions; a changed payload is found by its fingerprint."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from pydantic import AwareDatetime, Field, JsonValue, ValidationError
from sqlalchemy import Engine
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from orchestrator.store.built_in import built_in
from orchestrator.store.model_table import TrainedModelRow
from orchestrator.store.sessions import reading, writing
from tools.detection.streaming.record import ModelRecord, from_record
from tools.detection.streaming.retraining import Choice, Incident, choose
from tools.errors import GridCrewError
from tools.result import Result, canonical_json, digest


class ModelDamagedError(GridCrewError):
    """A stored model does not have the fingerprint that it was stored with."""


class TrainedModel(Result):
    """One stored version without its numbers."""

    name: str
    number: int = Field(ge=1)
    fingerprint: str
    stored_at: AwareDatetime


class TrainedModels:
    """The models of a store; safe to share between threads and processes."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def save(self, name: str, record: Result) -> TrainedModel:
        """Store a model as the newest version of its name; the same numbers as the version in use stay that one."""
        with writing(self._engine) as session:
            newest, fingerprint = session.exec(_versions(name)).first(), digest(record)
            if newest is None or newest.fingerprint != fingerprint:
                newest = TrainedModelRow(
                    name=name,
                    number=1 if newest is None else newest.number + 1,
                    fingerprint=fingerprint,
                    payload=canonical_json(record),
                    stored_at=self._now(),
                )
                session.add(newest)
            return _described(newest)

    def read(self, name: str, before: datetime | None = None) -> Mapping[str, JsonValue] | None:
        """The newest version, or the newest up to a time, as the JSON it was stored in.

        Raises:
            ModelDamagedError: when it is no longer what was stored.
        """
        wanted = _versions(name) if before is None else _versions(name).where(col(TrainedModelRow.stored_at) <= before)
        with reading(self._engine) as session:
            row = session.exec(wanted).first()
            if row is None:
                return None
            content: dict[str, JsonValue] = json.loads(row.payload)
            if digest(content) != row.fingerprint:
                raise ModelDamagedError(f"model {row.name!r}, version {row.number}, is not what was stored: train anew")
            return content

    def versions(self, name: str) -> Sequence[TrainedModel]:
        """All versions of a name, newest first."""
        with reading(self._engine) as session:
            return [_described(row) for row in session.exec(_versions(name)).all()]

    def in_use(self, name: str) -> ModelRecord | None:
        """The normal model of a name that is used; None when there is none, or none that this program reads.

        Raises:
            ModelDamagedError: when it is not what was stored.
        """
        content = self.read(name)
        if content is None:
            return None
        try:
            return ModelRecord.model_validate(content)
        except ValidationError:
            return None  # of another version: detection does not use it either

    def retrain(self, name: str, record: ModelRecord, incidents: Sequence[Incident]) -> Choice | None:
        """Store a new model where there is none, or where it is better than the one in use on held-out incidents.

        Returns:
            The comparison; None when there was nothing to compare with.

        Raises:
            InvalidArgumentError: when the two cannot be compared.
            ModelDamagedError: when the model in use is not what was stored.
        """
        old = self.in_use(name)
        if old is None:
            self.save(name, record)
            return None
        choice = choose(from_record(old), from_record(record), incidents)
        if choice.replaced:
            self.save(name, record)
        return choice


class KnownModels:
    """The models that a run may know: those stored up to its ``known_until``, else those that come with the program.

    It is a ``ModelSource``.
    """

    def __init__(self, models: TrainedModels, known_until: datetime) -> None:
        self._models = models
        self._known_until = known_until

    def read(self, name: str) -> Mapping[str, JsonValue] | None:
        """The newest version of a name at that time, else the one that comes with the program."""
        return self._models.read(name, before=self._known_until) or built_in(name)


def _versions(name: str) -> SelectOfScalar[TrainedModelRow]:
    """Newest first."""
    newest_first = col(TrainedModelRow.number).desc()
    return select(TrainedModelRow).where(col(TrainedModelRow.name) == name).order_by(newest_first)


def _described(row: TrainedModelRow) -> TrainedModel:
    return TrainedModel(name=row.name, number=row.number, fingerprint=row.fingerprint, stored_at=row.stored_at)
