"""Where a quantity will be, and how far off by chance, the longer ago the training the farther.

A temperature that follows the weather leaves any mean it ever had; a regulated flow does not. The structure function
``gamma(h)``, half the mean squared difference of values ``h`` rows apart, tells the two apart: it is flat for what
keeps its level and grows for what wanders. It is fitted as a power law of ``h``. Ordinary kriging then gives the best
linear unbiased prediction from the training window and its variance: the plain mean of the window for what keeps its
level, the last values for a random walk, and all between (Matheron 1963; Cressie, Statistics for Spatial Data, 1993,
section 3.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LAGS = 10
_MOST_POINTS = 16
"""Moments of the window that the prediction rests on, the last among them, no closer than smoothing ties them."""
_TINY = 1e-9
"""Of the training variance, against the logarithm of zero."""
_STEEPEST = 1.99
"""Two is a straight line, which no stationary difference has."""


@dataclass(frozen=True)
class Wandering:
    """The prediction of each sensor, in training standard deviations; columns are sensors.

    Attributes:
        factor: ``gamma`` one row apart.
        power: Its exponent, 0 keeps its level, 1 is a random walk, below 2.
        least: Variance within the training window.
        back: Rows from each point of the window to its last row.
        weights: Of each point, a row, for a moment as far behind the window as it is long; they add up to one.
        within: Weighted mean of ``h`` to the power between the points.
        level: The predicted level.
    """

    factor: NDArray[np.float64]
    power: NDArray[np.float64]
    least: NDArray[np.float64]
    back: NDArray[np.float64]
    weights: NDArray[np.float64]
    within: NDArray[np.float64]
    level: NDArray[np.float64]

    def variance(self, ahead: float) -> NDArray[np.float64]:
        """Of a value so many rows behind the end of the window, about the predicted level."""
        between = (self.weights * _grown(self.back[:, None] + ahead, self.power)).sum(axis=0)
        grown: NDArray[np.float64] = np.maximum(self.factor * (2.0 * between - self.within), self.least)
        return grown


def fit_wandering(level: NDArray[np.float64], least_lag: int) -> Wandering:
    """Fit the power law by least squares of logarithms, and predict with it.

    Args:
        level: Smoothed rows of the window, one column a sensor, in its standard deviations.
        least_lag: From where on smoothing no longer ties two rows.
    """
    count = len(level)
    factor, power = _power_law(level, least_lag)
    places = np.linspace(count - 1, 0, max(2, min(_MOST_POINTS, count // least_lag))).astype(int)
    back = (count - 1.0) - places
    weights = np.column_stack([_weights(back, float(exponent), float(count)) for exponent in power])
    apart = np.abs(back[:, None] - back)
    pairs = zip(weights.T, power, strict=True)
    within = [column @ _grown(apart, float(exponent)) @ column for column, exponent in pairs]
    return Wandering(
        factor=factor,
        power=power,
        least=level.var(axis=0),
        back=back,
        weights=weights,
        within=np.array(within),
        level=(weights * level[places]).sum(axis=0),
    )


def _power_law(level: NDArray[np.float64], least_lag: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lags = np.unique(np.geomspace(least_lag, len(level) / 2, _LAGS).astype(int))
    gamma = np.array([((level[lag:] - level[:-lag]) ** 2).mean(axis=0) / 2.0 for lag in lags])
    height, reach = np.log(gamma + _TINY), np.log(lags)
    # Long lags have few independent pairs, whose logarithm is small on average and uncertain (Cressie 1985).
    share = (1.0 / lags) / (1.0 / lags).sum()
    apart = reach - share @ reach
    power = np.clip((share * apart) @ height / ((share * apart) @ apart), 0.0, _STEEPEST)
    return np.exp(share @ height - power * (share @ reach)), power


def _weights(back: NDArray[np.float64], power: float, ahead: float) -> NDArray[np.float64]:
    """Solve the kriging system: least variance among all weights that add up to one."""
    count = len(back)
    system = np.ones((count + 1, count + 1))
    system[:count, :count] = _grown(np.abs(back[:, None] - back), power)
    system[count, count] = 0.0
    wanted = np.append(_grown(back + ahead, power), 1.0)
    weights: NDArray[np.float64] = np.linalg.solve(system, wanted)[:count]
    return weights


def _grown(distance: NDArray[np.float64], power: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """``h`` to the power, zero at no distance whatever the power."""
    grown: NDArray[np.float64] = np.where(distance > 0.0, distance**power, 0.0)
    return grown
