"""What a faulty sensor, or somebody who falsifies it, makes of its readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orchestrator.simulation.measuring import DECIMALS, MISSING, Fault
from tools.telemetry.series import Series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.telemetry.schema.sensor import Sensor


def add(offset: NDArray[np.float64]) -> Fault:
    """Readings with something added."""
    return lambda series: _replaced(series, np.round(series.value + offset, DECIMALS.get(series.sensor.unit, 3)))


def hold(start: int, end: int) -> Fault:
    """The reading before ``start`` is repeated until ``end``, which is excluded."""

    def apply(series: Series) -> Series:
        value = series.value.copy()
        value[start:end] = value[start - 1]
        return _replaced(series, value)

    return apply


def repeat(start: int, end: int, back: int) -> Fault:
    """Readings from ``back`` steps earlier, once more."""

    def apply(series: Series) -> Series:
        value = series.value.copy()
        value[start:end] = value[start - back : end - back]
        return _replaced(series, value)

    return apply


def lose(gone: NDArray[np.bool_], told: NDArray[np.bool_]) -> Fault:
    """Readings that are missing; of those that are told of, the source says that there is no value."""

    def apply(series: Series) -> Series:
        value, quality = series.value.copy(), series.quality.copy()
        value[gone], quality[gone] = np.nan, MISSING
        kept = ~gone | told
        return Series(series.sensor, series.at_us[kept], value[kept], quality[kept])

    return apply


def stays_plausible(sensor: Sensor, reach: NDArray[np.float64]) -> bool:
    """Whether values lie inside the plausible range that the sensor declares."""
    low, high = sensor.lowest, sensor.highest
    return low is not None and high is not None and bool(reach.min() > low and reach.max() < high)


def _replaced(series: Series, value: NDArray[np.float64]) -> Series:
    return Series(series.sensor, series.at_us, value, series.quality)
