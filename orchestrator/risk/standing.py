"""How well a judge of risk does on hours that it has never seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.metrics import brier_score_loss, roc_auc_score

from tools.detection.risk.record import StandingRecord

GROUPS = 10


def standing_of(name: str, odds: NDArray[np.float64], incident: NDArray[np.bool_]) -> StandingRecord:
    """Rank, error and calibration of log-odds against what was."""
    probability = expit(odds)
    auc = float(roc_auc_score(incident, odds)) if 0 < incident.mean() < 1 else 0.5
    return StandingRecord(
        name=name,
        roc_auc=auc,
        brier=float(brier_score_loss(incident, probability)),
        calibration_error=calibration_error(probability, incident),
    )


def calibration_error(probability: NDArray[np.float64], incident: NDArray[np.bool_]) -> float:
    """Mean distance of said and true share over ten groups of equal width, weighted by their hours (ECE)."""
    group = np.minimum((probability * GROUPS).astype(int), GROUPS - 1)
    total = 0.0
    for number in range(GROUPS):
        inside = group == number
        if inside.any():
            total += inside.sum() * abs(float(probability[inside].mean()) - float(incident[inside].mean()))
    return total / len(incident)
