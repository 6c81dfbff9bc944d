"""Readings that repeat earlier ones exactly, noise included: what chance and physics never do.

Two readings of one level agree in their last digit with a chance of about resolution / (2 sqrt(pi) sigma), the
integral of the squared normal density times the resolution. A run of so many equal readings that it would not come by
chance once in a thousand looks at all sensors is a repetition. It needs no model: it is seen even where readings of a
whole feed are replayed, which fit each other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import ceil, log, pi, sqrt
from typing import TYPE_CHECKING

import numpy as np

from tools.telemetry.trust import code, usable
from tools.vocabulary import ReadingQuality

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tools.detection.frame import Floats
    from tools.telemetry.series import Series

_CHANCE = 1e-3
_LEAST, _LONGEST = 6, 60
_COARSE = 0.5
"""A chance of two readings being equal above which their equality says nothing."""
_LIVELY = 0.5
"""Share of a run's steps that must move: a held value repeats itself and is no replay."""
_DIGITS = 9
_BRIDGED = 3
"""Readings that may lack or differ inside a repetition."""
_SAME_TIME_S = 600.0
_HASH, _FOLD = 20_261_127, 29


@dataclass(frozen=True)
class Repeat:
    """A run of readings that repeats an earlier one.

    Attributes:
        start_us, end_us: First and last of the later readings.
        from_us, to_us: First and last of the earlier readings.
        readings: How many are equal.
    """

    sensor: str
    start_us: int
    end_us: int
    from_us: int
    to_us: int
    readings: int

    @property
    def delay_us(self) -> int:
        """From the earlier readings to the later ones."""
        return self.start_us - self.from_us


def find_repeats(series: Mapping[str, Series], noise: Mapping[str, float], start_us: int) -> tuple[list[Repeat], int]:
    """Repetitions that reach into the time from ``start_us`` on, and how many sensors could be compared at all.

    Args:
        series: Readings, those before the time included.
        noise: Standard error of each sensor, in its own unit.
        start_us: Begin of the time that is judged.
    """
    found: list[Repeat] = []
    compared = 0
    for name, held in series.items():
        keep = usable(held) & (held.quality != code(ReadingQuality.SUBSTITUTED))
        at_us, value = held.at_us[keep], np.round(held.value[keep], _DIGITS)
        length = _needed(value, noise[name], len(series))
        if length is None or len(value) < 2 * length:
            continue
        compared += 1
        found += [one for one in _of_sensor(name, at_us, value, length) if one.end_us >= start_us]
    return found, compared


def together(repeats: Sequence[Repeat]) -> list[tuple[Repeat, ...]]:
    """Repetitions with one delay that begin at nearly the same time: one cause; the longest of each first."""
    groups: list[list[Repeat]] = []
    by_delay: dict[int, list[Repeat]] = defaultdict(list)
    for one in sorted(repeats, key=lambda one: one.start_us):
        by_delay[one.delay_us].append(one)
    for mine in by_delay.values():
        for one in mine:
            if groups and groups[-1][0].delay_us == one.delay_us and _near(groups[-1], one):
                groups[-1].append(one)
            else:
                groups.append([one])
    return [tuple(sorted(group, key=lambda one: (-one.readings, one.sensor))) for group in groups]


def _near(group: Sequence[Repeat], one: Repeat) -> bool:
    return one.start_us - group[-1].start_us <= _SAME_TIME_S * 1e6


def _needed(value: Floats, noise: float, sensors: int) -> int | None:
    """Equal readings in a row that chance does not explain; None where equal readings say nothing."""
    levels = np.unique(value)
    if len(levels) < 2 * _LEAST:
        return None
    resolution = float(np.diff(levels).min())
    chance = resolution / (2 * sqrt(pi) * noise)
    if chance >= _COARSE:
        return None
    pairs = max(1.0, len(value) ** 2 / 2 * sensors)
    length = max(_LEAST, ceil(log(_CHANCE / pairs) / log(chance)))
    return length if length <= _LONGEST else None


def _of_sensor(name: str, at_us: NDArray[np.int64], value: Floats, length: int) -> list[Repeat]:
    windows = np.lib.stride_tricks.sliding_window_view(value, length)
    lively = (np.diff(windows, axis=1) != 0).mean(axis=1) >= _LIVELY
    group = _hashed(value, length)
    order = np.argsort(group, kind="stable")
    again = np.flatnonzero(group[order[1:]] == group[order[:-1]]) + 1
    later, earlier = order[again], order[again - 1]
    kept = lively[later]
    back: dict[int, list[int]] = defaultdict(list)
    for place, lag in zip(later[kept].tolist(), (later - earlier)[kept].tolist(), strict=True):
        back[lag].append(place)
    return [
        _repeat(name, at_us, run, lag, length)
        for lag, starts in back.items()
        for run in _runs(sorted(starts), _BRIDGED + length)
    ]


def _hashed(value: Floats, length: int) -> NDArray[np.uint64]:
    """One number for each window, by the bits of its readings: equal for equal windows, else by chance in 2^64."""
    bits = (value + 0.0).view(np.uint64)  # minus zero is zero
    count = len(value) - length + 1
    factors = np.random.default_rng(_HASH).integers(1, 2**63, size=length, dtype=np.uint64) * np.uint64(2) + np.uint64(
        1
    )
    hashed = np.zeros(count, dtype=np.uint64)
    for place, factor in enumerate(factors):
        mixed = bits[place : place + count] * factor
        hashed += mixed ^ (mixed >> np.uint64(_FOLD))
    return hashed


def _runs(starts: Sequence[int], bridged: int) -> list[tuple[int, int]]:
    """First and last of places that follow each other closely."""
    runs: list[tuple[int, int]] = []
    for place in starts:
        if runs and place - runs[-1][1] <= bridged:
            runs[-1] = runs[-1][0], place
        else:
            runs.append((place, place))
    return runs


def _repeat(name: str, at_us: NDArray[np.int64], run: tuple[int, int], lag: int, length: int) -> Repeat:
    first, last = run[0], run[1] + length - 1
    return Repeat(
        sensor=name,
        start_us=int(at_us[first]),
        end_us=int(at_us[last]),
        from_us=int(at_us[first - lag]),
        to_us=int(at_us[last - lag]),
        readings=last - first + 1,
    )
