"""Boxes in a series that wanders: the generalised likelihood ratio for a level that is shifted for a time.

The series is white noise on an Ornstein-Uhlenbeck process, both with parameters from its own variogram. A
steady-state Kalman filter makes it white; what a step becomes behind that filter is the template. For the box from
``a`` to ``b`` the template is the difference of two such steps (Willsky and Jones, IEEE Transactions on Automatic
Control 21, 1976).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from scipy.optimize import nnls
from scipy.signal import fftconvolve, lfilter

from tools.detection.frame import Floats
from tools.robust import MAD_TO_SIGMA

_LAGS = (1, 2, 3, 5, 8, 13, 21, 34, 55)
_MEMORIES = (10.0, 20.0, 40.0, 80.0, 160.0)
_SETTLING = 200
_LIKELY_MEMORIES = (5.0, 10.0, 20.0, 40.0, 80.0, 160.0)
_LIKELY_RATIOS = (0.1, 0.2, 0.35, 0.6, 1.0, 1.7, 3.0, 6.0, 12.0, 25.0)
"""Sizes of the wandering that are tried, in standard deviations of the noise."""


@dataclass(frozen=True)
class Wander:
    """A series by its parameters.

    Attributes:
        noise: Standard deviation of what is white in it.
        size: Standard deviation of what wanders.
        keep: Share of a deviation that is left one moment later.
    """

    noise: float
    size: float
    keep: float


def fit_wander(series: Floats, noise: float, longest_lag: int = _LAGS[-1]) -> Wander:
    """Parameters from the variogram, robust against a shift for a part of the time.

    Args:
        series: Finite values.
        noise: Standard deviation that its white part has at least.
        longest_lag: Moments over which the variogram goes; short where a shift may fill most of the time.
    """
    lags = [lag for lag in _LAGS if lag < len(series) // 4 and lag <= longest_lag]
    half = np.array([(MAD_TO_SIGMA * np.median(np.abs(series[lag:] - series[:-lag]))) ** 2 / 2 for lag in lags])
    best = (np.inf, Wander(max(noise, 1e-12), 0.0, 0.0))
    for memory in _MEMORIES:
        grown = 1 - np.exp(-np.array(lags) / memory)
        (white, wandering), rest = nnls(np.column_stack([np.ones(len(lags)), grown]), half)
        if rest < best[0]:
            found = Wander(max(float(np.sqrt(white)), noise, 1e-12), float(np.sqrt(wandering)), np.exp(-1 / memory))
            best = rest, found
    return best[1]


def likely_wander(series: Floats, design: Floats, noise: float) -> Wander:
    """Parameters of the greatest likelihood, with known courses of unknown sizes taken out.

    Surer than the variogram where the series is short, but not robust: all that is no noise must be in the courses.

    Args:
        series: Finite values.
        design: Courses that the series may hold, one a row.
        noise: Standard deviation that its white part has at least.
    """
    both, count = np.vstack([series[None], design]), len(series)
    best = (-np.inf, Wander(max(noise, 1e-12), 0.0, 0.0))
    for memory, ratio in ((1.0, 0.0), *product(_LIKELY_MEMORIES, _LIKELY_RATIOS)):
        keep = float(np.exp(-1 / memory))
        white = whitened(both, Wander(1.0, ratio, keep))
        rest = white[0] - np.linalg.lstsq(white[1:].T, white[0], rcond=None)[0] @ white[1:]
        variance = max(float(rest @ rest) / count, noise**2, 1e-24)
        spread = 1.0 + _steady(ratio, keep)[0]
        likelihood = -count / 2 * (np.log(variance) + np.log(spread)) - float(rest @ rest) / variance / 2
        if likelihood > best[0]:
            best = likelihood, Wander(float(np.sqrt(variance)), ratio * float(np.sqrt(variance)), keep)
    return best[1]


def whitened(series: Floats, wander: Wander) -> Floats:
    """Innovations of series (one a row) behind the steady-state Kalman filter, in their standard deviation."""
    spread, gain = _steady(wander.size / wander.noise, wander.keep)
    # innovation = x - prediction, prediction' = keep * (prediction + gain * innovation)
    filtered = lfilter([1.0, -wander.keep], [1.0, -wander.keep * (1 - gain)], series, axis=1)
    return np.asarray(filtered / (wander.noise * np.sqrt(spread + 1)))


@lru_cache(maxsize=256)
def _steady(ratio: float, keep: float) -> tuple[float, float]:
    """Variance of a prediction, in that of the noise, and gain of the filter that has settled."""
    gain, spread = 0.0, ratio**2
    for _ in range(_SETTLING):
        gain = spread / (spread + 1)
        spread = keep**2 * spread * (1 - gain) + ratio**2 * (1 - keep**2)
    return spread, gain


@dataclass(frozen=True, eq=False)
class Boxes:
    """How well each box explains a series.

    Attributes:
        pull: Projection of the white series on the step that begins at each moment, and zero behind the last.
        energy: Squared length of the template of a box, by its length; and of one that lasts, by what is left.
        lasting: The same of a step that goes on to the end, by the moments that are left.
    """

    pull: Floats
    energy: Floats
    lasting: Floats

    def size(self, first: int, stop: int) -> float:
        """Height of a box by least squares."""
        return float((self.pull[first] - self.pull[stop]) / self._energy(first, stop))

    def scores(self, length: int) -> Floats:
        """Of boxes of one length at every begin: standard errors of their height."""
        count = len(self.pull) - 1
        found: Floats = (self.pull[: count - length + 1] - self.pull[length:]) / np.sqrt(self.energy[length])
        found[-1] = (self.pull[count - length]) / np.sqrt(self.lasting[length])
        return found

    def _energy(self, first: int, stop: int) -> float:
        ends = stop == len(self.pull) - 1
        return float(self.lasting[stop - first] if ends else self.energy[stop - first])


def boxes_of(series: Floats, wander: Wander, longest: int) -> Boxes:
    """All boxes of up to a length.

    Args:
        series: Finite values round zero.
        wander: Its parameters.
        longest: Greatest length of a box, moments.
    """
    count = len(series)
    white = whitened(series[None], wander)[0]
    step = whitened(np.ones((1, count + longest)), wander)[0]
    pull = fftconvolve(white, step[:count][::-1])[count - 1 :]
    lasting = np.concatenate([[np.inf], np.cumsum(step**2)])[: count + 1]
    energy = np.full(longest + 1, np.inf)
    for length in range(1, longest + 1):
        energy[length] = lasting[min(length, count)] + float(((step[length:] - step[:-length]) ** 2).sum())
    return Boxes(np.concatenate([pull, [0.0]]), energy, lasting)
