"""Records that change while they are kept (outages, permits, assets): every version stays."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, Table, func, insert, or_, select

from orchestrator.store.sessions import writing
from orchestrator.store.write_series import Written
from tools.result import Result, canonical_json
from tools.telemetry.tables import VersionedRow

R = TypeVar("R", bound=Result)
History: TypeAlias = Sequence[tuple[R, datetime]]
_ANY_GRID = ""


class Versions(Generic[R]):
    """The versions of one kind of record.

    Args:
        table: Where they are kept.
        model: What the record is.
    """

    def __init__(self, table: type[VersionedRow], model: type[R]) -> None:
        self._table: Table = table.__table__  # type: ignore[attr-defined]  # SQLModel gives it to table classes
        self._model = model

    def write(self, engine: Engine, grid: str | None, records: Iterable[tuple[str, History[R]]]) -> Written:
        """Store records, all or none; a version that is stored changes nothing, another one is added.

        Args:
            engine: The store.
            grid: Grid that they belong to; None for any.
            records: Identifier, and the record as it arrived from time to time.
        """
        taken = duplicates = 0
        with writing(engine) as session:
            for identifier, history in records:
                key = (grid or _ANY_GRID, identifier)
                added = [self._add(session.connection(), key, record, at) for record, at in history]
                taken, duplicates = taken + any(added), duplicates + (not any(added))
        return Written(taken, duplicates)

    def known(self, engine: Engine, grid: str | None, known_until: datetime) -> Sequence[R]:
        """The newest version of each record of a grid, and of any grid, that had arrived; by identifier."""
        c, newer = self._table.c, self._table.alias()
        newest = (
            select(func.max(newer.c.version))
            .where(newer.c.grid == c.grid, newer.c.id == c.id, newer.c.received_at <= known_until)
            .scalar_subquery()
        )
        query = select(c.body).where(or_(c.grid == grid, c.grid == _ANY_GRID), c.version == newest).order_by(c.id)
        with engine.connect() as connection:
            return tuple(self._model.model_validate_json(body) for body in connection.execute(query).scalars())

    def _add(self, connection: Connection, key: tuple[str, str], record: R, received_at: datetime) -> bool:
        c, body = self._table.c, canonical_json(record)
        own = select(c.version, c.body).where(c.grid == key[0], c.id == key[1])
        versions = connection.execute(own).all()
        if any(row.body == body for row in versions):
            return False
        version = max((row.version for row in versions), default=0) + 1
        row = {"grid": key[0], "id": key[1], "version": version, "received_at": received_at, "body": body}
        connection.execute(insert(self._table).values(row))
        return True
