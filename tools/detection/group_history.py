"""Sensors of one period, judged side by side by a model of their past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
from pydantic import ValidationError

from tools.detection.change_points import changed_at
from tools.detection.opinion.method import METHODS
from tools.detection.opinion.opinion import Opinion
from tools.detection.rows import Rows, rows_of
from tools.detection.schema.statistical import (
    DetectionMethod,
    EpisodeKind,
    NormalModelUsed,
    SensorShare,
    StatisticalAnomaly,
)
from tools.detection.streaming.detector import StreamingDetector, Verdict
from tools.detection.streaming.episodes import StatisticalEpisode, episodes_of
from tools.detection.streaming.fitting import LEAST_ROWS, fit_model
from tools.detection.streaming.limits import FALSE_ALARM_RATE
from tools.detection.streaming.model import NormalModel
from tools.detection.streaming.record import ModelRecord, from_record, to_record
from tools.detection.streaming.smoothing import WEIGHT, settling_rows
from tools.errors import InvalidArgumentError
from tools.telemetry.moments import from_us, to_us
from tools.vocabulary import Confidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.context import ModelSource
    from tools.telemetry.schema.sensor import Sensor
    from tools.telemetry.series import Series
    from tools.telemetry.sources import TelemetrySource

HISTORY_ROWS = 2880
"""Learnt from at most: two days of minutes, so that every hour of the day was seen twice."""
LONGEST_ROWS = 20_160
"""Judged at most: two weeks of minutes; a verdict is given on each row."""
_METHOD = {
    DetectionMethod.CONTROL_CHARTS: (
        "level and last step of all sensors together against their own past, limits checked on held-out history"
    ),
    DetectionMethod.ISOLATION_FOREST: "isolation forest of their own past, beyond all held-out history",
    DetectionMethod.LOCAL_OUTLIER_FACTOR: "local outlier factor in their own past, beyond all held-out history",
    DetectionMethod.MAHALANOBIS: "Mahalanobis distance from their own past, beyond all held-out history",
    DetectionMethod.T2_SPE: "T-squared and SPE of principal components of their own past, beyond all held-out history",
}


def model_name(sensors: Sequence[str]) -> str:
    """Under which a model of these sensors is stored."""
    return f"normal:{sha256(chr(0).join(sensors).encode()).hexdigest()[:32]}"


def too_long(start: datetime, end: datetime, period_s: float) -> bool:
    """Whether a time has more moments than one call judges."""
    return (end - start).total_seconds() / period_s > LONGEST_ROWS


class Group:
    """Sensors that are judged by one model."""

    def __init__(
        self,
        telemetry: TelemetrySource,
        source: ModelSource | None,
        sensors: tuple[Sensor, ...],
        period_s: float,
        start: datetime,
    ) -> None:
        """Learn what is normal, or read it.

        Raises:
            InvalidArgumentError: when the history teaches nothing.
        """
        self._sensors, self._period_s, self._start = sensors, period_s, start
        names = [sensor.name for sensor in sensors]
        before = start - timedelta(seconds=HISTORY_ROWS * period_s)
        past = telemetry.series(names, before, start - timedelta(microseconds=1))
        self._history = rows_of(past, sensors, period_s)
        stored = _stored(source, names, start)
        self._model = stored or _learnt(names, self._history)
        self._stored = stored is not None
        self._opinions: dict[DetectionMethod, Opinion] = {}

    def used(self, detector: DetectionMethod) -> NormalModelUsed:
        """What normal was learnt from, and how often the detector calls it unusual."""
        model, record = self._model, to_record(self._model)
        charts = detector is DetectionMethod.CONTROL_CHARTS
        rate = FALSE_ALARM_RATE if charts else self._opinion(detector).rate
        return NormalModelUsed(
            fingerprint=record.fingerprint,
            version=record.version,
            stored=self._stored,
            trained_from=from_us(model.from_us),
            trained_until=from_us(model.until_us),
            rows=model.rows,
            sensors=len(model.sensors),
            false_alarm_percent=100.0 * rate,
            held_out_alarm_percent=100.0 * model.held_out_alarms if charts else 0.0,
        )

    @property
    def left_out(self) -> list[str]:
        """A reason for each sensor that the model does not judge."""
        return [item.reason for item in self._model.left_out]

    def judge(self, series: Mapping[str, Series], detector: DetectionMethod) -> Iterator[StatisticalAnomaly]:
        """Episodes of the judged time."""
        rows = rows_of(series, self._sensors, self._period_s)
        streamed = StreamingDetector(self._model)
        before = self._before(rows)
        # The averages settle on the last rows of the history, whose verdicts nobody asked for.
        for at, row in zip(self._history.at_us[before], self._history.value[before], strict=True):
            streamed.update(int(at), row)
        verdicts: Iterator[Verdict] = (
            streamed.update(int(at), row) for at, row in zip(rows.at_us, rows.value, strict=True)
        )
        if detector is not DetectionMethod.CONTROL_CHARTS:
            verdicts = self._by(detector, rows, verdicts)
        for episode in episodes_of(self._model.sensors, verdicts):
            yield self._anomaly(episode, rows, detector)

    def _before(self, rows: Rows) -> slice:
        known = len(self._history.at_us)
        if len(rows.at_us):
            known = int(np.searchsorted(self._history.at_us, rows.at_us[0]))
        return slice(max(0, known - settling_rows(WEIGHT)), known)

    def _by(self, detector: DetectionMethod, rows: Rows, verdicts: Iterator[Verdict]) -> Iterator[Verdict]:
        """The alarms of another method in place of the charts'; what fell silent stays told."""
        opinion = self._opinion(detector)
        standing = self._standardised(rows.value)
        for verdict, row, chance in zip(verdicts, standing, opinion.chance(standing), strict=True):
            alarm = bool(chance <= opinion.rate)
            yield replace(
                verdict,
                alarm=alarm or bool(verdict.silent.any()),
                score=1.0 - float(chance),
                charts=(),
                contribution=opinion.contribution(row) if alarm else np.zeros(len(row)),
            )

    def _opinion(self, method: DetectionMethod) -> Opinion:
        """Made when it is asked for: most times nobody asks.

        Raises:
            InvalidArgumentError: when there is nothing to learn from, though a stored model may be there.
        """
        if len(self._history.at_us) < LEAST_ROWS:
            raise InvalidArgumentError("not enough history before the time to learn what is normal")
        if method not in self._opinions:
            self._opinions[method] = Opinion(method, self._past)
        return self._opinions[method]

    @cached_property
    def _past(self) -> NDArray[np.float64]:
        return self._standardised(self._history.value)

    def _standardised(self, value: NDArray[np.float64]) -> NDArray[np.float64]:
        model = self._model
        scaled: NDArray[np.float64] = (value[:, list(model.columns)] - model.centre) / model.scale
        return scaled

    def _consulted(self, kind: EpisodeKind, detector: DetectionMethod) -> tuple[DetectionMethod, ...]:
        """The others; none on what is not there, and none without a history to learn from."""
        if kind is EpisodeKind.DROPOUT or len(self._history.at_us) < LEAST_ROWS:
            return ()
        return tuple(method for method in METHODS if method is not detector)

    def _anomaly(self, episode: StatisticalEpisode, rows: Rows, detector: DetectionMethod) -> StatisticalAnomaly:
        by_name = {sensor.name: sensor for sensor in self._sensors}
        inside = (rows.at_us >= episode.from_us) & (rows.at_us <= episode.until_us)
        consulted = self._consulted(episode.kind, detector)
        standing = self._standardised(rows.value[inside])
        agreeing = tuple(method for method in consulted if self._opinion(method).agrees(standing))
        lead = [sensor.name for sensor in self._sensors].index(episode.shares[0].sensor)
        change = changed_at(rows.at_us, rows.value[:, lead], episode.from_us, episode.kind)
        shares = tuple(
            SensorShare(
                subject=by_name[share.sensor].ref,
                element=by_name[share.sensor].element,
                quantity=by_name[share.sensor].quantity,
                contribution_percent=min(100.0, 100.0 * share.contribution),
                departure=share.departure,
            )
            for share in episode.shares
        )
        return StatisticalAnomaly(
            subject=shares[0].subject,
            kind=episode.kind,
            start=from_us(episode.from_us),
            end=None if episode.lasting else from_us(episode.until_us),
            rows=episode.rows,
            score=episode.score,
            shares=shares,
            method=_METHOD[detector],
            detector=detector,
            consulted=consulted,
            agreeing=agreeing,
            confidence=_confidence(episode, len(agreeing), len(consulted)),
            changed_at=None if change is None else from_us(change),
        )


