"""The one writer of readings: in bulk, and twice the same is once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Connection, Engine, and_, or_, select, text, true, update
from sqlalchemy.dialects import postgresql, sqlite

from orchestrator.store.sensors import SENSOR, declare_sensors
from orchestrator.store.sessions import writing
from orchestrator.store.staging import STAGE, StagedRow, stage
from tools.errors import InvalidArgumentError
from tools.telemetry.moments import from_us
from tools.telemetry.reading_table import READING
from tools.telemetry.series import QUALITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.telemetry.schema.sensor import Sensor

_WRITER_LOCK = 0x72656164  # "read": one writer of readings at a time in a PostgreSQL database


class Outcome(IntEnum):
    """What became of one reading."""

    TAKEN = 0
    DUPLICATE = 1  # the same value of the same sensor and time is stored already
    CONFLICT = 2  # another value is; the first one stays


@dataclass(frozen=True, eq=False)
class Batch:
    """Readings of any sensors in any order, column by column.

    Attributes:
        sensor: Positions in ``sensors``.
        at_us: Microseconds since 1970 UTC.
        received_us: When each arrived.
        value: In the sensor's unit; NaN where the sensor reported none.
        quality: Positions in ``tools.telemetry.series.QUALITIES``.
    """

    sensors: Sequence[Sensor]
    sensor: NDArray[np.integer]
    at_us: NDArray[np.int64]
    received_us: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.integer]

    def __len__(self) -> int:
        return len(self.at_us)


def write_batch(engine: Engine, batch: Batch) -> NDArray[np.int8]:
    """Store a batch, whole or not at all, and declare its sensors.

    Returns:
        The ``Outcome`` of each reading. Of two values for one sensor and time the first stays, also within a batch.

    Raises:
        InvalidArgumentError: for an infinite value, an unknown quality, or a sensor that would change its meaning.
    """
    _check(batch)
    with writing(engine) as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
        numbers = declare_sensors(connection, batch.sensors)
        by_position = np.array([numbers[sensor.name] for sensor in batch.sensors], dtype=np.int64)
        sensor = by_position[batch.sensor]
        first = _first_of_equals(sensor, batch.at_us)
        leads = first == np.arange(len(batch))
        stage(connection, _rows(sensor, batch, np.flatnonzero(leads)))
        kept, known = _kept(connection, batch)
        taken = leads & ~known
        if np.any(taken):
            _insert(connection)
            _note_arrival(connection, sensor[taken], batch.received_us[taken])
    same = _equal(batch.value, kept[first])
    return np.where(taken, Outcome.TAKEN, np.where(same, Outcome.DUPLICATE, Outcome.CONFLICT)).astype(np.int8)


def _check(batch: Batch) -> None:
    wrong = np.flatnonzero(np.isinf(batch.value))
    if len(wrong):
        name, at = batch.sensors[batch.sensor[wrong[0]]].name, from_us(int(batch.at_us[wrong[0]]))
        raise InvalidArgumentError(f"value of sensor {name!r} at {at.isoformat()} is infinite; right is a finite one")
    if np.any((batch.quality < 0) | (batch.quality >= len(QUALITIES))):
        raise InvalidArgumentError(f"quality is outside 0..{len(QUALITIES) - 1}, the positions in QUALITIES")


def _first_of_equals(sensor: NDArray[np.int64], at_us: NDArray[np.int64]) -> NDArray[np.intp]:
    """For each reading, where the first one of the same sensor and time stands."""
    order = np.lexsort((at_us, sensor))  # stable: of equals, the first of the batch comes first
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = (np.diff(sensor[order]) != 0) | (np.diff(at_us[order]) != 0)
    leader = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
    first = np.empty(len(order), dtype=np.intp)
    first[order] = order[leader]
    return first


def _equal(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    equal: NDArray[np.bool_] = (one == other) | (np.isnan(one) & np.isnan(other))
    return equal


def _rows(sensor: NDArray[np.int64], batch: Batch, which: NDArray[np.intp]) -> list[StagedRow]:
    value = batch.value[which].astype(object)
    value[np.isnan(batch.value[which])] = None
    columns = (which, sensor[which], batch.at_us[which], batch.received_us[which], value, batch.quality[which])
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _kept(connection: Connection, batch: Batch) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The value that stays of each staged reading, and whether it was stored before."""
    kept, known = batch.value.copy(), np.zeros(len(batch), dtype=bool)
    same = and_(READING.c.sensor == STAGE.c.sensor, READING.c.at_us == STAGE.c.at_us)
    found = connection.execute(select(STAGE.c.n, READING.c.value).join_from(STAGE, READING, same)).all()
    if found:
        n, values = zip(*found, strict=True)
        at = np.array(n)
        kept[at], known[at] = np.array(values, dtype=float), True  # None becomes NaN
    return kept, known


def _insert(connection: Connection) -> None:
    columns = [column.name for column in READING.columns]
    rows = select(*(STAGE.c[name] for name in columns)).where(true()).order_by(STAGE.c.sensor, STAGE.c.at_us)
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(READING).from_select(columns, rows).on_conflict_do_nothing())


def _note_arrival(connection: Connection, sensor: NDArray[np.int64], received_us: NDArray[np.int64]) -> None:
    """Keep with each sensor when its first reading arrived: what came later than a run knows is skipped at once."""
    order = np.argsort(sensor, kind="stable")
    numbers, begins = np.unique(sensor[order], return_index=True)
    earliest = np.minimum.reduceat(received_us[order], begins)
    for number, arrival in zip(numbers.tolist(), earliest.tolist(), strict=True):
        first = from_us(arrival)
        earlier = or_(SENSOR.c.first_received_at.is_(None), SENSOR.c.first_received_at > first)
        connection.execute(update(SENSOR).where(SENSOR.c.seq == number, earlier).values(first_received_at=first))
