"""Readings that were due and did not come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from tools.detection.frame import Bools, slots
from tools.telemetry.moments import SECOND_US
from tools.telemetry.series import Series
from tools.telemetry.trust import present, unmarked

_JOINED_S = 900.0
_LEAST = 5
"""Missing readings that make a dropout; fewer are everyday loss."""
_EVERYDAY = 0.0005
_FALSE_ALARMS = 0.01
_MOSTLY = 0.5
_SEVERAL = 3
_LONGER = 2
_REGULAR = 3
_SLOWER = 5
"""A repeated pause of so many periods is another rhythm, such as hourly values before a day of minutes."""


@dataclass(frozen=True)
class Gap:
    """A time in which many of the due readings are missing.

    Attributes:
        start_us, end_us: First and last missing reading, as due.
        missing: How many are missing.
        due: How many were due.
        lasting: Whether the last reading due is missing.
        marked_bad: Whether readings came, but marked as bad by their source.
    """

    start_us: int
    end_us: int
    missing: int
    due: int
    lasting: bool
    marked_bad: bool


@dataclass(frozen=True, eq=False)
class Attendance:
    """Which of its due readings a sensor gave.

    Attributes:
        at_us: When each was due.
        there: Whether it came with a value that can be used.
        marked_bad: Whether it came marked as bad.
    """

    at_us: NDArray[np.int64]
    there: Bools
    marked_bad: Bools

    @property
    def missing(self) -> int:
        """Readings that did not come at all."""
        return int((~self.there & ~self.marked_bad).sum())


def attendance(series: Series, start_us: int, end_us: int, *, before: bool) -> Attendance:
    """Lay a sensor's readings on its own period.

    Args:
        series: Its readings in the span.
        start_us: Begin of the span.
        end_us: Its end.
        before: Whether the sensor had a reading before the span; else it is due from its first one on.
    """
    came = present(series)
    at_us = series.at_us[came]
    period_s = series.sensor.period_s or (
        float(np.median(np.diff(at_us))) / SECOND_US if len(at_us) > _REGULAR else 0.0
    )
    if not len(at_us) or period_s <= 0:
        nothing = np.zeros(0, dtype=bool)
        return Attendance(np.zeros(0, dtype=np.int64), nothing, nothing)
    period_us = period_s * SECOND_US
    # A reading may be on its way at either end: only a longer silence counts.
    patience_us = max(series.sensor.stale_after_s, 2 * period_s) * SECOND_US
    slot = slots(at_us, int(at_us[0]), period_us)
    lead = int((at_us[0] - start_us) // period_us) if before and at_us[0] - start_us > patience_us else 0
    trail = int((end_us - at_us[-1]) // period_us) if end_us - at_us[-1] > patience_us else 0
    count = lead + int(slot[-1]) + 1 + trail
    here, bad = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    good = unmarked(series)[came]
    here[lead + slot[good]] = True
    bad[lead + slot[~good]] = True
    due = _due(slot, lead, count)
    moments = (at_us[0] + (np.arange(count) - lead) * period_us).astype(np.int64)
    return Attendance(moments[due], here[due], (bad & ~here)[due])


def _due(slot: NDArray[np.int64], lead: int, count: int) -> Bools:
    """Slots at which a reading is due: not those inside a slower rhythm."""
    due = np.ones(count, dtype=bool)
    pause = np.diff(slot)
    slow = pause >= _SLOWER
    same = slow[1:] & slow[:-1] & (pause[1:] == pause[:-1])
    if same.sum() < _REGULAR - 1:
        return due
    for place in np.flatnonzero(slow):
        near = pause[max(0, place - _REGULAR + 1) : place + _REGULAR]
        if (near == pause[place]).sum() >= _REGULAR:
            due[lead + slot[place] + 1 : lead + slot[place + 1]] = False
    if slow[0] and lead < pause[0] and (pause[:_REGULAR] == pause[0]).all():
        due[:lead] = False  # the span begins between two readings of the slower rhythm
    return due


def find_gaps(attendances: Sequence[Attendance], period_s: Sequence[float]) -> tuple[tuple[Gap, ...], ...]:
    """Dropouts of each sensor: clusters of missing readings that everyday loss does not explain.

    Args:
        attendances: Of all sensors, because everyday loss is that of the usual sensor.
        period_s: Period of each.
    """
    shares = [float((~item.there).mean()) for item in attendances if len(item.there)]
    everyday = max(_EVERYDAY, float(np.median(shares)) if shares else 0.0)
    tests = max(1, sum(len(item.there) for item in attendances))
    return tuple(
        tuple(_clusters(item, max(1, round(_JOINED_S / period)), everyday, tests))
        for item, period in zip(attendances, period_s, strict=True)
    )


def _clusters(item: Attendance, joined: int, everyday: float, tests: int) -> list[Gap]:
    lost = np.flatnonzero(~item.there)
    if len(lost) < _LEAST:
        return []
    found = []
    for group in _grouped(lost, joined):
        first, last = int(group[0]), int(group[-1])
        due = last - first + 1
        chance = float(binom.logsf(len(group) - 1, due, everyday)) + log(tests)
        if len(group) >= _LEAST and chance < log(_FALSE_ALARMS):
            found.append(
                Gap(
                    start_us=int(item.at_us[first]),
                    end_us=int(item.at_us[last]),
                    missing=len(group),
                    due=due,
                    lasting=last == len(item.there) - 1,
                    marked_bad=bool(item.marked_bad[group].mean() > _MOSTLY),
                )
            )
    return found


def _grouped(lost: NDArray[np.intp], joined: int) -> list[NDArray[np.intp]]:
    """Missing readings that belong together; clusters of several are joined over a longer pause than single ones."""
    groups: list[NDArray[np.intp]] = []
    for group in np.split(lost, np.flatnonzero(np.diff(lost) > joined) + 1):
        near = bool(groups) and int(group[0] - groups[-1][-1]) <= _LONGER * joined
        if near and min(len(group), len(groups[-1])) >= _SEVERAL:
            groups[-1] = np.concatenate([groups[-1], group])
        else:
            groups.append(group)
    return groups
