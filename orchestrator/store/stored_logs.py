"""Log entries: written once, read as tools see them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import ColumnElement, Connection, Engine, Table, insert, or_, select

from orchestrator.store.sessions import writing
from orchestrator.store.write_series import Written
from tools.result import canonical_json
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.tables import LogEntryRow

_LOG: Table = LogEntryRow.__table__  # type: ignore[attr-defined]  # SQLModel gives it to table classes
_BATCH = 5_000


def write_log(
    engine: Engine, grid: str | None, entries: Iterable[LogEntry], received_at: datetime | None = None
) -> Written:
    """Store entries in batches, each whole or not at all; an id that is stored already is not stored again.

    Args:
        engine: The store.
        grid: Grid that the log is about; None for any.
        entries: Ids unique; of two different entries with one id the first stays, and a conflict is counted.
        received_at: When all of it arrived; each entry at its own time when absent.
    """
    taken = duplicates = conflicts = 0
    source = iter(entries)
    while batch := list(islice(source, _BATCH)):
        with writing(engine) as session:
            fresh, same = _sorted_out(session.connection(), batch)
            if fresh:
                session.connection().execute(insert(_LOG), [_row(entry, grid, received_at) for entry in fresh])
        taken, duplicates = taken + len(fresh), duplicates + same
        conflicts += len(batch) - len(fresh) - same
    return Written(taken, duplicates, conflicts)


def _sorted_out(connection: Connection, batch: Sequence[LogEntry]) -> tuple[list[LogEntry], int]:
    """The entries whose id is new, and how many others are equal to what is stored."""
    known = dict(connection.execute(select(_LOG.c.id, _LOG.c.body).where(_LOG.c.id.in_([e.id for e in batch]))).all())
    fresh, same = [], 0
    for entry in batch:
        body = canonical_json(entry)
        if entry.id not in known:
            fresh.append(entry)
            known[entry.id] = body
        elif known[entry.id] == body:
            same += 1
    return fresh, same


def _row(entry: LogEntry, grid: str | None, received_at: datetime | None) -> dict[str, object]:
    return {
        "id": entry.id,
        "grid": grid,
        "kind": str(entry.kind),
        "at": entry.at,
        "received_at": received_at or entry.at,
        "body": canonical_json(entry),
    }


class StoredLogs:
    """A ``LogSource`` for one run; logs of no grid belong to every one."""

    def __init__(self, engine: Engine, grid: str | None, known_until: datetime) -> None:
        self._engine = engine
        self._seen: tuple[ColumnElement[bool], ...] = (
            or_(_LOG.c.grid == grid, _LOG.c.grid.is_(None)),
            _LOG.c.received_at <= known_until,
        )

    def kinds(self) -> frozenset[LogKind]:
        """Which logs are there at all."""
        with self._engine.connect() as connection:
            return frozenset(
                kind
                for kind in LogKind
                if connection.execute(select(_LOG.c.seq).where(_LOG.c.kind == kind, *self._seen).limit(1)).first()
            )

    def entries(self, kind: LogKind, start: datetime, end: datetime) -> Sequence[LogEntry]:
        """Entries with start <= time <= end, in order of time."""
        return tuple(self.stream(kind, start, end))

    def stream(self, kind: LogKind, start: datetime, end: datetime) -> Iterator[LogEntry]:
        """The same entries one after the other; never more than a batch is held."""
        wanted = (_LOG.c.kind == kind, _LOG.c.at.between(start, end), *self._seen)
        with self._engine.connect() as connection:
            held = connection.execution_options(yield_per=_BATCH)
            for body in held.execute(select(_LOG.c.body).where(*wanted).order_by(_LOG.c.at, _LOG.c.seq)).scalars():
                yield LogEntry.model_validate_json(body)
