"""Courses of cascades as rows of the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.grid.cascading.course import Balanced, Course, Event, Step
from tools.grid.elements import element_ref
from tools.grid.schema.cascade import (
    CascadeEvent,
    CascadePath,
    CascadeRow,
    CascadeStep,
    IslandBalance,
    RiskPoint,
    TripMechanism,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.grid.cascading.study import Study

STEPS_SHOWN, EVENTS_SHOWN, ISLANDS_SHOWN, DEAD_SHOWN, RISK_POINTS = 100, 50, 20, 150, 50
LOST_MW = 1e-6
_DARK = (TripMechanism.NO_SOURCE, TripMechanism.UNDERFREQUENCY, TripMechanism.OVERFREQUENCY)


class RowMaker:
    """Makes rows of a study."""

    def __init__(self, study: Study, case: str, blackout_percent: float) -> None:
        self._study = study
        self._base = case
        self._blackout_percent = blackout_percent
        self._net = study.subject.state.solved.net
        self._ac = study.subject.ac

    def share_percent(self, course: Course) -> float:
        """Load lost, of the load before the outages."""
        load = self._study.subject.load_mw
        return min(100.0 * course.unserved_mw / load, 100.0) if load > 0 else 0.0

    def blackout(self, course: Course) -> bool:
        """Whether so much is lost that it is called a blackout."""
        return self.share_percent(course) >= self._blackout_percent

    def case(self, place: int) -> str:
        """Label of the state that a set leads to."""
        label = self._study.sets[place].case
        return label if self._base == "base" else f"{self._base}, {label}"

    def row(self, place: int) -> CascadeRow:
        """One set and what it leads to."""
        one, course = self._study.sets[place], self._study.courses[place]
        lost = course.lost_mw
        return CascadeRow(
            element=one.refs[0],
            case=self.case(place),
            initiating=one.refs,
            outcome=course.outcome,
            blackout=self.blackout(course),
            unserved_p_mw=course.unserved_mw,
            unserved_percent=self.share_percent(course),
            shed_underfrequency_p_mw=lost.get(TripMechanism.UNDERFREQUENCY_STAGE, 0.0),
            shed_undervoltage_p_mw=lost.get(TripMechanism.UNDERVOLTAGE, 0.0),
            shed_collapse_p_mw=lost.get(TripMechanism.VOLTAGE_COLLAPSE, 0.0),
            dark_p_mw=sum(lost.get(why, 0.0) for why in _DARK),
            tripped_branches=course.tripped_branches,
            tripped_generation_p_mw=course.tripped_generation_mw,
            steps=max(len(course.steps) - 1, 0),
            duration_s=course.duration_s,
            islands=course.islands,
            dead_buses=course.dead_buses,
            worst_loading_percent=course.worst_loading_percent if len(self._study.subject.rated) else None,
            worst_pickup_percent=course.worst_pickup_percent if len(self._study.subject.rated) else None,
            lowest_frequency_hz=course.lowest_hz,
            voltage_collapses=course.voltage_collapses,
        )

    def path(self, place: int, course: Course) -> CascadePath:
        """One cascade step by step; the middle of a very long one is left out."""
        steps, case = list(enumerate(course.steps)), self.case(place)
        half = STEPS_SHOWN // 2
        shown = steps if len(steps) <= STEPS_SHOWN else steps[:half] + steps[-half:]
        index = self._study.subject.arrays.bus_index
        dead = index[np.unpackbits(np.frombuffer(course.dead, dtype=np.uint8), count=len(index)).astype(bool)].tolist()
        return CascadePath(
            case=case,
            initiating=self._study.sets[place].refs,
            steps=tuple(self._step(number, step, case) for number, step in shown),
            steps_omitted=len(steps) - len(shown),
            dead=tuple(element_ref(self._net, ElementKind.BUS, bus) for bus in dead[:DEAD_SHOWN]),
            dead_omitted=max(len(dead) - DEAD_SHOWN, 0),
        )

    def _step(self, number: int, step: Step, case: str) -> CascadeStep:
        islands = step.islands
        return CascadeStep(
            step=number,
            case=case,
            time_s=step.time_s,
            events=tuple(self._event(event, case) for event in step.events[:EVENTS_SHOWN]),
            events_omitted=max(len(step.events) - EVENTS_SHOWN, 0),
            generation_p_mw=sum(one.generation_mw for one in islands),
            load_p_mw=sum(one.load_mw for one in islands),
            loss_p_mw=sum(one.loss_mw for one in islands) if self._ac else None,
            unserved_p_mw=step.unserved_mw,
            islands=tuple(self._island(one, case) for one in islands[:ISLANDS_SHOWN]),
            islands_omitted=max(len(islands) - ISLANDS_SHOWN, 0),
        )

    def _event(self, event: Event, case: str) -> CascadeEvent:
        return CascadeEvent(
            element=element_ref(self._net, event.kind, event.index),
            case=case,
            mechanism=event.mechanism,
            loading_percent=event.loading_percent,
            va_degree=event.va_degree,
            vm_pu=event.vm_pu,
            frequency_hz=event.frequency_hz,
            shed_p_mw=event.shed_mw,
            tripped_generation_p_mw=event.generation_mw,
        )

    def _island(self, one: Balanced, case: str) -> IslandBalance:
        kind, index = self._study.subject.bus_ref(one.bus)
        return IslandBalance(
            element=element_ref(self._net, kind, index),
            case=case,
            buses=one.buses,
            generation_p_mw=one.generation_mw,
            load_p_mw=one.load_mw,
            loss_p_mw=one.loss_mw if self._ac else None,
            frequency_hz=one.frequency_hz,
        )


def risk_curve(lost_mw: Sequence[float], weights: Sequence[float]) -> tuple[RiskPoint, ...]:
    """Share of the sets, by weight, that lose at least so much: every distinct loss, thinned evenly where too many.

    >>> [(point.lost_p_mw, point.exceedance_percent) for point in risk_curve([0, 10, 10, 40], [1, 1, 1, 1])]
    [(0.0, 100.0), (10.0, 75.0), (40.0, 25.0)]
    """
    total = sum(weights)
    order = sorted(zip(lost_mw, weights, strict=True), reverse=True)
    points: list[RiskPoint] = []
    above = 0.0
    for at, (lost, weight) in enumerate(order):
        above += weight
        last = at + 1 == len(order) or round(order[at + 1][0], 6) != round(lost, 6)
        if last:
            points.append(RiskPoint(lost_p_mw=lost, exceedance_percent=min(100.0 * above / total, 100.0)))
    points.reverse()
    if len(points) <= RISK_POINTS:
        return tuple(points)
    step = (len(points) - 1) / (RISK_POINTS - 1)
    return tuple(points[round(at * step)] for at in range(RISK_POINTS))
