"""Sensors held against what is usual at the hour, on the kind of day and in the weather."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from tools.amount import Amount
from tools.coverage import LeftOut
from tools.detection.baseline.fit import FALSE_ALARM_RATE, LEAST_DAYS, Baseline
from tools.detection.baseline.hours import DAY_H, Hours, hours_of
from tools.detection.schema.baseline import BaselineDeparture, SensorBaseline, UnusualHour
from tools.errors import InvalidArgumentError
from tools.forecasting.calendar import holiday_calendar
from tools.forecasting.hourly import hour_number, hourly_mean, moment_of
from tools.forecasting.sensors import TEMPERATURE, of_quantity
from tools.vocabulary import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from tools.context import ToolContext
    from tools.telemetry.schema.sensor import Sensor
    from tools.telemetry.sources import TelemetrySource

MOST_BASELINES = 12
"""Learnt in one call: a quarter of a second each."""
LONGEST_H = 14 * DAY_H
"""Judged at most: farther ahead of the window the season has moved on."""
LEAST_RUN = 2
"""Hours in a row that are told: one hour is soon over, and a single wild one is a matter of its readings."""
_KNOWN_AIR = 0.8
_TOO_OFTEN = 20.0
"""Times the stated rate; a single hour of a quarter of a month is five times it."""
_METHOD = (
    "ridge regression on hour, kind of day, slow change{weather}, learnt without earlier incidents; "
    "bounds by Student's law of errors on days not learnt from, widened to hold the end of the window"
)
_WHAT = "sensors by season and weather"


@dataclass(frozen=True)
class Calendar:
    """How long to look back, and whose days these are."""

    window_days: int
    time_zone: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class Baselines:
    """What was judged, and what was not."""

    rows: tuple[SensorBaseline, ...]
    left_out: tuple[LeftOut, ...]


def judge_by_season(
    ctx: ToolContext,
    chosen: Sequence[Sensor],
    span: tuple[datetime, datetime],
    calendar: Calendar,
    *,
    named: bool = True,
) -> Baselines:
    """Hold the hours of a time against the window before it; sensors with the farthest hours first.

    Args:
        ctx: For telemetry.
        chosen: Whom to judge.
        span: First and last moment.
        calendar: Window, zone, holidays.
        named: Whether somebody named them; else only those of the whole grid are judged, which nothing else implies.

    Raises:
        InvalidArgumentError: for a zone or a country that nobody knows.
    """
    untold: Counter[str] = Counter()
    rows: list[SensorBaseline] = []
    if not named:
        of_parts = len(chosen)
        chosen = [sensor for sensor in chosen if sensor.element is None and sensor.asset is None]
        untold["held against season and weather when they are named"] += of_parts - len(chosen)
    first, stop = hour_number(span[0]), hour_number(span[1])
    if stop - first > LONGEST_H:
        untold["the time is long: its season would move away from the window before it"] += len(chosen)
        chosen = ()
    for sensor in chosen:
        if len(rows) == MOST_BASELINES:
            untold["more sensors than one call judges: choose fewer, by element or quantity"] += 1
            continue
        try:
            # Regressions of a few hundred rows lose time to threads.
            with threadpool_limits(limits=1, user_api="blas"):
                rows.append(_judged(ctx.need_telemetry(), sensor, (first, stop), calendar))
        except _TooLittleError as error:
            untold[str(error)] += 1
    rows.sort(key=lambda row: (-max((one.score for one in row.departures), default=0.0), row.subject.name))
    return Baselines(
        tuple(rows),
        tuple(LeftOut(what=_WHAT, count=count, reason=why) for why, count in sorted(untold.items()) if count),
    )


class _TooLittleError(InvalidArgumentError):
    """The window teaches nothing."""


def _judged(telemetry: TelemetrySource, sensor: Sensor, hours: tuple[int, int], calendar: Calendar) -> SensorBaseline:
    first, stop = hours
    begin = first - calendar.window_days * DAY_H
    air = _air(telemetry, sensor, begin, stop)
    values = _means(telemetry, sensor, begin, stop)
    weather = None if air is None else _means(telemetry, air, begin, stop)
    everything = hours_of(begin, values, weather, calendar.time_zone, holiday_calendar(calendar.country))
    known = np.flatnonzero(np.isfinite(values[: first - begin]))
    _check(values, known)
    window = everything.part(slice(int(known[0]), first - begin))
    try:
        baseline = Baseline(window)
    except InvalidArgumentError as error:
        raise _TooLittleError(str(error)) from error
    expected = baseline.expected(everything)[first - begin :]
    judged = _Judged(sensor, everything.part(slice(first - begin, None)), expected, baseline)
    return SensorBaseline(
        subject=sensor.ref,
        element=sensor.element,
        quantity=sensor.quantity,
        window_days=calendar.window_days,
        history_days=len(np.unique(known // DAY_H)),
        trained_from=moment_of(window.first),
        trained_until=moment_of(first),
        history_hours=len(known),
        excluded_hours=baseline.excluded,
        weather=None if air is None else air.ref,
        judged_hours=int(np.isfinite(judged.hours.value).sum()),
        latest=judged.latest(),
        confidence=Confidence.LOW if baseline.held_out_alarms > _TOO_OFTEN * FALSE_ALARM_RATE else Confidence.MEDIUM,
        departures=tuple(judged.departures()),
        false_alarm_percent=100.0 * FALSE_ALARM_RATE,
        held_out_alarm_percent=100.0 * baseline.held_out_alarms,
        method=_METHOD.format(weather="" if air is None else " and air temperature"),
    )


def _means(telemetry: TelemetrySource, sensor: Sensor, first: int, stop: int) -> NDArray[np.float64]:
    past = telemetry.series([sensor.name], moment_of(first), moment_of(stop) - timedelta(microseconds=1))
    return hourly_mean(past[sensor.name], first, stop - first)


def _air(telemetry: TelemetrySource, sensor: Sensor, first: int, stop: int) -> Sensor | None:
    """The first sensor of the air's temperature that covers most of the time; nobody is judged by itself."""
    for air in of_quantity(telemetry.sensors(), TEMPERATURE):
        if air.name != sensor.name and np.isfinite(_means(telemetry, air, first, stop)).mean() >= _KNOWN_AIR:
            return air
    return None


