"""How the frequency went: its extremes, its rate of change, and the events in it.

An event is told by the points of NERC BAL-003: A, the mean from 16 to 2 s before; C, the extreme after; B, the mean
from 20 to 52 s after. The rate of change is that of a straight line through half a second, as European operators
measure it (ENTSO-E, "Rate of Change of Frequency withstand capability", 2018), or through four steps where these are
longer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d
from scipy.stats import norm

from tools.detection.oscillation.even import whole_stretches
from tools.detection.oscillation.pencil import Floats
from tools.robust import MAD_TO_SIGMA

RATE_WINDOW_S = 0.5
_LEAST_STEPS = 4
_SURE = 1.96
_FALSE_ALARMS = 0.01
_AHEAD_S, _LEVEL_S = 20.0, (2.0, 12.0)
_BEFORE_S, _SETTLED_S = (16.0, 2.0), (20.0, 52.0)
_ONSET = 0.03
_SETTLED_SHARE = 0.1
_COVERED = 0.8


@dataclass(frozen=True)
class Rate:
    """A rate of change with its half width at 95 %, and the column where its line begins."""

    hzps: float
    error_hzps: float
    column: int
    window_s: float


@dataclass(frozen=True)
class Event:
    """An event in columns of the trace."""

    start: int
    before_hz: float
    nadir: int
    nadir_hz: float
    rate: Rate
    settled_hz: float | None
    settled_s: float | None


def noise_of(value: Floats) -> float:
    """Level of the fastest changes, which no mass makes."""
    bend = np.diff(value, n=2)
    bend = bend[np.isfinite(bend)]
    return max(1e-9, MAD_TO_SIGMA * float(np.median(np.abs(bend))) / np.sqrt(6.0)) if len(bend) else 1e-9


def steepest_rate(value: Floats, step_s: float) -> Rate | None:
    """The rate farthest from zero in an even trace with gaps; None when none is surer than chance."""
    length = _window(step_s)
    best: Rate | None = None
    noise = noise_of(value)
    for part in whole_stretches(value[None, :], length):
        slopes = _slopes(value[part], length, step_s)
        place = int(np.abs(slopes).argmax())
        if best is None or abs(slopes[place]) > abs(best.hzps):
            best = _rate(value, part.start + place, step_s, noise)
    tests = max(1, len(value))
    sure = float(norm.isf(_FALSE_ALARMS / 2 / tests)) / _SURE
    return best if best is not None and abs(best.hzps) > sure * best.error_hzps else None


def find_events(value: Floats, step_s: float, least_hz: float) -> list[Event]:
    """Excursions of at least so many Hz within 20 s that do not come back at once, the largest first."""
    least = round((_BEFORE_S[0] + _LEVEL_S[1]) / step_s)
    found = [
        event
        for part in whole_stretches(value[None, :], max(least, 8))
        for event in _events_of(value[part], part.start, step_s, least_hz)
    ]
    return sorted(found, key=lambda event: -abs(event.nadir_hz - event.before_hz))


def _events_of(value: Floats, first: int, step_s: float, least_hz: float) -> list[Event]:
    before = _mean_between(value, -_BEFORE_S[0], -_BEFORE_S[1], step_s)
    level = _mean_between(value, *_LEVEL_S, step_s)
    ahead = max(1, round(_AHEAD_S / step_s))
    shift = -(ahead // 2)
    lowest = minimum_filter1d(value, ahead, origin=shift, mode="nearest")
    highest = maximum_filter1d(value, ahead, origin=shift, mode="nearest")
    far = np.maximum(before - lowest, highest - before) >= least_hz
    far &= np.abs(level - before) >= least_hz / 2
    places = np.flatnonzero(far)
    events: list[Event] = []
    pause = round(_SETTLED_S[1] / step_s)
    until = -1
    for place in places:
        if place > until:
            event = _event(value, int(place), float(before[place]), step_s, least_hz)
            if event is not None:
                until = event.start + pause
                events.append(_moved(event, first))
    return events


def _event(value: Floats, place: int, before_hz: float, step_s: float, least_hz: float) -> Event | None:
    ahead = value[place : place + 2 * round(_AHEAD_S / step_s) + 1]
    farthest = place + int(np.abs(ahead - before_hz).argmax())
    noise = noise_of(value)
    excursion = float(value[farthest]) - before_hz
    quiet = max(3.0 * noise, _ONSET * abs(excursion))
    still = np.flatnonzero(np.sign(excursion) * (value[: farthest + 1] - before_hz) <= quiet)
    start = int(still[-1]) if len(still) else place
    past = value[max(0, start - round(_BEFORE_S[0] / step_s)) : max(1, start - round(_BEFORE_S[1] / step_s) + 1)]
    before_hz = float(past.mean())
    after = value[start : start + round(_AHEAD_S / step_s) + 1]
    nadir = start + int((np.sign(excursion) * (after - before_hz)).argmax())
    window = _window(step_s)
    if abs(float(value[nadir]) - before_hz) < least_hz or start + window > len(value):
        return None
    settled_hz, settled_s = _settling(value, start, float(value[nadir]) - before_hz, step_s)
    rate = _rate(value, start, step_s, noise)
    return Event(start, before_hz, nadir, float(value[nadir]), rate, settled_hz, settled_s)


def _settling(value: Floats, start: int, excursion_hz: float, step_s: float) -> tuple[float | None, float | None]:
    """Value B, and the time from which on the trace stays near it, as far as point B is looked at."""
    first, stop = (start + round(seconds / step_s) for seconds in _SETTLED_S)
    late = value[first : stop + 1]
    if len(late) < _COVERED * (stop - first):
        return None, None
    settled = float(late.mean())
    away = np.flatnonzero(np.abs(value[start : stop + 1] - settled) > _SETTLED_SHARE * abs(excursion_hz))
    if len(away) and start + int(away[-1]) >= stop:
        return settled, None
    return settled, (int(away[-1]) + 1) * step_s if len(away) else 0.0


def _moved(event: Event, columns: int) -> Event:
    rate = event.rate
    return Event(
        event.start + columns,
        event.before_hz,
        event.nadir + columns,
        event.nadir_hz,
        Rate(rate.hzps, rate.error_hzps, rate.column + columns, rate.window_s),
        event.settled_hz,
        event.settled_s,
    )


def _window(step_s: float) -> int:
    """Readings of the straight line behind a rate."""
    return max(_LEAST_STEPS, round(RATE_WINDOW_S / step_s)) + 1


def _slopes(value: Floats, length: int, step_s: float) -> Floats:
    time = (np.arange(length) - (length - 1) / 2) * step_s
    slopes: Floats = np.lib.stride_tricks.sliding_window_view(value, length) @ (time / (time**2).sum())
    return slopes


def _rate(value: Floats, column: int, step_s: float, noise: float) -> Rate:
    length = _window(step_s)
    time = (np.arange(length) - (length - 1) / 2) * step_s
    piece = value[column : column + length]
    slope = float(piece @ time / (time**2).sum())
    left = piece - piece.mean() - slope * time
    spread = max(noise, float(np.sqrt((left**2).sum() / (length - 2))))
    return Rate(slope, _SURE * spread / float(np.sqrt((time**2).sum())), column, (length - 1) * step_s)


def _mean_between(value: Floats, begin_s: float, end_s: float, step_s: float) -> Floats:
    """Mean of what lies between two times relative to each column; at the ends of what there is of it."""
    sums = np.concatenate([[0.0], np.cumsum(value)])
    columns = np.arange(len(value))
    first = np.clip(columns + round(begin_s / step_s), 0, len(value) - 1)
    stop = np.clip(columns + round(end_s / step_s) + 1, first + 1, len(value))
    mean: Floats = (sums[stop] - sums[first]) / (stop - first)
    return mean
