"""What a day's load is predicted from, and the plain guess that the prediction corrects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.forecasting.days import DAY_H, Days

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

WEEK = 7
_EVENING_H = 3
_YEAR = 370
_NEAR_ZERO = 0.05
_WORKDAY, _WEEKEND, _HOLIDAY = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Table:
    """Features and target of every day of ``Days``, for one number of days ahead.

    A row uses nothing from the days after its origin, so rows of a long table can be predicted as if each were today.

    Attributes:
        values: Day, hour, feature; NaN where unknown.
        base: Plain guess, scaled: the same hour a week ago, or the newest known day where there is none.
        target: Scaled load minus base; NaN where unknown.
        scale: Typical load, MW.
        is_logarithmic: Scaled by the logarithm, because a load grows by parts of itself; linear where feed-in takes
            it near zero or below.
    """

    values: Matrix
    base: Matrix
    target: Matrix
    scale: float
    is_logarithmic: bool

    def load_mw(self, target: Matrix, rows: slice) -> Matrix:
        """Predicted targets of some days as MW."""
        scaled = self.base[rows] + target
        load: Matrix = self.scale * (np.exp(scaled) if self.is_logarithmic else scaled)
        return load


def table_of(days: Days, ahead: int) -> Table:
    """Features for predicting each day from what is known ``ahead`` days before its end."""
    scale = float(np.nanmedian(np.abs(days.load))) or 1.0
    is_logarithmic = bool(np.nanmin(days.load) > _NEAR_ZERO * scale)
    load = np.log(days.load / scale) if is_logarithmic else days.load / scale
    newest, week = _shifted(load, ahead), _shifted(load, WEEK)
    base = np.where(np.isfinite(week), week, newest)
    columns = [*_calendar(days), *_loads(load, base, ahead, days), *_temperatures(days, ahead)]
    stacked = np.stack([np.broadcast_to(column, load.shape).astype(float) for column in columns], axis=-1)
    return Table(stacked, base, load - base, scale, is_logarithmic)


def _shifted(values: Matrix, days: int) -> Matrix:
    """The values of so many days before."""
    moved = np.full_like(values, np.nan, dtype=float)
    moved[days:] = values[: len(values) - days]
    return moved


def _mean(values: Matrix) -> Matrix:
    """Mean of each day, as a column; NaN when more than half of the day is unknown."""
    known = np.isfinite(values)
    number = known.sum(axis=1, keepdims=True)
    total = np.where(known, values, 0.0).sum(axis=1, keepdims=True)
    mean: Matrix = np.full(total.shape, np.nan)
    np.divide(total, number, out=mean, where=number * 2 > values.shape[1])
    return mean


def _calendar(days: Days) -> list[Matrix]:
    columns: list[NDArray[np.int64] | NDArray[np.bool_] | Matrix] = [days.hour, days.weekday]
    if days.known >= _YEAR:
        columns.append(days.day_of_year)
    if days.holiday.any():
        before, after = np.roll(days.holiday, 1, axis=0), np.roll(days.holiday, -1, axis=0)
        before[0], after[-1] = False, False
        columns += [days.holiday, before, after, _shifted(days.holiday.astype(float), WEEK)]
    return [np.asarray(column, dtype=float) for column in columns]


def _loads(load: Matrix, base: Matrix, ahead: int, days: Days) -> list[Matrix]:
    """Past loads as differences from the base, so that trees need not learn the level."""
    newest, one_before, fortnight = _shifted(load, ahead), _shifted(load, ahead + 1), _shifted(load, 2 * WEEK)
    newest_a_week_ago = _shifted(newest, WEEK)
    alike = _alike(days, load, ahead)
    level = _mean(newest)
    columns = [
        newest - base,
        one_before - base,
        fortnight - base,
        alike - base,
        level - _mean(newest_a_week_ago),
        _mean(newest[:, -_EVENING_H:]) - _mean(newest_a_week_ago[:, -_EVENING_H:]),
    ]
    return [*columns, base, level] if days.known >= _YEAR else columns


def _alike(days: Days, load: Matrix, ahead: int) -> Matrix:
    """The newest known day of the same kind: working day, weekend, holiday (a holiday is most like a Sunday)."""
    middle = DAY_H // 2
    kind = np.where(days.holiday[:, middle], _HOLIDAY, np.where(days.weekday[:, middle] > 4, _WEEKEND, _WORKDAY))  # noqa: PLR2004 - Friday
    found = np.full_like(load, np.nan)
    for row, wanted in enumerate(kind):
        like = _WEEKEND if wanted == _HOLIDAY else wanted
        past = range(row - ahead, max(row - ahead - WEEK, -1), -1)
        day = next((other for other in past if kind[other] == like), None)
        if day is not None:
            found[row] = load[day]
    return found


def _temperatures(days: Days, ahead: int) -> list[Matrix]:
    """Temperatures of the last known day stand in for those ahead, unless a weather forecast gives them."""
    if days.temperature is None:
        return []
    newest, week = _shifted(days.temperature, ahead), _shifted(days.temperature, WEEK)
    one_before = _shifted(days.temperature, ahead + 1)
    late = _mean(newest[:, -_EVENING_H:])
    columns = [newest, _mean(newest), late, late - _mean(one_before[:, -_EVENING_H:]), week, _mean(week)]
    columns += [newest - week, _extreme(newest, highest=True), _extreme(newest, highest=False)]
    if days.weather is not None:
        here = days.weather
        columns += [here, _mean(here), here - week, _extreme(here, highest=True), _extreme(here, highest=False)]
        columns += [_trailing(here, _EVENING_H), _trailing(here, DAY_H)]
    return columns


def _extreme(values: Matrix, *, highest: bool) -> Matrix:
    """Highest or lowest of each day, as a column."""
    known = np.where(np.isfinite(values), values, -np.inf if highest else np.inf)
    found = (known.max if highest else known.min)(axis=1, keepdims=True)
    return np.where(np.isfinite(found), found, np.nan)


def _trailing(values: Matrix, hours: int) -> Matrix:
    """Mean over the hours up to each hour, itself included."""
    flat = values.ravel()
    padded = np.concatenate([np.full(hours - 1, np.nan), flat])
    mean: Matrix = np.lib.stride_tricks.sliding_window_view(padded, hours).mean(axis=1)
    return mean.reshape(values.shape)
