"""Sensors that may be at fault: what the tools of detection accuse, one candidate a sensor and time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from tools.causal.candidate import Candidate
from tools.causal.schema.causes import CauseKind
from tools.detection.schema.anomalies import AnomalyKind
from tools.detection.schema.quality import QualityKind
from tools.telemetry.moments import to_us
from tools.vocabulary import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tools.causal.evidence import Evidence
    from tools.detection.diagnosis import Diagnosis
    from tools.detection.schema.anomalies import Anomaly
    from tools.detection.schema.quality import QualityIssue

_APART = timedelta(minutes=30)
_QUALITY = dict.fromkeys(QualityKind, CauseKind.SENSOR_FAULT) | {
    QualityKind.DROPOUT: CauseKind.SILENT_SENSOR,
    QualityKind.STALE: CauseKind.SILENT_SENSOR,
}
_ANOMALY = {
    AnomalyKind.FALSE_DATA: CauseKind.FALSE_DATA,
    AnomalyKind.LEVEL_SHIFT: CauseKind.SENSOR_FAULT,
    AnomalyKind.OUTLIER: CauseKind.SENSOR_FAULT,
}
_BY_RULE = 10.0
"""Strength of what is certain by its kind: a reading that is not there, or that repeats itself to the last digit."""


def accused_sensors(evidence: Evidence, diagnosis: Diagnosis) -> list[Candidate]:
    """One candidate for each sensor and time; of several reasons the strongest is kept."""
    found = [*_of_quality(evidence, diagnosis), *_of_anomalies(evidence, diagnosis)]
    found.sort(key=lambda one: (one.name, -one.severity.rank, -one.strength))
    kept: list[Candidate] = []
    for one in found:
        if not any(other.subject == one.subject and _together(other, one) for other in kept):
            kept.append(one)
    return kept


def _together(one: Candidate, other: Candidate) -> bool:
    late = max(one.start, other.start) - _APART
    return (one.end is None or one.end >= late) and (other.end is None or other.end >= late)


def _of_quality(evidence: Evidence, diagnosis: Diagnosis) -> Iterator[Candidate]:
    for issue in evidence.issues:
        row = _row(diagnosis, issue.subject.name)
        by_rule = issue.kind in {QualityKind.STUCK, QualityKind.DROPOUT, QualityKind.STALE, QualityKind.OUT_OF_RANGE}
        yield Candidate(
            kind=_QUALITY[issue.kind],
            start=issue.start,
            end=issue.end,
            strength=_BY_RULE if by_rule else _strength(diagnosis, row, issue),
            observed=True,
            sure=_sure(issue, diagnosis, row),
            first=column(diagnosis, issue.start),
            stop=None if issue.end is None else column(diagnosis, issue.end) + 1,
            element=issue.element,
            subject=issue.subject,
            severity=issue.severity,
            rivals=issue.kind is QualityKind.CONFLICT or (not by_rule and _has_rivals(diagnosis, row)),
            certain=by_rule,
            by_chance=not by_rule and _by_chance(diagnosis, row),
            row=row,
            note=issue.cause,
        )


def _sure(issue: QualityIssue, diagnosis: Diagnosis, row: int) -> bool:
    """A silence is seen; a value that repeats itself is impossible where the sensor declares its noise."""
    if issue.kind is QualityKind.STUCK:
        return bool(diagnosis.frame.sensors[row].noise) or issue.confidence is Confidence.HIGH
    return issue.confidence is not Confidence.LOW


def _of_anomalies(evidence: Evidence, diagnosis: Diagnosis) -> Iterator[Candidate]:
    for item in evidence.anomalies:
        if item.kind not in _ANOMALY:
            continue
        row = _row(diagnosis, item.subject.name)
        yield Candidate(
            kind=_ANOMALY[item.kind],
            start=item.start,
            end=item.end,
            strength=_strength(diagnosis, row, item),
            observed=True,
            sure=item.confidence is not Confidence.LOW and bool(diagnosis.verdicts.redundant[row]),
            first=column(diagnosis, item.start),
            stop=None if item.end is None else column(diagnosis, item.end) + 1,
            element=item.element,
            subject=item.subject,
            severity=item.severity,
            rivals=_has_rivals(diagnosis, row),
            by_chance=_by_chance(diagnosis, row),
            row=row,
            note=item.cause,
        )


def _has_rivals(diagnosis: Diagnosis, row: int) -> bool:
    return any(fault.wrong.rivals for fault in diagnosis.faults if fault.wrong.row == row)


def _by_chance(diagnosis: Diagnosis, row: int) -> bool:
    """Whether all that speaks against a sensor is a contradiction such as chance makes now and then."""
    near = _contradictions(diagnosis, row)
    return bool(near) and max(near) < diagnosis.verdicts.firm


def _strength(diagnosis: Diagnosis, row: int, item: Anomaly | QualityIssue) -> float:
    """The whole error in its standard errors, as the search for errors saw it; of a lone sensor its own score."""
    return max(_contradictions(diagnosis, row), default=float(getattr(item, "score", 0.0)))


def _contradictions(diagnosis: Diagnosis, row: int) -> list[float]:
    """Standard errors of the times in which the others contradict a sensor."""
    return [fault.episode.strength for fault in diagnosis.faults if fault.wrong.row == row]


def _row(diagnosis: Diagnosis, name: str) -> int:
    return next(row for row, sensor in enumerate(diagnosis.frame.sensors) if sensor.name == name)


def column(diagnosis: Diagnosis, at: datetime) -> int:
    """The moment of the frame nearest to a time."""
    frame = diagnosis.frame
    place = int(np.searchsorted(frame.at_us + int(frame.step_s * 5e5), to_us(at)))
    return min(max(place, 0), len(frame.at_us) - 1)
