"""Candidates from all evidence, each weighed by its causal model."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tools.causal.candidate import GRID_KINDS, SENSOR_KINDS, Candidate
from tools.causal.explain_cooling import explain_cooling, overheated
from tools.causal.explain_movement import Scene, explain_movement
from tools.causal.explain_sensor import explain_sensor
from tools.causal.intruders import intruders
from tools.causal.mechanism import attribute
from tools.causal.movements import movements
from tools.causal.refutation import refute
from tools.causal.schema.causes import CauseKind
from tools.causal.sensors import accused_sensors
from tools.causal.unexplained import unexplained
from tools.causal.verdict import Judged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tools.causal.evidence import Evidence
    from tools.causal.explained import Explained
    from tools.context import ToolContext

_TOGETHER = timedelta(minutes=3)
_CROWD = 4
MOST_MODELS = 8
"""Candidates that get a causal model, strongest first: each takes about half a second."""


def candidates_of(evidence: Evidence) -> list[Candidate]:
    """Everything that may be at fault, strongest first."""
    found = [*intruders(evidence), *overheated(evidence)]
    diagnosis, powers = evidence.diagnosis, evidence.power
    if diagnosis is not None:
        accused = accused_sensors(evidence, diagnosis)
        moved = [] if powers is None else movements(evidence, diagnosis, powers)
        if powers is not None:
            moved += unexplained(diagnosis, powers, [*moved, *accused])
        # What no other measurement implies may well have followed the grid: then it bears witness.
        found += moved
        found += [one for one in accused if one.sure or not _coincident(one, moved)]
    return sorted(found, key=lambda one: -one.strength)


def weigh(ctx: ToolContext, evidence: Evidence, candidates: Sequence[Candidate]) -> tuple[list[Judged], int]:
    """Every candidate with what its causal model says, and how many had to do without one for want of time."""
    judged, models, without = [], 0, 0
    for given in candidates:
        candidate, explained = given, None
        if models < MOST_MODELS:
            candidate, explained = _explained(ctx, evidence, given, candidates)
        elif _needs_model(given):
            without += 1
        models += explained is not None
        judged.append(
            Judged(
                candidate=candidate,
                explained=explained,
                attribution=attribute(explained.mechanism, ctx.seed) if explained is not None else None,
                refutations=refute(explained.trial, ctx.seed) if explained is not None else (),
                crowd=_crowd(candidate, candidates),
                coincident=_coincident(candidate, candidates),
            )
        )
    return judged, without


def _needs_model(candidate: Candidate) -> bool:
    return candidate.kind is not CauseKind.NOT_SEEN and not candidate.certain


def _explained(
    ctx: ToolContext, evidence: Evidence, candidate: Candidate, candidates: Sequence[Candidate]
) -> tuple[Candidate, Explained | None]:
    diagnosis = evidence.diagnosis
    if candidate.kind is CauseKind.COOLING_LOST:
        return explain_cooling(ctx, evidence, candidate)
    if diagnosis is None or candidate.certain:
        return candidate, None
    if candidate.kind in SENSOR_KINDS:
        return candidate, explain_sensor(diagnosis, candidate)
    if candidate.kind in GRID_KINDS and evidence.power is not None and evidence.sensitivities is not None:
        return candidate, explain_movement(
            Scene(diagnosis, evidence.power, evidence.sensitivities, candidates), candidate
        )
    return candidate, None


def _crowd(candidate: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether so many sensors are accused from the same moment on that one cause behind them is likelier."""
    if candidate.kind not in SENSOR_KINDS:
        return False
    same = [one for one in candidates if one.kind in SENSOR_KINDS and _at_once(one.start, candidate.start)]
    return len(same) >= _CROWD


def _coincident(candidate: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether the grid moved just when a sensor began to be wrong: the event may have shaken model and clocks.

    What ends moves the grid as much as what begins.
    """
    if candidate.kind not in SENSOR_KINDS or candidate.kind is CauseKind.SILENT_SENSOR:
        return False
    moving = GRID_KINDS | {CauseKind.NOT_SEEN}
    return any(
        _at_once(edge, candidate.start) and str(one.element) != str(candidate.element)
        for one in candidates
        if one.kind in moving
        for edge in (one.start, one.end)
        if edge is not None
    )


def _at_once(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= _TOGETHER
