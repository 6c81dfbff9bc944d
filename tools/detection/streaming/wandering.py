"""How far a quantity may have wandered from its training mean by chance, the longer ago the training the farther.

A temperature that follows the weather leaves any mean it ever had; a regulated flow does not. The structure function
``gamma(h)``, half the mean squared difference of values ``h`` rows apart, tells the two apart: it is flat for what
keeps its level and grows for what wanders. It is fitted as a power law of ``h`` and gives the variance of a later
value about the training mean as ordinary kriging does: twice the mean of ``gamma`` between that moment and the window,
less its mean within the window (Matheron 1963; Cressie, Statistics for Spatial Data, 1993, chapter 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LAGS = 10
_TINY = 1e-9
"""Of the training variance, against the logarithm of zero."""
_STEEPEST = 1.99
"""Two is a straight line, which no stationary difference has."""


@dataclass(frozen=True)
class Wandering:
    """The structure function of each sensor, in squared training standard deviations.

    Attributes:
        factor: ``gamma`` one row apart.
        power: Its exponent, 0 keeps its level, 1 is a random walk, below 2.
        least: Variance within the training window.
        rows: Length of that window.
    """

    factor: NDArray[np.float64]
    power: NDArray[np.float64]
    least: NDArray[np.float64]
    rows: int

    def variance(self, ahead: float) -> NDArray[np.float64]:
        """Of a value so many rows behind the end of the window, about the window's mean."""
        power, rows = self.power, float(self.rows)
        between = ((ahead + rows) ** (power + 1.0) - ahead ** (power + 1.0)) / ((power + 1.0) * rows)
        within = 2.0 * rows**power / ((power + 1.0) * (power + 2.0))
        grown: NDArray[np.float64] = np.maximum(self.factor * (2.0 * between - within), self.least)
        return grown


def fit_wandering(level: NDArray[np.float64], least_lag: int) -> Wandering:
    """Fit the power law by least squares of logarithms.

    Args:
        level: Smoothed rows of the window, one column a sensor, in its standard deviations.
        least_lag: From where on smoothing no longer ties two rows.
    """
    count = len(level)
    lags = np.unique(np.geomspace(least_lag, count / 2, _LAGS).astype(int))
    gamma = np.array([((level[lag:] - level[:-lag]) ** 2).mean(axis=0) / 2.0 for lag in lags])
    height = np.log(gamma + _TINY)
    reach = np.log(lags)
    apart = reach - reach.mean()
    power = np.clip(apart @ (height - height.mean(axis=0)) / (apart @ apart), 0.0, _STEEPEST)
    factor = np.exp(height.mean(axis=0) - power * reach.mean())
    return Wandering(factor, power, level.var(axis=0), count)
