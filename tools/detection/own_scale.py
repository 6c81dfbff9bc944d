"""A wrong scale of a sensor that nothing else measures: it is held against its own days before.

Which of the two scales is the wrong one, that of now or that of before, the sensor alone cannot tell; so the confidence
is low, and what is expected is what it used to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from tools.detection.diagnosis import Diagnosis
from tools.detection.frame import Floats
from tools.detection.scale import lasting_scale
from tools.detection.scale_issues import all_the_time
from tools.detection.schema.quality import QualityIssue
from tools.telemetry.moments import SECOND_US
from tools.telemetry.series import Series
from tools.telemetry.sources import TelemetrySource
from tools.telemetry.trust import beyond_range, usable
from tools.vocabulary import Confidence

_MOMENT = timedelta(microseconds=1)
_DAY_US = 86_400 * SECOND_US
_DAYS, _LEAST_DAYS = 3, 2
_NEAR_US = 3_600 * SECOND_US
"""A reading of a day before counts for the moments within an hour of it."""
_FAR = 30.0
"""Ratio to the newest reading before, beyond which the days before are looked at: most sensors are not read again."""


def own_scale_issues(diagnosis: Diagnosis, telemetry: TelemetrySource, names: frozenset[str]) -> Iterator[QualityIssue]:
    """Sensors that nothing else implies, off by a power of ten all the time from what they said at these hours before.

    Args:
        diagnosis: Of the time.
        telemetry: Where the days before are.
        names: The sensors that were asked for.
    """
    alone = {
        row: sensor
        for row, sensor in enumerate(diagnosis.frame.sensors)
        if sensor.name in names and not diagnosis.verdicts.redundant[row] and row not in diagnosis.rated
    }
    # A reading at the very begin belongs to the time itself.
    newest = telemetry.latest([sensor.name for sensor in alone.values()], diagnosis.start - _MOMENT)
    for row, sensor in alone.items():
        series = diagnosis.series[sensor.name]
        keep = usable(series) & ~beyond_range(series)
        at_us, said = series.at_us[keep], series.value[keep]
        if not _is_far(said, newest[sensor.name]):
            continue
        expected = _days_before(telemetry, sensor.name, at_us, diagnosis.start)
        scale = lasting_scale(said, expected, float(diagnosis.frame.noise[row]), sensor.unit)
        if scale is not None:
            yield all_the_time(sensor, series, scale, Confidence.LOW)


def _is_far(said: Floats, newest: Series) -> bool:
    if not len(said) or not len(newest):
        return False
    now, before = abs(float(np.median(said))), abs(float(newest.value[0]))
    return bool(np.isfinite(before)) and max(now, before) > _FAR * min(now, before) > 0.0


def _days_before(telemetry: TelemetrySource, name: str, at_us: NDArray[np.int64], start: datetime) -> Floats:
    """What a sensor said at these hours, the median of the days before; NaN where fewer than two of them tell."""
    past = telemetry.series([name], start - timedelta(days=_DAYS), start - _MOMENT)[name]
    keep = usable(past) & ~beyond_range(past)
    then_us, then = past.at_us[keep], past.value[keep]
    told = np.full((_DAYS, len(at_us)), np.nan)
    if len(then):
        for day in range(_DAYS):
            wanted = at_us - (day + 1) * _DAY_US
            place = np.clip(np.searchsorted(then_us, wanted), 0, len(then) - 1)
            near = np.abs(then_us[place] - wanted) <= _NEAR_US
            told[day, near] = then[place[near]]
    enough = np.isfinite(told).sum(axis=0) >= _LEAST_DAYS
    expected = np.full(len(at_us), np.nan)
    expected[enough] = np.nanmedian(told[:, enough], axis=0)
    return expected
