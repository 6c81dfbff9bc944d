"""Hours of one sensor with what its usual value depends on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tools.forecasting.calendar import date_of, local_offsets

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import date

    from numpy.typing import NDArray

DAY_H, WEEK_D = 24, 7
_THURSDAY = 3
"""Day 0, 1970-01-01, was one; Monday is 0."""


@dataclass(frozen=True, eq=False)
class Hours:
    """Hours in a row.

    Attributes:
        first: Number of the first hour since 1970, UTC.
        value: Mean of each hour in the sensor's unit, NaN where it has no reading.
        local: Hour of wall-clock time since 1970.
        holiday: Whether the local day is a public holiday.
        temperature: Of the air, degC, NaN where unknown; None without a sensor.
    """

    first: int
    value: NDArray[np.float64]
    local: NDArray[np.int64]
    holiday: NDArray[np.bool_]
    temperature: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.value)

    @property
    def hour(self) -> NDArray[np.int64]:
        """Of the local day, 0..23."""
        return self.local % DAY_H

    @property
    def weekday(self) -> NDArray[np.int64]:
        """0 is Monday."""
        days: NDArray[np.int64] = (self.local // DAY_H + _THURSDAY) % WEEK_D
        return days

    def part(self, piece: slice) -> Hours:
        """Some of the hours; a piece without a step."""
        return replace(
            self,
            first=self.first + (piece.indices(len(self))[0]),
            value=self.value[piece],
            local=self.local[piece],
            holiday=self.holiday[piece],
            temperature=None if self.temperature is None else self.temperature[piece],
        )


def hours_of(
    first: int,
    value: NDArray[np.float64],
    temperature: NDArray[np.float64] | None,
    zone: str | None,
    holidays: Container[date],
) -> Hours:
    """Lay hourly means on the local clock.

    Raises:
        InvalidArgumentError: for a zone that nobody knows.
    """
    local = local_offsets(first, len(value), zone)
    days, place = np.unique(local // DAY_H, return_inverse=True)
    free = np.array([date_of(int(day) * DAY_H) in holidays for day in days], dtype=np.bool_)
    return Hours(first, value, local, free[place], temperature)
