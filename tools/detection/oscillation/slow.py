"""Swings of minutes: controllers that hunt, seen in readings that come once a minute or so.

Windows of several lengths slide over the time; in each, the periodogram is held against what is usual at that
frequency in all windows of the time, so that the wandering of loads, which is strong where it is slow, is no swing
(the median spectrum, as in the search for signals of known shape in coloured noise: B. Allen et al., FINDCHIRP,
Phys. Rev. D 85, 122006, 2012). A swing is narrow besides: a step or a ramp spreads over the band.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tools.detection.frame import Bools, Floats
from tools.detection.scan import FALSE_ALARMS

SLOWEST_S = 1800.0
_STEPS_A_CYCLE = 4.0
_TURNS = 3.0
_WINDOWS_MIN = (45.0, 64.0, 90.0, 128.0, 181.0)
_LEAST_WINDOWS = 5
_HOP = 12
_DEGREE = 3
_POOLED = 7
_TRUST = 1.2
"""The threshold is this much higher than theory: the usual spectrum is an estimate."""
_NARROW = 0.5
"""Least share of the excess over the usual spectrum that lies at the line."""
_FINER = 2
_EDGE = 10.0
_AROUND = 4


@dataclass(frozen=True)
class SlowSwing:
    """One swing at the channel where it is clearest.

    Attributes:
        channel: Which.
        first, stop: Columns of the window that shows it best, the last not included.
        frequency_hz: Of the swing.
        strength: Its power over the usual one there, which has a mean of one.
    """

    channel: int
    first: int
    stop: int
    frequency_hz: float
    strength: float


def slow_swings(channels: Floats, noise: Floats, step_s: float) -> Iterator[SlowSwing]:
    """Swings of a few minutes, the clearest first; those that overlap a clearer one at its frequency are the same.

    What a channel shows beside a swing ten times as clear is the edge of that.

    Args:
        channels: Channel by moment, finite.
        noise: Standard error of each; what is usual at a frequency is never taken for less.
        step_s: Seconds between moments.
    """
    found: list[SlowSwing] = []
    lengths = [round(minutes * 60 / step_s) for minutes in _WINDOWS_MIN]
    lengths = [length for length in lengths if channels.shape[1] >= _LEAST_WINDOWS * length]
    tests = max(1, channels.size * len(lengths))
    limit = _TRUST * float(np.log(tests / FALSE_ALARMS))
    for length in lengths:
        found += _of_length(channels, noise, step_s, length, limit)
    kept: list[SlowSwing] = []
    for swing in sorted(found, key=lambda item: -item.strength):
        if not any(_same(swing, other, step_s) or _beside(swing, other) for other in kept):
            kept.append(swing)
            yield swing


def fastest_hz(moments: int, step_s: float) -> float | None:
    """The fastest swing that is looked for; None where the time is too short to tell a swing from what is usual."""
    if moments < _LEAST_WINDOWS * round(min(_WINDOWS_MIN) * 60 / step_s):
        return None
    return 1 / (_STEPS_A_CYCLE * step_s)


def amplitudes(values: Floats, frequency_hz: float, step_s: float) -> np.ndarray[tuple[int], np.dtype[np.complex128]]:
    """Complex peak amplitudes of a frequency in channels, without their slow course."""
    time = np.arange(values.shape[1]) * step_s
    place = np.linspace(-1.0, 1.0, values.shape[1])
    turn = 2 * np.pi * frequency_hz * time
    base = np.column_stack([*(place**power for power in range(_DEGREE + 1)), np.cos(turn), np.sin(turn)])
    weights, *_ = np.linalg.lstsq(base, values.T, rcond=None)
    return np.asarray(weights[-2] - 1j * weights[-1], dtype=np.complex128)


def _of_length(channels: Floats, noise: Floats, step_s: float, length: int, limit: float) -> Iterator[SlowSwing]:
    """The best of each channel and stretch of windows above the limit."""
    hop = max(1, length // _HOP)
    frequency = np.fft.rfftfreq(_FINER * length, step_s)
    inside = (frequency >= max(1 / SLOWEST_S, _TURNS / (length * step_s))) & (
        frequency <= 1 / (_STEPS_A_CYCLE * step_s)
    )
    if not inside.any():
        return
    curve = np.polynomial.legendre.legvander(np.linspace(-1, 1, length), _DEGREE)
    course = curve @ np.linalg.pinv(curve)
    for number, (channel, error) in enumerate(zip(channels, noise, strict=True)):
        windows = np.lib.stride_tricks.sliding_window_view(channel, length)[::hop]
        power = np.abs(np.fft.rfft(windows - windows @ course.T, n=_FINER * length, axis=1)) ** 2
        usual = np.median(power, axis=0) / np.log(2)
        usual = np.convolve(np.pad(usual, _POOLED // 2, "edge"), np.ones(_POOLED) / _POOLED, "valid")
        whole = power / np.maximum(usual, max(length * error**2, 1e-300))
        score = np.where(inside, whole, 0.0)
        best = score.max(axis=1)
        while best.max() > limit:
            window = int(best.argmax())
            line = int(score[window].argmax())
            first = window * hop
            swings = _swings(channel[first : first + length], float(frequency[line]), step_s)
            if swings and _peak(whole[window], line) and _narrow(score[window], line, inside):
                yield SlowSwing(number, first, first + length, float(frequency[line]), float(best[window]))
            best[max(0, window - _HOP) : window + _HOP + 1] = 0.0


def _swings(values: Floats, frequency_hz: float, step_s: float) -> bool:
    """Whether a sinusoid explains more than two jumps of level do."""
    count = len(values)
    course, _ = np.linalg.qr(np.polynomial.legendre.legvander(np.linspace(-1, 1, count), _DEGREE))
    rest = values - course @ (course.T @ values)
    turn = 2 * np.pi * frequency_hz * step_s * np.arange(count)
    waves = np.column_stack([np.cos(turn), np.sin(turn)])
    waves, _ = np.linalg.qr(waves - course @ (course.T @ waves))
    explained = float(((waves.T @ rest) ** 2).sum())
    jumps = np.triu(np.ones((count - 1, count)), 1)
    jumps -= (jumps @ course) @ course.T
    left, told = rest, 0.0
    for _ in range(2):
        gain = (jumps @ left) ** 2 / np.maximum((jumps**2).sum(axis=1), 1e-9)
        best = jumps[int(gain.argmax())]
        told += float(gain.max())
        left = left - best * (best @ left) / (best @ best)
        jumps = jumps - np.outer(jumps @ best, best) / (best @ best)
    return explained > told


def _peak(score: Floats, line: int) -> bool:
    """Whether the line stands above what is slower and faster, so that it is not the foot of a slow course."""
    around = score[max(1, line - _AROUND * _FINER) : line + _AROUND * _FINER + 1]
    return bool(score[line] >= around.max())


def _narrow(score: Floats, line: int, inside: Bools) -> bool:
    near = np.zeros(len(score), dtype=bool)
    near[max(0, line - 2 * _FINER) : line + 2 * _FINER + 1] = True
    excess = np.maximum(score - 1.0, 0.0)
    return bool(excess[near & inside].sum() >= _NARROW * (excess[inside].sum() - inside.sum() / np.e))


def _same(swing: SlowSwing, other: SlowSwing, step_s: float) -> bool:
    resolved = _FINER / (min(swing.stop - swing.first, other.stop - other.first) * step_s)
    near = abs(swing.frequency_hz - other.frequency_hz) < resolved
    return near and swing.first < other.stop and other.first < swing.stop


def _beside(swing: SlowSwing, other: SlowSwing) -> bool:
    """Whether a swing is the edge of a clearer one."""
    near = swing.first < other.stop + (other.stop - other.first) and other.first < swing.stop + (
        swing.stop - swing.first
    )
    return swing.channel == other.channel and near and _EDGE * swing.strength < other.strength
