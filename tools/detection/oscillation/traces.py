"""The course of the frequency over all pieces of a time: by sensor, and the median of all for events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.detection.oscillation.even import lay_even
from tools.detection.oscillation.feeds import Live
from tools.detection.oscillation.frequency import Event, Rate, find_events, steepest_rate
from tools.detection.schema.oscillations import FrequencyCourse, FrequencyEvent
from tools.telemetry.moments import SECOND_US, from_us
from tools.telemetry.schema.sensor import Sensor
from tools.vocabulary import Severity

_ROOM_S = 80.0
"""An event near the border of two pieces is looked at with what lies on both sides."""
_CRITICAL_HZ = 0.8
"""Largest instantaneous deviation that Continental Europe is dimensioned for (SO GL, Annex III)."""


@dataclass(frozen=True)
class _Moment:
    """A value or a rate at a time."""

    value: float
    at_us: int


@dataclass(eq=False)
class _Course:
    sensor: Sensor
    lowest: _Moment
    highest: _Moment
    total: float = 0.0
    count: int = 0
    rate: tuple[Rate, int] | None = None


class FrequencyTraces:
    """Takes the live frequency readings piece by piece."""

    def __init__(self, least_hz: float) -> None:
        self._least_hz = least_hz
        self._courses: dict[str, _Course] = {}
        self._events: list[FrequencyEvent] = []
        self._tail: list[Live] = []

    def add(self, live: Sequence[Live]) -> None:
        """One more piece."""
        for item in live:
            self._note(item)
        joined = _joined(self._tail, live)
        if joined:
            for event in _events(joined, self._least_hz):
                self._take(event)
        self._tail = [_tail(item) for item in live]

    def events(self) -> list[FrequencyEvent]:
        """All events, the largest first."""
        return sorted(self._events, key=lambda event: (-abs(event.excursion_hz), event.start))

    def courses(self) -> list[FrequencyCourse]:
        """All sensors, the lowest frequency first."""
        rows = []
        for course in self._courses.values():
            rate, at_us = course.rate or (None, 0)
            rows.append(
                FrequencyCourse(
                    subject=course.sensor.ref,
                    element=course.sensor.element,
                    lowest_hz=course.lowest.value,
                    lowest_at=from_us(course.lowest.at_us),
                    highest_hz=course.highest.value,
                    highest_at=from_us(course.highest.at_us),
                    mean_hz=course.total / course.count,
                    steepest_hzps=rate and rate.hzps,
                    steepest_at=from_us(at_us) if rate else None,
                    steepest_error_hzps=rate and rate.error_hzps,
                    rate_window_s=rate and rate.window_s,
                )
            )
        return sorted(rows, key=lambda row: (row.lowest_hz, row.subject.name))

    def _note(self, item: Live) -> None:
        at_us, value = item.sampled.at_us, item.sampled.value
        low, high = int(value.argmin()), int(value.argmax())
        lowest, highest = (_Moment(float(value[place]), int(at_us[place])) for place in (low, high))
        course = self._courses.setdefault(item.sensor.name, _Course(item.sensor, lowest, highest))
        course.lowest = min(course.lowest, lowest, key=lambda moment: moment.value)
        course.highest = max(course.highest, highest, key=lambda moment: moment.value)
        course.total += float(value.sum())
        course.count += len(value)
        step_s = item.sampled.period_s
        if step_s is None:
            return
        even = lay_even(item.sampled, int(at_us[0]), step_s, _count(int(at_us[0]), int(at_us[-1]), step_s))
        rate = steepest_rate(even, step_s)
        if rate is not None and (course.rate is None or abs(rate.hzps) > abs(course.rate[0].hzps)):
            course.rate = rate, int(at_us[0]) + round(rate.column * step_s * SECOND_US)

    def _take(self, event: FrequencyEvent) -> None:
        """Of an event that both pieces show the later account counts: it saw more of what came after."""
        again = [item for item in self._events if abs((event.start - item.start).total_seconds()) < _ROOM_S / 2]
        self._events = [*(item for item in self._events if item not in again), event]


def _events(live: Sequence[Live], least_hz: float) -> list[FrequencyEvent]:
    """Events of the median of all sensors on the clock of the fastest."""
    periods = [item.sampled.period_s for item in live if item.sampled.period_s]
    if not periods:
        return []
    step_s = min(periods)
    fast = [item for item in live if item.sampled.period_s and item.sampled.period_s < 2 * step_s]
    begin = min(int(item.sampled.at_us[0]) for item in fast)
    end = max(int(item.sampled.at_us[-1]) for item in fast)
    count = _count(begin, end, step_s)
    value = np.stack([lay_even(item.sampled, begin, step_s, count) for item in fast])
    there = np.isfinite(value).sum(axis=0)
    trace = np.full(count, np.nan)
    trace[there > 0] = np.nanmedian(value[:, there > 0], axis=0)
    return [_row(event, begin, step_s, int(there[event.start])) for event in find_events(trace, step_s, least_hz)]


def _row(event: Event, begin_us: int, step_s: float, sensors: int) -> FrequencyEvent:
    excursion = event.nadir_hz - event.before_hz
    return FrequencyEvent(
        start=from_us(begin_us + event.start * step_s * SECOND_US),
        sensors=max(1, sensors),
        before_hz=event.before_hz,
        nadir_hz=event.nadir_hz,
        nadir_at=from_us(begin_us + event.nadir * step_s * SECOND_US),
        nadir_s=(event.nadir - event.start) * step_s,
        excursion_hz=excursion,
        rate_hzps=event.rate.hzps,
        rate_error_hzps=event.rate.error_hzps,
        rate_window_s=event.rate.window_s,
        settled_hz=event.settled_hz,
        settled_s=event.settled_s,
        severity=Severity.CRITICAL if abs(excursion) >= _CRITICAL_HZ else Severity.WARNING,
    )


def _count(begin_us: int, end_us: int, step_s: float) -> int:
    return round((end_us - begin_us) / (step_s * SECOND_US)) + 1


def _tail(item: Live) -> Live:
    keep = item.sampled.at_us >= item.sampled.at_us[-1] - _ROOM_S * SECOND_US
    return Live(item.sensor, replace(item.sampled, at_us=item.sampled.at_us[keep], value=item.sampled.value[keep]))


def _joined(tail: Sequence[Live], live: Sequence[Live]) -> list[Live]:
    """The end of the piece before and this piece, sensor by sensor."""
    before = {item.sensor.name: item.sampled for item in tail}
    joined = []
    for item in live:
        first = before.get(item.sensor.name)
        if first is None:
            joined.append(item)
            continue
        at_us = np.concatenate([first.at_us, item.sampled.at_us])
        value = np.concatenate([first.value, item.sampled.value])
        joined.append(Live(item.sensor, replace(item.sampled, at_us=at_us, value=value)))
    return joined
