"""Long and dense series, read in pieces: of each piece only its hourly means are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from tools.forecasting.hourly import HOUR_US, hourly_mean
from tools.telemetry.bounds import due_readings
from tools.telemetry.moments import from_us, to_us
from tools.telemetry.series import QUALITIES, Series
from tools.vocabulary import ReadingQuality

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tools.telemetry.schema.sensor import Sensor
    from tools.telemetry.sources import TelemetrySource

MOST_AT_ONCE = 3_000_000
_PIECE_H = 24 * 7
_KEPT_H = 48
"""The newest hours stay as they were read: whether the last hour is whole is judged by its readings."""
_GOOD = QUALITIES.index(ReadingQuality.GOOD)


def read_pieces(
    telemetry: TelemetrySource, sensors: Sequence[Sensor], start: datetime, end: datetime
) -> Mapping[str, Series]:
    """Readings of a time; where there may be many, hourly means stand for all but the newest."""
    names = [item.name for item in sensors]
    if due_readings(sensors, start, end) <= MOST_AT_ONCE:
        return telemetry.series(names, start, end)
    return {item.name: _thinned(telemetry, item, start, end) for item in sensors}


def _thinned(telemetry: TelemetrySource, sensor: Sensor, start: datetime, end: datetime) -> Series:
    first = -(-to_us(start) // HOUR_US)
    last = to_us(end) // HOUR_US - _KEPT_H
    parts = []
    for hour in range(first, last, _PIECE_H):
        count = min(_PIECE_H, last - hour)
        until = from_us((hour + count) * HOUR_US) - timedelta(microseconds=1)
        piece = telemetry.series([sensor.name], from_us(hour * HOUR_US), until)[sensor.name]
        if len(piece):
            mean = hourly_mean(piece, hour, count)
            known = np.flatnonzero(np.isfinite(mean))
            parts.append(((hour + known) * HOUR_US, mean[known]))
    newest = telemetry.series([sensor.name], from_us(max(first, last) * HOUR_US), end)[sensor.name]
    at_us = np.concatenate([*(at for at, _ in parts), newest.at_us]).astype(np.int64)
    value = np.concatenate([*(mean for _, mean in parts), newest.value])
    quality = np.full(len(value), _GOOD, dtype=np.int8)
    quality[len(value) - len(newest) :] = newest.quality
    return Series(sensor, at_us, value, quality)
