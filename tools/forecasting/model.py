"""Boosted trees for one number of days ahead, with conformal intervals from blocks of days held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from mapie.conformity_scores import AbsoluteConformityScore
from mapie.regression import SplitConformalRegressor
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from tools.forecasting.days import DAY_H
from tools.forecasting.features import WEEK, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

BLOCKS = 4
"""Held-out blocks: the last week, and the rest of the history in equal parts."""

CONFIDENCE = 0.8
"""Between P10 and P90."""

_LONG_DAYS = 200
_SMOOTH_H = 5
_LEAST_SPREAD = 1e-6


@dataclass(frozen=True, eq=False)
class Band:
    """P10, P50 and P90 in MW, day by hour."""

    p10: Matrix
    p50: Matrix
    p90: Matrix


class DayModel:
    """Predicts days from a table; its intervals hold on days that its trees had not seen.

    Args:
        table: For one number of days ahead.
        until: First row that is not known.
        seed: Of the trees.
    """

    def __init__(self, table: Table, until: int, seed: int) -> None:
        self._until, self._seed = until, seed
        self._spread = np.ones(DAY_H)
        with threadpool_limits(limits=1, user_api="openmp"):
            # one thread: the same trees in the same order on every machine, and no fight over cores
            self._held_out = self._predict_blocks(table)
            self._trees = self._fit(table, np.arange(until))
        error = table.target[:until] - self._held_out
        self._spread = _spread(error)
        self._interval = _conformal(self._held_out, table.target[:until], self._spread)

    def predict(self, table: Table, rows: slice) -> Band:
        """Days by their rows in the table."""
        values = table.values[rows]
        with threadpool_limits(limits=1, user_api="openmp"):
            guess = self._trees.predict(values.reshape(-1, values.shape[-1])).reshape(-1, DAY_H)
        return _band(table, rows, guess, self._interval, self._spread)

    def last_week(self, table: Table) -> Band:
        """The last known week, predicted by trees and intervals that come from the days before it."""
        rows, before = slice(self._until - WEEK, self._until), slice(0, self._until - WEEK)
        spread = _spread(table.target[before] - self._held_out[before])
        interval = _conformal(self._held_out[before], table.target[before], spread)
        return _band(table, rows, self._held_out[rows], interval, spread)

    def _fit(self, table: Table, rows: NDArray[np.int64]) -> HistGradientBoostingRegressor:
        values, target = table.values[rows].reshape(-1, table.values.shape[-1]), table.target[rows].ravel()
        known = np.isfinite(target)
        # a feature that is unknown throughout, such as the week before in a fortnight, tells nothing
        empty = ~np.isfinite(values[known]).any(axis=0)
        return _trees(len(rows), self._seed).fit(np.where(empty, 0.0, values[known]), target[known])

    def _predict_blocks(self, table: Table) -> Matrix:
        """Each known day, predicted by trees that were grown without its block; the last week without later days."""
        found = np.full((self._until, DAY_H), np.nan)
        for block, rest in _blocks(self._until):
            trees = self._fit(table, rest)
            values = table.values[block]
            found[block] = trees.predict(values.reshape(-1, values.shape[-1])).reshape(-1, DAY_H)
        return found


class _Given(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # sklearn has no types
    """Hands on a prediction made elsewhere, so that MAPIE can put an interval around it."""

    def fit(self, values: Matrix, target: Matrix) -> _Given:  # noqa: ARG002 - sklearn's interface
        self.n_features_in_ = values.shape[1]
        return self

    def predict(self, values: Matrix) -> Matrix:
        return values[:, 0]


def _trees(days: int, seed: int) -> HistGradientBoostingRegressor:
    if days < _LONG_DAYS:
        return HistGradientBoostingRegressor(
            max_iter=60,
            learning_rate=0.1,
            max_leaf_nodes=8,
            max_features=0.4,
            early_stopping=False,
            random_state=seed,
        )
    return HistGradientBoostingRegressor(max_iter=200, learning_rate=0.06, early_stopping=False, random_state=seed)


def _blocks(known: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Rows held out and rows to learn from."""
    rows = np.arange(known)
    for block in (*np.array_split(rows[:-WEEK], BLOCKS - 1), rows[-WEEK:]):
        yield block, np.setdiff1d(rows, block)


def _spread(error: Matrix) -> Matrix:
    """Typical size of the error at each hour of the day, smoothed around the clock."""
    size = np.nanmean(np.abs(error), axis=0)
    around = np.concatenate([size[-(_SMOOTH_H // 2) :], size, size[: _SMOOTH_H // 2]])
    return np.maximum(np.convolve(around, np.full(_SMOOTH_H, 1 / _SMOOTH_H), mode="valid"), _LEAST_SPREAD)


def _conformal(guess: Matrix, target: Matrix, spread: Matrix) -> SplitConformalRegressor:
    """Intervals in units of the spread, each tail for itself, from predictions of days held out."""
    known = np.isfinite(target) & np.isfinite(guess)
    x, y = (guess / spread)[known].reshape(-1, 1), (target / spread)[known]
    given = _Given().fit(x, y)
    method = SplitConformalRegressor(
        given, confidence_level=CONFIDENCE, conformity_score=AbsoluteConformityScore(sym=False), prefit=True
    )
    return method.conformalize(x, y)


def _band(table: Table, rows: slice, guess: Matrix, interval: SplitConformalRegressor, spread: Matrix) -> Band:
    _, ends = interval.predict_interval((guess / spread).reshape(-1, 1))
    low, high = (ends[:, end, 0].reshape(guess.shape) * spread for end in (0, 1))
    return Band(
        p10=table.load_mw(np.minimum(low, guess), rows),
        p50=table.load_mw(guess, rows),
        p90=table.load_mw(np.maximum(high, guess), rows),
    )
