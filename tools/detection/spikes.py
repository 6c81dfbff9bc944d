"""Short excursions of sensors that others imply: against their own neighbours in time and against all others at once.

What a reading should be is told twice, by the readings before and after it and by the other sensors at its moment;
both count with their weight. A true event moves the others as well, so the two must agree that the sensor is off.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.stats import norm

from tools.detection.frame import Floats, Frame
from tools.detection.identify import Verdicts
from tools.detection.lone import Jump
from tools.detection.scan import FALSE_ALARMS
from tools.robust import MAD_TO_SIGMA

_LENGTHS = (1, 2, 3)
_SIDE = 4
_AGREE = 4.0
_CALM = 5.0
_ALONE = 2.0


def find_spikes(frame: Frame, verdicts: Verdicts, row: int, sensors: int) -> Iterator[Jump]:
    """Spikes of one sensor, the clearest of each few minutes.

    Args:
        frame: Readings.
        verdicts: What the others imply.
        row: The sensor.
        sensors: How many are judged this way: together they must not raise a false alarm.
    """
    value, apart = frame.value[row], frame.value[row] - verdicts.expected[row]
    if len(value) <= 2 * _SIDE + max(_LENGTHS):
        return
    limit = float(norm.isf(FALSE_ALARMS / 2 / max(1, sensors * len(value) * len(_LENGTHS))))
    found: list[tuple[float, int, int, float]] = []
    for length in _LENGTHS:
        scores, errors = _scores(value, apart, verdicts.sigma[row], float(frame.noise[row]), length)
        places = np.flatnonzero(np.abs(scores) > limit)
        found += [(abs(float(scores[at])), int(at) + _SIDE, length, float(errors[at])) for at in places]
    taken: list[tuple[int, int]] = []
    for strength, first, length, error in sorted(found, reverse=True):
        if all(first >= stop + _SIDE or first + length <= begin - _SIDE for begin, stop in taken):
            taken.append((first, first + length))
            lasting = first + length >= len(value)
            yield Jump(first, first + length, lasting, first, error, strength, spike=True)


def _scores(value: Floats, apart: Floats, sigma: Floats, noise: float, length: int) -> tuple[Floats, Floats]:
    """Standard errors by which blocks of some readings are off, and by how much; zero where it is not told."""
    windows = np.lib.stride_tricks.sliding_window_view(value, 2 * _SIDE + length)
    before, block, after = windows[:, :_SIDE], windows[:, _SIDE:-_SIDE], windows[:, -_SIDE:]
    in_time = block.mean(axis=1) - (before.mean(axis=1) + after.mean(axis=1)) / 2
    turn = after.mean(axis=1) - before.mean(axis=1)
    ours = slice(_SIDE, len(value) - _SIDE - length + 1)
    among = np.lib.stride_tricks.sliding_window_view(apart, length).mean(axis=1)[ours]
    own = noise**2 / length
    by_time = max(_spread(in_time) ** 2 - own, noise**2 / (2 * _SIDE))
    by_others = np.maximum(sigma[ours] ** 2 / length - own, own * 1e-3)
    share, told = np.ones_like(by_others), np.isfinite(by_others) & (by_others > 0)
    share[told] = by_others[told] / (by_time + by_others[told])
    error = share * in_time + np.where(share < 1, (1 - share) * among, 0.0)
    score = error / np.sqrt(own + share * by_time)
    agree = np.abs(in_time - among) < _AGREE * np.sqrt(by_time + by_others)
    calm = np.abs(turn) < _CALM * max(_spread(turn), noise * np.sqrt(2 / _SIDE))
    # the others must see half of it, or at least not deny it
    alone = among * np.sign(error) > np.minimum(_ALONE * sigma[ours] / np.sqrt(length), np.abs(error) / 2)
    told = agree & calm & alone & np.isfinite(score)
    return np.where(told, score, 0.0), np.where(told, error, 0.0)


def _spread(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return MAD_TO_SIGMA * float(np.median(np.abs(known - np.median(known)))) if len(known) else np.inf
