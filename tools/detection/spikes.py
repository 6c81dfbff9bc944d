"""Short excursions of sensors that others imply: against their own neighbours in time and against all others at once.

What a reading should be is told twice, by the readings before and after it and by the other sensors at its moment;
both count with their weight. A true event moves the others as well, so the two must agree that the sensor is off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from tools.detection.frame import Floats, Frame
from tools.detection.identify import Verdicts
from tools.detection.lone import Jump
from tools.detection.scan import FIRM
from tools.robust import MAD_TO_SIGMA

_LENGTHS = (1, 2, 3)
_SIDE = 4
_AGREE = 4.0
_CALM = 5.0
_ALONE = 2.0
_AT_ONCE = 32
"""Sensors looked at together: what is known of them stays in the cache."""


def find_spikes(frame: Frame, verdicts: Verdicts, rows: Sequence[int], sensors: int) -> Iterator[tuple[int, Jump]]:
    """Spikes of some sensors by row, the clearest of each few minutes.

    Args:
        frame: Readings.
        verdicts: What the others imply.
        rows: The sensors.
        sensors: How many are judged this way: together they must not raise a false alarm.
    """
    count = frame.value.shape[1]
    if count <= 2 * _SIDE + max(_LENGTHS):
        return
    limit = float(norm.isf(FIRM / 2 / max(1, sensors * count * len(_LENGTHS))))
    for begin in range(0, len(rows), _AT_ONCE):
        some = np.array(rows[begin : begin + _AT_ONCE])
        told = [_scores(frame, verdicts, some, length) for length in _LENGTHS]
        for place, row in enumerate(some.tolist()):
            found = [
                (abs(float(scores[place, at])), int(at) + _SIDE, length, float(errors[place, at]))
                for length, (scores, errors) in zip(_LENGTHS, told, strict=True)
                for at in np.flatnonzero(np.abs(scores[place]) > limit)
            ]
            for jump in _clearest(found, count):
                yield row, jump


def _clearest(found: list[tuple[float, int, int, float]], count: int) -> Iterator[Jump]:
    """Of blocks near each other, by strength, begin, length and error, the strongest."""
    taken: list[tuple[int, int]] = []
    for strength, first, length, error in sorted(found, reverse=True):
        if all(first >= stop + _SIDE or first + length <= begin - _SIDE for begin, stop in taken):
            taken.append((first, first + length))
            lasting = first + length >= count
            yield Jump(first, first + length, lasting, first, error, strength, spike=True)


def _scores(frame: Frame, verdicts: Verdicts, rows: NDArray[np.intp], length: int) -> tuple[Floats, Floats]:
    """Standard errors by which blocks of some readings are off, and by how much; zero where it is not told.

    Row by row of the sensors, block by block of time.
    """
    value, noise = frame.value[rows], frame.noise[rows][:, None]
    windows = np.lib.stride_tricks.sliding_window_view(value, 2 * _SIDE + length, axis=1)
    before, block, after = windows[..., :_SIDE], windows[..., _SIDE:-_SIDE], windows[..., -_SIDE:]
    in_time = _mean(block) - (_mean(before) + _mean(after)) / 2
    turn = _mean(after) - _mean(before)
    ours = slice(_SIDE, value.shape[1] - _SIDE - length + 1)
    apart = value - verdicts.expected[rows]
    among = _mean(np.lib.stride_tricks.sliding_window_view(apart, length, axis=1))[:, ours]
    sigma = verdicts.sigma[rows][:, ours]
    own = noise**2 / length
    by_time = np.maximum(_spread(in_time) ** 2 - own, noise**2 / (2 * _SIDE))
    by_others = np.maximum(sigma**2 / length - own, own * 1e-3)
    share = np.divide(by_others, by_time + by_others, out=np.ones_like(by_others), where=np.isfinite(by_others))
    error = share * in_time + np.where(share < 1, (1 - share) * among, 0.0)
    score = error / np.sqrt(own + share * by_time)
    agree = np.abs(in_time - among) < _AGREE * np.sqrt(by_time + by_others)
    calm = np.abs(turn) < _CALM * np.maximum(_spread(turn), noise * np.sqrt(2 / _SIDE))
    # the others must see half of it, or at least not deny it
    alone = among * np.sign(error) > np.minimum(_ALONE * sigma / np.sqrt(length), np.abs(error) / 2)
    told = agree & calm & alone & np.isfinite(score)
    return np.where(told, score, 0.0), np.where(told, error, 0.0)


def _mean(windows: Floats) -> Floats:
    """Mean of each window of a few readings; sums over so short an axis are slow."""
    total = windows[..., 0].copy()
    for place in range(1, windows.shape[-1]):
        total += windows[..., place]
    mean: Floats = total / windows.shape[-1]
    return mean


def _spread(values: Floats) -> Floats:
    """Robust deviation of each row, as a column; infinite where nothing is known."""
    found = np.full((len(values), 1), np.inf)
    whole = np.isfinite(values).all(axis=1)
    found[whole] = _deviation(values[whole])
    for row in np.flatnonzero(~whole):
        known = values[row, np.isfinite(values[row])]
        if len(known):
            found[row] = _deviation(known[None, :])
    return found


def _deviation(known: Floats) -> Floats:
    middle = np.median(known, axis=1, keepdims=True)
    wide: Floats = MAD_TO_SIGMA * np.median(np.abs(known - middle), axis=1, keepdims=True)
    return wide
