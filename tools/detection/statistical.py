"""What left the normal of its own past: sensors of one period side by side, a sensor of its own kind alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from tools.coverage import LeftOut
from tools.detection.group_history import LONGEST_ROWS, Group, too_long
from tools.detection.lone_history import LoneSensor
from tools.detection.schema.statistical import DetectionMethod, NormalModelUsed, StatisticalAnomaly
from tools.detection.streaming.fitting import MOST_SENSORS
from tools.errors import InvalidArgumentError

if TYPE_CHECKING:
    from tools.context import ToolContext
    from tools.telemetry.schema.sensor import Sensor
    from tools.telemetry.series import Series

MOST_GROUPS = 4
"""Judged in one call: about a second each."""
MOST_LONE = 8
"""Judged alone in one call: about half a second each with two weeks of minutes before it."""
_WHAT = "sensors by their own past"
_MORE = "more sensors than one call judges: choose fewer, by element or quantity"
_LONG = "the time has too many moments for a verdict on each: ask for a shorter one"


@dataclass(frozen=True)
class Statistical:
    """What was found, what normal was learnt from, and what was not judged."""

    anomalies: tuple[StatisticalAnomaly, ...]
    models: tuple[NormalModelUsed, ...]
    left_out: tuple[LeftOut, ...]


def judge_by_history(
    ctx: ToolContext,
    chosen: Sequence[Sensor],
    series: Mapping[str, Series],
    span: tuple[datetime, datetime],
    detector: DetectionMethod = DetectionMethod.CONTROL_CHARTS,
) -> Statistical:
    """Judge sensors by the history before a time, or by a stored model of the same sensors.

    Args:
        ctx: For telemetry and stored models.
        chosen: The sensors.
        series: Their readings of the judged time.
        span: First and last moment of that time.
        detector: What raises the episodes of sensors side by side; the other methods are asked about each.
    """
    found = _Judged(ctx, series, span, detector)
    for period_s, sensors in groups_of(chosen):
        if period_s is None or len(sensors) == 1:
            for sensor in sensors:
                found.alone(sensor)
        else:
            found.together(sensors, period_s)
    return found.told()


def groups_of(chosen: Sequence[Sensor]) -> Iterator[tuple[float | None, tuple[Sensor, ...]]]:
    """Sensors of one period, neighbours together, at most as many as one model takes."""
    ordered = sorted(chosen, key=lambda item: (item.period_s or 0.0, str(item.element or ""), item.name))
    for period_s, same in groupby(ordered, key=lambda item: item.period_s):
        sensors = tuple(same)
        for first in range(0, len(sensors), MOST_SENSORS):
            yield period_s, sensors[first : first + MOST_SENSORS]


class _Judged:
    """Gathers what each group and each lone sensor gave."""

    def __init__(
        self,
        ctx: ToolContext,
        series: Mapping[str, Series],
        span: tuple[datetime, datetime],
        detector: DetectionMethod,
    ) -> None:
        self._ctx, self._series, self._detector = ctx, series, detector
        self._start, self._end = span
        self._anomalies: list[StatisticalAnomaly] = []
        self._models: list[NormalModelUsed] = []
        self._untold: Counter[str] = Counter()
        self._groups = self._lone = 0

    def together(self, sensors: tuple[Sensor, ...], period_s: float) -> None:
        if too_long(self._start, self._end, period_s):
            self._untold[_LONG] += len(sensors)
            return
        if self._groups == MOST_GROUPS:
            self._untold[_MORE] += len(sensors)
            return
        telemetry = self._ctx.need_telemetry()
        try:
            group = Group(telemetry, self._ctx.models, sensors, period_s, self._start)
            told = tuple(group.judge(self._series, self._detector))
        except InvalidArgumentError as error:
            self._untold[str(error)] += len(sensors)
            return
        self._groups += 1
        self._anomalies += told
        self._models.append(group.used(self._detector))
        self._untold.update(group.left_out)

    def alone(self, sensor: Sensor) -> None:
        series = self._series[sensor.name]
        if len(series) > LONGEST_ROWS:
            self._untold[_LONG] += 1
            return
        if self._lone == MOST_LONE:
            self._untold[_MORE] += 1
            return
        try:
            lone = LoneSensor(self._ctx.need_telemetry(), sensor, self._start)
        except InvalidArgumentError as error:
            self._untold[str(error)] += 1
            return
        self._lone += 1
        self._anomalies += lone.judge(series, self._end)
        self._models.append(lone.used)

    def told(self) -> Statistical:
        self._anomalies.sort(key=lambda item: (-item.score, -item.rows, item.start))
        left_out = (LeftOut(what=_WHAT, count=count, reason=reason) for reason, count in sorted(self._untold.items()))
        return Statistical(tuple(self._anomalies), tuple(self._models), tuple(left_out))
