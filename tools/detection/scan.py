"""The strongest run of one-sided errors among many candidates, over runs of all lengths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from tools.detection.frame import Floats
from tools.robust import MAD_TO_SIGMA

FALSE_ALARMS = 0.1
"""Chance that anything at all is flagged over a whole span of faultless readings."""
FIRM = 0.01
"""Chance of a finding that is more than one for the record."""
MATERIAL = 0.2
"""A mean error below this share of the sensor's own noise is no finding, however sure it is."""
WORTH_A_LOOK = 0.75
"""Below this share a finding is for the record only: nobody is sent out for it."""
_PLACES = 8
_RATIO = 2**0.5
_COARSE = 0.85
"""What a run of the nearest length and place keeps of the strength of the true one, at least."""
_LEAST_MOMENTS = 3
_BLOCK, _LEAST_BLOCKS = 16, 40
_DOUBT = 0.85
"""The spread of some dozens of means is itself uncertain by an eighth: white noise must not widen by that."""
_OVERSAMPLED = 16
"""Independent tests that the overlapping runs of all begins and ends are worth, as a multiple of the readings."""


@dataclass(frozen=True)
class Run:
    """The strongest run.

    Attributes:
        candidate: Whose run.
        first, stop: Its columns, the last not included.
    """

    candidate: int
    first: int
    stop: int


def threshold(candidates: int, moments: int, chance: float) -> float:
    """Standard errors that chance exceeds once in ``1 / chance`` faultless spans (Bonferroni)."""
    tests = max(1, candidates * moments * _OVERSAMPLED)
    return float(norm.isf(chance / 2 / tests))


def spread(score: Floats) -> Floats:
    """Spread of each candidate's scores where that is wider than the declared noise says, else one.

    It is that of neighbouring moments, so that a lasting error does not hide itself; and that of neighbouring means
    of some moments, which noise with a memory widens though it leaves the moments alone.
    """
    wide = np.ones(len(score))
    if score.shape[1] >= _LEAST_MOMENTS:
        wide = np.maximum(wide, _step_spread(score))
    blocks = score.shape[1] // _BLOCK
    if blocks >= _LEAST_BLOCKS:
        means = score[:, : blocks * _BLOCK].reshape(len(score), blocks, _BLOCK).mean(axis=2)
        wide = np.maximum(wide, _DOUBT * np.sqrt(_BLOCK) * _step_spread(means))
    return wide


def _step_spread(values: Floats) -> Floats:
    """Standard deviation of white noise whose neighbours differ like these, robustly."""
    steps: Floats = MAD_TO_SIGMA * np.median(np.abs(np.diff(values, axis=1)), axis=1) / np.sqrt(2.0)
    return steps


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
        z *= z > np.maximum(_COARSE * limit, MATERIAL * np.sqrt(length) / share)
        place, candidate = divmod(int(z.argmax()), len(score))
        if z[place, candidate] > (best[0] if best else 0.0):
            best = float(z[place, candidate]), candidate, place * stride, place * stride + length
        length = max(length + 1, round(length * _RATIO))
    if best is None:
        return None
    strength, candidate, first, stop = best
    if strength <= limit:
        first, stop, strength = _refined(sums[:, candidate], first, stop)
    return Run(candidate, first, stop) if strength > limit else None


def _refined(sums: Floats, first: int, stop: int) -> tuple[int, int, float]:
    """The strongest run among all that begin and end near a run's begin and end."""
    room = (stop - first) // 2
    begin = np.arange(max(0, first - room), first + room + 1)
    end = np.arange(stop - room, min(len(sums) - 1, stop + room) + 1)
    length = end[None, :] - begin[:, None]
    z = np.abs(sums[end][None, :] - sums[begin][:, None]) / np.sqrt(np.maximum(length, 1))
    z[length < 1] = 0.0
    row, column = np.unravel_index(int(z.argmax()), z.shape)
    return int(begin[row]), int(end[column]), float(z[row, column])
