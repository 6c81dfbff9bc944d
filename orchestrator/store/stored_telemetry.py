"""Stored readings as tools see them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import and_, func, select

from orchestrator.store.held_readings import COLUMNS, Cells, Wanted, Window, read_cells, read_window
from orchestrator.store.sensors import SENSOR, StoredSensor, sensor_rows
from tools.errors import InvalidArgumentError, close_names
from tools.telemetry import bounds
from tools.telemetry.moments import from_us, to_us
from tools.telemetry.reading_table import READING
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Engine, Select


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
        self._window: Window | None = None

    def hold(self, start: datetime, end: datetime) -> bool:
        """Read all sensors of a span once, so that what lies inside it is not read again.

        Who lets many tools look at one span holds it before they begin; a driver that gives up the interpreter's lock
        for each row is slow, the more so beside other threads at work.

        Returns:
            Whether it is held; a span of more than ``MOST_HELD`` readings is not.
        """
        numbers = tuple(self._numbers(self._held))
        self._window = read_window(self._engine, Wanted(numbers, to_us(start), to_us(end), to_us(self._known)))
        return self._window is not None

    def sensors(self) -> Sequence[Sensor]:
        """All sensors, by name."""
        return tuple(item.sensor for item in self._held.values())

    def has_readings(self) -> bool:
        """Whether any reading had arrived."""
        return bool(self._numbers(self._held))

    def series(self, names: Sequence[str], start: datetime, end: datetime) -> Mapping[str, Series]:
        """Readings with start <= time <= end by sensor.

        Raises:
            InvalidArgumentError: for an unknown sensor, with the nearest names, or for more readings than are held.
        """
        if self._window is not None and self._window.covers(to_us(start), to_us(end)):
            return self._by_name(names, self._window, to_us(start), to_us(end))
        span = READING.c.at_us.between(to_us(start), to_us(end))
        numbers = self._numbers(names)
        query = select(*COLUMNS).where(READING.c.sensor.in_(numbers), span, self._arrived)
        self._refuse_too_many(query, start, end)
        return self._by_name(names, self._read(query.order_by(READING.c.sensor, READING.c.at_us)))

    def latest(self, names: Sequence[str], at: datetime) -> Mapping[str, Series]:
        """The newest reading not after a time, as a series of one or none.

        Raises:
            InvalidArgumentError: for an unknown sensor, with the nearest names.
        """
        newest = self._end(READING.c.at_us.desc(), READING.c.at_us <= to_us(at))
        same = and_(READING.c.sensor == SENSOR.c.seq, READING.c.at_us == newest.scalar_subquery())
        query = select(*COLUMNS).join_from(SENSOR, READING, same).where(SENSOR.c.seq.in_(self._numbers(names)))
        return self._by_name(names, self._read(query.order_by(READING.c.sensor)))

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

    def _refuse_too_many(self, query: Select[Any], start: datetime, end: datetime) -> None:
        """Count no further than the bound, before anything is read.

        Raises:
            InvalidArgumentError: when there are more readings.
        """
        some = query.with_only_columns(READING.c.at_us).limit(bounds.MOST_READINGS + 1).subquery()
        with self._engine.connect() as connection:
            number = connection.execute(select(func.count()).select_from(some)).scalar_one()
        if number > bounds.MOST_READINGS:
            raise InvalidArgumentError(
                f"start = {start.isoformat()}: more than {bounds.MOST_READINGS:,} readings lie before "
                f"{end.isoformat()}; a shorter time or fewer sensors would be right"
            )

    @property
    def _arrived(self) -> ColumnElement[bool]:
        return READING.c.received_us <= to_us(self._known)

    @cached_property
    def _held(self) -> dict[str, StoredSensor]:
        with self._engine.connect() as connection:
            return {item.sensor.name: item for item in sensor_rows(connection, self._grid)}

    def _numbers(self, names: Iterable[str]) -> list[int]:
        """Numbers of the sensors of which any reading had arrived; the others cost no look at their rows."""
        found = [self._find(name) for name in names]
        return sorted(
            item.number
            for item in found
            if item.first_received_at is not None and item.first_received_at <= self._known
        )

    def _find(self, name: str) -> StoredSensor:
        if name not in self._held:
            raise InvalidArgumentError(f"There is no sensor called {name!r}. {close_names(name, self._held)}")
        return self._held[name]

    def _end(self, order: ColumnElement[Any], *bounds: ColumnElement[bool]) -> Select[tuple[int]]:
        """One seek for each sensor: the reading at an end of its own part of the key."""
        query = select(READING.c.at_us).where(READING.c.sensor == SENSOR.c.seq, *bounds, self._arrived)
        return query.order_by(order).limit(1).correlate(SENSOR)

    def _read(self, query: Select[Any]) -> Cells:
        with self._engine.connect() as connection:
            return Cells(read_cells(connection, query))

    def _by_name(
        self, names: Sequence[str], held: Cells, first: int | None = None, last: int | None = None
    ) -> dict[str, Series]:
        """Cut cells, sorted by sensor and time, into series; only times from first to last where they are given."""
        cells, found = held.cells, {}
        for name in names:
            item = self._find(name)
            begin, end = np.searchsorted(held.sensors, [item.number, item.number + 1])
            at_us = cells["at_us"][int(begin) : int(end)].copy()
            here = slice(
                0 if first is None else int(np.searchsorted(at_us, first)),
                len(at_us) if last is None else int(np.searchsorted(at_us, last, side="right")),
            )
            mine = cells[int(begin) : int(end)][here]
            value = np.where(np.isinf(mine["value"]), np.nan, mine["value"])
            found[name] = Series(item.sensor, at_us[here], value, mine["quality"].copy())
        return found
