"""A score for every reading, and the mean of these for every sensor.

A reading scores one when nothing speaks against it, a half when it is in doubt (suspect by its source, substituted,
part of a frozen run, of a drift, of a contradiction or of a spike, from a clock that is wrong), and nothing when it
is bad (by its source, beyond the range, in a wrong scale) or did not come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from tools.detection.diagnosis import Diagnosis, Fault
from tools.detection.gaps import Attendance
from tools.detection.schema.quality import SensorQuality
from tools.telemetry.series import QUALITIES
from tools.telemetry.trust import code, judged
from tools.vocabulary import ReadingQuality

SCORES: Mapping[ReadingQuality, float] = {
    ReadingQuality.GOOD: 1.0,
    ReadingQuality.SUBSTITUTED: 0.5,
    ReadingQuality.SUSPECT: 0.5,
    ReadingQuality.BAD: 0.0,
    ReadingQuality.MISSING: 0.0,
}
_BY_CODE = np.array([SCORES[quality] for quality in QUALITIES])
_GOOD, _SUSPECT, _BAD, _MISSING = (
    code(item) for item in (ReadingQuality.GOOD, ReadingQuality.SUSPECT, ReadingQuality.BAD, ReadingQuality.MISSING)
)


def reading_qualities(diagnosis: Diagnosis, row: int) -> NDArray[np.int8]:
    """The quality of each reading of a sensor, by all that is known: codes, positions in ``QUALITIES``."""
    frame, sensor = diagnosis.frame, diagnosis.frame.sensors[row]
    series = diagnosis.series[sensor.name]
    codes = judged(series)
    doubted = np.full(len(series), row in diagnosis.lags)
    for run in diagnosis.stuck.get(row, ()):
        doubted |= (series.at_us >= run.start_us) & (series.at_us <= run.end_us)
    for fault in diagnosis.faults:
        if fault.wrong.row == row:
            inside = _inside(diagnosis, fault, series.at_us)
            if fault.scale is None:
                doubted |= inside
            else:
                codes[inside & (codes != _MISSING)] = _BAD
    if row in diagnosis.rated:
        codes[codes != _MISSING] = _BAD
    half_us = frame.step_s * 5e5
    for jump in diagnosis.spikes.get(row, ()):
        doubted |= np.abs(series.at_us - frame.at_us[jump]) <= half_us
    codes[doubted & (codes == _GOOD)] = _SUSPECT
    return codes


def sensor_qualities(diagnosis: Diagnosis, attended: Mapping[str, Attendance]) -> Iterator[SensorQuality]:
    """The score of each sensor that has readings due, or fell silent before.

    Args:
        diagnosis: The look at all sensors.
        attended: Which of its due readings each sensor gave; sensors that are not asked for may lack.
    """
    for row, sensor in enumerate(diagnosis.frame.sensors):
        if sensor.name not in attended:
            continue
        codes, attendance = reading_qualities(diagnosis, row), attended[sensor.name]
        there = codes[codes != _MISSING]
        due = max(len(attendance.there), len(there))
        if not due:
            continue
        lapsed = len(attendance.there) > 0 and not attendance.there[-1] and not attendance.marked_bad[-1]
        yield SensorQuality(
            subject=sensor.ref,
            element=sensor.element,
            quantity=sensor.quantity,
            score=float(_BY_CODE[there].sum()) / due,
            due=due,
            missing=due - len(there),
            bad=int((there == _BAD).sum()),
            suspect=int(((there != _BAD) & (there != _GOOD)).sum()),
            newest=ReadingQuality.MISSING if lapsed or not len(there) else QUALITIES[int(there[-1])],
        )


def _inside(diagnosis: Diagnosis, fault: Fault, at_us: NDArray[np.int64]) -> NDArray[np.bool_]:
    frame = diagnosis.frame
    half_us = frame.step_s * 5e5
    first, last = frame.at_us[fault.episode.first] - half_us, frame.at_us[fault.episode.stop - 1] + half_us
    found: NDArray[np.bool_] = (at_us >= first) & (at_us < last)
    return found
