"""How many readings one call may hold in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tools.errors import InvalidArgumentError
from tools.telemetry.schema.sensor import Sensor

MOST_READINGS = 10_000_000
"""A look at 9.3 million of them by ``check_data_quality`` took 0.7 GB in all."""


def due_readings(sensors: Iterable[Sensor], start: datetime, end: datetime) -> int:
    """Readings that sensors give in a time by their declared periods; a sensor that declares none counts nothing."""
    span_s = (end - start).total_seconds()
    return sum(int(span_s / sensor.period_s) + 1 for sensor in sensors if sensor.period_s)


def refuse_too_many(sensors: Iterable[Sensor], start: datetime, end: datetime) -> None:
    """Refuse a time that holds more readings than one call may.

    Raises:
        InvalidArgumentError: with the number, and what would be right.
    """
    due = due_readings(sensors, start, end)
    if due > MOST_READINGS:
        raise InvalidArgumentError(
            f"start = {start.isoformat()}: about {due:,} readings are due up to {end.isoformat()}; "
            f"a shorter time or fewer sensors, with at most {MOST_READINGS:,} readings, would be right"
        )