def _confidence(episode: StatisticalEpisode, agreeing: int, consulted: int) -> Confidence:
    """High when most other methods agree, low when few do: alone, the charts raise one normal moment in a thousand."""
    if episode.kind is EpisodeKind.DROPOUT:
        return Confidence.HIGH
    if not consulted or 2 * agreeing < consulted:
        return Confidence.LOW
    return Confidence.HIGH if 4 * agreeing >= 3 * consulted else Confidence.MEDIUM


def _learnt(names: Sequence[str], history: Rows) -> NormalModel:
    if len(history.at_us) < LEAST_ROWS:
        raise InvalidArgumentError("not enough history before the time to learn what is normal")
    try:
        return fit_model(names, history.at_us, history.value)
    except InvalidArgumentError as error:
        raise InvalidArgumentError("their history is constant, or too much of it is missing") from error


def _stored(source: ModelSource | None, names: Sequence[str], start: datetime) -> NormalModel | None:
    """A stored model of just these sensors, trained before the judged time, that this program reads."""
    content = source.read(model_name(names)) if source is not None else None
    if content is None:
        return None
    try:
        model = from_record(ModelRecord.model_validate(content))
    except ValidationError:
        return None  # of another version: normal is learnt from the history instead, and the result says so
    same = set(model.sensors) | {item.name for item in model.left_out} == set(names)
    return model if same and model.until_us < to_us(start) else None
