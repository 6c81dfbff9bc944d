"""What left the normal of its own past: sensors with enough clean history, judged side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby

import numpy as np
from pydantic import ValidationError

from tools.context import ModelSource, ToolContext
from tools.coverage import LeftOut
from tools.detection.rows import Rows, rows_of
from tools.detection.schema.statistical import NormalModelUsed, SensorShare, StatisticalAnomaly
from tools.detection.streaming.detector import StreamingDetector
from tools.detection.streaming.episodes import StatisticalEpisode, episodes_of
from tools.detection.streaming.fitting import LEAST_ROWS, MOST_SENSORS, fit_model
from tools.detection.streaming.limits import FALSE_ALARM_RATE
from tools.detection.streaming.model import NormalModel
from tools.detection.streaming.record import ModelRecord, from_record, to_record
from tools.detection.streaming.smoothing import WEIGHT, settling_rows
from tools.errors import InvalidArgumentError
from tools.telemetry.moments import from_us, to_us
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series
from tools.telemetry.sources import TelemetrySource

HISTORY_ROWS = 2880
"""Learnt from at most: two days of minutes, so that every hour of the day was seen twice."""
LONGEST_ROWS = 20_160
"""Judged at most: two weeks of minutes; a verdict is given on each row."""
MOST_GROUPS = 4
"""Judged in one call: about a second each."""
_METHOD = "level and last step of all sensors together against their own past, limits checked on held-out history"


@dataclass(frozen=True)
class Statistical:
    """What was found, what normal was learnt from, and what was not judged."""

    anomalies: tuple[StatisticalAnomaly, ...]
    models: tuple[NormalModelUsed, ...]
    left_out: tuple[LeftOut, ...]


def judge_by_history(
    ctx: ToolContext, chosen: Sequence[Sensor], series: Mapping[str, Series], start: datetime, end: datetime
) -> Statistical:
    """Judge sensors by the history before a time, or by a stored model of the same sensors.

    Args:
        ctx: For telemetry and stored models.
        chosen: The sensors.
        series: Their readings of the judged time.
        start: First moment of that time.
        end: Its last moment.
    """
    telemetry = ctx.need_telemetry()
    anomalies: list[StatisticalAnomaly] = []
    models: list[NormalModelUsed] = []
    untold: Counter[str] = Counter()
    for period_s, sensors in _groups(chosen):
        if period_s is None:
            untold[_UNTIMED] += len(sensors)
        elif len(models) == MOST_GROUPS:
            untold[_MORE] += len(sensors)
        else:
            try:
                group = _Group(telemetry, ctx.models, sensors, period_s, (start, end))
            except InvalidArgumentError as error:
                untold[str(error)] += len(sensors)
                continue
            anomalies += group.judge(series)
            models.append(group.used)
            untold.update(group.left_out)
    anomalies.sort(key=lambda item: (-item.score, -item.rows, item.start))
    left_out = (LeftOut(what=_WHAT, count=count, reason=reason) for reason, count in sorted(untold.items()))
    return Statistical(tuple(anomalies), tuple(models), tuple(left_out))


_WHAT = "sensors by their own past"
_UNTIMED = "their usual period is not declared"
_MORE = "more sensors than one call judges: choose fewer, by element or quantity"


def _groups(chosen: Sequence[Sensor]) -> Iterator[tuple[float | None, tuple[Sensor, ...]]]:
    """Sensors of one period, neighbours together, at most as many as one model takes."""
    ordered = sorted(chosen, key=lambda item: (item.period_s or 0.0, str(item.element or ""), item.name))
    for period_s, same in groupby(ordered, key=lambda item: item.period_s):
        sensors = tuple(same)
        for first in range(0, len(sensors), MOST_SENSORS):
            yield period_s, sensors[first : first + MOST_SENSORS]


def model_name(sensors: Sequence[str]) -> str:
    """Under which a model of these sensors is stored."""
    return f"normal:{sha256(chr(0).join(sensors).encode()).hexdigest()[:32]}"


class _Group:
    """Sensors that are judged by one model."""

    def __init__(
        self,
        telemetry: TelemetrySource,
        source: ModelSource | None,
        sensors: tuple[Sensor, ...],
        period_s: float,
        span: tuple[datetime, datetime],
    ) -> None:
        start, end = span
        if (end - start).total_seconds() > LONGEST_ROWS * period_s:
            raise InvalidArgumentError("the time has too many moments for a verdict on each: ask for a shorter one")
        self._sensors, self._period_s, self._start = sensors, period_s, start
        names = [sensor.name for sensor in sensors]
        before = start - timedelta(seconds=HISTORY_ROWS * period_s)
        past = telemetry.series(names, before, start - timedelta(microseconds=1))
        self._history = rows_of(past, sensors, period_s)
        stored = _stored(source, names, start)
        self._model = stored or _learnt(names, self._history)
        self._stored = stored is not None

    @property
    def used(self) -> NormalModelUsed:
        model = self._model
        return NormalModelUsed(
            fingerprint=to_record(model).fingerprint,
            version=to_record(model).version,
            stored=self._stored,
            trained_from=from_us(model.from_us),
            trained_until=from_us(model.until_us),
            rows=model.rows,
            sensors=len(model.sensors),
            false_alarm_percent=100.0 * FALSE_ALARM_RATE,
            held_out_alarm_percent=100.0 * model.held_out_alarms,
        )

    @property
    def left_out(self) -> list[str]:
        """A reason for each sensor that the model does not judge."""
        return [item.reason for item in self._model.left_out]

    def judge(self, series: Mapping[str, Series]) -> Iterator[StatisticalAnomaly]:
        rows = rows_of(series, self._sensors, self._period_s)
        detector = StreamingDetector(self._model)
        before = self._before(rows)
        # The averages settle on the last rows of the history, whose verdicts nobody asked for.
        for at, row in zip(self._history.at_us[before], self._history.value[before], strict=True):
            detector.update(int(at), row)
        verdicts = (detector.update(int(at), row) for at, row in zip(rows.at_us, rows.value, strict=True))
        for episode in episodes_of(self._model.sensors, verdicts):
            yield self._anomaly(episode)

    def _before(self, rows: Rows) -> slice:
        known = len(self._history.at_us)
        if len(rows.at_us):
            known = int(np.searchsorted(self._history.at_us, rows.at_us[0]))
        return slice(max(0, known - settling_rows(WEIGHT)), known)

    def _anomaly(self, episode: StatisticalEpisode) -> StatisticalAnomaly:
        by_name = {sensor.name: sensor for sensor in self._sensors}
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
            method=_METHOD,
        )


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
