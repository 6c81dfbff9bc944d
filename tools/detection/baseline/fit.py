"""The usual value of an hour and its spread, robust against earlier incidents, checked on hours held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student
from sklearn.linear_model import HuberRegressor, Ridge
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tools.detection.baseline.design import Design
from tools.detection.baseline.hours import DAY_H
from tools.detection.baseline.student import fit_student
from tools.errors import InvalidArgumentError
from tools.robust import MAD_TO_SIGMA

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sklearn.pipeline import Pipeline

    from tools.detection.baseline.hours import Hours

FALSE_ALARM_RATE = 0.001
"""Of normal hours: one in six weeks."""
LEAST_DAYS = 14
"""With readings: each weekday was seen twice."""
HELD_OUT = 0.25
"""Share of the window, its end, that checks the spread."""
WILD = 5.0
"""Robust deviations from which on an hour of the window is an earlier incident, and teaches nothing."""
FORGIVEN_H = 12
"""Held-out hours beyond the limit that are no farther apart are one stretch; the worst stretch may be an incident."""
_SHRINKAGE = 1.0
"""Of ridge on standardised columns: enough to keep those apart that hardly differ in a month."""
_FOLDS = 8
_STILL = 1e-9
"""Of the largest value: what the regression leaves of a constant by rounding."""
_LEAST_FREEDOM, _MOST_FREEDOM = 3.0, 60.0


@dataclass(frozen=True)
class Spread:
    """The law of what an hour's value departs from the expected one by.

    Attributes:
        scale: In the sensor's unit.
        freedom: Of Student's law.
        stretch: Factor, at least one, by which held-out hours scatter more widely.
    """

    scale: float
    freedom: float
    stretch: float = 1.0

    def chance(self, departure: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of a normal hour to be so far out, 0..1; NaN of an hour without a value."""
        chance: NDArray[np.float64] = 2.0 * student.sf(np.abs(departure) / (self.scale * self.stretch), self.freedom)
        return chance

    @property
    def limit(self) -> float:
        """Departure that the stated share of normal hours exceeds."""
        return float(self.scale * self.stretch * student.isf(FALSE_ALARM_RATE / 2.0, self.freedom))


class Baseline:
    """What is usual, learnt from a window of hours."""

    def __init__(self, window: Hours) -> None:
        """Learn.

        Args:
            window: With at least ``LEAST_DAYS`` days of values.

        Raises:
            InvalidArgumentError: when it stands still for the most part, so that no scatter is known.
        """
        first = len(window) - int(len(window) * HELD_OUT)
        trial = _Fitted(window.part(slice(0, first)))
        later = window.part(slice(first, None))
        departure = later.value - trial.expected(window)[first:]
        known = departure[np.isfinite(departure)]
        beyond = np.abs(known) > trial.spread.limit
        self.held_out_alarms = float(beyond.mean()) if len(known) else 0.0
        self._fitted = _Fitted(window)
        self._window = window
        usual = _usual_peak(np.abs(known) / trial.spread.limit) if len(known) else 1.0
        spread = self._fitted.spread
        self.spread = Spread(spread.scale, spread.freedom, max(1.0, usual))
        self.excluded = self._fitted.excluded

    def expected(self, hours: Hours) -> NDArray[np.float64]:
        """Usual values of hours, which may reach back into the window for the weather of the day before."""
        return self._fitted.expected(hours)


class _Fitted:
    """One fit: Huber's regression finds what is wild, ridge regression learns from the rest."""

    def __init__(self, window: Hours) -> None:
        self._design = Design(window)
        columns = self._design.columns(window)
        known = np.isfinite(window.value)
        huber = make_pipeline(StandardScaler(), HuberRegressor(max_iter=500, tol=1e-4))
        huber.fit(columns[known], window.value[known])
        apart = window.value - huber.predict(columns)
        scale = MAD_TO_SIGMA * float(np.median(np.abs(apart[known])))
        if scale <= _STILL * float(np.abs(window.value[known]).max()):
            raise InvalidArgumentError("their history is constant for the most part")
        calm = known & (np.abs(np.nan_to_num(apart)) <= WILD * scale)
        self.excluded = int(known.sum() - calm.sum())
        self._model: Pipeline = make_pipeline(StandardScaler(), Ridge(alpha=_SHRINKAGE))
        self._model.fit(columns[calm], window.value[calm])
        # Blocks of days: hours beside each other know each other's errors.
        blocks = KFold(n_splits=min(_FOLDS, max(2, int(calm.sum()) // (2 * DAY_H))))
        unseen = cross_val_predict(self._model, columns[calm], window.value[calm], cv=blocks)
        self.spread = _spread(window.value[calm] - unseen)

    def expected(self, hours: Hours) -> NDArray[np.float64]:
        return np.asarray(self._model.predict(self._design.columns(hours)), dtype=np.float64)


def _spread(departure: NDArray[np.float64]) -> Spread:
    freedom, _, scale = fit_student(departure)
    bounded = float(np.clip(freedom, _LEAST_FREEDOM, _MOST_FREEDOM))
    if bounded != freedom:
        _, _, scale = fit_student(departure, bounded)
    return Spread(max(float(scale), np.finfo(float).eps), bounded)


def _usual_peak(sizes: NDArray[np.float64]) -> float:
    """The largest of held-out hours, in limits, but for the stretch around the very largest."""
    beyond = np.flatnonzero(sizes > 1.0)
    stretches = np.split(beyond, np.flatnonzero(np.diff(beyond) > FORGIVEN_H) + 1)
    peaks = sorted(float(sizes[stretch].max()) for stretch in stretches if len(stretch))
    return peaks[-2] if len(peaks) > 1 else 1.0
