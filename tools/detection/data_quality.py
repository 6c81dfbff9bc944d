"""The tool ``check_data_quality``: which sensors cannot be trusted over a time, and why."""

from __future__ import annotations

from tools.context import ToolContext
from tools.detection.clock_issues import ahead_issues, late_issues, repeated_issues
from tools.detection.diagnosis import Diagnosis, diagnose
from tools.detection.gaps import attendance, find_gaps
from tools.detection.issues import contradictions, dropouts, range_issues, stale_issues, stuck_issues
from tools.detection.judging import rank
from tools.detection.own_scale import own_scale_issues
from tools.detection.scale_issues import scale_issues
from tools.detection.schema.quality import CheckDataQualityArguments, DataQuality, QualityIssue
from tools.detection.scope import coverage_of
from tools.detection.scores import sensor_qualities
from tools.telemetry.moments import to_us
from tools.telemetry.selection import choose_sensors
from tools.telemetry.trust import code, good
from tools.vocabulary import ReadingQuality


def check_data_quality(ctx: ToolContext, args: CheckDataQualityArguments) -> DataQuality:
    """Check how far the readings of a time can be trusted.

    Raises:
        SourceMissingError: without telemetry.
        UnknownElementError, AmbiguousElementError: for a sensor or an element that is not there.
    """
    telemetry = ctx.need_telemetry()
    chosen = choose_sensors(telemetry.sensors(), args.sensors, args.elements)
    names = frozenset(sensor.name for sensor in chosen)
    start, end = args.span(ctx.clock)
    diagnosis = diagnose(ctx, start, end)
    newest = telemetry.latest([sensor.name for sensor in diagnosis.frame.sensors], start)
    before = {name for name, held in newest.items() if len(held)}
    sensors = diagnosis.frame.sensors
    attended = [
        attendance(diagnosis.series[sensor.name], to_us(start), to_us(end), before=sensor.name in before)
        for sensor in sensors
    ]
    gaps = find_gaps(attended, [sensor.period_s or diagnosis.frame.step_s for sensor in sensors])
    issues: list[QualityIssue] = [
        *contradictions(diagnosis, names),
        *stuck_issues(diagnosis, names),
        *(
            issue
            for sensor, found in zip(sensors, gaps, strict=True)
            if sensor.name in names
            for issue in dropouts(sensor, found)
        ),
        *stale_issues(diagnosis, newest, names),
        *range_issues(diagnosis, names),
        *scale_issues(diagnosis, names),
        *own_scale_issues(diagnosis, telemetry, names),
        *late_issues(diagnosis, names),
        *ahead_issues(telemetry, chosen, ctx.clock.known_until),
        *repeated_issues(diagnosis, names),
    ]
    issues.sort(key=lambda issue: (-rank(issue.severity), issue.start, issue.subject.name))
    by_name = {sensor.name: item for sensor, item in zip(sensors, attended, strict=True) if sensor.name in names}
    scored = tuple(sensor_qualities(diagnosis, by_name))
    doubtful = sorted((item for item in scored if item.score < 1.0), key=lambda item: (item.score, item.subject.name))
    due = sum(len(item.there) for item in by_name.values())
    missing = sum(item.missing for item in by_name.values())
    return DataQuality(
        start=start,
        end=end,
        sensors=len(chosen),
        readings=sum(len(diagnosis.series[name]) for name in names),
        good_percent=100.0 * min(1.0, _good(diagnosis, names) / due) if due else None,
        missing_readings=missing,
        suspect_readings=_counted(diagnosis, names, ReadingQuality.SUSPECT),
        bad_readings=_counted(diagnosis, names, ReadingQuality.BAD),
        issues=tuple(issues[args.offset : args.offset + args.limit]),
        omitted=max(0, len(issues) - len(issues[args.offset : args.offset + args.limit])),
        score=sum(item.score for item in scored) / len(scored) if scored else None,
        doubtful=len(doubtful),
        scores=tuple(doubtful[args.offset : args.offset + args.limit]),
        scores_omitted=len(doubtful) - len(doubtful[args.offset : args.offset + args.limit]),
        coverage=coverage_of(diagnosis, names),
        simulated=any(sensor.simulated for sensor in chosen),
    )


def _good(diagnosis: Diagnosis, names: frozenset[str]) -> int:
    return sum(int(good(diagnosis.series[name]).sum()) for name in names)


def _counted(diagnosis: Diagnosis, names: frozenset[str], quality: ReadingQuality) -> int:
    return sum(int((diagnosis.series[name].quality == code(quality)).sum()) for name in names)
