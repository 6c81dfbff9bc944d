"""Issues of time stamps: sensors that are late or early, stamps ahead of their arrival, readings sent again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tools.detection.diagnosis import Diagnosis
from tools.detection.schema.quality import QualityIssue, QualityKind
from tools.telemetry.moments import SECOND_US, from_us
from tools.telemetry.series import Series
from tools.vocabulary import Confidence, Severity

if TYPE_CHECKING:
    from datetime import datetime

    from tools.telemetry.schema.sensor import Sensor
    from tools.telemetry.sources import TelemetrySource

_AHEAD = timedelta(hours=12)
"""How far ahead stamps are looked for: a zone taken for another is off by no more."""
_SAME_MOMENT = 0.25
"""Share of the period within which two equal readings are one that was sent twice."""
_LEAST_REPEATED = 5


def late_issues(diagnosis: Diagnosis, names: frozenset[str]) -> Iterator[QualityIssue]:
    """Sensors whose course follows what the others imply by a fixed time."""
    frame = diagnosis.frame
    for row, lag in diagnosis.lags.items():
        sensor = frame.sensors[row]
        if sensor.name in names:
            yield _issue(
                sensor,
                start=diagnosis.start,
                readings=int(np.isfinite(frame.value[row]).sum()),
                late_s=lag.columns * frame.step_s,
                cause=_LATE if lag.columns > 0 else _EARLY,
                confidence=Confidence.MEDIUM,
            )


def ahead_issues(
    telemetry: TelemetrySource, sensors: tuple[Sensor, ...], known_until: datetime
) -> Iterator[QualityIssue]:
    """Sensors with readings that are known, though their time has not come."""
    after = known_until + timedelta(microseconds=1)
    held = telemetry.series([sensor.name for sensor in sensors], after, known_until + _AHEAD) if sensors else {}
    for sensor in sensors:
        series = held[sensor.name]
        if len(series):
            yield _issue(
                sensor,
                start=from_us(int(series.at_us[0])),
                readings=len(series),
                late_s=(known_until - from_us(int(series.at_us[-1]))).total_seconds(),
                cause=_AHEAD_OF_ARRIVAL,
                confidence=Confidence.HIGH,
            )


def repeated(series: Series) -> NDArray[np.bool_]:
    """Readings that say the same as the one just before, much sooner than the next one is due."""
    found = np.zeros(len(series), dtype=bool)
    if series.sensor.period_s and len(series) > 1:
        soon = series.at_us[1:] - series.at_us[:-1] < _SAME_MOMENT * series.sensor.period_s * SECOND_US
        found[1:] = soon & (series.value[1:] == series.value[:-1])
    return found


def repeated_issues(diagnosis: Diagnosis, names: frozenset[str]) -> Iterator[QualityIssue]:
    """Sensors that send readings more than once."""
    for sensor in diagnosis.frame.sensors:
        series = diagnosis.series[sensor.name]
        again = np.flatnonzero(repeated(series))
        if sensor.name in names and len(again) >= _LEAST_REPEATED:
            yield QualityIssue(
                subject=sensor.ref,
                element=sensor.element,
                quantity=sensor.quantity,
                kind=QualityKind.DUPLICATE,
                severity=Severity.INFORMATION,
                start=from_us(int(series.at_us[again[0]])),
                end=from_us(int(series.at_us[again[-1]])),
                readings=len(again),
                cause=_REPEATED,
                confidence=Confidence.HIGH,
            )


def _issue(
    sensor: Sensor, *, start: datetime, readings: int, late_s: float, cause: str, confidence: Confidence
) -> QualityIssue:
    return QualityIssue(
        subject=sensor.ref,
        element=sensor.element,
        quantity=sensor.quantity,
        kind=QualityKind.CLOCK,
        severity=Severity.WARNING,
        start=start,
        readings=readings,
        late_s=late_s,
        cause=cause,
        confidence=confidence,
    )


_LATE = "follows what the other measurements imply by a fixed time, as with a clock that is late or a path that delays"
_EARLY = "runs ahead of what the other measurements imply by a fixed time, as with a clock that is fast"
_AHEAD_OF_ARRIVAL = (
    "its time stamps lie ahead of their arrival, as with a clock that is fast or a zone taken for another"
)
_REPEATED = "sends readings again under new times, as a gateway does that lost the receipt"
