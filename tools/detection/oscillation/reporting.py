"""Found oscillations as rows: the same mode in several pieces of the time is one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.amount import Amount
from tools.detection.oscillation.study import Swing
from tools.detection.schema.oscillations import Band, Origin, OscillationMode, Participant
from tools.telemetry.moments import from_us
from tools.vocabulary import Confidence, Severity

POOR_DAMPING_PERCENT = 3.0
"""Damping ratio below which a mode is poorly damped, by common practice of operators (CIGRE TB 111, 1996)."""
_SHOWN = 12
_LEAST_SHARE = 0.1
_OPPOSED_DEGREE, _OPPOSED_SHARE = 120.0, 20.0
_BANDS = ((0.1, Band.COMMON), (0.8, Band.INTER_AREA), (2.5, Band.LOCAL))
_METHODS = {
    Origin.RINGDOWN: "matrix pencil, refined by variable projection",
    Origin.AMBIENT: "covariance-driven stochastic subspace, jackknife over blocks",
    Origin.UNCLEAR: "matrix pencil, refined by variable projection",
    Origin.FORCED: "multitaper harmonic F-test, least squares",
}


def merged_modes(swings: Sequence[Swing]) -> list[OscillationMode]:
    """One row a mode, the most severe piece standing for it; most severe first, then by amplitude."""
    rows = sorted((_row(item) for item in swings), key=mode_order)
    kept: list[OscillationMode] = []
    for row in rows:
        same = next((place for place, other in enumerate(kept) if _same(row, other)), None)
        if same is None:
            kept.append(row)
        else:
            other = kept[same]
            span = {"start": min(row.start, other.start), "end": max(row.end, other.end)}
            kept[same] = other.model_copy(update={"pieces": other.pieces + 1, **span})
    return kept


def mode_order(row: OscillationMode) -> tuple[int, str, float, float, float]:
    """Most severe first, then by amplitude."""
    return (-row.severity.rank, row.quantity, -row.amplitude.value, row.damping_percent, row.frequency_hz)


def _same(row: OscillationMode, other: OscillationMode) -> bool:
    """Disturbances are told one by one; what lasts is the same where its frequency is."""
    if row.origin is not other.origin or row.quantity != other.quantity or row.origin is Origin.RINGDOWN:
        return False
    near = max(row.resolution_hz, other.resolution_hz) / 2
    return row.frequency_low_hz - near <= other.frequency_hz <= row.frequency_high_hz + near


def _row(swing: Swing) -> OscillationMode:
    size = np.abs(swing.shape)
    order = [int(place) for place in np.argsort(-size) if size[place] >= _LEAST_SHARE * size.max()]
    lead = order[0]
    participants = tuple(_participant(swing, place, lead) for place in order)
    unit = swing.live[lead].sensor.unit
    low, high = (100.0 * (swing.damping + side * swing.damping_width) for side in (-1, 1))
    return OscillationMode(
        quantity=swing.live[lead].sensor.quantity,
        origin=swing.origin,
        band=next((band for bound, band in _BANDS if swing.frequency_hz < bound), Band.CONTROL),
        severity=_severity(swing, high),
        confidence=_confidence(swing),
        start=from_us(swing.start_us),
        end=from_us(swing.stop_us),
        frequency_hz=swing.frequency_hz,
        frequency_low_hz=swing.frequency_hz - swing.frequency_width_hz,
        frequency_high_hz=swing.frequency_hz + swing.frequency_width_hz,
        damping_percent=100.0 * swing.damping,
        damping_low_percent=low,
        damping_high_percent=high,
        resolution_hz=swing.resolution_hz,
        amplitude=Amount(value=float(size[lead]), unit=unit),
        harmonics=swing.harmonics,
        opposed=_opposed(participants) if len(swing.live) > 1 else None,
        participants=participants[:_SHOWN],
        participants_omitted=max(0, len(participants) - _SHOWN),
        method=_METHODS[swing.origin],
    )


def _participant(swing: Swing, place: int, lead: int) -> Participant:
    sensor = swing.live[place].sensor
    ratio = swing.shape[place] / swing.shape[lead]
    return Participant(
        subject=sensor.ref,
        element=sensor.element,
        amplitude=Amount(value=float(abs(swing.shape[place])), unit=sensor.unit),
        share_percent=min(100.0, 100.0 * float(abs(ratio))),
        phase_degree=float(np.degrees(np.angle(ratio))),
    )


def _opposed(participants: Sequence[Participant]) -> bool:
    return any(
        abs(item.phase_degree) > _OPPOSED_DEGREE and item.share_percent >= _OPPOSED_SHARE for item in participants
    )


def _severity(swing: Swing, high_percent: float) -> Severity:
    """What surely grows is critical; poor damping and forcing are warnings."""
    if swing.origin in {Origin.FORCED, Origin.UNCLEAR}:
        return Severity.WARNING
    if high_percent < 0:
        return Severity.CRITICAL
    return Severity.WARNING if 100.0 * swing.damping < POOR_DAMPING_PERCENT else Severity.INFORMATION


def _confidence(swing: Swing) -> Confidence:
    if swing.origin is Origin.UNCLEAR:
        return Confidence.LOW
    if swing.sure:
        return Confidence.HIGH
    return Confidence.MEDIUM if swing.origin is not Origin.AMBIENT or swing.damping_width < 0.03 else Confidence.LOW  # noqa: PLR2004 - three points of damping
