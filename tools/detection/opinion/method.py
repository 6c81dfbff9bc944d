"""A detector of scikit-learn as a score of rows, and what lies in its way: missing values and its own scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from sklearn.covariance import LedoitWolf
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import LocalOutlierFactor

from tools.detection.schema.statistical import DetectionMethod

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = "NDArray[np.float64]"
    Scores: TypeAlias = "Callable[[Floats], Floats]"

TREES = 100
NEIGHBOURS = 20
EXPLAINED = 0.9
"""Share of the variance that the principal components of T-squared and SPE hold."""
TYPICAL = 0.99
"""Quantile of the training rows that T-squared and SPE are brought to one scale by."""


def fit_method(method: DetectionMethod, rows: Floats) -> Scores:
    """Learn normal rows; the answer scores rows, the more unusual the higher.

    Args:
        method: Any but the control charts, which have a model of their own.
        rows: In training standard deviations, finite; at least two rows.
    """
    return _FITS[method](rows)


def _forest(rows: Floats) -> Scores:
    # A fixed seed: the same readings give the same verdict.
    forest = IsolationForest(n_estimators=TREES, random_state=0).fit(rows)
    return lambda asked: np.asarray(-forest.score_samples(asked), dtype=np.float64)


def _neighbours(rows: Floats) -> Scores:
    factor = LocalOutlierFactor(n_neighbors=min(NEIGHBOURS, len(rows) - 1), novelty=True).fit(rows)
    return lambda asked: np.asarray(-factor.score_samples(asked), dtype=np.float64)


def _mahalanobis(rows: Floats) -> Scores:
    covariance = LedoitWolf().fit(rows)
    return lambda asked: np.asarray(covariance.mahalanobis(asked), dtype=np.float64)


def _t2_spe(rows: Floats) -> Scores:
    """The larger of both statistics, each over its typical largest value in training."""
    components = PCA(n_components=EXPLAINED, svd_solver="full").fit(rows)

    def statistics(asked: Floats) -> Floats:
        inside = components.transform(asked)
        rest = asked - components.inverse_transform(inside)
        t2 = (inside**2 / components.explained_variance_).sum(axis=1)
        return np.stack([t2, (rest**2).sum(axis=1)])

    typical = np.quantile(statistics(rows), TYPICAL, axis=1)
    # One sensor, or sensors that move as one, leave no residual.
    scale = np.where(typical > np.finfo(float).eps, typical, 1.0)
    return lambda asked: np.asarray((statistics(asked) / scale[:, None]).max(axis=0), dtype=np.float64)


_FITS: Mapping[DetectionMethod, Callable[[Floats], Scores]] = MappingProxyType(
    {
        DetectionMethod.ISOLATION_FOREST: _forest,
        DetectionMethod.LOCAL_OUTLIER_FACTOR: _neighbours,
        DetectionMethod.MAHALANOBIS: _mahalanobis,
        DetectionMethod.T2_SPE: _t2_spe,
    }
)
METHODS = tuple(_FITS)
