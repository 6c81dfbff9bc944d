"""Readings of sensors with one period, side by side: one row a moment, history and judged time on one clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.detection.frame import slots
from tools.telemetry.moments import SECOND_US
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series
from tools.telemetry.trust import usable


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows from the first to the last moment at which any of the sensors reported.

    Attributes:
        at_us: Middle of each step, microseconds since 1970.
        value: One row a step, one column a sensor, in the sensors' units; NaN where none was usable.
    """

    sensors: tuple[Sensor, ...]
    at_us: NDArray[np.int64]
    value: NDArray[np.float64]


def rows_of(series: Mapping[str, Series], sensors: Sequence[Sensor], period_s: float) -> Rows:
    """Lay readings on steps of their period counted from 1970; the last usable reading of a step counts."""
    step_us = round(period_s * SECOND_US)
    pieces = [_usable(series[sensor.name]) for sensor in sensors]
    told = [at for at, _ in pieces if len(at)]
    if not told:
        return Rows(tuple(sensors), np.zeros(0, dtype=np.int64), np.zeros((0, len(sensors))))
    first = min(int(at[0]) for at in told) // step_us
    last = max(int(at[-1]) for at in told) // step_us + 1
    value = np.full((last - first + 1, len(sensors)), np.nan)
    for column, (at, said) in enumerate(pieces):
        value[np.minimum(slots(at, first * step_us, step_us), last - first), column] = said
    heard = np.flatnonzero(np.isfinite(value).any(axis=1))
    whole = slice(int(heard[0]), int(heard[-1]) + 1)
    at_us = (first + np.arange(len(value), dtype=np.int64)) * step_us
    return Rows(tuple(sensors), at_us[whole], value[whole])


def _usable(series: Series) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    keep = usable(series)
    return series.at_us[keep], series.value[keep]
