"""Hours in which a quantity of the whole grid left what it is at that hour on other days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tools.robust import MAD_TO_SIGMA
from tools.telemetry.moments import SECOND_US, to_us
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.trust import usable

if TYPE_CHECKING:
    from tools.telemetry.series import Series
    from tools.telemetry.sources import TelemetrySource

DAYS = 28
_LEAST_DAYS = 14
_LIMIT = 6.0
_HOURS = 2
_HOUR_US = 3600 * SECOND_US
_DAY_US = 24 * _HOUR_US


@dataclass(frozen=True)
class UnusualHours:
    """Hours in a row.

    Attributes:
        start_us, end_us: First moment and last reading.
        readings: In these hours.
        value: Mean of the farthest hour.
        usual: Median of that hour on the days before.
        strength: Distance in robust standard deviations over the days.
    """

    start_us: int
    end_us: int
    readings: int
    value: float
    usual: float
    strength: float
    lasting: bool


def unusual_hours(
    telemetry: TelemetrySource, sensor: Sensor, span: Series, start: datetime, end: datetime
) -> Iterator[UnusualHours]:
    """Runs of at least two hours far from the same hours of the days before."""
    past = telemetry.series([sensor.name], start - timedelta(days=DAYS), start - timedelta(microseconds=1))[sensor.name]
    history = _hourly(past)
    now = _hourly(span)
    if len({hour * _HOUR_US // _DAY_US for hour in history}) < _LEAST_DAYS:
        return
    run: list[tuple[int, float, float, float]] = []
    for hour in [*sorted(now), None]:
        told = None if hour is None else _far(now[hour], hour, history)
        follows = not run or (hour is not None and hour == run[-1][0] + 1 and told is not None)
        if run and not (follows and told and told[2] * run[-1][3] > 0):
            if len(run) >= _HOURS:
                yield _run(run, span, to_us(end))
            run = []
        if hour is not None and told is not None:
            run.append((hour, *told))


def _hourly(series: Series) -> dict[int, float]:
    """Mean of each hour since 1970."""
    keep = usable(series)
    hours, value = series.at_us[keep] // _HOUR_US, series.value[keep]
    if not len(hours):
        return {}
    begins = np.flatnonzero(np.diff(hours, prepend=-1))
    means = np.add.reduceat(value, begins) / np.diff(begins, append=len(value))
    return dict(zip(hours[begins].tolist(), means.tolist(), strict=True))


def _far(value: float, hour: int, history: dict[int, float]) -> tuple[float, float, float] | None:
    before = [history[hour - 24 * day] for day in range(1, DAYS + 1) if hour - 24 * day in history]
    if len(before) < _LEAST_DAYS:
        return None
    usual = float(np.median(before))
    spread = MAD_TO_SIGMA * float(np.median(np.abs(np.array(before) - usual)))
    # Days that differ by nothing at all say nothing about how far is far.
    if spread <= 0:
        return None
    strength = (value - usual) / spread
    return (value, usual, strength) if abs(strength) > _LIMIT else None


def _run(run: list[tuple[int, float, float, float]], span: Series, end_us: int) -> UnusualHours:
    worst = max(run, key=lambda item: abs(item[3]))
    inside = (span.at_us >= run[0][0] * _HOUR_US) & (span.at_us < (run[-1][0] + 1) * _HOUR_US)
    last = int(span.at_us[inside][-1])
    return UnusualHours(
        start_us=int(span.at_us[inside][0]),
        end_us=last,
        readings=int(inside.sum()),
        value=worst[1],
        usual=worst[2],
        strength=abs(worst[3]),
        lasting=last == int(span.at_us[-1]) or last >= end_us,
    )
