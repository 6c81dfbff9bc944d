"""Top-oil temperature by the difference equations of IEC 60076-7, clause 8.2.3, in steps of a minute or so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.telemetry.schema.operations import TransformerNameplate

STEP_MIN = 1.0
WARM_UP_DAYS = 3
"""Times that the period is lived through before its first step, so that the oil starts warm."""


@dataclass(frozen=True)
class LostCooling:
    """Fans (and pumps) that stand still from step ``start`` to ``end``, the end excluded.

    Without them a transformer can carry only ``capability`` of its rated power at the same top-oil rise, and its oil
    is slower by ``slower``.
    """

    start: int
    end: int
    capability: float
    slower: float = 1.4


def top_oil(
    plate: TransformerNameplate,
    load: NDArray[np.float64],
    ambient: NDArray[np.float64],
    lost: LostCooling | None = None,
    step_min: float = STEP_MIN,
) -> NDArray[np.float64]:
    """Top-oil temperature of every step, degrees Celsius.

    Args:
        plate: The nameplate; all values of the oil must be given.
        load: Load factor of each step, of rated current.
        ambient: Temperature of the air at each step, degrees Celsius.
        lost: Cooling that is lost for a time.
        step_min: Minutes between steps; far below the oil's time constant.
    """
    ratio, power, rise, tau, k11 = (
        _given(plate, name)
        for name in ("loss_ratio", "oil_exponent", "top_oil_rise_kelvin", "oil_time_constant_min", "k11")
    )
    capability, slower = np.ones_like(load), np.ones_like(load)
    if lost is not None:
        capability[lost.start : lost.end], slower[lost.start : lost.end] = lost.capability, lost.slower
    steady = ambient + rise * ((1 + ratio * load**2) / (1 + ratio)) ** power
    warm = float(steady[0])
    for target in np.tile(steady, WARM_UP_DAYS).tolist():
        warm += step_min / (k11 * tau) * (target - warm)
    now = ambient + rise * ((1 + ratio * (load / capability) ** 2) / (1 + ratio)) ** power
    result = np.empty_like(load)
    for minute, (target, lag) in enumerate(zip(now.tolist(), slower.tolist(), strict=True)):
        warm += step_min / (k11 * tau * lag) * (target - warm)
        result[minute] = warm
    return result


def _given(plate: TransformerNameplate, name: str) -> float:
    value = getattr(plate, name)
    if value is None:
        raise ValueError(f"{name}: the nameplate has none, a positive number would be right")
    return float(value)
