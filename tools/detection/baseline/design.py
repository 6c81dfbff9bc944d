"""What the usual value of an hour is computed from, as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.preprocessing import SplineTransformer

from tools.detection.baseline.hours import DAY_H, WEEK_D

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.detection.baseline.hours import Hours

HARMONICS = 4
"""Of the day: the fourth has a period of six hours."""
_FRIDAY, _SUNDAY = 4, 6
_KNOTS = 4


class Design:
    """Columns for hours, with the scales of the window that it was made on."""

    def __init__(self, window: Hours) -> None:
        self._begin, self._length = window.first, max(1, len(window))
        self._air: SplineTransformer | None = None
        self._mean_c = 0.0
        air = window.temperature
        if air is not None and np.isfinite(air).any():
            self._mean_c = float(np.nanmean(air))
            # Heating and cooling both take power: straight pieces between quantiles, straight on beyond them.
            self._air = SplineTransformer(n_knots=_KNOTS, degree=1, knots="quantile", extrapolation="linear")
            self._air.fit(self._filled(air)[:, None])

    def columns(self, hours: Hours) -> NDArray[np.float64]:
        """One row an hour: day, kind of day, slow change over the window, and weather where it is measured."""
        free = hours.holiday | (hours.weekday > _FRIDAY)
        day = _harmonics(hours.hour)
        kind = np.where(hours.holiday, _SUNDAY, hours.weekday)
        trend = (hours.first + np.arange(len(hours)) - self._begin) / self._length - 1.0
        parts = [day, day * free[:, None], np.eye(WEEK_D)[kind], hours.holiday[:, None], trend[:, None]]
        if self._air is not None and hours.temperature is not None:
            air = self._filled(hours.temperature)
            parts += [self._air.transform(air[:, None]), self._air.transform(_day_mean(air)[:, None])]
        return np.hstack([np.asarray(part, dtype=np.float64) for part in parts])

    def _filled(self, air: NDArray[np.float64]) -> NDArray[np.float64]:
        """Short gaps by straight lines, and what is not known at all by the mean of the window."""
        known = np.isfinite(air)
        if not known.any():
            return np.full(len(air), self._mean_c)
        return np.interp(np.arange(len(air)), np.flatnonzero(known), air[known])


def _harmonics(hour: NDArray[np.int64]) -> NDArray[np.float64]:
    turn = 2.0 * np.pi * hour[:, None] * np.arange(1, HARMONICS + 1) / DAY_H
    return np.hstack([np.sin(turn), np.cos(turn)])


def _day_mean(air: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of the last day up to each hour: walls and oil are slow."""
    padded = np.concatenate([np.full(DAY_H - 1, air[0]), air])
    mean: NDArray[np.float64] = np.lib.stride_tricks.sliding_window_view(padded, DAY_H).mean(axis=1)
    return mean
