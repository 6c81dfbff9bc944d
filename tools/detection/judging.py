"""Confidence and severity of what is found, by rule."""

from __future__ import annotations

from tools.detection.diagnosis import Diagnosis, Fault
from tools.detection.episodes import Episode
from tools.detection.scan import WORTH_A_LOOK
from tools.vocabulary import Confidence

_CLEAR_SIGMA = 5.0
_FEW, _CROWD = 8, 0.1


def confidence_of(diagnosis: Diagnosis, fault: Fault) -> Confidence:
    """High for an error far above the noise that only this sensor explains, low when its rivals fit nearly as well."""
    if is_crowd(diagnosis):
        return Confidence.LOW
    frame = diagnosis.frame
    clear = abs(fault.episode.error) >= _CLEAR_SIGMA * frame.noise[fault.wrong.row]
    if fault.wrong.rivals:
        return Confidence.MEDIUM if clear else Confidence.LOW
    return Confidence.HIGH if clear else Confidence.MEDIUM


def is_slight(diagnosis: Diagnosis, row: int, episode: Episode) -> bool:
    """Whether the error of a sensor is too small to matter, though it is sure, or less than quite sure."""
    small = abs(episode.error) < WORTH_A_LOOK * float(diagnosis.frame.noise[row])
    return small or episode.strength < diagnosis.verdicts.firm


def is_crowd(diagnosis: Diagnosis) -> bool:
    """Whether so many sensors are contradicted that the model or the clocks are likelier wrong than all of them."""
    accused = len(diagnosis.verdicts.wrong) + len(diagnosis.verdicts.doubted)
    return accused > max(_FEW, _CROWD * int(diagnosis.verdicts.redundant.sum()))
