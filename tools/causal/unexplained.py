"""Flows that moved at a time at which nothing that was found moved: something moved that nobody sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.causal.candidate import Candidate
from tools.causal.contrasts import Step, Swing
from tools.causal.departures import find_steps, find_swing, limit
from tools.causal.movements import SAME_MIN
from tools.causal.schema.causes import CauseKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.causal.powers import Power, Powers
    from tools.detection.diagnosis import Diagnosis


def unexplained(diagnosis: Diagnosis, powers: Powers, known: Sequence[Candidate]) -> list[Candidate]:
    """Flows that stepped or swung at a time at which nothing that was found moved: something moved unseen."""
    frame = diagnosis.frame
    kernel = Step.of(frame.step_s)
    measured = [power for power in powers.ends.values() if power.row is not None]
    threshold = limit(len(measured), len(frame.at_us))
    found: list[Candidate] = []
    for power in measured:
        for step in find_steps([power], kernel, threshold):
            found.append(_not_seen(diagnosis, power, kernel, (step.first, step.stop, step.first), step.score))
        swing = find_swing(power.value, len(measured))
        if swing is not None:
            contrast = Swing.of(swing.cycle, swing.phase)
            found.append(_not_seen(diagnosis, power, contrast, (swing.first, swing.stop, swing.middle), swing.score))
    found.sort(key=lambda one: -one.strength)
    kept: list[Candidate] = []
    for one in found:
        if not any(_covers(other, one, frame.columns(SAME_MIN)) for other in (*known, *kept)):
            kept.append(one)
    return kept


def _covers(other: Candidate, one: Candidate, near: int) -> bool:
    """Whether what is known already moved at that time."""
    marks = [other.first, *([] if other.stop is None else [other.stop])]
    if isinstance(one.contrast, Swing) or isinstance(other.contrast, Swing):
        return other.first - near <= one.moment <= (other.stop if other.stop is not None else one.moment) + near
    # The step of a flow may be found at its begin or, where that is small, only at its end.
    return any(abs(one.first - mark) <= near for mark in marks)


def _not_seen(
    diagnosis: Diagnosis, power: Power, contrast: Step | Swing, when: tuple[int, int | None, int], score: float
) -> Candidate:
    frame = diagnosis.frame
    first, stop, moment = when
    sensor = frame.sensors[power.row or 0]
    return Candidate(
        kind=CauseKind.NOT_SEEN,
        start=frame.at(first),
        end=None if stop is None or stop >= len(frame.at_us) else frame.at(stop - 1),
        strength=score,
        observed=False,
        sure=False,
        first=first,
        stop=stop,
        element=sensor.element,
        subject=sensor.ref,
        row=power.row,
        contrast=contrast,
        moment=moment,
        note="flows moved, and nothing that is measured moved first",
    )
