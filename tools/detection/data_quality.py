"""The tool ``check_data_quality``: which sensors cannot be trusted over a time, and why."""

from __future__ import annotations

from tools.context import ToolContext
from tools.detection.diagnosis import Diagnosis, diagnose
from tools.detection.quality_look import look_at_quality
from tools.detection.schema.quality import CheckDataQualityArguments, DataQuality
from tools.detection.scope import coverage_of
from tools.telemetry.selection import choose_sensors
from tools.telemetry.trust import code, good
from tools.vocabulary import ReadingQuality


def check_data_quality(ctx: ToolContext, args: CheckDataQualityArguments) -> DataQuality:
    """Check how far the readings of a time can be trusted.

    Raises:
        SourceMissingError: without telemetry.
        UnknownElementError, AmbiguousElementError: for a sensor or an element that is not there.
    """
    chosen = choose_sensors(ctx.need_telemetry().sensors(), args.sensors, args.elements)
    names = frozenset(sensor.name for sensor in chosen)
    start, end = args.span(ctx.clock)
    diagnosis = diagnose(ctx, start, end)
    look = look_at_quality(ctx, diagnosis)
    issues = [issue for issue in look.issues if issue.subject.name in names]
    scored = [item for item in look.scores if item.subject.name in names]
    doubtful = sorted((item for item in scored if item.score < 1.0), key=lambda item: (item.score, item.subject.name))
    due = sum(len(look.attended[name].there) for name in names)
    missing = sum(look.attended[name].missing for name in names)
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
