"""Sensors that show a disturbance, clearest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.causal.candidate import SENSOR_KINDS
from tools.causal.contrasts import Step, gapless
from tools.causal.schema.causes import CauseKind

if TYPE_CHECKING:
    from tools.causal.candidate import Candidate
    from tools.causal.evidence import Evidence
    from tools.detection.frame import Floats
    from tools.subject import SubjectRef

_CLEAR = 6.0
"""Standard errors of a contrast, beyond which a sensor shows a disturbance."""


def witnesses_of(evidence: Evidence, candidate: Candidate) -> tuple[SubjectRef, ...]:
    """The sensors that show it; the accused one alone where a sensor is at fault."""
    diagnosis = evidence.diagnosis
    if diagnosis is None or candidate.kind is CauseKind.INTRUDER:
        return ()
    if candidate.kind in SENSOR_KINDS or candidate.contrast is None:
        named = candidate.subject is not None and candidate.subject.kind == "sensor"
        return (candidate.subject,) if named and candidate.subject is not None else ()
    frame = diagnosis.frame
    scores = []
    for row, sensor in enumerate(frame.sensors):
        size = _at(frame.value[row], candidate)
        scores.append((abs(size) / candidate.contrast.noise(float(frame.noise[row])), sensor.ref))
    scores.sort(key=lambda pair: -pair[0])
    return tuple(ref for score, ref in scores if score >= _CLEAR)


def _at(value: Floats, candidate: Candidate) -> float:
    """The contrast at one moment, its slow course not taken out."""
    contrast, at = candidate.contrast, candidate.moment
    if isinstance(contrast, Step):
        before, after = value[max(0, at - contrast.side) : at], value[at : at + contrast.side]
        if not np.isfinite(before).any() or not np.isfinite(after).any():
            return 0.0
        return float(np.nanmean(after) - np.nanmean(before))
    if contrast is None or at < contrast.reach or at + contrast.reach >= len(value):
        return 0.0
    piece = value[at - contrast.reach : at + contrast.reach + 1]
    return float(gapless(piece) @ contrast.wave) if np.isfinite(piece).any() else 0.0
