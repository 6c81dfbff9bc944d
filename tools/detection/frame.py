"""The readings of many sensors side by side: one row a sensor, one column a moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from tools.robust import MAD_TO_SIGMA
from tools.telemetry.moments import SECOND_US, from_us, to_us
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series
from tools.telemetry.trust import usable

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_FEW = 10
LONGEST = 2880
"""Columns at most: two days of minutes; a longer time is looked at in wider steps, each with its last reading."""


@dataclass(frozen=True, eq=False)
class Frame:
    """Usable readings on a common clock, in the sensors' own units, their signs not applied.

    Attributes:
        value: Sensor by moment; NaN where no usable reading fell into the step.
        at_us: Middle of each step.
        noise: Standard error of each sensor: declared, or from how its neighbouring readings differ; never zero.
        thinned: Whether steps are wider than the usual period, so that readings were passed over.
    """

    sensors: tuple[Sensor, ...]
    at_us: NDArray[np.int64]
    value: Floats
    noise: Floats
    step_s: float
    thinned: bool

    def at(self, column: int) -> datetime:
        """The moment of a column."""
        return from_us(int(self.at_us[column]))

    def columns(self, minutes: float) -> int:
        """How many columns a time has; at least one."""
        return max(1, round(minutes * 60 / self.step_s))


def build_frame(series: Mapping[str, Series], sensors: Sequence[Sensor], start: datetime, end: datetime) -> Frame:
    """Lay series on one clock; the last usable reading of a step counts, and one outside its range never does."""
    pieces = {sensor.name: _usable(series[sensor.name]) for sensor in sensors}
    filled = [piece[0] for piece in pieces.values() if len(piece[0])]
    period_s = _usual_period_s(sensors, filled)
    span_s = (end - start).total_seconds()
    step_s = max(period_s, span_s / LONGEST)
    first = min((int(at[0]) for at in filled), default=to_us(start))
    last = max((int(at[-1]) for at in filled), default=first)
    step_us = step_s * SECOND_US
    count = round((last - first) / step_us) + 2
    value = np.full((len(sensors), count), np.nan)
    for row, sensor in enumerate(sensors):
        at, said = pieces[sensor.name]
        value[row, np.minimum(slots(at, first, step_us), count - 1)] = said
    if count > 1 and not np.isfinite(value[:, -1]).any():
        value, count = value[:, :-1], count - 1
    return Frame(
        sensors=tuple(sensors),
        at_us=(first + np.arange(count) * step_us).astype(np.int64),
        value=value,
        noise=np.array([_noise(sensor, value[row]) for row, sensor in enumerate(sensors)]),
        step_s=step_s,
        thinned=step_s > period_s * 1.01,
    )


def slots(at_us: NDArray[np.int64], origin_us: int, step_us: float) -> NDArray[np.int64]:
    """Number of the step that each reading belongs to, from zero on.

    A sensor's readings come a little early or late; each is counted from where they usually come within a step, so
    that those near the border of two steps do not fall into either at random.
    """
    if not len(at_us):
        return np.zeros(0, dtype=np.int64)
    phase = (at_us - origin_us) % step_us
    # The median on a circle: turned so that the first reading lies in the middle.
    turned = (phase - phase[0] + step_us / 2) % step_us
    usual = phase[0] + float(np.median(turned)) - step_us / 2
    usual -= step_us * round(usual / step_us)
    numbers: NDArray[np.int64] = np.maximum(0, np.rint((at_us - origin_us - usual) / step_us)).astype(np.int64)
    return numbers


def _usable(series: Series) -> tuple[NDArray[np.int64], Floats]:
    keep = usable(series)
    return series.at_us[keep], series.value[keep]


def _usual_period_s(sensors: Sequence[Sensor], times: Sequence[NDArray[np.int64]]) -> float:
    """The period that most sensors declare, else the usual distance of their readings."""
    declared = Counter(sensor.period_s for sensor in sensors if sensor.period_s)
    if declared:
        return float(declared.most_common(1)[0][0])
    gaps = [float(np.median(np.diff(at))) for at in times if len(at) > 1]
    return float(np.median(gaps)) / SECOND_US if gaps else 60.0


def _noise(sensor: Sensor, value: Floats) -> float:
    if sensor.noise:
        return float(sensor.noise)
    known = value[np.isfinite(value)]
    if len(known) < _FEW:
        return max(1e-9, 0.01 * float(np.abs(known).max(initial=0.0)))
    # Second differences of white noise have six times its variance, and forget level and slope of what is measured.
    bend = np.diff(known, n=2)
    return max(1e-9, MAD_TO_SIGMA * float(np.median(np.abs(bend))) / 6**0.5, 1e-4 * float(np.median(np.abs(known))))
