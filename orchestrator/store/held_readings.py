"""Readings of a span in memory; the newest span of a store is kept, so that the next one reads only what it lacks.

Readings are never changed and never deleted. Those of a kept span are therefore all there are, as long as their number
is that of the store; where it is not, because some arrived late, the span is read anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import func, literal, select

from tools.telemetry.reading_table import READING

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import ColumnElement, Connection, Engine, Select

MOST_HELD = 3_000_000
"""Readings of a span that is held in memory while a run lasts, some 100 MB."""
MOST_KEPT = 2_000_000
"""Readings of a span that is kept between runs, some 66 MB for each store."""

# Infinity stands for NULL on the way: it is never stored, and a driver's cell is then always a number.
_NONE = literal(float("inf"))
COLUMNS = (
    READING.c.sensor,
    READING.c.at_us,
    func.coalesce(READING.c.value, _NONE),
    READING.c.quality,
    READING.c.received_us,
)
_CELLS = np.dtype(
    [
        ("sensor", np.int64),
        ("at_us", np.int64),
        ("value", np.float64),
        ("quality", np.int8),
        ("received_us", np.int64),
    ]
)
_kept: WeakKeyDictionary[Engine, Window] = WeakKeyDictionary()
_lock = Lock()


@dataclass(frozen=True)
class Wanted:
    """Which readings of a store.

    Attributes:
        sensors: Numbers of the sensors.
        first, last: Span, microseconds since 1970 UTC, both ends included.
        known: Readings that arrived later are not seen, microseconds since 1970 UTC.
    """

    sensors: tuple[int, ...]
    first: int
    last: int
    known: int

    def among(self, first: int, last: int) -> tuple[ColumnElement[bool], ...]:
        """Conditions on the rows, for a part of the span."""
        return (
            READING.c.sensor.in_(self.sensors),
            READING.c.at_us.between(first, last),
            READING.c.received_us <= self.known,
        )


@dataclass(frozen=True, eq=False)
class Cells:
    """Readings by sensor and time, as they were read; nobody changes them."""

    cells: NDArray[Any]

    @cached_property
    def sensors(self) -> NDArray[np.int64]:
        """Number of each reading's sensor, without the cells' other fields between them."""
        return np.ascontiguousarray(self.cells["sensor"])


@dataclass(frozen=True, eq=False)
class Window(Cells):
    """All readings of a span."""

    first: int
    last: int

    def covers(self, first: int, last: int) -> bool:
        """Whether a span lies inside."""
        return self.first <= first and last <= self.last


def read_window(engine: Engine, wanted: Wanted) -> Window | None:
    """The readings of a span; None where there are more than ``MOST_HELD``."""
    with _lock:
        before = _kept.get(engine)
    with engine.connect() as connection:
        number = connection.execute(select(func.count()).where(*wanted.among(wanted.first, wanted.last))).scalar_one()
        if number > MOST_HELD:
            return None
        cells = None if before is None else _completed(connection, before, wanted)
        if cells is None or len(cells) != number:
            cells = _read(connection, wanted, wanted.first, wanted.last)
    window = Window(cells, wanted.first, wanted.last)
    if len(cells) <= MOST_KEPT:
        with _lock:
            _kept[engine] = window
    return window


def read_cells(connection: Connection, query: Select[Any]) -> NDArray[Any]:
    """Rows of ``COLUMNS`` straight from the driver's cursor: a day of 300 sensors is half a million of them."""
    cursor: Any = connection.execute(query).cursor
    return np.fromiter(cursor, dtype=_CELLS)


def _read(connection: Connection, wanted: Wanted, first: int, last: int) -> NDArray[Any]:
    query = select(*COLUMNS).where(*wanted.among(first, last)).order_by(READING.c.sensor, READING.c.at_us)
    return read_cells(connection, query)


def _completed(connection: Connection, before: Window, wanted: Wanted) -> NDArray[Any] | None:
    """What is kept of a span, with what is read of it before and after; None where nothing is kept of it."""
    if before.last < wanted.first or wanted.last < before.first:
        return None
    parts = [_kept_of(before, wanted)]
    if wanted.first < before.first:
        parts.insert(0, _read(connection, wanted, wanted.first, before.first - 1))
    if before.last < wanted.last:
        parts.append(_read(connection, wanted, before.last + 1, wanted.last))
    cells = np.concatenate(parts)
    # the parts follow each other in time, so that a stable order by sensor is one by sensor and time
    return cells[np.argsort(cells["sensor"], kind="stable")] if len(parts) > 1 else cells


def _kept_of(before: Window, wanted: Wanted) -> NDArray[Any]:
    cells, at_us = before.cells, before.cells["at_us"]
    inside = (at_us >= wanted.first) & (at_us <= wanted.last) & (cells["received_us"] <= wanted.known)
    found: NDArray[Any] = cells[inside & np.isin(cells["sensor"], wanted.sensors)]
    return found
