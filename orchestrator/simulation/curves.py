"""How load and air move through a day, and by chance round it.

A load follows its customers: homes, offices and works have curves of their own, all 1 at the peak of 19:00. Colder
than usual means more load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.signal import lfilter

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import ArrayLike, NDArray

_HOURS = (0.0, 1.5, 3.5, 5.0, 6.5, 8.0, 10.0, 12.0, 14.0, 16.0, 17.5, 19.0, 20.5, 22.0, 23.0, 24.0)
HOMES = (0.60, 0.53, 0.50, 0.54, 0.70, 0.78, 0.76, 0.78, 0.76, 0.80, 0.90, 1.0, 0.95, 0.81, 0.69, 0.60)
OFFICES = (0.68, 0.64, 0.62, 0.66, 0.80, 0.96, 1.04, 1.02, 1.00, 0.98, 0.98, 1.0, 0.93, 0.82, 0.73, 0.68)
WORKS = (0.88, 0.86, 0.85, 0.88, 0.95, 1.01, 1.03, 1.01, 1.02, 1.01, 1.00, 1.0, 0.97, 0.93, 0.90, 0.88)

Q_FLOOR = 0.35
"""Share of reactive demand that does not follow the load."""
WANDER, WANDER_MIN = 0.006, 45.0
"""Standard deviation of a load round its curve, and the minutes over which it forgets."""

MEAN_CELSIUS, SWING_KELVIN, WARMEST_H = 6.0, 4.0, 15.0
AMBIENT_WANDER_KELVIN, AMBIENT_WANDER_MIN = 0.25, 120.0
LOAD_PER_KELVIN = -0.008
"""More load per kelvin colder than usual."""


def usual_celsius(hour: NDArray[np.float64]) -> NDArray[np.float64]:
    """The usual temperature of March at an hour of the day."""
    return np.asarray(MEAN_CELSIUS + SWING_KELVIN * np.cos((hour - WARMEST_H) * 2 * np.pi / 24))


def mixed_curves(hour: NDArray[np.float64], mix: ArrayLike) -> NDArray[np.float64]:
    """Share of its peak that each load usually takes, hour by load.

    Args:
        hour: Hours of the day, with their fraction.
        mix: Shares of homes, offices and works in each load, load by kind.
    """
    kinds = [CubicSpline(_HOURS, knots, bc_type="periodic")(hour % 24) for knots in (HOMES, OFFICES, WORKS)]
    return np.asarray(np.stack(kinds, axis=1) @ np.array(mix).T)


def wander(
    chance: Generator, shape: tuple[int, int], deviation: float, memory_min: float, step_min: float = 1.0
) -> NDArray[np.float64]:
    """Slow random movement round zero, step by column (Ornstein and Uhlenbeck)."""
    keep = np.exp(-step_min / memory_min)
    push = chance.standard_normal(shape) * np.sqrt(1 - keep**2)
    push[0] /= np.sqrt(1 - keep**2)
    return np.asarray(deviation * lfilter([1.0], [1.0, -keep], push, axis=0))
