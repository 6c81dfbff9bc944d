"""A sensor without others of its period: judged value by value against all that it showed before."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from tools.detection.change_points import changed_at
from tools.detection.schema.statistical import EpisodeKind, NormalModelUsed, SensorShare, StatisticalAnomaly
from tools.detection.streaming.lone_watch import LEAST_HISTORY, LoneCalibration, LoneWatch
from tools.detection.streaming.single import FALSE_ALARM_RATE
from tools.errors import InvalidArgumentError
from tools.telemetry.moments import SECOND_US, from_us, to_us
from tools.telemetry.trust import usable
from tools.vocabulary import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tools.detection.streaming.episodes import StatisticalEpisode
    from tools.telemetry.schema.sensor import Sensor
    from tools.telemetry.series import Series
    from tools.telemetry.sources import TelemetrySource

VERSION = 1
"""Of how a lone sensor is learnt and judged."""
HISTORY_VALUES = 20_160
"""Learnt from at most: two weeks of minutes, so that an hour of the day has proved itself."""
UNTIMED_DAYS = 28
"""Looked back over where the period is not declared."""
_METHOD = "value, averages and last step against all that the sensor showed before, limits checked on that history"


class LoneSensor:
    """One sensor and what was learnt of it."""

    def __init__(self, telemetry: TelemetrySource, sensor: Sensor, start: datetime) -> None:
        """Learn from what is stored before a time.

        Raises:
            InvalidArgumentError: when that is too little, or never moves.
        """
        self._sensor = sensor
        back = (
            timedelta(days=UNTIMED_DAYS)
            if sensor.period_s is None
            else timedelta(seconds=HISTORY_VALUES * sensor.period_s)
        )
        past = telemetry.series([sensor.name], start - back, start - timedelta(microseconds=1))[sensor.name]
        at_us, value = readings_of(past)
        self._at_us, self._value = at_us[-HISTORY_VALUES:], value[-HISTORY_VALUES:]
        if len(self._value) <= LEAST_HISTORY:
            raise InvalidArgumentError("not enough history before the time to learn what is normal")
        if float(np.ptp(self._value)) == 0.0:
            raise InvalidArgumentError("their history is constant, or too much of it is missing")
        self._watch = LoneWatch(sensor.name)
        period_us = None if sensor.period_s is None else round(sensor.period_s * SECOND_US)
        self._learnt: LoneCalibration = self._watch.learn(self._at_us, self._value, period_us)

    @property
    def used(self) -> NormalModelUsed:
        """What normal was learnt from."""
        seen = sha256(f"lone:{VERSION}".encode() + self._at_us.tobytes() + self._value.tobytes())
        return NormalModelUsed(
            fingerprint=seen.hexdigest(),
            version=VERSION,
            stored=False,
            trained_from=from_us(int(self._at_us[0])),
            trained_until=from_us(int(self._at_us[-1])),
            rows=self._learnt.values,
            sensors=1,
            false_alarm_percent=100.0 * FALSE_ALARM_RATE,
            held_out_alarm_percent=100.0 * self._learnt.beyond,
        )

    def judge(self, series: Series, end: datetime) -> Iterator[StatisticalAnomaly]:
        """Episodes of the judged time; once, for the sensor goes on learning."""
        at_us, value = readings_of(series)
        apart = [self._value - self._learnt.expected]
        told: list[StatisticalEpisode] = []
        for at, one in zip(at_us.tolist(), value.tolist(), strict=True):
            told += self._watch.update(at, one)
            apart.append(np.array([one - (one if self._watch.expected is None else self._watch.expected)]))
        told += self._watch.lasting(to_us(end))
        course = np.concatenate([self._at_us, at_us]), np.concatenate(apart)
        for episode in told:
            yield self._anomaly(episode, *course)

    def _anomaly(
        self, episode: StatisticalEpisode, at_us: NDArray[np.int64], apart: NDArray[np.float64]
    ) -> StatisticalAnomaly:
        """An episode with the moment of its change, looked for in what the hour of the day does not explain."""
        sensor, [share] = self._sensor, episode.shares
        change = changed_at(at_us, apart, episode.from_us, episode.kind)
        part = SensorShare(
            subject=sensor.ref,
            element=sensor.element,
            quantity=sensor.quantity,
            contribution_percent=100.0,
            departure=share.departure,
        )
        return StatisticalAnomaly(
            subject=sensor.ref,
            kind=episode.kind,
            start=from_us(episode.from_us),
            end=None if episode.lasting else from_us(episode.until_us),
            rows=episode.rows,
            score=episode.score,
            shares=(part,),
            method=_METHOD,
            confidence=_confidence(episode.kind),
            changed_at=None if change is None else from_us(change),
        )


def _confidence(kind: EpisodeKind) -> Confidence:
    """Nobody else was asked: what is over within a few values stays doubtful."""
    if kind is EpisodeKind.DROPOUT:
        return Confidence.HIGH
    return Confidence.LOW if kind is EpisodeKind.SPIKE else Confidence.MEDIUM


def readings_of(series: Series) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Times and values that a detector may learn from."""
    keep = usable(series)
    return series.at_us[keep], series.value[keep]
