"""Stored readings as tools see them."""

from __future__ import annotations

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

    def _by_name(self, names: Sequence[str], cells: NDArray[Any]) -> dict[str, Series]:
        value = np.where(np.isinf(cells["value"]), np.nan, cells["value"])
        found = {}
        for name in names:
            sensor, row = self._find(name)
            begin, end = np.searchsorted(cells["sensor"], [row.seq or 0, (row.seq or 0) + 1])
            cut = slice(int(begin), int(end))
            found[name] = Series(sensor, cells["at_us"][cut].copy(), value[cut], cells["quality"][cut].copy())
        return found
