"""Forced oscillations that begin and end within a time: lines of a part of it.

A line that is there for a part of the time only spreads over the spectrum of the whole, and its amplitude is no steady
one. It is looked for in halves and quarters of the time that overlap by half; once found it is demodulated, and its
time is where the envelope is above half of what it is at its middle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tools.detection.oscillation.lines import BANDWIDTH, LEAST_S, Line, find_lines
from tools.detection.oscillation.pencil import Floats
from tools.detection.smoothing import running_mean

_PARTS = (2, 4)
_ENVELOPE_TURNS = 8.0
_LEAST_TURNS = 20.0
"""Fewer turns of a poorly damped mode that chance keeps going look as steady."""
_HALF, _AWAY = 0.5, 0.2


@dataclass(frozen=True, eq=False)
class Passing:
    """A line and the samples in which it is there."""

    columns: slice
    line: Line


def find_passing(channels: Floats, step_s: float, lowest_hz: float, highest_hz: float) -> list[Passing]:
    """Lines of parts of the time, the longest parts first.

    Args:
        channels: Channel by sample, without their slow course and without the lines of the whole time.
        step_s: Seconds between samples.
        lowest_hz: Where lines are looked for.
        highest_hz: Up to where.
    """
    found: list[Passing] = []
    for window in _windows(channels.shape[1], step_s):
        width_hz = 2 * BANDWIDTH / ((window.stop - window.start) * step_s)
        for line in find_lines(channels[:, window], step_s, lowest_hz, highest_hz):
            known = any(
                abs(line.frequency_hz - other.line.frequency_hz) < width_hz and _overlap(window, other.columns)
                for other in found
            )
            passing = None if known else _bounded(channels, step_s, window, line)
            if passing is not None:
                found.append(passing)
    return found


def _windows(count: int, step_s: float) -> Iterator[slice]:
    for parts in _PARTS:
        length = count // parts
        if length * step_s < LEAST_S:
            return
        for half in range(2 * parts - 1):
            first = half * length // 2
            yield slice(first, first + length)


def _overlap(one: slice, other: slice) -> bool:
    return bool(one.start < other.stop and other.start < one.stop)


def _bounded(channels: Floats, step_s: float, window: slice, near: Line) -> Passing | None:
    """The line between the samples in which its envelope is high; None when there it is none."""
    lead = channels[int(np.abs(near.shape).argmax())]
    turn = np.exp(-2j * np.pi * near.frequency_hz * step_s * np.arange(len(lead)))
    length = round(_ENVELOPE_TURNS / near.frequency_hz / step_s)
    mixed = lead * turn
    envelope = np.hypot(running_mean(mixed.real, length), running_mean(mixed.imag, length))
    high = envelope > _HALF * float(np.median(envelope[window]))
    middle = (window.start + window.stop) // 2
    low = np.flatnonzero(~high)
    first = int(low[low < middle].max(initial=-1)) + 1
    stop = int(low[low >= middle].min(initial=len(lead)))
    if (stop - first) * step_s < max(LEAST_S, _LEAST_TURNS / near.frequency_hz):
        return None
    # A natural mode swells and fades; it is never away.
    rest = np.concatenate([envelope[: max(0, first - length)], envelope[stop + length :]])
    if rest.size and float(np.median(rest)) > _AWAY * float(np.median(envelope[first:stop])):
        return None
    columns = slice(first, stop)
    width_hz = 2 * BANDWIDTH / ((stop - first) * step_s)
    lines = find_lines(channels[:, columns], step_s, near.frequency_hz - width_hz, near.frequency_hz + width_hz)
    return Passing(columns, lines[0]) if lines else None
