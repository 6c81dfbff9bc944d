"""The truth of each trouble, from the time with it and the time without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orchestrator.scenarios.detectability import seen
from orchestrator.scenarios.truth import Detectability, ObservedBy, SeenBy, TroubleTruth
from orchestrator.simulation.measuring import GOOD
from tools.telemetry.series import Series

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from orchestrator.scenarios.effects.drawn import Drawn
    from orchestrator.scenarios.timeline import Timeline
    from orchestrator.scenarios.unknown_course import UnknownCourse
    from orchestrator.simulation.measuring import Fault
    from orchestrator.simulation.sensors import Channel


def tell(
    drawn: Sequence[Drawn],
    measured: Sequence[Channel],
    without: Callable[[Drawn], Sequence[Channel]],
    unknown: Callable[[Drawn], UnknownCourse | None],
    timeline: Timeline,
    *,
    logs: bool,
) -> tuple[TroubleTruth, ...]:
    """The truth of all troubles, in order of time.

    Args:
        drawn: The troubles.
        measured: What the sensors truly show.
        without: What they would show without one trouble of the grid.
        unknown: What is not known of that.
        timeline: The steps.
        logs: Whether logs are kept.
    """
    found = []
    for one in drawn:
        courses = _courses(one, measured, without, timeline)
        detectability, observed = seen(one, measured, courses, unknown(one) if courses else None, logs=logs)
        found.append(_truth(one, detectability, observed, timeline, logs=logs))
    return tuple(sorted(found, key=lambda one: (one.start, one.label)))


def _courses(
    one: Drawn, measured: Sequence[Channel], without: Callable[[Drawn], Sequence[Channel]], timeline: Timeline
) -> Mapping[str, NDArray[np.float64]]:
    """What sensors would show if the trouble were not there (of the grid) or were without noise (of a sensor)."""
    if one.change is not None:
        return {channel.sensor.name: channel.true for channel in without(one)}
    return falsified((one,), measured, timeline)


def falsified(
    drawn: Sequence[Drawn], measured: Sequence[Channel], timeline: Timeline
) -> dict[str, NDArray[np.float64]]:
    """What every sensor with a trouble would show without noise, by its name."""
    by_name = {channel.sensor.name: channel for channel in measured}
    return {name: _falsified(by_name[name], fault, timeline) for one in drawn for name, fault in one.falsified.items()}


def _falsified(channel: Channel, fault: Fault, timeline: Timeline) -> NDArray[np.float64]:
    """What a sensor with a fault would show without noise; NaN where the fault takes a reading away."""
    times = timeline.times_us()
    right = Series(channel.sensor, times, channel.true, np.full(len(times), GOOD, dtype=np.int8))
    wrong = fault(right)
    course = np.full(len(times), np.nan)
    course[np.searchsorted(times, wrong.at_us)] = wrong.value
    return course


def _traced_from(one: Drawn, start: datetime) -> datetime | None:
    """Time of the first line in a log, where that lies before the begin."""
    earlier = [at for at, _, _ in one.lines if at < start]
    return min(earlier, default=None)


def _truth(
    one: Drawn, detectability: Detectability, observed: tuple[ObservedBy, ...], timeline: Timeline, *, logs: bool
) -> TroubleTruth:
    culprit = one.culprit or one.subject
    own = {item.element for item in observed} | {f"sensor:{item.sensor}" for item in observed}
    told = detectability.seen_by in {SeenBy.LOG, SeenBy.ABSENCE} or (logs and bool(one.lines))
    return TroubleTruth(
        label=one.label,
        kind=one.kind,
        subject=one.subject,
        start=timeline.at(one.when.start),
        end=timeline.at(max(one.when.end - 1, one.when.start)),
        traced_from=_traced_from(one, timeline.at(one.when.start)) if logs else None,
        magnitude=round(one.magnitude.value, 4),
        magnitude_unit=one.magnitude.unit,
        cause=one.cause,
        culprit=culprit,
        culprit_observed=told or culprit in own,
        observed_by=observed,
        touched=one.touched,
        detectability=detectability,
    )
