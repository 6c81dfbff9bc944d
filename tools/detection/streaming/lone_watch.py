"""Episodes of a single sensor as its values come, on the verdicts of its detector."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import erfcinv

from tools.detection.schema.statistical import EpisodeKind
from tools.detection.streaming.detector import LEAST_SILENCE, Verdict
from tools.detection.streaming.episodes import BRIDGED, EpisodeTracker, Share, StatisticalEpisode
from tools.detection.streaming.single import (
    FALSE_ALARM_RATE,
    LEAST_SPANS,
    WEIGHTS,
    SingleSensorDetector,
    SingleVerdict,
    chance_of,
)
from tools.detection.streaming.smoothing import memory_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_HISTORY = LEAST_SPANS * memory_rows(WEIGHTS[-1])
"""Values before the longest average is relied on."""
CHECKED_SHARE = 0.01
"""Share of the history's values at which the law of chance is held against them: those beyond are rare, but not so
rare that a single earlier incident decides."""
FORGIVEN = 2
"""Stretches of the history that may lie beyond the limit: earlier incidents; a third one is how the sensor is."""
NEAR = 5
"""Values whose median says on which side a sensor is: two wild ones among them do not move it."""
OFF = 1.0
"""Standard deviations from which on it is off its level; the averages remember a spike long after it."""


def surprise_of(chance: float) -> float:
    """Standard deviations that so many normal values exceed; the inverse of ``chance_of``."""
    return float(np.sqrt(2.0) * erfcinv(chance / (len(WEIGHTS) + 1)))


@dataclass(frozen=True, eq=False)
class LoneCalibration:
    """What the history of a sensor says of its detector.

    Attributes:
        values: Seen before the judged time.
        beyond: Share of the settled ones beyond the limit of theory, 0..1.
        stretch: Factor, at least one, by which the sensor scatters more widely than theory has it.
        silent_us: A pause this long is a dropout; None where pauses are not regular enough to tell.
        expected: What was usual at each value.
    """

    values: int
    beyond: float
    stretch: float
    silent_us: int | None
    expected: NDArray[np.float64]


class LoneWatch:
    """Judges the values of one sensor one by one, and hands out each episode when it is over.

    Attributes:
        expected: What was usual at the last value; None before the second.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._detector = SingleSensorDetector()
        self._tracker = EpisodeTracker((name,))
        self._near: deque[float] = deque(maxlen=NEAR)
        self._calibration = LoneCalibration(0, 0.0, 1.0, None, np.zeros(0))
        self._last_us: int | None = None
        self._told = False
        self.expected: float | None = None

    def learn(
        self, at_us: NDArray[np.int64], values: NDArray[np.float64], period_us: int | None = None
    ) -> LoneCalibration:
        """Take the history, before the first judged value.

        Args:
            at_us: Ascending.
            values: Finite.
            period_us: Declared time between values; None for a sensor that sends when it likes.
        """
        seen = [self._take(at, value) for at, value in zip(at_us, values, strict=True)]
        surprises = np.array([verdict.surprise for verdict in seen])
        expected = np.array(
            [value if one.expected is None else one.expected for one, value in zip(seen, values, strict=True)]
        )
        settled = surprises[LEAST_HISTORY:]
        stretch = 1.0
        beyond = 0.0
        if len(settled):
            bulk = float(np.quantile(settled, 1.0 - CHECKED_SHARE)) / surprise_of(CHECKED_SHARE)
            stretch = max(1.0, bulk, _usual_peak(settled) / surprise_of(FALSE_ALARM_RATE))
            beyond = float(np.mean(settled > surprise_of(FALSE_ALARM_RATE)))
        self._calibration = LoneCalibration(len(values), beyond, stretch, _silence(at_us, period_us), expected)
        return self._calibration

    def update(self, at_us: int, value: float) -> Iterator[StatisticalEpisode]:
        """Take the next value; the episodes that it shows to be over."""
        dropout = self._dropout(at_us, lasting=False)
        if dropout is not None:
            yield dropout
        verdict = self._take(at_us, value)
        self._told |= verdict.news > 0.0 and self._chance(verdict) < FALSE_ALARM_RATE
        yield from self._kept(self._tracker.update(self._row(verdict)))

    def lasting(self, now_us: int) -> Iterator[StatisticalEpisode]:
        """What is not over at a time, which is not before the last value."""
        yield from self._kept(self._tracker.lasting())
        dropout = self._dropout(now_us, lasting=True)
        if dropout is not None:
            yield dropout

    def _take(self, at_us: int, value: float) -> SingleVerdict:
        verdict = self._detector.update(int(at_us), float(value))
        self.expected = verdict.expected
        self._near.append(verdict.departures[0])
        self._last_us = int(at_us)
        return verdict

    def _kept(self, episode: StatisticalEpisode | None) -> Iterator[StatisticalEpisode]:
        """An episode without news was told before, in the same shift and stronger."""
        if episode is not None:
            if self._told:
                yield episode
            self._told = False

    def _chance(self, verdict: SingleVerdict) -> float:
        return chance_of(verdict.surprise / self._calibration.stretch)

    def _row(self, verdict: SingleVerdict) -> Verdict:
        """In the terms of a group of one; the departure is the value's where it is wild itself, else that around it."""
        chance, limit = self._chance(verdict), surprise_of(FALSE_ALARM_RATE) * self._calibration.stretch
        value, jump = verdict.departures[0], verdict.departures[-1]
        wild = max(abs(value), abs(jump)) > limit
        around = median(self._near)
        farthest = max(verdict.departures, key=abs)
        off = wild or (abs(around) >= OFF and around * farthest > 0.0)
        return Verdict(
            at_us=verdict.at_us,
            alarm=chance < FALSE_ALARM_RATE and off,
            score=1.0 - chance,
            charts=(),
            contribution=np.ones(1),
            departure=np.array([value if wild else around]),
            silent=np.zeros(1, dtype=np.bool_),
        )

    def _dropout(self, now_us: int, *, lasting: bool) -> StatisticalEpisode | None:
        allowed = self._calibration.silent_us
        if allowed is None or self._last_us is None or now_us - self._last_us < allowed:
            return None
        return StatisticalEpisode(
            kind=EpisodeKind.DROPOUT,
            from_us=self._last_us + allowed,
            until_us=now_us,
            lasting=lasting,
            rows=1,
            score=1.0,
            shares=(Share(self._name, 1.0, 0.0),),
        )


def _usual_peak(surprises: NDArray[np.float64]) -> float:
    """The largest surprise but for those of the forgiven stretches, each as long as two alarms are bridged over."""
    rest = surprises.copy()
    for _ in range(FORGIVEN):
        worst = int(rest.argmax())
        rest[max(0, worst - BRIDGED) : worst + BRIDGED + 1] = 0.0
    return float(rest.max())


def _silence(at_us: NDArray[np.int64], period_us: int | None) -> int | None:
    """Longer than every pause of the history, and than a few periods."""
    if period_us is None or len(at_us) < LEAST_HISTORY:
        return None
    return max(LEAST_SILENCE * period_us, int(np.diff(at_us).max()) + period_us)


def watch(
    name: str, values: Iterable[tuple[int, float]], until_us: int, learnt: LoneWatch | None = None
) -> Iterator[StatisticalEpisode]:
    """All episodes of stored values up to a time: the same steps as in a stream, so the same verdicts."""
    lone = learnt or LoneWatch(name)
    for at_us, value in values:
        yield from lone.update(at_us, value)
    yield from lone.lasting(until_us)
