"""Confidence and severity of what is found, by rule."""

from __future__ import annotations

from tools.detection.diagnosis import Fault
from tools.detection.frame import Frame
from tools.vocabulary import Confidence, Severity

_CLEAR_SIGMA = 5.0

SEVERITIES = tuple(Severity)


def confidence_of(frame: Frame, fault: Fault) -> Confidence:
    """High for an error far above the noise that only this sensor explains, low when its rivals fit nearly as well."""
    clear = abs(fault.episode.error) >= _CLEAR_SIGMA * frame.noise[fault.wrong.row]
    if fault.wrong.rivals:
        return Confidence.MEDIUM if clear else Confidence.LOW
    return Confidence.HIGH if clear else Confidence.MEDIUM


def rank(severity: Severity) -> int:
    """Least severe first."""
    return SEVERITIES.index(severity)
