"""The strongest run of one-sided errors among many candidates, over runs of all lengths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from tools.detection.frame import Floats

FALSE_ALARMS = 0.01
"""Chance that anything at all is flagged over a whole span of faultless readings."""
MATERIAL = 0.75
"""A mean error below this share of the sensor's own noise is no finding, however sure it is."""
_PLACES = 8
_LEAST_MOMENTS = 3
_OVERSAMPLED = 4
"""Independent tests that the overlapping runs of all lengths are worth, as a multiple of the single readings."""


@dataclass(frozen=True, eq=False)
class Run:
    """The strongest run.

    Attributes:
        candidate: Whose run.
        first, stop: Its columns, the last not included.
        strength: Of every candidate over the same columns, in standard errors, signed.
    """

    candidate: int
    first: int
    stop: int
    strength: Floats


def threshold(candidates: int, moments: int) -> float:
    """Standard errors that chance exceeds once in ``1 / FALSE_ALARMS`` faultless spans (Bonferroni)."""
    tests = max(1, candidates * moments * _OVERSAMPLED)
    return float(norm.isf(FALSE_ALARMS / 2 / tests))


def spread(score: Floats) -> Floats:
    """Spread of each candidate's scores where that is wider than the declared noise says, else one.

    It is that of neighbouring moments, so that a lasting error does not hide itself.
    """
    if score.shape[1] < _LEAST_MOMENTS:
        return np.ones(len(score))
    step = np.abs(np.diff(score, axis=1))
    wide: Floats = np.maximum(1.0, 1.4826 * np.median(step, axis=1) / np.sqrt(2.0))
    return wide


def strongest_run(score: Floats, share: Floats, limit: float) -> Run | None:
    """The run with the largest sum of scores over the root of its length; None when none is strong and material.

    Args:
        score: Candidate by moment, standard normal where nothing is wrong.
        share: Standard error of each candidate's estimate as a share of its own noise.
        limit: Standard errors that a run must exceed.
    """
    # Moment by candidate: the long runs, which begin at every eighth of their length only, are then whole rows.
    sums = np.zeros((score.shape[1] + 1, len(score)))
    np.cumsum(score.T, axis=0, out=sums[1:])
    best: tuple[float, int, int, int] | None = None
    length = 1
    while length <= score.shape[1]:
        stride = max(1, length // _PLACES)
        z = sums[length::stride] - sums[: len(sums) - length : stride]
        np.abs(z, out=z)
        z /= np.sqrt(length)
        # A run must be sure, and material as well.
        z *= z > np.maximum(limit, MATERIAL * np.sqrt(length) / share)
        place, candidate = divmod(int(z.argmax()), len(score))
        if z[place, candidate] > (best[0] if best else 0.0):
            best = float(z[place, candidate]), candidate, place * stride, place * stride + length
        length *= 2
    if best is None:
        return None
    _, candidate, first, stop = best
    strength = (sums[stop] - sums[first]) / np.sqrt(stop - first)
    return Run(candidate, first, stop, strength)
