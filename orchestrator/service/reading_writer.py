"""The one writer of posted readings: into the store, in batches."""

from collections.abc import Sequence
from datetime import datetime
from threading import Lock

import numpy as np
from sqlalchemy import Engine

from orchestrator.home import utc_now
from orchestrator.service.readings import PostedReading, ReadingsTaken, RejectedReading
from orchestrator.store.sensors import stored_sensors
from orchestrator.store.write_readings import Batch, Outcome, write_batch
from tools.errors import close_names
from tools.telemetry.moments import to_us
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import QUALITIES
from tools.vocabulary import ReadingQuality

_AHEAD_S = 60.0
"""A clock may be a little fast; a reading from further ahead is of no time that anybody can have measured."""


class StoredReadingWriter:
    """A ``ReadingWriter`` over the store; one batch at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()

    def write(self, readings: Sequence[tuple[int, PostedReading]]) -> ReadingsTaken:
        """Write readings of known sensors; what lies outside a sensor's range is kept with quality ``bad``."""
        with self._lock:
            now = utc_now()
            sensors = stored_sensors(self._engine, {item.sensor for _, item in readings})
            wrong = [(index, item, _fault(item, sensors, now)) for index, item in readings]
            right = [(index, item) for index, item, fault in wrong if fault is None]
            rejected = [RejectedReading(index=index, reason=fault) for index, _, fault in wrong if fault is not None]
            outcomes = write_batch(self._engine, _batch(right, sensors, now)) if right else np.zeros(0, dtype=np.int8)
        for (index, item), outcome in zip(right, outcomes.tolist(), strict=True):
            if outcome == Outcome.CONFLICT:
                reason = f"sensor {item.sensor!r} has another value at {item.at.isoformat()}; the first one stays"
                rejected.append(RejectedReading(index=index, reason=reason))
        return ReadingsTaken(
            taken=int((outcomes == Outcome.TAKEN).sum()),
            duplicates=int((outcomes == Outcome.DUPLICATE).sum()),
            rejected=tuple(rejected),
        )


def _fault(reading: PostedReading, sensors: dict[str, Sensor], now: datetime) -> str | None:
    if reading.sensor not in sensors:
        return f"sensor = {reading.sensor!r}: there is no such sensor. {close_names(reading.sensor, sensors)}"
    if (reading.at - now).total_seconds() > _AHEAD_S:
        return f"at = {reading.at.isoformat()}: it lies in the future; it is {now.isoformat()} now"
    return None


def _batch(readings: Sequence[tuple[int, PostedReading]], sensors: dict[str, Sensor], now: datetime) -> Batch:
    names = sorted({item.sensor for _, item in readings})
    place = {name: position for position, name in enumerate(names)}
    items = [item for _, item in readings]
    return Batch(
        sensors=[sensors[name] for name in names],
        sensor=np.array([place[item.sensor] for item in items], dtype=np.int64),
        at_us=np.array([to_us(item.at) for item in items], dtype=np.int64),
        received_us=np.full(len(items), to_us(now), dtype=np.int64),
        value=np.array([np.nan if item.value is None else item.value for item in items], dtype=np.float64),
        quality=np.array([QUALITIES.index(_quality(item, sensors[item.sensor])) for item in items], dtype=np.int8),
    )


def _quality(reading: PostedReading, sensor: Sensor) -> ReadingQuality:
    """As posted; missing without a value, bad outside the declared range."""
    if reading.value is None:
        return ReadingQuality.MISSING
    low = sensor.lowest is not None and reading.value < sensor.lowest
    high = sensor.highest is not None and reading.value > sensor.highest
    return ReadingQuality.BAD if low or high else reading.quality
