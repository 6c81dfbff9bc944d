"""Judges of risk that see no label: what the supervised model must beat on the same figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.covariance import LedoitWolf
from sklearn.ensemble import IsolationForest
from sklearn.linear_model import LogisticRegression

from orchestrator.risk.samples import Samples
from orchestrator.risk.standing import standing_of
from tools.detection.risk.record import StandingRecord

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rival:
    """One judge; labels only turn its score into a probability, so that errors can be compared."""

    name: str
    score: Callable[[Floats], Floats]
    slope: float
    offset: float

    def log_odds(self, figures: Floats) -> Floats:
        """Of hours."""
        return self.slope * self.score(figures) + self.offset

    def standing(self, samples: Samples) -> StandingRecord:
        """How it does."""
        return standing_of(self.name, self.log_odds(samples.figures), samples.incident)


def fit_rivals(training: Samples, seed: int) -> Iterator[Rival]:
    """Isolation Forest, and the Mahalanobis distance with a shrunk covariance."""
    middle = np.nan_to_num(np.nanmedian(training.figures, axis=0))
    shaped = _shaped(training.figures, middle)
    forest = IsolationForest(n_estimators=200, random_state=seed).fit(shaped)
    yield _rival("isolation forest", lambda rows: -forest.score_samples(_shaped(rows, middle)), training)
    centre, scale = shaped.mean(axis=0), np.maximum(shaped.std(axis=0), 1e-9)
    shrunk = LedoitWolf().fit((shaped - centre) / scale)
    yield _rival(
        "Mahalanobis distance",
        lambda rows: np.log1p(shrunk.mahalanobis((_shaped(rows, middle) - centre) / scale)),
        training,
    )


def _shaped(figures: Floats, middle: Floats) -> Floats:
    """Without gaps, and on a scale on which counts and ratios are no outliers by nature."""
    filled = np.where(np.isfinite(figures), figures, middle)
    shaped: Floats = np.sign(filled) * np.log1p(np.abs(filled))
    return shaped


def _rival(name: str, score: Callable[[Floats], Floats], training: Samples) -> Rival:
    fitted = LogisticRegression(C=10.0).fit(score(training.figures)[:, None], training.incident)
    return Rival(name, score, float(fitted.coef_[0, 0]), float(fitted.intercept_[0]))
