"""The readings of one sensor over a time, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.vocabulary import ReadingQuality

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tools.telemetry.schema.sensor import Sensor

QUALITIES = tuple(ReadingQuality)
"""Quality by its stored code."""


@dataclass(frozen=True, eq=False)
class Series:
    """Readings in order of time, each time once; nobody changes the arrays.

    Attributes:
        sensor: Whose readings.
        at_us: Microseconds since 1970 UTC, ascending.
        value: In the sensor's unit, its sign not applied; NaN where the sensor reported no value.
        quality: Codes, positions in ``QUALITIES``, as reported by the source.
    """

    sensor: Sensor
    at_us: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.at_us)
