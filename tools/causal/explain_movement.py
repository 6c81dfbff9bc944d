"""What an opening, a step or a swing explains: the flow elsewhere that shows it best, as the sum of what moved it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.causal.contrasts import Step, spread
from tools.causal.explained import FLOW, LEAST_ROWS, READING, REST, Explained, Role, assembled, chosen, quiet, tried
from tools.causal.movements import course_of, place_of
from tools.causal.powers import untrusted
from tools.causal.schema.causes import CauseKind
from tools.detection.branch_model import BRANCH_ENDS
from tools.element import ElementKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from tools.causal.candidate import Candidate
    from tools.causal.contrasts import Contrast
    from tools.causal.powers import Power, Powers
    from tools.causal.sensitivities import Sensitivities
    from tools.detection.diagnosis import Diagnosis
    from tools.detection.frame import Floats

_OTHERS = 2
"""Further movers that get a node of their own; all else is one node."""
_LEAST_FACTOR = 0.02
_MARKS = 4
_ACTIVE = 3.0


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything that a movement's model is made from."""

    diagnosis: Diagnosis
    powers: Powers
    sensitivities: Sensitivities
    candidates: Sequence[Candidate]


def explain_movement(scene: Scene, candidate: Candidate) -> Explained | None:
    """The model of one movement; None where no measured flow shows it, or too little of the time is ordinary."""
    contrast = candidate.contrast
    if contrast is None:
        return None
    moments = len(scene.diagnosis.frame.at_us)
    free = quiet(moments, scene.candidates, contrast.reach)
    ordinary = chosen(free, max(1, contrast.reach // 2))
    seen = _clearest(scene, candidate, contrast)
    if len(ordinary) < LEAST_ROWS or seen is None:
        return None
    if not _moved_actively(scene, candidate, contrast):
        return None
    target, clear = seen
    return _model(scene, candidate, (target, clear), ordinary)


def _moved_actively(scene: Scene, candidate: Candidate, contrast: Contrast) -> bool:
    """Whether the active power shows it: of a reactive step the linear power flow says nothing."""
    power = scene.powers.injections.get(str(candidate.element))
    if candidate.kind is CauseKind.BRANCH_OPENED or power is None:
        return True
    course = contrast.over(course_of(power))
    return bool(abs(course[candidate.moment]) >= _ACTIVE * spread(course, contrast.noise(power.sigma)))


def _clearest(scene: Scene, candidate: Candidate, contrast: Contrast) -> tuple[Power, float] | None:
    """The flow elsewhere that shows it best, and how clearly."""
    found: list[tuple[float, Power]] = []
    for power in _targets(scene, candidate):
        factor = _factor(scene, candidate, power)
        if factor is None or abs(factor) < _LEAST_FACTOR:
            continue
        course = contrast.over(power.value)
        found.append((abs(float(course[candidate.moment])) / spread(course, contrast.noise(power.sigma)), power))
    if not found:
        return None
    clear, power = max(found, key=lambda pair: pair[0])
    return power, clear


def _targets(scene: Scene, candidate: Candidate) -> Iterator[Power]:
    """Flows and the external grid's power with sensors that were trusted then, not of the candidate itself."""
    own, near = place_of(candidate), _at_its_bus(scene, candidate)
    grid = [one for one in scene.powers.injections.values() if one.place[0] is ElementKind.EXT_GRID]
    for power in (*scene.powers.ends.values(), *grid):
        if power.row is None or power.place[:2] == own or (not candidate.observed and power.place[:2] in near):
            continue
        if not untrusted(scene.diagnosis, power.row)[candidate.moment]:
            yield power


def _at_its_bus(scene: Scene, candidate: Candidate) -> set[tuple[ElementKind, int]]:
    """Branches whose balance tells what nobody measures: they cannot bear witness to it as well."""
    model, own = scene.diagnosis.model, place_of(candidate)
    if model is None:
        return set()
    nodes = {item.node for item in model.terminals if (item.kind, item.index) == own}
    return {(item.kind, item.index) for item in model.terminals if item.node in nodes and item.side}


def _factor(scene: Scene, candidate: Candidate, target: Power) -> float | None:
    own = place_of(candidate)
    if own is None:
        return None
    if candidate.kind is CauseKind.BRANCH_OPENED:
        return scene.sensitivities.of_opening(target.place, own)
    return scene.sensitivities.of_injection(target.place, own)


def _model(
    scene: Scene, candidate: Candidate, seen: tuple[Power, float], ordinary: NDArray[np.intp]
) -> Explained | None:
    target, clear = seen
    contrast, frame = candidate.contrast, scene.diagnosis.frame
    row = target.row
    if contrast is None or row is None:
        return None
    own = _own_part(scene, candidate, target, ordinary)
    if own is None:
        return None
    others = _other_parts(scene, candidate, target, contrast)
    others.sort(key=lambda pair: -abs(float(pair[1][candidate.moment])))
    columns: dict[str, Floats] = {"candidate": own}
    roles = {"candidate": Role("the candidate's own part", element=candidate.element)}
    for number, (power, part) in enumerate(others[:_OTHERS]):
        columns[f"other{number}"] = part
        roles[f"other{number}"] = Role("power of another load or unit", element=power.element)
    rest = np.sum([part for _, part in others[_OTHERS:]], axis=0) if len(others) > _OTHERS else np.zeros(len(own))
    columns[REST] = rest
    roles[REST] = Role("all further loads and units together")
    edges = [(node, FLOW) for node in columns]
    reading = contrast.over(target.value)
    implied = target.implied if target.implied is not None else None
    sensor = frame.sensors[row]
    columns[FLOW] = contrast.over(implied) if implied is not None else reading
    if implied is not None:
        columns[READING] = reading
        edges.append((FLOW, READING))
        roles[READING] = Role("error of the sensor that shows it", subject=sensor.ref)
    roles[FLOW] = Role("something upstream that is not measured", element=sensor.element)
    departed = _departed(candidate, frame.value.shape[1])
    total = np.sum([columns[node] for node in columns if node not in {FLOW, READING, "candidate"}], axis=0)
    trial_rows = np.unique(np.concatenate([ordinary, _around(candidate, frame.value.shape[1])]))
    at = _shown_at(candidate, frame.value.shape[1])
    return Explained(
        mechanism=assembled(columns, edges, (ordinary, departed)),
        trial=tried((own, reading, total), trial_rows),
        node="candidate",
        roles=roles,
        target=sensor,
        at=frame.at(at),
        value=_level(frame.value[row], at, contrast),
        without=None,
        factor=1 / scale if (scale := _scale(target, frame.value[row])) else 1.0,
        clear=clear,
    )


def _scale(target: Power, reading: Floats) -> float:
    """Model's MW over the sensor's own unit, sign included."""
    known = np.isfinite(reading) & np.isfinite(target.value) & (reading != 0)
    return float(np.median(target.value[known] / reading[known])) if known.any() else 1.0


def _own_part(scene: Scene, candidate: Candidate, target: Power, ordinary: NDArray[np.intp]) -> Floats | None:
    """What the candidate does to the target, by physics, at every moment; an opening does nothing ordinarily."""
    contrast, place, factor = candidate.contrast, place_of(candidate), _factor(scene, candidate, target)
    if contrast is None or place is None or factor is None:
        return None
    if candidate.kind is not CauseKind.BRANCH_OPENED:
        power = scene.powers.injections.get(str(candidate.element))
        return None if power is None else np.asarray(factor * power.feeds * contrast.over(course_of(power)))
    lost = _through(scene.powers, place)
    if lost is None:
        return None
    part = -factor * contrast.over(lost)
    part[ordinary] = 0.0
    return np.asarray(part)


def _through(powers: Powers, place: tuple[ElementKind, int]) -> Floats | None:
    """What a branch carries from its from side on."""
    for number, (_, side) in enumerate(BRANCH_ENDS.get(place[0], ())):
        power = powers.ends.get((*place, side))
        if power is not None:
            return course_of(power) * (1.0 if number == 0 else -1.0)
    return None


def _other_parts(scene: Scene, candidate: Candidate, target: Power, contrast: Contrast) -> list[tuple[Power, Floats]]:
    found = []
    for power in scene.powers.injections.values():
        if power.element.kind is ElementKind.EXT_GRID or str(power.element) == str(candidate.element):
            continue
        factor = scene.sensitivities.of_injection(target.place, power.place[:2])
        if factor is not None:
            found.append((power, np.asarray(factor * power.feeds * contrast.over(course_of(power)))))
    return found


def _departed(candidate: Candidate, moments: int) -> NDArray[np.intp]:
    """Where the departure is at its height: the step, or some peaks of the swing."""
    if isinstance(candidate.contrast, Step):
        return np.array([candidate.moment])
    places = np.arange(candidate.first, min(moments, candidate.stop or candidate.first + 1))
    cycle = max(1, candidate.contrast.reach * 2 // 3) if candidate.contrast is not None else 1
    marks = candidate.moment + cycle * np.arange(-_MARKS, _MARKS + 1)
    inside = marks[(marks >= places[0]) & (marks <= places[-1])]
    nearest: NDArray[np.intp] = inside[np.argsort(np.abs(inside - candidate.moment))][:_MARKS]
    return nearest


def _around(candidate: Candidate, moments: int) -> NDArray[np.intp]:
    """Moments at which a contrast shows the departure at least in part."""
    if isinstance(candidate.contrast, Step):
        side = candidate.contrast.side
        marks = [candidate.moment, *([] if candidate.stop is None else [candidate.stop])]
        places = np.concatenate([np.arange(mark - side + 1, mark + side) for mark in marks])
    else:
        places = np.arange(candidate.first, candidate.stop or moments)
    return places[(places >= 0) & (places < moments)]


def _shown_at(candidate: Candidate, moments: int) -> int:
    side = candidate.contrast.side // 2 if isinstance(candidate.contrast, Step) else 0
    return min(moments - 1, candidate.moment + side)


def _level(reading: Floats, at: int, contrast: Contrast) -> float:
    """The reading, averaged over what a step is averaged over."""
    half = contrast.side // 2 if isinstance(contrast, Step) else 0
    piece = reading[max(0, at - half) : at + half + 1]
    known = piece[np.isfinite(piece)]
    return float(known.mean()) if len(known) else 0.0
