"""Fits the risk model: boosted steps, one figure each, that never fall, calibrated on days they have not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from orchestrator.risk.rivals import fit_rivals
from orchestrator.risk.samples import Samples
from orchestrator.risk.standing import standing_of
from tools.detection.risk.features import NAMES
from tools.detection.risk.model import log_odds
from tools.detection.risk.record import VERSION, MemberRecord, RiskModelRecord, StepsRecord
from tools.errors import InvalidArgumentError

RESAMPLED = 30
LEAST_DAYS = 12
_FOLDS = 5
_DIGITS = 5


@dataclass(frozen=True)
class Setting:
    """How finely steps are cut: rounds of boosting, hours in a branch at least, penalty on the height of a step."""

    rounds: int
    least_hours: int
    penalty: float


SETTINGS = (Setting(40, 25, 5.0), Setting(120, 12, 1.0), Setting(300, 8, 0.3))
"""From coarse to fine; the one whose calibrated probability errs least on unseen days of the training is taken."""
Floats = NDArray[np.float64]


def fit_risk_model(
    training: Samples,
    held_out: Samples,
    seed: int,
    trained_on: str,
    *,
    confirmed_hours: int = 0,
    draws: int = RESAMPLED,
) -> RiskModelRecord:
    """Fit on some days, and state how it does on others.

    Args:
        training: Hours to learn from.
        held_out: Hours of other days; they only give the standing.
        seed: Of all draws.
        trained_on: What the hours are, in words without digits.
        confirmed_hours: How many of the training hours people judged.
        draws: How many models of resampled days the intervals are of.

    Raises:
        InvalidArgumentError: for too few days, or without hours of both kinds.
    """
    _check(training, "training")
    _check(held_out, "held_out", least=1)
    chance = np.random.default_rng(seed)
    days = np.unique(training.day)
    with threadpool_limits(limits=1):
        setting, unseen = _chosen(training, seed)
        whole = _whole(training, seed, setting, unseen)
        resampled = tuple(_resampled(training, days, chance, seed + number, setting) for number in range(draws))
        rival = max(
            (one.standing(held_out) for one in fit_rivals(training, seed)), key=lambda standing: standing.roc_auc
        )
    return RiskModelRecord(
        version=VERSION,
        trained_on=trained_on,
        seed=seed,
        days=len(days),
        hours=len(training),
        confirmed_hours=confirmed_hours,
        incident_share=float(training.incident.mean()),
        held_out_hours=len(held_out),
        standing=standing_of("boosted steps", log_odds(whole, held_out.figures), held_out.incident),
        rival=rival,
        whole=whole,
        resampled=resampled,
    )


def _check(samples: Samples, name: str, least: int = LEAST_DAYS) -> None:
    days = len(np.unique(samples.day))
    if days < least:
        raise InvalidArgumentError(f"{name}: hours of {days} days given; at least {least} days would be right")
    if samples.incident.all() or not samples.incident.any():
        raise InvalidArgumentError(f"{name}: right are hours with an incident and hours without one")


def _whole(training: Samples, seed: int, setting: Setting, unseen: Floats) -> MemberRecord:
    """Fitted on all days; calibrated by what models of four fifths say of the last fifth."""
    model = boosted(training.figures, training.incident, seed, setting)
    return as_steps(model, training.figures, *_calibration(unseen, training.incident))


def _chosen(training: Samples, seed: int) -> tuple[Setting, Floats]:
    """The best setting, and what it says of every hour by models that have not seen its day."""
    tried = []
    for setting in SETTINGS:
        said = _unseen(training, seed, setting)
        slope, offset = _calibration(said, training.incident)
        tried.append((float(brier_score_loss(training.incident, expit(slope * said + offset))), setting, said))
    _, setting, said = min(tried, key=lambda item: item[0])
    return setting, said


def _unseen(training: Samples, seed: int, setting: Setting) -> Floats:
    said = np.zeros(len(training))
    for learnt, other in GroupKFold(n_splits=_FOLDS).split(training.figures, training.incident, training.day):
        model = boosted(training.figures[learnt], training.incident[learnt], seed, setting)
        said[other] = model.decision_function(training.figures[other])
    return said


def _resampled(
    training: Samples, days: NDArray[np.int64], chance: np.random.Generator, seed: int, setting: Setting
) -> MemberRecord:
    """Fitted on days drawn with replacement; calibrated on the days that were not drawn."""
    drawn = chance.choice(days, size=len(days))
    rows = np.concatenate([np.flatnonzero(training.day == day) for day in drawn])
    rest = ~np.isin(training.day, drawn)
    model = boosted(training.figures[rows], training.incident[rows], seed, setting)
    said = model.decision_function(training.figures[rest])
    return as_steps(model, training.figures[rows], *_calibration(said, training.incident[rest]))


def boosted(
    figures: Floats, incident: NDArray[np.bool_], seed: int, setting: Setting = SETTINGS[1]
) -> HistGradientBoostingClassifier:
    """No step mixes two figures, and none falls: more of what is wrong never means less risk."""
    return HistGradientBoostingClassifier(
        max_iter=setting.rounds,
        learning_rate=0.08,
        max_leaf_nodes=4,
        min_samples_leaf=setting.least_hours,
        l2_regularization=setting.penalty,
        monotonic_cst=[1] * figures.shape[1],
        interaction_cst="no_interactions",
        early_stopping=False,
        random_state=seed,
    ).fit(figures, incident)


def _calibration(said: Floats, incident: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset of the log-odds (Platt 1999)."""
    fitted = LogisticRegression(C=10.0).fit(said[:, None], incident)
    slope = float(fitted.coef_[0, 0])
    if slope <= 0:  # what is said of unseen days is worth nothing: only the share of incidents is left
        return 0.0, float(logit((incident.sum() + 1) / (len(incident) + 2)))
    return slope, float(fitted.intercept_[0])


def as_steps(model: HistGradientBoostingClassifier, figures: Floats, slope: float, offset: float) -> MemberRecord:
    """Read the step functions off an additive model: one figure moves while all others stand still."""
    start = np.nan_to_num(np.nanmedian(figures, axis=0))
    level = float(model.decision_function(start[None, :])[0])
    base, steps = level, []
    for column, name in enumerate(NAMES):
        said = figures[:, column]
        known = np.unique(said[np.isfinite(said)])
        if len(known) < 2:  # noqa: PLR2004 - what never moved adds nothing
            base += _own(model, start, column, known) - level if len(known) else 0.0
            continue
        moved = np.repeat(start[None, :], len(known), axis=0)
        moved[:, column] = known
        adds = model.decision_function(moved) - level
        mean = float(np.interp(said[np.isfinite(said)], known, adds).mean())
        base += mean
        change = np.flatnonzero(np.diff(adds) != 0)
        if len(change):
            edges = [float(f"{(known[at] + known[at + 1]) / 2:.9g}") for at in change]
            values = adds[np.concatenate([change, [len(known) - 1]])] - mean
            steps.append(
                StepsRecord(
                    feature=name,
                    edges=tuple(edges),
                    values=tuple(round(float(slope * value), _DIGITS) for value in values),
                )
            )
    return MemberRecord(base_log_odds=round(slope * base + offset, _DIGITS), steps=tuple(steps))


def _own(model: HistGradientBoostingClassifier, start: Floats, column: int, known: Floats) -> float:
    moved = start.copy()
    moved[column] = known[0]
    return float(model.decision_function(moved[None, :])[0])
