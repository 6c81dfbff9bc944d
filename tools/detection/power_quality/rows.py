"""What was counted, as rows of the result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from tools.amount import Amount
from tools.detection.power_quality.dips import Excursion, tolerated
from tools.detection.power_quality.places import Place
from tools.detection.power_quality.tally import Tally
from tools.detection.schema.power_quality import (
    PowerFactorCourse,
    QualityAssessment,
    QualityVerdict,
    VoltageEvent,
    VoltageEventKind,
)
from tools.limits import QualityQuantity
from tools.telemetry.moments import SECOND_US, from_us
from tools.vocabulary import Severity

_TEN_MINUTES_S = 600.0
_UNITS = {QualityQuantity.VOLTAGE: "pu", QualityQuantity.FREQUENCY: "hz"}
_ORDER = (QualityVerdict.BROKEN, QualityVerdict.BROKEN_SO_FAR, QualityVerdict.KEPT_SO_FAR, QualityVerdict.KEPT)
_SEVERITY = {QualityVerdict.BROKEN: Severity.WARNING, QualityVerdict.BROKEN_SO_FAR: Severity.WARNING}


def ranked(rows: Sequence[QualityAssessment]) -> list[QualityAssessment]:
    """Broken first, then by the share inside."""
    return sorted(
        rows, key=lambda row: (_ORDER.index(row.verdict), row.inside_percent, row.subject.name, row.order or 0)
    )


def assessment_row(place: Place, tally: Tally) -> QualityAssessment:
    """One limit at one place; a frequency is told in Hz."""
    limit, verdict = tally.limit, tally.verdict()
    times = 1.0 / place.scale if limit.quantity is QualityQuantity.FREQUENCY else 1.0
    unit = _UNITS.get(limit.quantity, "percent")

    def amount(value: float) -> Amount:
        return Amount(value=value * times, unit=unit)

    return QualityAssessment(
        subject=place.sensors[0].ref,
        element=place.element,
        quantity=limit.quantity,
        order=limit.order,
        verdict=verdict,
        severity=_SEVERITY.get(verdict, Severity.INFORMATION),
        low=None if limit.low is None else amount(limit.low),
        high=None if limit.high is None else amount(limit.high),
        share_percent=limit.share_percent,
        mean_s=limit.mean_s,
        window_h=limit.window_h,
        source=limit.source,
        means=tally.means,
        missing=tally.missing,
        flagged=tally.flagged,
        seen_percent=tally.seen_percent,
        inside_percent=tally.inside_percent,
        outside_s=tally.outside * limit.mean_s,
        longest_outside_s=tally.longest[0] * limit.mean_s,
        longest_outside_at=_at(tally.longest[1], limit.mean_s) if tally.longest[0] else None,
        lowest=amount(tally.lowest[0]),
        lowest_at=_at(tally.lowest[1], limit.mean_s),
        highest=amount(tally.highest[0]),
        highest_at=_at(tally.highest[1], limit.mean_s),
    )


def event_row(place: Place, event: Excursion, period_s: float) -> VoltageEvent:
    """One voltage event; the period is by how much its duration may differ."""
    return VoltageEvent(
        subject=place.sensors[0].ref,
        element=place.element,
        kind=VoltageEventKind(event.kind),
        start=from_us(event.start_us),
        duration_s=event.duration_s,
        duration_error_s=period_s,
        residual_pu=event.residual_pu,
        depth_percent=100.0 * abs(1.0 - event.residual_pu),
        tolerated=None if event.lasting else tolerated(event, period_s),
    )


def power_factor_row(place: Place, means: Sequence[tuple[int, float]], limit: float | None) -> PowerFactorCourse:
    """The power factor of a place over its ten-minute means."""
    slot, lowest = min(means, key=lambda item: item[1])
    values = np.array([value for _, value in means])
    return PowerFactorCourse(
        subject=place.sensors[0].ref,
        element=place.element,
        lowest=min(1.0, lowest),
        lowest_at=_at(slot, _TEN_MINUTES_S),
        mean=min(1.0, float(values.mean())),
        means=len(values),
        limit=limit,
        below=None if limit is None else int((values < limit).sum()),
    )


def _at(slot: int, mean_s: float) -> datetime:
    return from_us(slot * round(mean_s * SECOND_US))
