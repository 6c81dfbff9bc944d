"""Errors on the last known week, beside those of the two plain guesses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.forecasting.features import WEEK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.forecasting.days import Days
    from tools.forecasting.model import Band

    Matrix = NDArray[np.float64]

_SMALL = 0.01


@dataclass(frozen=True)
class HeldOut:
    """Errors of a week that the model had not seen; None where they cannot be formed."""

    mae_mw: float | None
    mape_percent: float | None
    yesterday_mape_percent: float | None
    last_week_mape_percent: float | None
    coverage_percent: float | None


def held_out(days: Days, bands: Sequence[Band], hours: Sequence[int]) -> HeldOut:
    """Errors over all days ahead.

    Args:
        days: As known at the origin.
        bands: The last week as predicted one, two, three days ahead.
        hours: How many hours of each of these days the forecast is asked for.
    """
    true, guess, low, high, yesterday, last_week = (
        np.concatenate([part.ravel() for part in parts]) for parts in zip(*_parts(days, bands, hours), strict=True)
    )
    known = np.isfinite(true)
    inside = (true >= low) & (true <= high)
    return HeldOut(
        mae_mw=float(np.abs(guess - true)[known].mean()) if known.any() else None,
        mape_percent=_mape(guess, true),
        yesterday_mape_percent=_mape(yesterday, true),
        last_week_mape_percent=_mape(last_week, true),
        coverage_percent=float(100 * inside[known].mean()) if known.any() else None,
    )


def _parts(days: Days, bands: Sequence[Band], hours: Sequence[int]) -> list[tuple[Matrix, ...]]:
    week = slice(days.known - WEEK, days.known)
    true = days.load[week]
    found = []
    for ahead, (band, wanted) in enumerate(zip(bands, hours, strict=True), start=1):
        yesterday = days.load[week.start - ahead : week.stop - ahead]
        last_week = days.load[week.start - WEEK : week.stop - WEEK]
        columns = (true, band.p50, band.p10, band.p90, yesterday, last_week)
        found.append(tuple(column[:, :wanted] for column in columns))
    return found


def _mape(guess: Matrix, true: Matrix) -> float | None:
    """Mean absolute error in percent of the truth; None where the truth comes near zero or crosses it."""
    known = np.isfinite(guess) & np.isfinite(true)
    if not known.any() or true[known].min() * np.sign(true[known].max()) < _SMALL * np.abs(true[known]).max():
        return None
    return float(100 * np.abs(guess[known] / true[known] - 1).mean())
