"""What others do on the same rows: fitted on the training rows alone, no row after the judged one is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import f, norm
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import LocalOutlierFactor

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXPLAINED = 0.85
CONFIDENCE = 0.999
"""Both are the defaults of the benchmark's own implementation."""
FALSE_ALARM_RATE = 0.001


def t_squared_and_q(train: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Hotelling's T-squared in the principal components, Q in the rest, each against its limit of theory.

    Limits: F distribution for T-squared, Jackson and Mudholkar (1979) for Q.
    """
    centre, scale = train.mean(axis=0), train.std(axis=0)
    moving = scale > 0.0
    known, value = ((part[:, moving] - centre[moving]) / scale[moving] for part in (train, rows))
    variance, direction = np.linalg.eigh(np.cov(known.T))
    variance, direction = variance[::-1], direction[:, ::-1]
    count, held = len(known), int(np.searchsorted(np.cumsum(variance) / variance.sum(), EXPLAINED) + 1)
    t_squared = ((value @ direction[:, :held]) ** 2 / variance[:held]).sum(axis=1)
    factor = held * (count - 1) * (count + 1) / (count * (count - held))
    t_limit = factor * f.ppf(CONFIDENCE, held, count - held)
    if held == len(variance):
        return t_squared > t_limit
    q = ((value @ direction[:, held:]) ** 2).sum(axis=1)
    first, second, third = (float((variance[held:] ** power).sum()) for power in (1, 2, 3))
    bend = 1.0 - 2.0 * first * third / (3.0 * second**2)
    reach = norm.ppf(CONFIDENCE) * bend * np.sqrt(2.0 * second) / first
    q_limit = first * (1.0 + reach + second * bend * (bend - 1.0) / first**2) ** (1.0 / bend)
    return (t_squared > t_limit) | (q > q_limit)


def isolation_forest(train: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Isolation Forest of scikit-learn, its threshold at the same stated false-alarm rate."""
    forest = IsolationForest(random_state=0, contamination=FALSE_ALARM_RATE).fit(train)
    return np.asarray(forest.predict(rows) < 0)


def local_outlier_factor(train: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Local Outlier Factor of scikit-learn on standardised rows, its threshold at the same false-alarm rate."""
    centre, scale = train.mean(axis=0), train.std(axis=0)
    scale = np.where(scale > 0.0, scale, 1.0)
    factor = LocalOutlierFactor(novelty=True, contamination=FALSE_ALARM_RATE).fit((train - centre) / scale)
    return np.asarray(factor.predict((rows - centre) / scale) < 0)
