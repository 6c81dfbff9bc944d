"""Issues of scale: a sensor that speaks another unit, scale or sign than it declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from tools.amount import Amount
from tools.detection.diagnosis import Diagnosis
from tools.detection.frame import Floats
from tools.detection.judging import confidence_of
from tools.detection.scale import Scale, wrong_scale
from tools.detection.schema.quality import QualityIssue, QualityKind, ScaleError
from tools.telemetry.moments import from_us
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series
from tools.telemetry.trust import beyond_range, usable
from tools.vocabulary import Confidence, Severity

_BEFORE = 30
_LEAST_BEFORE = 10


@dataclass(frozen=True, eq=False)
class Misread:
    """Readings beyond the declared range that a scale explains.

    Attributes:
        group: Their places in the series.
        scale: What explains them.
        own: Whether the sensor's own level before is all that they were held against.
    """

    group: np.ndarray[tuple[int], np.dtype[np.intp]]
    scale: Scale
    own: bool


def misread(diagnosis: Diagnosis, row: int, group: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Misread | None:
    """The scale that explains readings beyond the range: by the others, else by the sensor's own level before."""
    frame, sensor = diagnosis.frame, diagnosis.frame.sensors[row]
    series, noise = diagnosis.series[sensor.name], float(frame.noise[row])
    expected, own = _implied(diagnosis, row, series.at_us[group]), False
    if not np.isfinite(expected).any():
        expected, own = np.full(len(group), _level_before(series, int(group[0]))), True
    noise = float(sensor.noise or min(noise, 0.01 * float(np.nanmedian(np.abs(expected), keepdims=False) or noise)))
    scale = wrong_scale(series.value[group], expected, noise, sensor.unit, own=own)
    return None if scale is None else Misread(group, scale, own)


def scale_issues(diagnosis: Diagnosis, names: frozenset[str]) -> Iterator[QualityIssue]:
    """Contradictions that a wrong scale explains, and of a nominal voltage; those beyond the range are told with it."""
    frame = diagnosis.frame
    for row, scale in diagnosis.rated.items():
        if frame.sensors[row].name in names:
            yield all_the_time(frame.sensors[row], diagnosis.series[frame.sensors[row].name], scale, Confidence.MEDIUM)
    for fault in diagnosis.faults:
        sensor, episode = frame.sensors[fault.wrong.row], fault.episode
        if fault.scale is None or sensor.name not in names:
            continue
        said = frame.value[fault.wrong.row, episode.first : episode.stop]
        yield _issue(
            sensor,
            fault.scale,
            said,
            (frame.at(episode.first), None if episode.lasting else frame.at(episode.stop - 1)),
            confidence_of(diagnosis, fault),
        )


def all_the_time(sensor: Sensor, series: Series, scale: Scale, confidence: Confidence) -> QualityIssue:
    """An issue of all usable readings of a time."""
    keep = usable(series)
    return _issue(sensor, scale, series.value[keep], (from_us(int(series.at_us[keep][0])), None), confidence)


def misread_issue(sensor: Sensor, series: Series, found: Misread) -> QualityIssue:
    """An issue of readings beyond the range."""
    group = found.group
    last = None if group[-1] == len(series) - 1 else from_us(int(series.at_us[group[-1]]))
    confidence = Confidence.MEDIUM if found.own else Confidence.HIGH
    return _issue(sensor, found.scale, series.value[group], (from_us(int(series.at_us[group[0]])), last), confidence)


def _issue(
    sensor: Sensor, scale: Scale, said: Floats, span: tuple[datetime, datetime | None], confidence: Confidence
) -> QualityIssue:
    typical = float(np.nanmedian(said))
    return QualityIssue(
        subject=sensor.ref,
        element=sensor.element,
        quantity=sensor.quantity,
        kind=QualityKind.SCALE,
        severity=Severity.WARNING,
        start=span[0],
        end=span[1],
        readings=int(np.isfinite(said).sum()),
        value=Amount(value=typical, unit=sensor.unit),
        expected=Amount(value=scale.true, unit=sensor.unit),
        scale=scale.error,
        cause=_CAUSES[scale.error],
        confidence=confidence,
    )


def _implied(diagnosis: Diagnosis, row: int, at_us: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
    """What the others imply at times, NaN where they do not."""
    frame = diagnosis.frame
    column = np.clip(np.searchsorted(frame.at_us, at_us - frame.step_s * 5e5), 0, len(frame.at_us) - 1)
    expected: Floats = diagnosis.verdicts.expected[row, column]
    return expected


def _level_before(series: Series, first: int) -> float:
    right = np.flatnonzero(usable(series)[:first] & ~beyond_range(series)[:first])[-_BEFORE:]
    return float(np.median(series.value[right])) if len(right) >= _LEAST_BEFORE else np.nan


_SCALED = "reads by a power of ten off, as with a unit or a scaling that was set wrong"
_CAUSES = {
    **dict.fromkeys(ScaleError, _SCALED),
    ScaleError.REVERSED: "mirrors what it should say, as with a reversed transformer or a sign taken the wrong way",
    ScaleError.FAHRENHEIT: "fits once converted from degrees Fahrenheit",
}
