"""What a sensor usually says: the median over the preceding days at the same hour of day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tools.telemetry.trust import usable

if TYPE_CHECKING:
    from tools.telemetry.sources import TelemetrySource

LONGEST_DAYS = 28
SHORTEST_DAYS = 7
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Usual:
    """The usual value of one sensor.

    Attributes:
        value: Median of the days' medians, in the sensor's unit; None on fewer than ``SHORTEST_DAYS`` days.
        days: Days that had a usable reading in that hour.
    """

    value: float | None
    days: int


def usual_values(telemetry: TelemetrySource, names: Sequence[str], at: datetime) -> Mapping[str, Usual]:
    """The usual value of several sensors in the hour of day (UTC) of a moment, without that day.

    Only the hours that count are read, so that a long history of frequent readings costs no more than a short one.
    """
    # A sensor without any reading a week ago cannot have seven days.
    oldest = telemetry.latest(names, at - (SHORTEST_DAYS - 1) * _DAY) if names else {}
    old = [name for name in names if len(oldest[name])]
    medians: dict[str, list[float]] = {name: [] for name in names}
    extent = telemetry.extent(old) if old else None
    if extent is None:
        return {name: Usual(None, 0) for name in names}
    hour = at.replace(minute=0, second=0, microsecond=0)
    for day in range(1, LONGEST_DAYS + 1):
        start = hour - day * _DAY
        if start + _HOUR <= extent[0]:
            break
        pieces = telemetry.series(old, start, start + _HOUR - timedelta(microseconds=1))
        for name, piece in pieces.items():
            values = piece.value[usable(piece)]
            if len(values):
                medians[name].append(float(np.median(values)))
    return {name: _usual(found) for name, found in medians.items()}


def _usual(medians: Sequence[float]) -> Usual:
    enough = len(medians) >= SHORTEST_DAYS
    return Usual(float(np.median(medians)) if enough else None, len(medians))
