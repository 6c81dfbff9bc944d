"""The tool ``detect_anomalies``: readings that contradict the physics around them, or their own course."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tools.amount import Amount
from tools.context import ToolContext
from tools.detection.baseline.judge import Calendar, judge_by_season
from tools.detection.demand import DemandShift, demand_shifts
from tools.detection.diagnosis import Diagnosis, Fault, diagnose
from tools.detection.episodes import Course
from tools.detection.habit import UnusualHours, unusual_hours
from tools.detection.issues import is_quality
from tools.detection.judging import confidence_of, is_slight
from tools.detection.lone import Jump, find_jumps
from tools.detection.open_branches import OpenTime, open_times
from tools.detection.schema.anomalies import Anomaly, AnomalyKind, AnomalyReport, DetectAnomaliesArguments
from tools.detection.scope import coverage_of
from tools.detection.spikes import find_spikes
from tools.detection.statistical import judge_by_history
from tools.telemetry.moments import from_us
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.selection import choose_sensors
from tools.vocabulary import Confidence, Severity

_REDUNDANCY = "largest normalised residual of balances and branch equations, over runs of all lengths"
_COURSE = "straight lines through the readings before and after, with a threshold for all sensors together"
_DEMAND = "level shift of a wandering load, by generalised likelihood ratio, from its sensors and all flows around it"
_ZERO = "flows at both ends within their noise of zero"
_HABIT = "the same hour of the days before, median and median deviation"
_NEAR = 3
_MUCH = 0.05
"""Share of its expected demand by which a load must be off that somebody should look at it."""


def detect_anomalies(ctx: ToolContext, args: DetectAnomaliesArguments) -> AnomalyReport:
    """Find what is out of the ordinary; wear of sensors (stuck, drifting, silent) is ``check_data_quality``'s.

    Raises:
        SourceMissingError: without telemetry.
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for a choice of sensors that is not there.
    """
    telemetry = ctx.need_telemetry()
    chosen = choose_sensors(telemetry.sensors(), args.sensors, args.elements, args.quantities)
    names = frozenset(sensor.name for sensor in chosen)
    start, end = args.span(ctx.clock)
    diagnosis = diagnose(ctx, start, end)
    found = [
        *_contradictions(diagnosis),
        *_jumps(diagnosis),
        *_spikes(diagnosis),
        *(_outage(diagnosis, item) for item in open_times(diagnosis.frame)),
        *_demands(diagnosis),
        *(
            _unusual(sensor, hours)
            for sensor in chosen
            if sensor.element is None and sensor.asset is None
            for hours in unusual_hours(telemetry, sensor, diagnosis.series[sensor.name], start, end)
        ),
    ]
    told = [anomaly for anomaly in found if anomaly.subject.name in names]
    told.sort(key=lambda anomaly: (-anomaly.severity.rank, -anomaly.score, anomaly.subject.name))
    page = told[args.offset : args.offset + args.limit]
    past = judge_by_history(ctx, chosen, diagnosis.series, (start, end), args.detector)
    departed = past.anomalies[args.offset : args.offset + args.limit]
    calendar = Calendar(args.window_days, args.time_zone, args.country)
    named = bool(args.sensors or args.elements or args.quantities)
    usual = judge_by_season(ctx, chosen, (start, end), calendar, named=named)
    baselines = usual.rows[args.offset : args.offset + args.limit]
    coverage = coverage_of(diagnosis, names)
    return AnomalyReport(
        start=start,
        end=end,
        sensors=len(chosen),
        readings=sum(len(diagnosis.series[name]) for name in names),
        anomalies=tuple(page),
        omitted=len(told) - len(page),
        statistical=departed,
        statistical_omitted=len(past.anomalies) - len(departed),
        models=past.models,
        baselines=baselines,
        baselines_omitted=len(usual.rows) - len(baselines),
        coverage=coverage.model_copy(update={"left_out": coverage.left_out + past.left_out + usual.left_out}),
        simulated=any(sensor.simulated for sensor in chosen),
    )


def _contradictions(diagnosis: Diagnosis) -> Iterator[Anomaly]:
    for fault in diagnosis.faults:
        if not is_quality(diagnosis, fault):
            yield _contradiction(diagnosis, fault)


def _contradiction(diagnosis: Diagnosis, fault: Fault) -> Anomaly:
    frame, episode = diagnosis.frame, fault.episode
    sensor = frame.sensors[fault.wrong.row]
    spike = episode.course is Course.SPIKE
    confidence = confidence_of(diagnosis, fault)
    severity = Severity.CRITICAL if confidence is Confidence.HIGH else Severity.WARNING
    value = float(frame.value[fault.wrong.row, episode.worst])
    return Anomaly(
        subject=sensor.ref,
        element=sensor.element,
        quantity=sensor.quantity,
        kind=AnomalyKind.OUTLIER if spike else AnomalyKind.FALSE_DATA,
        severity=Severity.INFORMATION if spike or is_slight(diagnosis, fault.wrong.row, fault.episode) else severity,
        start=frame.at(episode.first),
        end=None if episode.lasting else frame.at(episode.stop - 1),
        readings=int(np.isfinite(frame.value[fault.wrong.row, episode.first : episode.stop]).sum()),
        value=Amount(value=value, unit=sensor.unit),
        expected=Amount(value=value - episode.error, unit=sensor.unit),
        deviation=_difference(episode.error, sensor),
        score=episode.strength,
        method=_REDUNDANCY,
        cause=_SPIKE if spike else _FALSE,
        confidence=confidence,
    )


def _jumps(diagnosis: Diagnosis) -> Iterator[Anomaly]:
    alone = [row for row in range(len(diagnosis.frame.sensors)) if not diagnosis.verdicts.redundant[row]]
    for row in alone:
        if row not in diagnosis.stuck:
            for jump in find_jumps(diagnosis.frame, row, len(alone)):
                yield _jump(diagnosis, row, jump)


def _spikes(diagnosis: Diagnosis) -> Iterator[Anomaly]:
    """Of sensors that others imply, where nothing longer is told of them."""
    rows = [row for row in np.flatnonzero(diagnosis.verdicts.redundant).tolist() if row not in diagnosis.stuck]
    for row, jump in find_spikes(diagnosis.frame, diagnosis.verdicts, rows, len(rows)):
        if not _at_fault(diagnosis, row, jump.first, jump.stop):
            yield _jump(diagnosis, row, jump)


def _at_fault(diagnosis: Diagnosis, row: int, first: int, stop: int) -> bool:
    """Whether a sensor is told to be wrong in a time, or shortly before or after it."""
    told = (fault.episode for fault in diagnosis.faults if fault.wrong.row == row)
    begin_us, end_us = diagnosis.frame.at_us[first], diagnosis.frame.at_us[stop - 1]
    held = any(run.start_us <= end_us and begin_us <= run.end_us for run in diagnosis.stuck.get(row, ()))
    return held or any(first < item.stop + _NEAR and item.first - _NEAR < stop for item in told)


def _jump(diagnosis: Diagnosis, row: int, jump: Jump) -> Anomaly:
    frame, sensor = diagnosis.frame, diagnosis.frame.sensors[row]
    value = float(frame.value[row, jump.worst])
    return Anomaly(
        subject=sensor.ref,
        element=sensor.element,
        quantity=sensor.quantity,
        kind=AnomalyKind.OUTLIER if jump.spike else AnomalyKind.LEVEL_SHIFT,
        severity=Severity.INFORMATION if jump.spike else Severity.WARNING,
        start=frame.at(jump.first),
        end=None if jump.lasting else frame.at(jump.stop - 1),
        readings=int(np.isfinite(frame.value[row, jump.first : jump.stop]).sum()),
        value=Amount(value=value, unit=sensor.unit),
        expected=Amount(value=value - jump.error, unit=sensor.unit),
        deviation=_difference(jump.error, sensor),
        score=jump.strength,
        method=_COURSE,
        cause=_SPIKE if jump.spike else _SHIFT,
        confidence=Confidence.MEDIUM,
    )


def _outage(diagnosis: Diagnosis, item: OpenTime) -> Anomaly:
    """No fault of a sensor, and known to whoever switched: information."""
    frame, sensor = diagnosis.frame, diagnosis.frame.sensors[item.row]
    values = frame.value[item.row, item.first : item.stop]
    values = values[np.isfinite(values)]
    value = float(np.median(values)) if len(values) else 0.0
    return Anomaly(
        subject=sensor.ref,
        element=sensor.element,
        quantity=sensor.quantity,
        kind=AnomalyKind.OUTAGE,
        severity=Severity.INFORMATION,
        start=frame.at(item.first),
        end=None if item.lasting else frame.at(item.stop - 1),
        readings=max(1, len(values)),
        value=Amount(value=value, unit=sensor.unit),
        expected=Amount(value=item.before, unit=sensor.unit),
        deviation=_difference(value - item.before, sensor),
        score=float(abs(value - item.before) / frame.noise[item.row]),
        method=_ZERO,
        cause=_OPEN,
        confidence=Confidence.HIGH,
    )


def _demands(diagnosis: Diagnosis) -> Iterator[Anomaly]:
    """Of loads whose own sensor is not what is wrong: at the edges of its fault what it drew is not known well."""
    for item in demand_shifts(diagnosis.frame, diagnosis.verdicts):
        if not _at_fault(diagnosis, item.row, item.first, item.stop):
            yield _demand(diagnosis, item)


def _demand(diagnosis: Diagnosis, item: DemandShift) -> Anomaly:
    """True of the load, whatever its own sensor says; small ones are for the record only."""
    frame, sensor = diagnosis.frame, diagnosis.frame.sensors[item.row]
    much = abs(item.excess) >= _MUCH * abs(item.value - item.excess)
    return Anomaly(
        subject=sensor.ref,
        element=sensor.element,
        quantity=sensor.quantity,
        kind=AnomalyKind.DEMAND,
        severity=Severity.WARNING if much else Severity.INFORMATION,
        start=frame.at(item.first),
        end=None if item.lasting else frame.at(item.stop - 1),
        readings=max(1, int(np.isfinite(frame.value[item.row, item.first : item.stop]).sum())),
        value=Amount(value=item.value, unit=sensor.unit),
        expected=Amount(value=item.value - item.excess, unit=sensor.unit),
        deviation=_difference(item.excess, sensor),
        score=item.strength,
        method=_DEMAND,
        cause=_MORE if item.excess * item.value > 0 else _LESS,
        confidence=Confidence.HIGH if much else Confidence.MEDIUM,
    )


def _unusual(sensor: Sensor, hours: UnusualHours) -> Anomaly:
    return Anomaly(
        subject=sensor.ref,
        element=sensor.element,
        quantity=sensor.quantity,
        kind=AnomalyKind.UNUSUAL,
        severity=Severity.INFORMATION,
        start=from_us(hours.start_us),
        end=None if hours.lasting else from_us(hours.end_us),
        readings=hours.readings,
        value=Amount(value=hours.value, unit=sensor.unit),
        expected=Amount(value=hours.usual, unit=sensor.unit),
        deviation=_difference(hours.value - hours.usual, sensor),
        score=hours.strength,
        method=_HABIT,
        cause=_HABITS,
        confidence=Confidence.LOW,
    )


def _difference(value: float, sensor: Sensor) -> Amount:
    """A difference; of temperatures in kelvin."""
    return Amount(value=value, unit="kelvin" if sensor.unit == "celsius" else sensor.unit)


_FALSE = (
    "contradicts at once what all measurements around it imply: a manipulated value, a wrong scaling, a replaced sensor"
)
_SPIKE = "a short excursion that nothing else shows, as from a disturbed transmission"
_SHIFT = "left its own course at once; no other measurement can say whether the quantity did"
_OPEN = "carries nothing at either end: switched off or tripped"
_MORE = "the load draws more than its own course and that of the other loads lead to expect; the flows around agree"
_LESS = "the load draws less than its own course and that of the other loads lead to expect; the flows around agree"
_HABITS = "far from what it is at this time on other days"
