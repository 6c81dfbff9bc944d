"""One look at all sensors over a span, on which both ``check_data_quality`` and ``detect_anomalies`` report.

Whatever one sensor says is judged with all others at hand, so the look is always at the whole grid; the tools then
report on the sensors that were asked for. What is an error of which kind is decided here once, so that no error is
told twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np

from tools.context import ToolContext
from tools.detection.branch_model import BranchModel, branch_model
from tools.detection.clocks import LONGEST_MIN, Lag, find_lags
from tools.detection.episodes import Episode, find_episodes
from tools.detection.frame import Bools, Frame, build_frame
from tools.detection.identify import Verdicts, Wrong, identify
from tools.detection.lone import find_jumps
from tools.detection.scale import Scale, lasting_scale, wrong_scale
from tools.detection.smoothing import running_mean
from tools.detection.stuck import StuckRun, stuck_runs
from tools.element import ElementKind
from tools.errors import GridUnavailableError
from tools.telemetry.bounds import refuse_too_many
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series
from tools.telemetry.sources import TelemetrySource

_SMOOTHED_MIN = 15.0
_CONTRADICTED_SIGMA = 6.0
_TOLD = 0.5
"""Share of an episode inside a stuck run above which it is the stuck run that is told."""


# A source is bound to one run's grid and to what it may know, so its last look never becomes wrong.
_LAST: WeakKeyDictionary[TelemetrySource, Diagnosis] = WeakKeyDictionary()
_LOCK = Lock()


@dataclass(frozen=True, eq=False)
class Fault:
    """A time in which the other measurements contradict a sensor.

    Attributes:
        scale: The wrong unit, scale or sign that explains the contradiction; None when none does.
    """

    wrong: Wrong
    episode: Episode
    scale: Scale | None = None


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What all sensors together say about each.

    Attributes:
        stuck: Runs by row of the frame.
        rated: Voltages by row that only a power of ten brings near their nominal value.
        lags: Sensors by row whose clocks are wrong.
        spikes: Columns of single readings far from their neighbours, by row, of sensors that nothing else implies.
        faults: Contradictions that are neither a stuck run nor a wrong clock, in the order of rows and time.
        model: The grid; None when it cannot be had.
    """

    frame: Frame
    series: Mapping[str, Series]
    start: datetime
    end: datetime
    stuck: Mapping[int, tuple[StuckRun, ...]]
    rated: Mapping[int, Scale]
    lags: Mapping[int, Lag]
    spikes: Mapping[int, tuple[int, ...]]
    faults: tuple[Fault, ...]
    verdicts: Verdicts
    model: BranchModel | None

    def implied(self, row: int, first: int, stop: int) -> tuple[int, float] | None:
        """Column and value of what the others imply where a sensor is farthest from it; None when they do not."""
        error = self.frame.value[row, first:stop] - self.verdicts.expected[row, first:stop]
        error = np.where(np.isfinite(error), error, 0.0)
        if not len(error) or not error.any():
            return None
        worst = int(np.abs(running_mean(error, self.frame.columns(_SMOOTHED_MIN))).argmax())
        near = slice(max(0, worst - self.frame.columns(2)), worst + self.frame.columns(2) + 1)
        expected = self.verdicts.expected[row, first:stop][near]
        known = expected[np.isfinite(expected)]
        return (first + worst, float(np.median(known))) if len(known) else None


def diagnose(ctx: ToolContext, start: datetime, end: datetime) -> Diagnosis:
    """Look at all sensors of the run over a span; both tools of a run share one look.

    Raises:
        SourceMissingError: without telemetry.
        InvalidArgumentError: for a time with too many readings.
    """
    telemetry = ctx.need_telemetry()
    with _LOCK:
        last = _LAST.get(telemetry)
    if last is not None and (last.start, last.end) == (start, end):
        return last
    made = _look(ctx, telemetry, start, end)
    with _LOCK:
        _LAST[telemetry] = made
    return made


def _look(ctx: ToolContext, telemetry: TelemetrySource, start: datetime, end: datetime) -> Diagnosis:
    sensors = tuple(telemetry.sensors())
    refuse_too_many(sensors, start, end)
    series = telemetry.series([sensor.name for sensor in sensors], start, end) if sensors else {}
    frame = build_frame(series, sensors, start, end)
    model = _model(ctx)
    candidates = {row: stuck_runs(series[sensor.name]) for row, sensor in enumerate(sensors)}
    rated = _rated(frame, model)
    candidates = {row: runs for row, runs in candidates.items() if runs and row not in rated}
    excluded = _repeated(frame, candidates)
    # The equations are linear only near a voltage that can be: at a thousandth of it they would accuse everybody else.
    excluded[list(rated)] = True
    verdicts = identify(frame, model, excluded)
    stuck = _stuck(frame, verdicts, candidates)
    redundant = np.flatnonzero(verdicts.redundant)
    lags = find_lags(frame.value, verdicts.expected, verdicts.sigma, redundant, frame.columns(LONGEST_MIN))
    return Diagnosis(
        frame=frame,
        series=series,
        start=start,
        end=end,
        stuck=stuck,
        rated=rated,
        lags=lags,
        spikes=_spikes(frame, verdicts, stuck),
        faults=tuple(fault for fault in _faults(frame, verdicts, stuck) if fault.wrong.row not in lags),
        verdicts=verdicts,
        model=model,
    )


