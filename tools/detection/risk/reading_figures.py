"""Figures of readings over the last hour of a look."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from tools.detection.diagnosis import Diagnosis
from tools.detection.frame import Bools, Floats, Frame
from tools.detection.open_branches import open_times
from tools.detection.smoothing import running_mean
from tools.robust import MAD_TO_SIGMA
from tools.telemetry.moments import to_us
from tools.telemetry.trust import code, judged
from tools.vocabulary import ReadingQuality

_LASTING_MIN = 15
_LEVEL_MIN = 10
_LEAST_CYCLES = 3
_LEAST_COLUMNS = 16


def reading_figures(diagnosis: Diagnosis, begin: datetime) -> dict[str, float]:
    """Figures of readings from ``begin`` to the end of the look; none when there is no reading."""
    frame, begin_us = diagnosis.frame, to_us(begin)
    inside = frame.at_us >= begin_us
    if not inside.any() or not np.isfinite(frame.value[:, inside]).any():
        return {}
    return {
        **_contradictions(diagnosis, inside),
        **_faults(diagnosis, begin_us),
        "missing_percent": _missing(frame, inside),
        "doubted_percent": _doubted(diagnosis, begin_us),
        "jump_ratio": _jump(frame, inside),
        "swing_ratio": _swing(frame, inside),
        "dead_branches": float(sum(frame.at_us[item.stop - 1] >= begin_us for item in open_times(frame))),
    }


def _contradictions(diagnosis: Diagnosis, inside: Bools) -> dict[str, float]:
    """Of single readings, and of means over a quarter of an hour, in standard errors; absent without redundancy."""
    verdicts, frame = diagnosis.verdicts, diagnosis.frame
    score = (frame.value - verdicts.expected) / verdicts.sigma
    rows = np.flatnonzero(verdicts.redundant)
    if not len(rows):
        return {}
    known = np.where(np.isfinite(score[rows]), score[rows], 0.0)
    length = min(frame.columns(_LASTING_MIN), known.shape[1])
    lasting = np.array([running_mean(row, length) for row in known]) * np.sqrt(length)
    return {
        "contradiction_sigma": float(np.abs(lasting[:, inside]).max()),
        "spike_sigma": float(np.abs(known[:, inside]).max()),
    }


def _faults(diagnosis: Diagnosis, begin_us: int) -> dict[str, float]:
    frame = diagnosis.frame
    faulty = set(diagnosis.lags)
    faulty |= {fault.wrong.row for fault in diagnosis.faults if frame.at_us[fault.episode.stop - 1] >= begin_us}
    frozen = [(row, run) for row, runs in diagnosis.stuck.items() for run in runs if run.end_us >= begin_us]
    faulty |= {row for row, _ in frozen}
    longest = max((run.end_us - run.start_us for _, run in frozen), default=0)
    return {"faulty_sensors": float(len(faulty)), "frozen_min": longest / 6e7}


def _missing(frame: Frame, inside: Bools) -> float:
    """Of sensors that report at least every step, and reported before."""
    due = [
        row
        for row, sensor in enumerate(frame.sensors)
        if (sensor.period_s or np.inf) <= frame.step_s * 1.01 and np.isfinite(frame.value[row]).any()
    ]
    return 100.0 * float(np.isnan(frame.value[due][:, inside]).mean(axis=1).max()) if due else 0.0


def _doubted(diagnosis: Diagnosis, begin_us: int) -> float:
    fine = (code(ReadingQuality.GOOD), code(ReadingQuality.MISSING))
    total = doubted = 0
    for series in diagnosis.series.values():
        codes = judged(series)[series.at_us >= begin_us]
        total += len(codes)
        doubted += int((~np.isin(codes, fine)).sum())
    return 100.0 * doubted / total if total else 0.0


def _jump(frame: Frame, inside: Bools) -> float:
    """Largest change between neighbouring means, in robust spreads of the sensor's changes over the look."""
    side = frame.columns(_LEVEL_MIN)
    if frame.value.shape[1] < 4 * side:
        return 0.0
    value = _filled(frame.value)
    sums = np.cumsum(np.pad(value, ((0, 0), (1, 0))), axis=1)
    means = (sums[:, side:] - sums[:, :-side]) / side
    change = np.abs(means[:, side:] - means[:, :-side])
    usual = MAD_TO_SIGMA * np.median(change, axis=1) + frame.noise * np.sqrt(2.0 / side)
    here = inside[side : side + change.shape[1]]
    return float((change[:, here] / usual[:, None]).max()) if here.any() else 0.0


def _swing(frame: Frame, inside: Bools) -> float:
    """Highest line of a sensor's spectrum over the hour against the median of its lines."""
    value = _filled(frame.value[:, inside])
    columns = value.shape[1]
    if columns < _LEAST_COLUMNS:
        return 0.0
    moment = np.linspace(-1.0, 1.0, columns)
    design = np.stack([np.ones(columns), moment, moment**2], axis=1)
    rest = value - (design @ np.linalg.lstsq(design, value.T, rcond=None)[0]).T
    power = np.abs(np.fft.rfft(rest * np.hanning(columns), axis=1))[:, _LEAST_CYCLES:] ** 2
    middle = np.median(power, axis=1)
    alive = middle > 0
    return float((power[alive].max(axis=1) / middle[alive]).max()) if alive.any() else 0.0


def _filled(value: Floats) -> Floats:
    """Gaps closed by straight lines; rows without any reading become zero."""
    filled = np.where(np.isfinite(value), value, 0.0)
    moments = np.arange(value.shape[1])
    for row in np.flatnonzero(~np.isfinite(value).all(axis=1)):
        known = np.isfinite(value[row])
        if known.any():
            filled[row] = np.interp(moments, moments[known], value[row, known])
    return filled
