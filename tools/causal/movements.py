"""What truly moved in the grid: branches that opened, loads and units that stepped or swung."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.causal.candidate import Candidate
from tools.causal.contrasts import Step, Swing, gapless, spread
from tools.causal.departures import SwingFound, find_steps, find_swing, joint, limit, limit_of_pairs
from tools.causal.schema.causes import CauseKind
from tools.causal.sensors import column
from tools.detection.schema.anomalies import AnomalyKind
from tools.element import ElementKind, ElementRef, parse_canonical
from tools.telemetry.schema.log import LogKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from tools.causal.evidence import Evidence
    from tools.causal.powers import Power, Powers
    from tools.detection.diagnosis import Diagnosis
    from tools.detection.frame import Floats

_DEAD_SIGMA, _ALIVE_SIGMA = 5.0, 15.0
_LEAST_MIN = 3.0
_OWN_SIGMA = 3.0
SAME_MIN = 3.0
"""Two movements no farther apart are one."""
_SAME_CYCLE = 0.2
_DENIED = 0.5
_BRANCHES = frozenset({ElementKind.LINE, ElementKind.TRAFO})
OPENED = "carries nothing at either end: switched off or tripped"
STEPPED = "its power left its own course at once"
SWUNG = "its power swings"


def movements(evidence: Evidence, diagnosis: Diagnosis, powers: Powers) -> list[Candidate]:
    """Openings, swings and steps; what an opening or a swing makes step is left out."""
    opened = [*_openings(evidence, diagnosis), *_hidden_openings(diagnosis, powers)]
    swung = list(_swings(diagnosis, powers))
    stepped = [one for one in _steps(evidence, diagnosis, powers) if not _follows(one, (*opened, *swung), diagnosis)]
    return [*opened, *swung, *stepped]


def _follows(step: Candidate, others: Sequence[Candidate], diagnosis: Diagnosis) -> bool:
    """Whether a step is the begin or end of an opening, or a piece of a swing of the same element."""
    near = diagnosis.frame.columns(SAME_MIN)
    ends = {step.first, *([] if step.stop is None else [step.stop])}
    for other in others:
        if other.kind is CauseKind.BRANCH_OPENED:
            marks = [other.first, *([] if other.stop is None else [other.stop])]
            if any(abs(end - mark) <= near for end in ends for mark in marks):
                return True
        elif other.element == step.element and other.first - near <= step.first <= (other.stop or 0) + near:
            return True
    return False


def _openings(evidence: Evidence, diagnosis: Diagnosis) -> Iterator[Candidate]:
    """Branches that their own readings show open."""
    for item in evidence.anomalies:
        if item.kind is not AnomalyKind.OUTAGE or item.element is None:
            continue
        first = column(diagnosis, item.start)
        yield Candidate(
            kind=CauseKind.BRANCH_OPENED,
            start=item.start,
            end=item.end,
            strength=item.score,
            observed=True,
            sure=True,
            first=first,
            stop=None if item.end is None else column(diagnosis, item.end) + 1,
            element=item.element,
            logged=logged(evidence, item.element, item.start),
            contrast=Step.of(diagnosis.frame.step_s),
            moment=first,
            note=OPENED,
        )


def logged(evidence: Evidence, element: ElementRef, at: datetime) -> bool:
    """Whether the switching log tells of an opening near a time."""
    return any(
        entry.kind is LogKind.SWITCHING
        and entry.closed is False
        and entry.element is not None
        and str(entry.element) == str(element)
        and abs((entry.at - at).total_seconds()) <= SAME_MIN * 60
        for entry in evidence.log
    )


def _hidden_openings(diagnosis: Diagnosis, powers: Powers) -> Iterator[Candidate]:
    """Branches that nobody measures, and that the balances of their buses say carry nothing for a time."""
    frame = diagnosis.frame
    told: set[str] = set()
    for power in powers.ends.values():
        name = str(power.element)
        if power.row is not None or power.element.kind not in _BRANCHES or name in told:
            continue
        for first, stop in _dead(power, frame.columns(_LEAST_MIN)):
            told.add(name)
            yield Candidate(
                kind=CauseKind.BRANCH_OPENED,
                start=frame.at(first),
                end=None if stop >= len(frame.at_us) else frame.at(stop - 1),
                strength=float(np.median(np.abs(gapless(power.value)))) / power.sigma,
                observed=False,
                sure=False,
                first=first,
                stop=None if stop >= len(frame.at_us) else stop,
                element=power.element,
                contrast=Step.of(frame.step_s),
                moment=first,
                note=OPENED,
            )


def _dead(power: Power, least: int) -> Iterator[tuple[int, int]]:
    """Times at which an implied flow is within its noise of zero, and was or will be far from it."""
    length = 2 * least + 1
    smooth = np.convolve(gapless(power.value), np.ones(length) / length, mode="same")
    sigma = power.sigma / np.sqrt(length)
    dead = np.abs(smooth) < _DEAD_SIGMA * sigma
    stops = np.flatnonzero(np.diff(np.concatenate([[0], dead.astype(np.int8), [0]])))
    for first, stop in zip(stops[::2].tolist(), stops[1::2].tolist(), strict=True):
        before = np.abs(smooth[max(0, first - 6 * least) : max(0, first - 2 * least)])
        if stop - first >= least and len(before) and float(np.median(before)) > _ALIVE_SIGMA * power.sigma:
            yield max(0, first - least), min(len(dead), stop + least)


def _swings(diagnosis: Diagnosis, powers: Powers) -> Iterator[Candidate]:
    """Of all that swing at one frequency and time, the element that swings farthest; the external grid balances."""
    frame = diagnosis.frame
    found: list[tuple[Power, SwingFound]] = []
    for power in _own_movers(powers):
        swing = find_swing(joint(power)[0], len(powers.injections))
        if swing is not None:
            found.append((power, swing))
    found.sort(key=lambda pair: -pair[1].amplitude_mw)
    kept: list[SwingFound] = []
    for power, swing in found:
        if any(same_swing(swing, other) for other in kept):
            continue
        kept.append(swing)
        contrast = Swing.of(swing.cycle, swing.phase)
        yield Candidate(
            kind=CauseKind.POWER_SWUNG,
            start=frame.at(swing.first),
            end=None if swing.stop >= len(frame.at_us) else frame.at(swing.stop - 1),
            strength=swing.score,
            observed=_own_shows(power, contrast, swing.middle),
            sure=True,
            first=swing.first,
            stop=swing.stop,
            element=power.element,
            row=power.row,
            contrast=contrast,
            moment=swing.middle,
            note=SWUNG,
        )


def same_swing(one: SwingFound, other: SwingFound) -> bool:
    """Whether two swings are one: the same frequency at the same time."""
    together = min(one.stop, other.stop) > max(one.first, other.first)
    return together and abs(one.cycle - other.cycle) < _SAME_CYCLE * other.cycle


def _steps(evidence: Evidence, diagnosis: Diagnosis, powers: Powers) -> Iterator[Candidate]:
    frame = diagnosis.frame
    kernel = Step.of(frame.step_s)
    threshold = limit(len(powers.injections), len(frame.at_us))
    of_pairs = limit_of_pairs(len(powers.injections), len(frame.at_us))
    reactive = evidence.reactive.injections if evidence.reactive is not None else {}
    for power in _own_movers(powers):
        both = [power]
        # Reactive power of a load follows its active power; that of a unit answers to voltages.
        if power.element.kind is ElementKind.LOAD and str(power.element) in reactive:
            both.append(reactive[str(power.element)])
        for step in find_steps(both, kernel, threshold):
            shown = any(_own_shows(one, kernel, step.first) for one in both)
            if power.row is not None and not shown:
                continue  # only the others say so: that is a matter of sensors
            yield Candidate(
                kind=CauseKind.POWER_STEPPED,
                start=frame.at(step.first),
                end=None if step.stop is None else frame.at(step.stop - 1),
                strength=step.score,
                observed=shown,
                sure=True,
                first=step.first,
                stop=step.stop,
                element=power.element,
                by_chance=step.clearer <= threshold and step.score <= of_pairs,
                row=power.row,
                contrast=kernel,
                moment=step.first,
                note=STEPPED,
            )


def _own_movers(powers: Powers) -> Iterator[Power]:
    """Loads and units; the external grid takes the balance, so it follows and never leads."""
    for power in powers.injections.values():
        if power.element.kind is not ElementKind.EXT_GRID:
            yield power


def _own_shows(power: Power, contrast: Step | Swing, moment: int) -> bool:
    """Whether its own sensor shows it, and the others do not deny it."""
    if power.row is None:
        return False
    own = contrast.over(power.value)
    if abs(own[moment]) < _OWN_SIGMA * spread(own, contrast.noise(power.sigma)):
        return False
    if power.implied is None or not np.isfinite(power.implied_sigma):
        return True
    other = contrast.over(power.implied)
    apart = abs(own[moment] - other[moment])
    noise = float(np.hypot(contrast.noise(power.sigma), contrast.noise(power.implied_sigma)))
    return bool(apart < max(_OWN_SIGMA * noise, _DENIED * abs(float(own[moment]))))


def place_of(candidate: Candidate) -> tuple[ElementKind, int] | None:
    """Kind and index of a candidate's element."""
    return parse_canonical(str(candidate.element)) if candidate.element is not None else None


def course_of(power: Power) -> Floats:
    """The best guess at a power, without gaps."""
    return gapless(joint(power)[0])
