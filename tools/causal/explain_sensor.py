"""What a faulty sensor explains: its own reading, against what all other measurements imply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.causal.contrasts import gapless
from tools.causal.explained import LEAST_ROWS, READING, Explained, Role, assembled, chosen, tried
from tools.detection.smoothing import running_mean
from tools.robust import MAD_TO_SIGMA

if TYPE_CHECKING:
    from tools.causal.candidate import Candidate
    from tools.detection.diagnosis import Diagnosis

IMPLIED = "implied"
_SMOOTH_MIN, _COURSE_MIN = 5.0, 60.0
_KNOWN = 0.5
_DEPARTED = 8


def explain_sensor(diagnosis: Diagnosis, candidate: Candidate) -> Explained | None:
    """The model of one sensor; None where the others do not imply it, or it gave no reading."""
    frame, row = diagnosis.frame, candidate.row
    if row is None:
        return None
    expected = diagnosis.verdicts.expected[row]
    known = np.isfinite(expected) & np.isfinite(frame.value[row])
    moments = len(known)
    stop = moments if candidate.stop is None else candidate.stop
    inside = np.zeros(moments, dtype=bool)
    inside[candidate.first : stop] = True
    inside &= known
    if np.isfinite(expected).mean() < _KNOWN or not inside.any():
        return None
    length = min(frame.columns(_SMOOTH_MIN), int(inside.sum()))
    # The course of the day moves both alike: what is left of them is what can be told apart.
    course = running_mean(gapless(expected), min(frame.columns(_COURSE_MIN), moments))
    implied = running_mean(gapless(expected) - course, length)
    reading = running_mean(gapless(np.where(known, frame.value[row], expected)) - course, length)
    outside = known.copy()
    outside[max(0, candidate.first - length) : min(moments, stop + length)] = False
    ordinary = chosen(outside, length)
    if len(ordinary) < LEAST_ROWS:
        return None
    error = np.where(inside, reading - implied, 0.0)
    usual = MAD_TO_SIGMA * float(np.median(np.abs((reading - implied)[ordinary]))) or float(frame.noise[row])
    places = np.flatnonzero(inside)
    worst = places[np.argsort(-np.abs(error[places]))]
    at = int(worst[0])
    trial_rows = np.unique(np.concatenate([ordinary, chosen(inside, max(1, length // 2))]))
    sensor = frame.sensors[row]
    return Explained(
        mechanism=assembled({IMPLIED: implied, READING: reading}, [(IMPLIED, READING)], (ordinary, worst[:_DEPARTED])),
        trial=tried((running_mean(error, length), reading, implied), trial_rows),
        node=READING,
        roles={
            IMPLIED: Role("what all other measurements imply", element=sensor.element),
            READING: Role("error of the sensor itself", subject=sensor.ref),
        },
        target=sensor,
        at=frame.at(at),
        value=float(frame.value[row, at]),
        without=float(expected[at]),
        factor=1.0,
        clear=abs(float(error[at])) / max(usual, 1e-12),
    )
