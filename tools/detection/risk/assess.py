"""The tool ``classify_risk``: how likely it is that an incident is under way, and which figures say so."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from pydantic import ValidationError

from tools.context import ToolContext
from tools.coverage import Coverage, LeftOut
from tools.detection.risk.features import FEATURES, WINDOW, Figures, figures_at
from tools.detection.risk.model import Judged, at_rate, judge
from tools.detection.risk.record import MODEL_NAME, RiskModelRecord
from tools.detection.schema.risk import (
    ClassifyRiskArguments,
    HourRisk,
    IncidentRisk,
    RiskFactor,
    RiskLevel,
    RiskModelUsed,
)
from tools.errors import SourceMissingError
from tools.vocabulary import Confidence

_SHOWN = 5
_LIKELIER_THAN_NOT, _TWICE = 0.5, 2.0
_NARROW, _WIDE = 0.2, 0.5
_MOSTLY = 0.7
_METHOD = (
    "sum of one rising step function for each figure, boosted and calibrated on unseen days; between the lowest and "
    "the highest lie nine of ten models fitted on resampled days; the parts are Shapley values of the log-odds"
)


def classify_risk(ctx: ToolContext, args: ClassifyRiskArguments) -> IncidentRisk:
    """Judge hours by a trained model; a model that does not beat its unsupervised rival says so in the result.

    Raises:
        SourceMissingError: without telemetry, without any reading in the newest hour, or without a trained model.
        InvalidArgumentError: for a time with too many readings.
    """
    ctx.need_telemetry()
    record = _model(ctx)
    at = args.at or ctx.clock.as_of
    rate = record.incident_share if args.incident_rate_percent is None else args.incident_rate_percent / 100
    ends = [at - number * WINDOW for number in range(args.hours)]
    figures = [figures_at(ctx, end) for end in ends]
    if not _read(figures[0]):
        raise SourceMissingError(f"readings in the hour before {at.isoformat()}")
    hours = tuple(_hour(record, end, found, rate) for end, found in zip(ends, figures, strict=True) if _read(found))
    return IncidentRisk(
        at=at,
        hours=hours,
        highest=max(hours, key=lambda hour: hour.probability_percent),
        assumed_rate_percent=100 * rate,
        model=_used(record),
        method=_METHOD,
        coverage=_coverage(figures),
        simulated=any(found.simulated for found in figures),
    )


def _model(ctx: ToolContext) -> RiskModelRecord:
    content = ctx.models.read(MODEL_NAME) if ctx.models is not None else None
    if content is None:
        raise SourceMissingError("trained model of the risk of incidents")
    try:
        return RiskModelRecord.model_validate(content)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise SourceMissingError(f"model of the risk of incidents that this program reads ({reason})") from error


def _read(figures: Figures) -> bool:
    """Whether there was any reading: its first figures come from nothing else."""
    return bool(np.isfinite(figures.value[1:7]).any())


def _hour(record: RiskModelRecord, end: datetime, figures: Figures, rate: float) -> HourRisk:
    judged = judge(record, figures.value)
    probability, lowest, highest = (
        at_rate(share, record.incident_share, rate) for share in (judged.probability, judged.lowest, judged.highest)
    )
    known = np.flatnonzero(np.isfinite(figures.value))
    shown = sorted(known, key=lambda place: -abs(judged.parts[place]))[:_SHOWN]
    return HourRisk(
        start=end - WINDOW,
        end=end,
        level=level_of(probability, rate),
        probability_percent=100 * probability,
        lowest_percent=100 * lowest,
        highest_percent=100 * highest,
        average_log_odds=judged.base,
        log_odds=judged.base + float(judged.parts.sum()),
        factors=tuple(_factor(int(place), figures, judged) for place in shown),
        others_add=float(judged.parts.sum() - judged.parts[shown].sum()),
        others=len(known) - len(shown),
        confidence=_confidence(record, highest - lowest, len(known)),
    )


def level_of(probability: float, rate: float) -> RiskLevel:
    """The word for a probability where a share of all hours has an incident.

    >>> level_of(0.25, 0.5), level_of(0.25, 0.01), level_of(0.95, 0.5)
    (<RiskLevel.LOW: 'low'>, <RiskLevel.ELEVATED: 'elevated'>, <RiskLevel.HIGH: 'high'>)
    """
    if probability < rate:
        return RiskLevel.LOW
    likely = probability >= _LIKELIER_THAN_NOT
    twice = probability * (1 - rate) >= _TWICE * rate * (1 - probability)
    return RiskLevel.HIGH if likely and twice else RiskLevel.ELEVATED


def _factor(place: int, figures: Figures, judged: Judged) -> RiskFactor:
    feature = FEATURES[place]
    return RiskFactor(
        figure=feature.meaning,
        value=float(figures.value[place]),
        name=feature.name,
        adds=float(judged.parts[place]),
    )


def _confidence(record: RiskModelRecord, width: float, known: int) -> Confidence:
    """High for a narrow interval of a model that beats its rival and sees most figures; never high from simulation."""
    if not record.beats_rival or width > _WIDE or known < _MOSTLY * len(FEATURES):
        return Confidence.LOW
    return Confidence.HIGH if width <= _NARROW and record.confirmed_hours else Confidence.MEDIUM


def _coverage(figures: list[Figures]) -> Coverage:
    newest = figures[0]
    unread = sum(not _read(found) for found in figures)
    left_out = [LeftOut(what="figures of the risk", count=1, reason=reason) for reason in newest.reasons]
    if unread:
        left_out.append(LeftOut(what="hours", count=unread, reason="no reading in the time"))
    return Coverage(checked=len(FEATURES), solved=int(np.isfinite(newest.value).sum()), left_out=tuple(left_out))


def _used(record: RiskModelRecord) -> RiskModelUsed:
    return RiskModelUsed(
        fingerprint=record.fingerprint,
        version=record.version,
        trained_on=record.trained_on,
        days=record.days,
        training_hours=record.hours,
        confirmed_hours=record.confirmed_hours,
        incident_share_percent=100 * record.incident_share,
        held_out_hours=record.held_out_hours,
        roc_auc=record.standing.roc_auc,
        brier=record.standing.brier,
        calibration_error_percent=100 * record.standing.calibration_error,
        rival=record.rival.name,
        rival_roc_auc=record.rival.roc_auc,
        rival_brier=record.rival.brier,
        beats_rival=record.beats_rival,
    )
