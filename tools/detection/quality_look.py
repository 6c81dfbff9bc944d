"""What can be said of the quality of all readings of one diagnosis; tools of a run that need it share one look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from weakref import WeakKeyDictionary

from tools.context import ToolContext
from tools.detection.clock_issues import ahead_issues, late_issues, repeated_issues
from tools.detection.diagnosis import Diagnosis
from tools.detection.gaps import Attendance, attendance, find_gaps
from tools.detection.issues import contradictions, dropouts, range_issues, stale_issues, stuck_issues
from tools.detection.own_scale import own_scale_issues
from tools.detection.scale_issues import scale_issues
from tools.detection.schema.quality import QualityIssue, SensorQuality
from tools.detection.scores import sensor_qualities
from tools.telemetry.moments import to_us

# A diagnosis is of one source and one span, and never changes; stamps ahead of their arrival depend on what is known.
_LAST: WeakKeyDictionary[Diagnosis, QualityLook] = WeakKeyDictionary()
_LOCK = Lock()


@dataclass(frozen=True, eq=False)
class QualityLook:
    """Quality of the readings of all sensors.

    Attributes:
        known_until: Readings that arrived later were not seen.
        issues: The gravest first, then in order of time.
        scores: Of every sensor with readings due, in the order of the frame.
        attended: Which of its due readings each sensor gave, by name.
    """

    known_until: datetime
    issues: tuple[QualityIssue, ...]
    scores: tuple[SensorQuality, ...]
    attended: Mapping[str, Attendance]


def look_at_quality(ctx: ToolContext, diagnosis: Diagnosis) -> QualityLook:
    """Look at the readings of a diagnosis, of all sensors.

    Args:
        ctx: Whose telemetry the diagnosis is of.
        diagnosis: The look at all sensors together.

    Raises:
        SourceMissingError: without telemetry.
    """
    with _LOCK:
        last = _LAST.get(diagnosis)
    if last is not None and last.known_until == ctx.clock.known_until:
        return last
    made = _look(ctx, diagnosis)
    with _LOCK:
        _LAST[diagnosis] = made
    return made


def _look(ctx: ToolContext, diagnosis: Diagnosis) -> QualityLook:
    telemetry, sensors = ctx.need_telemetry(), diagnosis.frame.sensors
    names = frozenset(sensor.name for sensor in sensors)
    newest = telemetry.latest([sensor.name for sensor in sensors], diagnosis.start)
    span = to_us(diagnosis.start), to_us(diagnosis.end)
    attended = {
        sensor.name: attendance(diagnosis.series[sensor.name], *span, before=bool(len(newest[sensor.name])))
        for sensor in sensors
    }
    gaps = find_gaps(
        [attended[sensor.name] for sensor in sensors],
        [sensor.period_s or diagnosis.frame.step_s for sensor in sensors],
    )
    issues = [
        *contradictions(diagnosis, names),
        *stuck_issues(diagnosis, names),
        *(issue for sensor, found in zip(sensors, gaps, strict=True) for issue in dropouts(sensor, found)),
        *stale_issues(diagnosis, newest, names),
        *range_issues(diagnosis, names),
        *scale_issues(diagnosis, names),
        *own_scale_issues(diagnosis, telemetry, names),
        *late_issues(diagnosis, names),
        *ahead_issues(telemetry, sensors, ctx.clock.known_until),
        *repeated_issues(diagnosis, names),
    ]
    issues.sort(key=lambda issue: (-issue.severity.rank, issue.start, issue.subject.name))
    return QualityLook(
        known_until=ctx.clock.known_until,
        issues=tuple(issues),
        scores=tuple(sensor_qualities(diagnosis, attended)),
        attended=attended,
    )