def _model(ctx: ToolContext) -> BranchModel | None:
    try:
        return branch_model(ctx.grids.grid())
    except (GridUnavailableError, UserWarning, FloatingPointError):  # pandapower, without a source or without reactance
        return None


def _rated(frame: Frame, model: BranchModel | None) -> dict[int, Scale]:
    """Voltages that are too small by a power of ten all the time; one of a dead bus is no nominal one scaled."""
    found = {}
    for row, sensor in enumerate(frame.sensors):
        if sensor.quantity != "vm":
            continue
        nominal = 1.0 if sensor.unit == "pu" else _vn_kv(sensor, model)
        if nominal is None:
            continue
        said = frame.value[row]
        scale = lasting_scale(said, np.full(len(said), nominal), float(frame.noise[row]), sensor.unit)
        if scale is not None and abs(np.nanmedian(said)) < nominal:
            found[row] = scale
    return found


def _vn_kv(sensor: Sensor, model: BranchModel | None) -> float | None:
    known = sensor.unit == "kv" and sensor.element is not None and sensor.element.kind is ElementKind.BUS
    return model.vn_kv.get(sensor.element.index) if known and sensor.element and model is not None else None


def _repeated(frame: Frame, candidates: Mapping[int, tuple[StuckRun, ...]]) -> Bools:
    """Readings that repeat, so that they are not to be explained by the others.

    What is switched off truly reads zero, again and again; the others will tell. They also tell of what moves, but too
    little, for as long as it is looked at: without any reading nothing would be known of the sensor, and in too small a
    scale it looks just like that.
    """
    excluded = np.zeros(frame.value.shape, dtype=bool)
    for row, runs in candidates.items():
        for run in runs:
            if run.value != 0:
                excluded[row, _columns(frame, run)] = True
        nothing_left = not np.isfinite(frame.value[row, ~excluded[row]]).any()
        if nothing_left and not any(run.exact for run in runs):
            excluded[row] = False
    return excluded


def _columns(frame: Frame, run: StuckRun) -> slice:
    first, last = np.searchsorted(frame.at_us + frame.step_s * 5e5, [run.start_us, run.end_us])
    return slice(int(first), int(last) + 1)


def _stuck(
    frame: Frame, verdicts: Verdicts, candidates: Mapping[int, tuple[StuckRun, ...]]
) -> dict[int, tuple[StuckRun, ...]]:
    """Runs that are errors: those that the others contradict, and those of a sensor that its noise should move."""
    kept = {}
    for row, runs in candidates.items():
        real = tuple(run for run in runs if _is_error(frame, verdicts, row, run))
        if real:
            kept[row] = real
    return kept


def _is_error(frame: Frame, verdicts: Verdicts, row: int, run: StuckRun) -> bool:
    columns = _columns(frame, run)
    error = frame.value[row, columns] - verdicts.expected[row, columns]
    score = error / verdicts.sigma[row, columns]
    score = score[np.isfinite(score)]
    contradicted = False
    if len(score):
        length = min(frame.columns(_SMOOTHED_MIN), len(score))
        contradicted = bool(np.abs(running_mean(score, length)).max() * np.sqrt(length) > _CONTRADICTED_SIGMA)
    return contradicted or (run.exact and run.value != 0)


def _faults(frame: Frame, verdicts: Verdicts, stuck: Mapping[int, tuple[StuckRun, ...]]) -> list[Fault]:
    found = []
    for wrong in sorted(verdicts.wrong, key=lambda item: item.row):
        told = np.zeros(frame.value.shape[1], dtype=bool)
        for run in stuck.get(wrong.row, ()):
            told[_columns(frame, run)] = True
        error = np.where(told, np.nan, wrong.error)
        for episode in find_episodes(frame, wrong.row, error, wrong.sigma, verdicts.limit):
            if told[episode.first : episode.stop].mean() < _TOLD:
                found.append(Fault(wrong, episode, _scale(frame, verdicts, wrong.row, episode)))
    return found


def _spikes(frame: Frame, verdicts: Verdicts, stuck: Mapping[int, tuple[StuckRun, ...]]) -> dict[int, tuple[int, ...]]:
    alone = [row for row in range(len(frame.sensors)) if not verdicts.redundant[row]]
    found = {
        row: tuple(jump.first for jump in find_jumps(frame, row, len(alone)) if jump.spike)
        for row in alone
        if row not in stuck
    }
    return {row: places for row, places in found.items() if places}


def _scale(frame: Frame, verdicts: Verdicts, row: int, episode: Episode) -> Scale | None:
    columns, sensor = slice(episode.first, episode.stop), frame.sensors[row]
    noise = float(frame.noise[row])
    return wrong_scale(frame.value[row, columns], verdicts.expected[row, columns], noise, sensor.unit)
