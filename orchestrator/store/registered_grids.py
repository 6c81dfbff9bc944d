"""Grids that were added by name."""

import gzip
import json
from collections.abc import Callable, Sequence
from datetime import datetime

from pydantic import AwareDatetime, Field
from sqlalchemy import Engine
from sqlalchemy.orm import defer
from sqlmodel import col, select

from orchestrator.store.sessions import reading, writing
from tools.errors import GridUnavailableError, close_names
from tools.result import Result
from tools.telemetry.tables import RegisteredGridRow

_WITHOUT_PAYLOAD = defer(RegisteredGridRow.payload)  # type: ignore[arg-type]  # SQLModel types it as its value
_CURRENT_LAST = (col(RegisteredGridRow.registered_at), col(RegisteredGridRow.seq))


class RegisteredGrid(Result):
    """One registered grid without its model."""

    name: str
    fingerprint: str = Field(description="SHA-256 of the model's content")
    source: str = Field(description="Where it was imported from")
    notes: tuple[str, ...] = ()
    registered_at: AwareDatetime


class RegisteredGrids:
    """Registered grids; of a name that was registered again, every version stays, so that runs can be recomputed."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def register(
        self, name: str, model_json: str, fingerprint: str, source: str, notes: Sequence[str] = ()
    ) -> RegisteredGrid:
        """Register a model under a name and make it the name's current one.

        Args:
            name: As it is asked for.
            model_json: pandapower JSON.
            fingerprint: SHA-256 of the model's content; a version that is there already is not stored again.
            source: Where it was imported from.
            notes: What the import converted, left out or assumed.
        """
        same = (RegisteredGridRow.name == name, RegisteredGridRow.fingerprint == fingerprint)
        with writing(self._engine) as session:
            row = session.exec(select(RegisteredGridRow).where(*same)).first()
            if row is None:
                row = RegisteredGridRow(
                    name=name,
                    fingerprint=fingerprint,
                    source=source,
                    notes=json.dumps(list(notes)),
                    payload=gzip.compress(model_json.encode(), mtime=0),
                    registered_at=self._now(),
                )
            else:
                row.registered_at = self._now()
            session.add(row)
            return _public(row)

    def model_json(self, name: str, fingerprint: str | None = None) -> str:
        """The model of a registered grid as pandapower JSON.

        Args:
            name: As registered.
            fingerprint: The version wanted; the current one when absent.

        Raises:
            GridUnavailableError: with the nearest names.
        """
        return gzip.decompress(self._row(name, fingerprint).payload).decode()

    def get(self, name: str, fingerprint: str | None = None) -> RegisteredGrid:
        """What is known of a registered grid, the version as in ``model_json``.

        Raises:
            GridUnavailableError: with the nearest names.
        """
        return _public(self._row(name, fingerprint))

    def list(self) -> tuple[RegisteredGrid, ...]:
        """The current version of every registered grid, by name."""
        with reading(self._engine) as session:
            # The payload stays where it is: a model may be megabytes.
            query = select(RegisteredGridRow).options(_WITHOUT_PAYLOAD).order_by(*_CURRENT_LAST)
            current = {row.name: _public(row) for row in session.exec(query)}
        return tuple(current[name] for name in sorted(current))

    def _row(self, name: str, fingerprint: str | None) -> RegisteredGridRow:
        query = select(RegisteredGridRow).where(RegisteredGridRow.name == name)
        if fingerprint is not None:
            query = query.where(RegisteredGridRow.fingerprint == fingerprint)
        with reading(self._engine) as session:
            versions = session.exec(query.order_by(*_CURRENT_LAST)).all()
            if versions:
                return versions[-1]
            known = session.exec(select(RegisteredGridRow.name)).all()
        version = "" if fingerprint is None else f" with the fingerprint {fingerprint}"
        raise GridUnavailableError(f"No grid is registered as {name!r}{version}. {close_names(name, known)}")


def _public(row: RegisteredGridRow) -> RegisteredGrid:
    return RegisteredGrid(
        name=row.name,
        fingerprint=row.fingerprint,
        source=row.source,
        notes=tuple(json.loads(row.notes)),
        registered_at=row.registered_at,
    )