def _check(values: NDArray[np.float64], known: NDArray[np.intp]) -> None:
    if len(np.unique(known // DAY_H)) < LEAST_DAYS or len(known) < LEAST_DAYS * DAY_H / 2:
        raise _TooLittleError("less than two weeks of history before the time")
    if float(np.ptp(values[known])) == 0.0:
        raise _TooLittleError("their history is constant")


@dataclass(frozen=True, eq=False)
class _Judged:
    """The judged hours of one sensor."""

    sensor: Sensor
    hours: Hours
    expected: NDArray[np.float64]
    baseline: Baseline

    def latest(self) -> UnusualHour | None:
        known = np.flatnonzero(np.isfinite(self.hours.value))
        return self._hour(int(known[-1])) if len(known) else None

    def departures(self) -> Iterator[BaselineDeparture]:
        """Runs of hours beyond the limit on one side."""
        apart = self.hours.value - self.expected
        chance = self.baseline.spread.chance(apart)
        # An hour without a value is beyond nothing.
        side = np.where(chance < FALSE_ALARM_RATE, np.sign(apart), 0.0)
        known = np.flatnonzero(np.isfinite(self.hours.value))
        edges = np.flatnonzero(np.diff(side, prepend=0.0, append=0.0))
        for start, stop in pairwise(edges.tolist()):
            if side[start] and stop - start >= LEAST_RUN:
                farthest = start + int(np.nanargmax(np.abs(apart[start:stop])))
                yield BaselineDeparture(
                    start=moment_of(self.hours.first + start),
                    end=None if stop - 1 == known[-1] else moment_of(self.hours.first + stop),
                    hours=stop - start,
                    farthest=self._hour(farthest),
                    deviation=Amount(value=float(apart[farthest]), unit=_difference_unit(self.sensor)),
                    score=1.0 - float(chance[farthest]),
                )

    def _hour(self, place: int) -> UnusualHour:
        usual, limit = float(self.expected[place]), self.baseline.spread.limit
        unit = self.sensor.unit
        return UnusualHour(
            at=moment_of(self.hours.first + place),
            value=Amount(value=float(self.hours.value[place]), unit=unit),
            expected=Amount(value=usual, unit=unit),
            low=Amount(value=usual - limit, unit=unit),
            high=Amount(value=usual + limit, unit=unit),
        )


def _difference_unit(sensor: Sensor) -> str:
    """Differences of temperatures are in kelvin."""
    return "kelvin" if sensor.unit == "celsius" else sensor.unit
