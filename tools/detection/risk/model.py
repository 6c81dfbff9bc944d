"""A risk model at work: log-odds as a sum of one step function for each figure.

In such a sum what a figure adds, less its mean over the training hours, is exactly its Shapley value (Lundberg and Lee
2017, corollary 1, for features one by one): the explanation needs no sampling, and it adds up to the log-odds.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from tools.detection.risk.features import NAMES, Floats
from tools.detection.risk.record import MemberRecord, RiskModelRecord

LOW, HIGH = 0.05, 0.95
"""Quantiles of the resampled models between which the probability is said to lie."""


@dataclass(frozen=True, eq=False)
class Judged:
    """One hour judged.

    Attributes:
        probability: That an incident touches the hour.
        lowest, highest: Between which it lies for nine of ten models fitted on other draws of the days.
        base: Log-odds of an average hour.
        parts: What each figure adds to them, in the order of ``FEATURES``; zero without a source.
    """

    probability: float
    lowest: float
    highest: float
    base: float
    parts: Floats


def judge(record: RiskModelRecord, figures: Floats) -> Judged:
    """Judge one hour.

    Args:
        record: The model.
        figures: In the order of ``FEATURES``; NaN where there is no source.
    """
    parts = contributions(record.whole, figures[None, :])[0]
    probability = sigmoid(record.whole.base_log_odds + float(parts.sum()))
    others = [sigmoid(float(log_odds(member, figures[None, :])[0])) for member in record.resampled]
    lowest, highest = (float(np.quantile(others, share)) for share in (LOW, HIGH))
    return Judged(
        probability=probability,
        lowest=min(lowest, probability),
        highest=max(highest, probability),
        base=record.whole.base_log_odds,
        parts=parts,
    )


def contributions(member: MemberRecord, figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each figure adds to the log-odds, hour by figure; zero where it is not known."""
    found = np.zeros(figures.shape, dtype=np.float64)
    for step in member.steps:
        column = NAMES.index(step.feature)
        said = figures[:, column]
        place = np.searchsorted(np.array(step.edges, dtype=np.float64), said, side="left")
        found[:, column] = np.where(np.isnan(said), 0.0, np.array(step.values)[np.minimum(place, len(step.edges))])
    return found


def log_odds(member: MemberRecord, figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds of hours."""
    total: NDArray[np.float64] = member.base_log_odds + contributions(member, figures).sum(axis=1)
    return total


def sigmoid(value: float) -> float:
    """The probability of log-odds.

    >>> sigmoid(0.0)
    0.5
    """
    return 1.0 / (1.0 + exp(-value)) if value >= 0 else exp(value) / (1.0 + exp(value))


def at_rate(probability: float, learnt: float, real: float) -> float:
    """A probability for another rate of incidents than the model learnt at, by Bayes' rule.

    Args:
        probability: At the learnt rate.
        learnt: Share of training hours with an incident.
        real: Share of hours with one where the model is used.

    >>> round(at_rate(0.5, 0.5, 0.01), 9)
    0.01
    """
    if probability in {0.0, 1.0}:
        return probability
    odds = log(probability / (1 - probability)) + log(real / (1 - real)) - log(learnt / (1 - learnt))
    return sigmoid(odds)
