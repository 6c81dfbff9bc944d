"""Issues of data quality, each from one kind of evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from tools.amount import Amount
from tools.detection.diagnosis import Diagnosis, Fault
from tools.detection.episodes import Course
from tools.detection.gaps import Gap
from tools.detection.judging import confidence_of, is_slight
from tools.detection.scale_issues import misread, misread_issue
from tools.detection.schema.quality import QualityIssue, QualityKind
from tools.detection.stuck import StuckRun
from tools.telemetry.moments import SECOND_US, from_us, to_us
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series
from tools.telemetry.trust import beyond_range
from tools.vocabulary import Confidence, Severity

_JOINED_US = 900 * SECOND_US
_LASTING_RANGE = 3


def is_conflict(diagnosis: Diagnosis, fault: Fault) -> bool:
    """Whether only a second sensor of the same quantity stands against this one, and either may be wrong."""
    sensors = diagnosis.frame.sensors
    own = _place(sensors[fault.wrong.row])
    return any(_place(sensors[rival]) == own for rival in fault.wrong.rivals)


def is_quality(diagnosis: Diagnosis, fault: Fault) -> bool:
    """Whether a contradiction is the wear of a sensor rather than a value that someone or something put there."""
    return fault.episode.course is Course.DRIFT or fault.scale is not None or is_conflict(diagnosis, fault)


def contradictions(diagnosis: Diagnosis, names: frozenset[str]) -> Iterator[QualityIssue]:
    """Drifts, and conflicts between sensors of the same quantity."""
    frame = diagnosis.frame
    for fault in diagnosis.faults:
        sensor, episode = frame.sensors[fault.wrong.row], fault.episode
        if sensor.name not in names or not is_quality(diagnosis, fault) or episode.course is Course.SPIKE:
            continue
        if fault.scale is not None:
            continue  # told as such
        value = float(frame.value[fault.wrong.row, episode.worst])
        conflict = is_conflict(diagnosis, fault) and episode.course is not Course.DRIFT
        yield QualityIssue(
            subject=sensor.ref,
            element=sensor.element,
            quantity=sensor.quantity,
            kind=QualityKind.CONFLICT if conflict else QualityKind.DRIFT,
            severity=Severity.INFORMATION if is_slight(diagnosis, fault.wrong.row, fault.episode) else Severity.WARNING,
            start=frame.at(episode.first),
            end=None if episode.lasting else frame.at(episode.stop - 1),
            readings=int(np.isfinite(frame.value[fault.wrong.row, episode.first : episode.stop]).sum()),
            value=Amount(value=value, unit=sensor.unit),
            expected=Amount(value=value - episode.error, unit=sensor.unit),
            deviation=_difference(episode.error, sensor),
            rate_per_h=None if episode.rate_per_h is None else _difference(episode.rate_per_h, sensor),
            cause=_CONFLICT if conflict else _DRIFT,
            confidence=confidence_of(diagnosis, fault),
        )


def stuck_issues(diagnosis: Diagnosis, names: frozenset[str]) -> Iterator[QualityIssue]:
    """Sensors that repeat themselves."""
    for row, runs in diagnosis.stuck.items():
        sensor = diagnosis.frame.sensors[row]
        if sensor.name in names:
            for run in runs:
                yield _stuck_or_misread(diagnosis, row, run)


def _stuck_or_misread(diagnosis: Diagnosis, row: int, run: StuckRun) -> QualityIssue:
    """In too small a scale a sensor hardly moves: that is told as what it is."""
    sensor = diagnosis.frame.sensors[row]
    series = diagnosis.series[sensor.name]
    group = np.flatnonzero((series.at_us >= run.start_us) & (series.at_us <= run.end_us))
    scaled = None if run.exact else misread(diagnosis, row, group)
    return _stuck(diagnosis, row, sensor, run) if scaled is None else misread_issue(sensor, series, scaled)


def _stuck(diagnosis: Diagnosis, row: int, sensor: Sensor, run: StuckRun) -> QualityIssue:
    frame = diagnosis.frame
    first, last = (int(np.abs(frame.at_us - at_us).argmin()) for at_us in (run.start_us, run.end_us))
    implied = diagnosis.implied(row, first, last + 1)
    moved = implied is not None and abs(run.value - implied[1]) > 3 * frame.noise[row]
    return QualityIssue(
        subject=sensor.ref,
        element=sensor.element,
        quantity=sensor.quantity,
        kind=QualityKind.STUCK,
        severity=Severity.WARNING if moved or sensor.noise else Severity.INFORMATION,
        start=from_us(run.start_us),
        end=None if run.lasting else from_us(run.end_us),
        readings=run.readings,
        value=Amount(value=run.value, unit=sensor.unit),
        expected=Amount(value=implied[1], unit=sensor.unit) if implied else None,
        deviation=_difference(run.value - implied[1], sensor) if implied else None,
        cause=_STUCK_MOVED if moved else _STUCK,
        confidence=Confidence.HIGH if moved else Confidence.MEDIUM,
    )


def dropouts(sensor: Sensor, gaps: tuple[Gap, ...]) -> Iterator[QualityIssue]:
    """Times with many missing readings."""
    for gap in gaps:
        missed = _SILENT if gap.missing == gap.due else _INTERMITTENT
        yield QualityIssue(
            subject=sensor.ref,
            element=sensor.element,
            quantity=sensor.quantity,
            kind=QualityKind.DROPOUT,
            severity=Severity.WARNING,
            start=from_us(gap.start_us),
            end=None if gap.lasting else from_us(gap.end_us),
            readings=gap.missing,
            cause=_MARKED if gap.marked_bad else missed,
            confidence=Confidence.HIGH,
        )


def stale_issues(diagnosis: Diagnosis, newest: Mapping[str, Series], names: frozenset[str]) -> Iterator[QualityIssue]:
    """Sensors that fell silent before the span; a silence that began in it is a dropout."""
    end_us = to_us(diagnosis.end)
    for sensor in diagnosis.frame.sensors:
        held = newest[sensor.name]
        if sensor.name not in names or len(diagnosis.series[sensor.name]) or not len(held):
            continue
        silent_since = int(held.at_us[-1])
        if end_us - silent_since > sensor.stale_after_s * SECOND_US:
            known = bool(np.isfinite(held.value[-1]))
            yield QualityIssue(
                subject=sensor.ref,
                element=sensor.element,
                quantity=sensor.quantity,
                kind=QualityKind.STALE,
                severity=Severity.WARNING,
                start=from_us(silent_since),
                readings=0,
                value=Amount(value=float(held.value[-1]), unit=sensor.unit) if known else None,
                cause=_STALE,
                confidence=Confidence.HIGH,
            )


def range_issues(diagnosis: Diagnosis, names: frozenset[str]) -> Iterator[QualityIssue]:
    """Readings outside what the sensor says is possible."""
    for row, sensor in enumerate(diagnosis.frame.sensors):
        series = diagnosis.series[sensor.name]
        outside = np.flatnonzero(beyond_range(series) & np.isfinite(series.value))
        if sensor.name not in names or not len(outside):
            continue
        breaks = np.flatnonzero(np.diff(series.at_us[outside]) > _JOINED_US) + 1
        for group in np.split(outside, breaks):
            scaled = misread(diagnosis, row, group)
            yield _range(sensor, series, group) if scaled is None else misread_issue(sensor, series, scaled)


def _range(sensor: Sensor, series: Series, group: np.ndarray[tuple[int], np.dtype[np.intp]]) -> QualityIssue:
    middle = np.mean([bound for bound in (sensor.lowest, sensor.highest) if bound is not None])
    worst = group[np.abs(series.value[group] - middle).argmax()]
    value = float(series.value[worst])
    bound = sensor.highest if sensor.highest is not None and value > sensor.highest else sensor.lowest
    return QualityIssue(
        subject=sensor.ref,
        element=sensor.element,
        quantity=sensor.quantity,
        kind=QualityKind.OUT_OF_RANGE,
        severity=Severity.WARNING if len(group) >= _LASTING_RANGE else Severity.INFORMATION,
        start=from_us(int(series.at_us[group[0]])),
        end=None if group[-1] == len(series) - 1 else from_us(int(series.at_us[group[-1]])),
        readings=len(group),
        value=Amount(value=value, unit=sensor.unit),
        deviation=None if bound is None else _difference(value - bound, sensor),
        cause=_RANGE,
        confidence=Confidence.HIGH,
    )


def _place(sensor: Sensor) -> tuple[object, ...]:
    return str(sensor.element), sensor.asset, sensor.quantity, sensor.side


def _difference(value: float, sensor: Sensor) -> Amount:
    """A difference; of temperatures in kelvin."""
    return Amount(value=value, unit="kelvin" if sensor.unit == "celsius" else sensor.unit)


_DRIFT = "leaves slowly what the other measurements imply, as a transducer does that loses its calibration"
_CONFLICT = "contradicts a second sensor of the same quantity; which of the two is wrong is not certain"
_STUCK = "repeats one value without the noise that a living sensor has, as a frozen transmitter or a held value does"
_STUCK_MOVED = "repeats one value while what the other measurements imply moves on, as a frozen transmitter does"
_SILENT = "sends nothing, as with a lost link or a failed transmitter"
_INTERMITTENT = "sends only part of its readings, as with a poor link or a loose contact"
_MARKED = "its source marks the readings as bad"
_STALE = "has sent nothing for longer than it is good for, as with a lost link or a failed transmitter"
_RANGE = "says what cannot be, as with a broken transducer or a wrong scaling"
