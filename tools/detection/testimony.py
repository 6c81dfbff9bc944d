"""What a sensor's own course says about whose error a contradiction is.

Two sensors that stand in the same equations only, such as a load and a unit at one bus, explain a contradiction
equally well. But the one that is wrong shows the error in its own readings, and the other does not.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from sklearn.linear_model import Ridge

from tools.detection.frame import Floats, Frame
from tools.detection.smoothing import running_mean

_PENALTY = 10.0
"""Of the regression on some hundred witnesses: a trace against the thousand moments that each has."""
_LEAST = 30
_CONSTANT = 0.1
_CURVE = 7
_SMOOTHED_MIN = 30
"""The error is told by all sensors together; smoothed, it is free of the noise of the readings it is held against."""


def own_share(frame: Frame, row: int, error: Floats, suspects: Collection[int]) -> float:
    """How much of an error a sensor's own readings show beyond what all others did: near one for the culprit.

    Args:
        frame: Readings.
        row: The sensor.
        error: Error that it would have to have, by moment; NaN where unknown.
        suspects: Rows that may be wrong and therefore testify nothing.
    """
    witnesses = [
        other
        for other in range(len(frame.sensors))
        if other not in suspects and np.isfinite(frame.value[other]).all() and np.ptp(frame.value[other]) > 0
    ]
    known = np.isfinite(frame.value[row]) & np.isfinite(error)
    if known.sum() < _LEAST:
        return 0.0
    length = frame.columns(_SMOOTHED_MIN)
    shape = running_mean(np.where(known, error, 0.0), length)[known]
    # An error that never changes looks like the level of the sensor itself: its course says nothing.
    if float(shape.std()) < _CONSTANT * abs(float(shape.mean())):
        return 0.0
    course = _course(frame.value[witnesses])[known]
    pair = np.column_stack([shape, frame.value[row, known]])
    # What the others explain is taken out of both; what is left of the error must be left of the readings too.
    rest = pair - Ridge(alpha=_PENALTY).fit(course, pair).predict(course)
    square = float(rest[:, 0] @ rest[:, 0])
    return float(np.clip(rest[:, 0] @ rest[:, 1] / square, -1.0, 1.0)) if square > 0 else 0.0


def _course(witnesses: Floats) -> Floats:
    """What all others said, moment by witness, each in its own spread; without any, a smooth curve must do."""
    if not len(witnesses):
        curve: Floats = np.vander(np.linspace(-1.0, 1.0, witnesses.shape[1]), _CURVE)[:, :-1]
        return curve
    scaled: Floats = (witnesses - witnesses.mean(axis=1, keepdims=True)) / witnesses.std(axis=1, keepdims=True)
    return scaled.T
