"""Stored readings as tools see them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import and_, func, literal, select

from orchestrator.store.sensors import SENSOR, sensor_rows
from tools.errors import InvalidArgumentError, close_names
from tools.telemetry.moments import from_us, to_us
from tools.telemetry.reading_table import READING
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray
    from sqlalchemy import ColumnElement, Engine, Select

    from tools.telemetry.tables import SensorRow

# Infinity stands for NULL on the way: it is never stored, and a driver's cell is then always a number.
_NONE = literal(float("inf"))
_COLUMNS = (READING.c.sensor, READING.c.at_us, func.coalesce(READING.c.value, _NONE), READING.c.quality)
_CELLS = np.dtype([("sensor", np.int64), ("at_us", np.int64), ("value", np.float64), ("quality", np.int8)])


MOST_HELD = 3_000_000
"""Readings of a span that is held in memory, some 60 MB."""


@dataclass(frozen=True, eq=False)
class _Window:
    """All readings of a span, by sensor and time."""

    first: int
    last: int
    cells: NDArray[Any]

    def covers(self, first: int, last: int) -> bool:
        """Whether a span lies inside."""
        return self.first <= first and last <= self.last


class StoredTelemetry:
    """A ``TelemetrySource`` for one run: what was known of a grid at ``known_until``.

    Args:
        engine: The store.
        grid: The run's grid; sensors of no grid belong to every one.
        known_until: Readings that arrived later are not seen.
    """

    def __init__(self, engine: Engine, grid: str | None, known_until: datetime) -> None:
        self._engine = engine
        self._grid = grid
        self._known = known_until
        self._window: _Window | None = None

    def hold(self, start: datetime, end: datetime) -> bool:
        """Read all sensors of a span once, so that what lies inside it is not read again.

        A driver that gives up the interpreter's lock for each row is slow beside other threads at work: who looks at
        a whole span from several threads holds it before they begin.

        Returns:
            Whether it is held; a span of more than ``MOST_HELD`` readings is not.
        """
        first, last = to_us(start), to_us(end)
        numbers = self._numbers(self._held)
        wanted = (READING.c.sensor.in_(numbers), READING.c.at_us.between(first, last), self._arrived)
        with self._engine.connect() as connection:
            if connection.execute(select(func.count()).where(*wanted)).scalar_one() > MOST_HELD:
                return False
        query = select(*_COLUMNS).where(*wanted).order_by(READING.c.sensor, READING.c.at_us)
        self._window = _Window(first, last, self._cells(query))
        return True

    def sensors(self) -> Sequence[Sensor]:
        """All sensors, by name."""
        return tuple(sensor for sensor, _ in self._held.values())

    def has_readings(self) -> bool:
        """Whether any reading had arrived."""
        return bool(self._numbers(self._held))

    def series(self, names: Sequence[str], start: datetime, end: datetime) -> Mapping[str, Series]:
        """Readings with start <= time <= end by sensor.

        Raises:
            InvalidArgumentError: for an unknown sensor, with the nearest names.
        """
        if self._window is not None and self._window.covers(to_us(start), to_us(end)):
            return self._by_name(names, self._window.cells, to_us(start), to_us(end))
        span = READING.c.at_us.between(to_us(start), to_us(end))
        numbers = self._numbers(names)
        query = select(*_COLUMNS).where(READING.c.sensor.in_(numbers), span, self._arrived)
        return self._by_name(names, self._cells(query.order_by(READING.c.sensor, READING.c.at_us)))

    def latest(self, names: Sequence[str], at: datetime) -> Mapping[str, Series]:
        """The newest reading not after a time, as a series of one or none.

        Raises:
            InvalidArgumentError: for an unknown sensor, with the nearest names.
        """
        newest = self._end(READING.c.at_us.desc(), READING.c.at_us <= to_us(at))
        same = and_(READING.c.sensor == SENSOR.c.seq, READING.c.at_us == newest.scalar_subquery())
        query = select(*_COLUMNS).join_from(SENSOR, READING, same).where(SENSOR.c.seq.in_(self._numbers(names)))
        return self._by_name(names, self._cells(query.order_by(READING.c.sensor)))

    def extent(self, names: Sequence[str] = ()) -> tuple[datetime, datetime] | None:
        """First and last time of any reading of these sensors (all when empty); None when there is none.

        Raises:
            InvalidArgumentError: for an unknown sensor, with the nearest names.
        """
        first = self._end(READING.c.at_us.asc()).scalar_subquery()
        last = self._end(READING.c.at_us.desc()).scalar_subquery()
        ends = select(first.label("first"), last.label("last")).where(
            SENSOR.c.seq.in_(self._numbers(names or self._held))
        )
        each = ends.subquery()
        with self._engine.connect() as connection:
            found = connection.execute(select(func.min(each.c.first), func.max(each.c.last))).one()
        return None if found[0] is None else (from_us(found[0]), from_us(found[1]))

    @property
    def _arrived(self) -> ColumnElement[bool]:
        return READING.c.received_us <= to_us(self._known)

    @cached_property
    def _held(self) -> dict[str, tuple[Sensor, SensorRow]]:
        with self._engine.connect() as connection:
            rows = sensor_rows(connection, self._grid)
        return {row.name: (Sensor.model_validate_json(row.body), row) for row in rows}

    def _numbers(self, names: Iterable[str]) -> list[int]:
        """Numbers of the sensors of which any reading had arrived; the others cost no look at their rows."""
        rows = [self._find(name)[1] for name in names]
        return sorted(
            row.seq
            for row in rows
            if row.seq is not None and row.first_received_at is not None and row.first_received_at <= self._known
        )

    def _find(self, name: str) -> tuple[Sensor, SensorRow]:
        if name not in self._held:
            raise InvalidArgumentError(f"There is no sensor called {name!r}. {close_names(name, self._held)}")
        return self._held[name]

    def _end(self, order: ColumnElement[Any], *bounds: ColumnElement[bool]) -> Select[tuple[int]]:
        """One seek for each sensor: the reading at an end of its own part of the key."""
        query = select(READING.c.at_us).where(READING.c.sensor == SENSOR.c.seq, *bounds, self._arrived)
        return query.order_by(order).limit(1).correlate(SENSOR)

    def _cells(self, query: Select[Any]) -> NDArray[Any]:
        with self._engine.connect() as connection:
            # Straight from the driver's cursor into an array: a day of 300 sensors is half a million rows.
            cursor: Any = connection.execute(query).cursor
            return np.fromiter(cursor, dtype=_CELLS)

    def _by_name(
        self, names: Sequence[str], cells: NDArray[Any], first: int | None = None, last: int | None = None
    ) -> dict[str, Series]:
        """Cut cells, sorted by sensor and time, into series; only times from first to last where they are given."""
        ids = np.ascontiguousarray(cells["sensor"])
        found = {}
        for name in names:
            sensor, row = self._find(name)
            begin, end = np.searchsorted(ids, [row.seq or 0, (row.seq or 0) + 1])
            at_us = cells["at_us"][int(begin) : int(end)].copy()
            here = slice(
                0 if first is None else int(np.searchsorted(at_us, first)),
                len(at_us) if last is None else int(np.searchsorted(at_us, last, side="right")),
            )
            mine = cells[int(begin) : int(end)][here]
            value = np.where(np.isinf(mine["value"]), np.nan, mine["value"])
            found[name] = Series(sensor, at_us[here], value, mine["quality"].copy())
        return found
