"""Thermal model of IEC 60076-7:2018, clause 8.2: top oil, and hot spot above it, for any course of load.

Each of its differential equations is of first order. They are solved exactly for load and ambient that move in
straight lines from step to step, which is nearer to the truth than the standard's difference equations by half a step;
for steps short against the time constants both are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import lfilter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.assets.nameplate import ThermalPlate

    Values = NDArray[np.float64]


def steady_rise(plate: ThermalPlate, load: Values) -> Values:
    """Top-oil rise above ambient that a load factor leads to in the end, kelvin."""
    losses = (1 + plate.loss_ratio * load**2) / (1 + plate.loss_ratio)
    rise: Values = plate.top_oil_rise_kelvin * losses**plate.oil_exponent
    return rise


def oil_lag_min(plate: ThermalPlate) -> float:
    """Time constant of the top oil, minutes."""
    return plate.k11 * plate.oil_time_constant_min


def top_oil(
    plate: ThermalPlate, load: Values, ambient_celsius: Values, step_min: float, start_celsius: float | None = None
) -> Values:
    """Top-oil temperature, degrees Celsius; from the steady state of the first load when no start is given.

    Args:
        plate: Characteristics.
        load: Load factor at each step, of rated current.
        ambient_celsius: Air at each step.
        step_min: Minutes between steps.
        start_celsius: Temperature at the first step.
    """
    target = ambient_celsius + steady_rise(plate, load)
    start = float(target[0]) if start_celsius is None else start_celsius
    return _follow(target, step_min / oil_lag_min(plate), start)


def hot_spot_rise(plate: ThermalPlate, load: Values, step_min: float) -> Values | None:
    """Hot spot above top oil, kelvin, from the steady state of the first load; None without a rated rise."""
    if plate.hot_spot_rise_kelvin is None:
        return None
    target = plate.hot_spot_rise_kelvin * load**plate.winding_exponent
    winding = plate.k21 * target
    oil = (plate.k21 - 1) * target
    fast = _follow(winding, step_min / (plate.k22 * plate.winding_time_constant_min), float(winding[0]))
    return fast - _follow(oil, step_min * plate.k22 / plate.oil_time_constant_min, float(oil[0]))


def _follow(target: Values, steps: float, start: float) -> Values:
    """First-order lag behind a target; ``steps`` is the step in units of the time constant."""
    keep = float(np.exp(-steps))
    mean = (1 - keep) / steps
    new, old = 1 - mean, mean - keep
    follow, _ = lfilter([new, old], [1.0, -keep], target[1:], zi=[keep * start + old * float(target[0])])
    return np.concatenate([[start], follow])
