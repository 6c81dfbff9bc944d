"""Dips, swells and interruptions, with residual voltage and duration as IEC 61000-4-30 and EN 50160 tell them.

An event begins where the voltage crosses its threshold and ends where it is back by a hysteresis of 2 %. With several
phases the worst one counts. What is shorter than the sampling period cannot be seen, and durations are known to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.detection.schema.power_quality import EventCount, VoltageEventKind
from tools.telemetry.moments import SECOND_US

Floats = NDArray[np.float64]
Moments = NDArray[np.int64]

DIP_PU, SWELL_PU, INTERRUPTION_PU, HYSTERESIS_PU = 0.90, 1.10, 0.05, 0.02
LONGEST_S = 60.0
"""A longer undervoltage or overvoltage is a supply voltage variation, told by the means; an interruption may last."""
_ITI_LOW = ((0.0, 0.02), (0.70, 0.5), (0.80, 10.0), (0.90, np.inf))
"""Residual voltage from which on so many seconds are tolerated."""
_ITI_HIGH = ((1.10, np.inf), (1.20, 0.5), (1.40, 0.003), (2.0, 0.001))
_SARFI = (90.0, 80.0, 70.0, 50.0, 10.0)


@dataclass(frozen=True)
class Excursion:
    """A time beyond a threshold.

    Attributes:
        start_us, end_us: First reading beyond, first reading back; the last reading where it lasts.
        residual_pu: Extreme value.
        lasting: Whether the readings end before it does.
    """

    kind: VoltageEventKind
    start_us: int
    end_us: int
    residual_pu: float
    lasting: bool

    @property
    def duration_s(self) -> float:
        """From the first reading beyond to the first one back."""
        return (self.end_us - self.start_us) / SECOND_US


@dataclass(frozen=True, eq=False)
class _Course:
    """Lowest and highest phase over a time."""

    at_us: Moments
    lowest: Floats
    highest: Floats

    def then(self, other: _Course) -> _Course:
        return _Course(
            np.concatenate([self.at_us, other.at_us]),
            np.concatenate([self.lowest, other.lowest]),
            np.concatenate([self.highest, other.highest]),
        )

    def gist(self, start_us: int) -> _Course:
        """What is kept of a time beyond a threshold: its first, last and extreme readings, however long it was."""
        inside = np.flatnonzero(self.at_us >= start_us)
        extremes = (self.lowest[inside].argmin(), self.highest[inside].argmin(), self.highest[inside].argmax())
        kept = inside[sorted({0, len(inside) - 1, *(int(place) for place in extremes)})]
        return _Course(self.at_us[kept], self.lowest[kept], self.highest[kept])


class EventFinder:
    """Finds events in readings that come in pieces; one that lasts over the end of a piece is one event."""

    def __init__(self) -> None:
        self._open: dict[VoltageEventKind, tuple[Excursion, _Course]] = {}

    def add(self, at_us: Moments, value_pu: Floats) -> list[Excursion]:
        """The events that ended in one more piece, in order.

        Args:
            at_us: Ascending times, later than those of the pieces before.
            value_pu: In pu of the declared voltage; phase by reading, or one row.
        """
        rows = np.atleast_2d(value_pu)
        piece = _Course(at_us, rows.min(axis=0), rows.max(axis=0))
        return _counted([*self._ended(piece, VoltageEventKind.DIP), *self._ended(piece, VoltageEventKind.SWELL)])

    def lasting(self) -> list[Excursion]:
        """The events so far that have not ended, in order."""
        return _counted([item for item, _ in self._open.values()])

    def _ended(self, piece: _Course, kind: VoltageEventKind) -> list[Excursion]:
        before = self._open.pop(kind, None)
        course = piece if before is None else before[1].then(piece)
        if kind is VoltageEventKind.DIP:
            beyond = _beyond(course.at_us, -course.lowest, -DIP_PU, kind)
            found = [_interruption(item, course.at_us, course.highest) for item in beyond]
        else:
            found = _beyond(course.at_us, course.highest, SWELL_PU, kind)
        if found and found[-1].lasting:
            last = found.pop()
            self._open[kind] = last, course.gist(last.start_us)
        return found


def _counted(found: list[Excursion]) -> list[Excursion]:
    """Those that are events by their length, in order."""
    kept = [item for item in found if item.kind is VoltageEventKind.INTERRUPTION or item.duration_s <= LONGEST_S]
    return sorted(kept, key=lambda item: item.start_us)


def tolerated(event: Excursion, error_s: float) -> bool | None:
    """Whether the ITI curve tolerates an event; None where the duration is not known well enough to say."""
    if event.kind is VoltageEventKind.SWELL:
        allowed = next((time for level, time in _ITI_HIGH if event.residual_pu <= level + 1e-9), 0.0)
    else:
        allowed = next(time for level, time in reversed(_ITI_LOW) if event.residual_pu >= level - 1e-9)
    shortest, longest = max(0.0, event.duration_s - error_s), event.duration_s + error_s
    if longest <= allowed:
        return True
    return False if shortest > allowed else None


def count_events(events: Sequence[Excursion]) -> tuple[EventCount, ...]:
    """Events with a residual voltage below each threshold, and swells above 110 %."""
    low = [item.residual_pu for item in events if item.kind is not VoltageEventKind.SWELL]
    counts = [EventCount(threshold_percent=level, events=sum(100 * value < level for value in low)) for level in _SARFI]
    swells = sum(item.kind is VoltageEventKind.SWELL for item in events)
    return (*counts, EventCount(threshold_percent=100 * SWELL_PU, events=swells))


def _beyond(at_us: Moments, value: Floats, limit: float, kind: VoltageEventKind) -> list[Excursion]:
    """Times above a limit, until back below it by the hysteresis."""
    found: list[Excursion] = []
    over = np.flatnonzero(value > limit)
    back = value <= limit - HYSTERESIS_PU
    stop = -1
    for first in over.tolist():
        if first <= stop:
            continue
        ends = np.flatnonzero(back[first:])
        stop = first + int(ends[0]) if len(ends) else len(value) - 1
        extreme = float(np.abs(value[first : stop + 1].max()))
        found.append(Excursion(kind, int(at_us[first]), int(at_us[stop]), extreme, lasting=not len(ends)))
    return found


def _interruption(item: Excursion, at_us: Moments, highest: Floats) -> Excursion:
    """A dip in which no phase is left is an interruption."""
    inside = (at_us >= item.start_us) & (at_us <= item.end_us)
    if highest[inside].min() >= INTERRUPTION_PU:
        return item
    return Excursion(VoltageEventKind.INTERRUPTION, item.start_us, item.end_us, item.residual_pu, item.lasting)
