"""The nominal frequency of a grid: as stated, as the readings plainly are, as the model says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from tools.coverage import LeftOut
from tools.detection.oscillation.feeds import PIECE, is_frequency
from tools.grid.grid import Grid
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.sources import TelemetrySource
from tools.telemetry.trust import usable

NOMINALS_HZ = (50.0, 60.0)
_NEAR_HZ = 1.0
_MOST = 0.5


def nominal_frequency(
    telemetry: TelemetrySource,
    sensors: Sequence[Sensor],
    span: tuple[datetime, datetime],
    grid: Grid | None,
    stated_hz: float | None,
) -> tuple[float, list[LeftOut]]:
    """The nominal frequency in Hz, and a word where readings and model contradict each other.

    Test cases come with 50 or 60 Hz whatever grid they stand for, and a wrong nominal frequency would make every
    reading one of a dead bus: where the first readings plainly are of the other system, they count.
    """
    if stated_hz is not None:
        return stated_hz, []
    model_hz = float(grid.net.f_hz) if grid is not None else NOMINALS_HZ[0]
    seen_hz = _seen(telemetry, [sensor.name for sensor in sensors if is_frequency(sensor)], span)
    if seen_hz is None or abs(seen_hz - model_hz) < _NEAR_HZ or grid is None:
        return (seen_hz or model_hz) if grid is None else model_hz, []
    reason = f"the grid model says {model_hz:g} Hz, the readings are of a grid of {seen_hz:g} Hz: these count"
    return seen_hz, [LeftOut(what="nominal frequency of the model", count=1, reason=reason)]


def _seen(telemetry: TelemetrySource, names: Sequence[str], span: tuple[datetime, datetime]) -> float | None:
    """The system that most plausible readings of the first minutes are of; None where they are of neither."""
    extent = telemetry.extent(names) if names else None
    if extent is None:
        return None
    begin = max(span[0], extent[0])
    while begin < span[1]:
        stop = min(begin + PIECE, span[1])
        series = telemetry.series(names, begin, stop)
        value = np.concatenate([item.value[usable(item)] for item in series.values()])
        value = value[np.abs(value[:, None] - np.array(NOMINALS_HZ)).min(axis=1) < _NEAR_HZ]
        if len(value):
            shares = [float((np.abs(value - nominal) < _NEAR_HZ).mean()) for nominal in NOMINALS_HZ]
            best = int(np.argmax(shares))
            return NOMINALS_HZ[best] if shares[best] > _MOST else None
        begin = stop + timedelta(microseconds=1)
    return None
