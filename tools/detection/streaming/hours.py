"""What a sensor usually shows at an hour of the day, once the hours have proved to matter."""

from __future__ import annotations

from dataclasses import dataclass

from tools.detection.streaming.moments import RunningMoments
from tools.telemetry.moments import SECOND_US

HOURS = 24
LEAST_DAYS = 3
"""Days on which an hour was seen before its mean is used."""
HALF = 0.5
"""The hours must leave less than this share of the squared error of the plain mean, judged on values before they were
learnt from (prequential choice, Dawid 1984)."""
_HOUR_US = 3600 * SECOND_US


@dataclass
class _Hour:
    mean: RunningMoments
    days: int = 0
    last_day: int = -1


class HourlyProfile:
    """Means of the 24 hours of the day in UTC; falls back to the mean of all values."""

    def __init__(self) -> None:
        self._all = RunningMoments()
        self._hours = tuple(_Hour(RunningMoments()) for _ in range(HOURS))
        self._error_of_hours = 0.0
        self._error_of_mean = 0.0

    def expect(self, at_us: int) -> float | None:
        """What was usual up to now; None before the first value."""
        if not self._all.count:
            return None
        hour = self._hours[at_us // _HOUR_US % HOURS]
        trusted = hour.days >= LEAST_DAYS and self._error_of_hours < HALF * self._error_of_mean
        return hour.mean.mean if trusted else self._all.mean

    def add(self, at_us: int, value: float) -> None:
        """Learn from one value, after it was judged."""
        hour = self._hours[at_us // _HOUR_US % HOURS]
        if hour.days >= LEAST_DAYS:
            self._error_of_hours += (value - hour.mean.mean) ** 2
            self._error_of_mean += (value - self._all.mean) ** 2
        day = at_us // (HOURS * _HOUR_US)
        if day != hour.last_day:
            hour.days, hour.last_day = hour.days + 1, day
        hour.mean.add(value)
        self._all.add(value)
