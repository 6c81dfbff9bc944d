"""The measurements of one moment: the newest reading of every sensor, where it can be used, with its standard error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.snapshot_slots import PLAUSIBLE_VM_PU
from tools.telemetry.moments import to_us
from tools.telemetry.series import QUALITIES
from tools.vocabulary import ReadingQuality

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from tools.grid.estimation.plan import Plan
    from tools.telemetry.sources import TelemetrySource

SHARE, FLOOR_SHARE = 0.01, 0.001
"""Standard error of a power or current without a declared one: of its reading, and at least of the largest one."""
NOISE_VM_PU, NOISE_VA_DEGREE = 0.004, 0.1
"""Of voltages and angles without a declared one."""

MISSING, STALE, BAD, DOUBTED, OUTSIDE = (
    "no reading up to the time",
    "stale reading",
    "reading that its source calls bad or missing",
    "reading that its source calls suspect or substituted",
    "reading outside the plausible range",
)
_REFUSED = {
    ReadingQuality.BAD: BAD,
    ReadingQuality.MISSING: BAD,
    ReadingQuality.SUSPECT: DOUBTED,
    ReadingQuality.SUBSTITUTED: DOUBTED,
}
_WHY = (None, MISSING, STALE, BAD, DOUBTED, OUTSIDE)
_BY_QUALITY = np.array([_WHY.index(_REFUSED.get(quality)) for quality in QUALITIES])


@dataclass(frozen=True, eq=False)
class Readings:
    """Measured values of a plan at a time.

    Attributes:
        value: By measurement, pu and radians; NaN where it cannot be used.
        sigma: Standard error of it, pu and radians; NaN likewise.
        usable: Which measurements can be used.
        age_s: Of the oldest reading in each measurement.
        assumed: Which standard errors are assumed, because a sensor declares none.
        left_out: Number of sensors by the reason for which their reading is not used.
        reading: By sensor, in its own unit; NaN where not usable.
    """

    value: NDArray[np.float64]
    sigma: NDArray[np.float64]
    usable: NDArray[np.bool_]
    age_s: NDArray[np.float64]
    assumed: NDArray[np.bool_]
    left_out: dict[str, int]
    reading: NDArray[np.float64]


def readings(plan: Plan, telemetry: TelemetrySource, at: datetime) -> Readings:
    """The measurements of a plan at a time.

    Args:
        plan: Where the sensors sit.
        telemetry: Readings.
        at: The time; later readings are not looked at.
    """
    reading, age_s, why = _newest(plan, telemetry, at)
    reading = np.where(why == 0, reading, np.nan)
    count = len(plan.measurements)
    scaled = reading[plan.member] * plan.factor
    value = np.bincount(plan.owner, weights=scaled, minlength=count)
    usable = np.isfinite(value)
    odd = (plan.quantity == "vm") & usable & ((value < PLAUSIBLE_VM_PU[0]) | (value > PLAUSIBLE_VM_PU[1]))
    why[plan.member[odd[plan.owner]]] = _WHY.index(OUTSIDE)
    usable &= ~odd
    sigma, assumed = _sigma(plan, scaled)
    oldest = np.zeros(count)
    np.maximum.at(oldest, plan.owner, age_s[plan.member])
    used = np.zeros(len(why), dtype=bool)
    used[plan.member] = True
    codes = np.bincount(why[used], minlength=len(_WHY))
    left_out = {reason: int(number) for reason, number in zip(_WHY, codes, strict=True) if reason and number}
    alone = int((used & (why == 0)).sum()) - int((usable[plan.owner] & (why[plan.member] == 0)).sum())
    if alone:
        left_out["reading that must be added to one that cannot be used"] = alone
    return Readings(
        value=np.where(usable, value / plan.scale, np.nan),
        sigma=np.where(usable, sigma / plan.scale, np.nan),
        usable=usable,
        age_s=oldest,
        assumed=assumed & usable,
        left_out=left_out,
        reading=reading,
    )


def _newest(
    plan: Plan, telemetry: TelemetrySource, at: datetime
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Reading and age of every sensor, and why it cannot be used; 0 where it can."""
    series = telemetry.latest(plan.names, at)
    held = [
        (number, item)
        for number, name in enumerate(plan.names)
        if (item := series.get(name)) is not None and len(item.at_us)
    ]
    there = np.array([number for number, _ in held], dtype=np.int64)
    size = len(plan.names)
    value, age_s = np.full(size, np.nan), np.full(size, np.nan)
    why = np.full(size, _WHY.index(MISSING), dtype=np.int64)
    if not held:
        return value, age_s, why
    value[there] = [item.value[-1] for _, item in held]
    age_s[there] = (to_us(at) - np.array([item.at_us[-1] for _, item in held])) / 1e6
    said = _BY_QUALITY[[item.quality[-1] for _, item in held]]
    said[(said == 0) & ((value[there] < plan.lowest[there]) | (value[there] > plan.highest[there]))] = _WHY.index(
        OUTSIDE
    )
    said[(said == 0) & ~np.isfinite(value[there])] = _WHY.index(BAD)
    said[age_s[there] > plan.stale_after_s[there]] = _WHY.index(STALE)
    why[there] = said
    return value, age_s, why


def _sigma(plan: Plan, scaled: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Standard error of every measurement in its unit; errors of readings that are added up add by their squares."""
    quantity, noise = plan.quantity[plan.owner], plan.noise[plan.member] * np.abs(plan.factor)
    assumed = np.isnan(noise)
    for wanted in ("p", "q", "i") if assumed.any() else ():
        # active and reactive power share a floor: the accuracy is that of the instrument, whatever flows
        alike = np.isin(quantity, ("p", "q")) if wanted != "i" else quantity == "i"
        size = np.abs(scaled)
        largest = float(np.nanmax(size[alike], initial=0.0)) if np.isfinite(size[alike]).any() else 0.0
        mine = assumed & (quantity == wanted)
        noise[mine] = np.maximum(SHARE * np.nan_to_num(size[mine]), max(FLOOR_SHARE * largest, 1e-9))
    noise[assumed & (quantity == "vm")] = NOISE_VM_PU
    noise[assumed & (quantity == "va")] = NOISE_VA_DEGREE
    count = len(plan.measurements)
    square = np.bincount(plan.owner, weights=noise**2, minlength=count)
    some = np.bincount(plan.owner, weights=assumed.astype(float), minlength=count) > 0
    return np.sqrt(square), some
