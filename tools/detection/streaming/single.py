"""A verdict on each value of a single sensor as it comes, learnt from all that came before."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import erfc, isfinite, isnan, sqrt

from tools.detection.streaming.hours import HourlyProfile
from tools.detection.streaming.moments import RunningMoments
from tools.detection.streaming.smoothing import memory_rows
from tools.errors import InvalidArgumentError
from tools.telemetry.moments import SECOND_US

WEIGHTS = (1.0, 1.0 / 4.0, 1.0 / 16.0)
"""Of the newest value in averages over about 1, 7 and 31 values: a spike, a burst, a new level."""
STEP_WEIGHT = 1.0 / 4.0
"""The value itself is compared with this average of those before it: a jump."""
LEAST_VALUES = 50
"""Before a scatter is relied on; its own standard error then is a tenth."""
LEAST_SPANS = 10
"""Of an average's memory as well: averages that share values are not independent."""
FALSE_ALARM_RATE = 1e-4
"""Of normal values, all comparisons together: once a week at one value a minute."""
TOLD_US = 12 * 3600 * SECOND_US
"""Who was told in this shift is told again only of something stronger: a shift of twelve hours."""


@dataclass(frozen=True)
class SingleVerdict:
    """What the detector says of one value, with what it saw up to then and nothing later.

    Attributes:
        at_us: Microseconds since 1970.
        surprise: Standard deviations of the farthest comparison.
        news: The surprise where it is the largest within twelve hours, else zero.
        score: One less the share of normal values that are as far out under Gaussian scatter.
        alert: Whether it is news, and beyond the false-alarm rate.
        expected: What was usual; None before the first value.
        departures: Standard deviations of each comparison with its sign: the value, its averages over about 7 and 31
            values, and its step from the average before it.
    """

    at_us: int
    surprise: float
    news: float
    score: float
    alert: bool
    expected: float | None
    departures: tuple[float, ...] = (0.0,) * (len(WEIGHTS) + 1)


def chance_of(surprise: float) -> float:
    """Share of normal values that are as far out under Gaussian scatter, all comparisons counted (Bonferroni)."""
    return min(1.0, (len(WEIGHTS) + 1) * erfc(surprise / sqrt(2.0)))


class SingleSensorDetector:
    """Judges values one by one; memory is bounded by the averages and by the news of twelve hours."""

    def __init__(self) -> None:
        self._profile = HourlyProfile()
        self._averages = tuple(_Average(weight) for weight in WEIGHTS)
        self._near: float | None = None
        self._steps = RunningMoments()
        self._told: deque[tuple[int, float]] = deque()
        self._last_us: int | None = None

    def update(self, at_us: int, value: float) -> SingleVerdict:
        """Take the next value.

        Args:
            at_us: Later than every value before.
            value: In the sensor's unit; NaN, a missing value, surprises nobody and teaches nothing.

        Raises:
            InvalidArgumentError: for a value that is not later than the last, or infinite.
        """
        if self._last_us is not None and at_us <= self._last_us:
            message = f"at_us: {at_us} is not later than {self._last_us}, the value before; values come in order, once"
            raise InvalidArgumentError(message)
        if not isfinite(value) and not isnan(value):
            message = f"value: {value} given; right is a finite number, or NaN where it is missing"
            raise InvalidArgumentError(message)
        self._last_us = at_us
        expected = self._profile.expect(at_us)
        if isnan(value):
            return SingleVerdict(at_us, 0.0, 0.0, 0.0, alert=False, expected=expected)
        departures = self._departures(value - (value if expected is None else expected))
        surprise = max(map(abs, departures))
        self._profile.add(at_us, value)
        news = self._news(at_us, surprise)
        chance = chance_of(surprise)
        return SingleVerdict(
            at_us=at_us,
            surprise=surprise,
            news=news,
            score=1.0 - chance,
            alert=news > 0.0 and chance < FALSE_ALARM_RATE,
            expected=expected,
            departures=departures,
        )

    def _departures(self, value: float) -> tuple[float, ...]:
        near = value if self._near is None else self._near
        step = value - near
        jump = self._steps.departure(step, LEAST_VALUES)
        self._steps.add(step)
        self._near = near + STEP_WEIGHT * step
        return (*(average.follow(value) for average in self._averages), jump)

    def _news(self, at_us: int, surprise: float) -> float:
        """Keeps a falling row of what was told, so that its head is the largest of the last twelve hours."""
        while self._told and self._told[0][0] <= at_us - TOLD_US:
            self._told.popleft()
        news = surprise if not self._told or surprise > self._told[0][1] else 0.0
        while self._told and self._told[-1][1] <= surprise:
            self._told.pop()
        self._told.append((at_us, surprise))
        return news


class _Average:
    """An average compared with its own past, less the values that it still holds."""

    def __init__(self, weight: float) -> None:
        self._weight = weight
        self._level: float | None = None
        self._held: deque[float] = deque()
        self._rows = memory_rows(weight)
        self._past = RunningMoments()
        self._least = max(LEAST_VALUES, LEAST_SPANS * self._rows)

    def follow(self, value: float) -> float:
        level = value if self._level is None else self._level + self._weight * (value - self._level)
        self._level = level
        departure = self._past.departure(level, self._least)
        self._held.append(level)
        if len(self._held) >= self._rows:
            self._past.add(self._held.popleft())
        return departure
