"""What loads and units did of their own: steps that are no chance, and swings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2, norm

from tools.causal.contrasts import Step, gapless, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.causal.powers import Power
    from tools.detection.frame import Floats

_FALSE_ALARMS = 0.01
"""Chance that anything at all is said of a time in which nothing happens."""
_WIDER = 1.2
"""Thresholds are so much wider than theory: loads have a course of their own."""
_HALF_SEEN = 0.72
"""Share of the threshold that a step must reach which a step back makes up for."""
_BACK = 0.4
"""A step back undoes a step when they differ by no more than this share."""
_WINDOWS = (48, 96, 192)
_LEAST_CYCLES = 2.5
_LOUD = 8.0
_SURE_WINDOWS = 2
_SWING_BETTER = 0.6
_TRIED = 41


@dataclass(frozen=True)
class StepFound:
    """A step of a power, and where it was undone.

    Attributes:
        first, stop: Moments; it lasts to the end of what is looked at when ``stop`` is None.
        size_mw: How far.
        score: In usual sizes of the contrast, of both steps together.
        clearer: The same of the clearer of the two alone.
    """

    first: int
    stop: int | None
    size_mw: float
    score: float
    clearer: float


@dataclass(frozen=True)
class SwingFound:
    """A swing of a power.

    Attributes:
        first, stop: Moments.
        cycle: Moments a cycle.
        phase: Radians, at the middle.
        middle: Moment of the strongest window's middle.
        amplitude_mw: Peak.
        score: Root of the line's power over the usual one.
    """

    first: int
    stop: int
    cycle: float
    phase: float
    middle: int
    amplitude_mw: float
    score: float


def limit(series: int, moments: int) -> float:
    """Usual sizes that chance hardly exceeds among so many contrasts."""
    return _WIDER * float(norm.isf(_FALSE_ALARMS / 2 / max(1, series * moments)))


def limit_of_pairs(series: int, moments: int) -> float:
    """Usual sizes that chance hardly exceeds among so many pairs of a step and a step back, neither clear alone."""
    pairs = max(1.0, series * moments * moments / 2)
    return _WIDER * float(np.sqrt(chi2.isf(_FALSE_ALARMS / pairs, 2)))


def joint(power: Power) -> tuple[Floats, float]:
    """The best guess at a power and its standard error: its own sensor together with what the others imply."""
    if power.implied is None or not np.isfinite(power.implied_sigma):
        return power.value, power.sigma
    own, other = power.sigma**-2, power.implied_sigma**-2
    value = np.where(np.isfinite(power.value), power.value, power.implied)
    implied = np.where(np.isfinite(power.implied), power.implied, value)
    return (own * value + other * implied) / (own + other), float((own + other) ** -0.5)


def find_steps(powers: Sequence[Power], kernel: Step, threshold: float) -> list[StepFound]:
    """Steps of one element, in order of time.

    Args:
        powers: Its active power, and its reactive power where that does not answer to voltages.
        kernel: What a step is.
        threshold: Usual sizes that a step must exceed.
    """
    contrasts = []
    square = np.zeros(len(powers[0].value))
    for power in powers:
        value, sigma = joint(power)
        contrast = kernel.over(value)
        contrasts.append(contrast)
        square += (contrast / spread(contrast, kernel.noise(sigma))) ** 2
    score = np.sqrt(np.maximum(square - (len(powers) - 1), 0.0))
    found: list[tuple[int, float, float]] = []
    while len(score) and score.max() > _HALF_SEEN * threshold:
        best = int(score.argmax())
        found.append((best, float(contrasts[0][best]), float(score[best])))
        score[max(0, best - 2 * kernel.side) : best + 2 * kernel.side + 1] = 0.0
    found.sort()
    return [step for step in _paired(found) if step.score > threshold]


def _paired(marks: list[tuple[int, float, float]]) -> list[StepFound]:
    steps: list[StepFound] = []
    used: set[int] = set()
    for place, (first, size, score) in enumerate(marks):
        if place in used:
            continue
        back = next(
            (
                later
                for later in range(place + 1, len(marks))
                if later not in used and abs(marks[later][1] + size) < _BACK * abs(size)
            ),
            None,
        )
        if back is not None:
            used.add(back)
        undone = 0.0 if back is None else marks[back][2]
        surest = float(np.hypot(score, undone))
        steps.append(StepFound(first, None if back is None else marks[back][0], size, surest, max(score, undone)))
    return steps


def find_swing(value: Floats, tests: int) -> SwingFound | None:
    """The strongest swing of one series: a line in the spectrum of some windows that the others do not have."""
    filled = gapless(value)
    best: SwingFound | None = None
    for length in _WINDOWS:
        found = _swing(filled, length, tests)
        if found is not None and (best is None or found.score > best.score):
            best = found
    return best


def _swing(value: Floats, length: int, tests: int) -> SwingFound | None:
    hop = length // 4
    count = (len(value) - length) // hop + 1
    if count < 8:  # noqa: PLR2004 - what is usual must be told from some windows
        return None
    windows = np.lib.stride_tricks.sliding_window_view(value, length)[::hop]
    place = np.arange(length) - (length - 1) / 2
    flat = windows - windows.mean(axis=1, keepdims=True)
    flat = flat - np.outer(flat @ place / (place @ place), place)
    taper = np.hanning(length + 2)[1:-1]
    power = np.abs(np.fft.rfft(flat * taper, axis=1)) ** 2
    # The median of an exponential distribution is ln 2 of its mean.
    usual = np.median(power, axis=0) / np.log(2) + 1e-18
    first_bin = int(np.ceil(_LEAST_CYCLES))
    ratio = power / usual
    ratio[:, :first_bin] = 0.0
    ratio[:, -1] = 0.0
    threshold = _LOUD + float(np.log(max(1, tests) * ratio.size))
    window, line = np.unravel_index(int(ratio.argmax()), ratio.shape)
    if ratio[window, line] < threshold:
        return None
    near = ratio[:, max(first_bin, line - 1) : line + 2].max(axis=1) > threshold
    windows_loud = _run(near, int(window))
    if len(windows_loud) < _SURE_WINDOWS:
        return None
    return _fitted(value, windows_loud, hop, (length, int(line)), float(np.sqrt(ratio[window, line])))


def _run(loud: Floats, around: int) -> list[int]:
    """The windows in a row around one that show the line."""
    low = high = around
    while low > 0 and loud[low - 1]:
        low -= 1
    while high + 1 < len(loud) and loud[high + 1]:
        high += 1
    return list(range(low, high + 1))


def _fitted(value: Floats, windows: list[int], hop: int, where: tuple[int, int], score: float) -> SwingFound | None:
    """Frequency, phase and extent by least squares; None when a step explains the time better than a sinusoid."""
    length, line = where
    middle_window = windows[len(windows) // 2] * hop
    rest, rough, _ = _best_sinusoid(value[middle_window : middle_window + length], line / length, 1 / length)
    if rest > _SWING_BETTER * _best_step(value[middle_window : middle_window + length]):
        return None
    first, stop = _extent(value, windows, hop, length, rough)
    # Once its extent is known, amplitude and phase are those of the swing alone, of a long one those of its middle.
    middle = (first + stop) // 2
    half = min(max(stop - first, round(_LEAST_CYCLES / rough)), length) // 2
    low, high = max(0, middle - half), min(len(value), middle + half + 1)
    _, frequency, weights = _best_sinusoid(value[low:high], rough, 1 / (high - low))
    shift = 2 * np.pi * frequency * (middle - (low + high - 1) / 2)
    return SwingFound(
        first=first,
        stop=stop,
        cycle=1 / frequency,
        phase=float(np.arctan2(-weights[3], weights[2]) + shift),
        middle=middle,
        amplitude_mw=float(np.hypot(weights[2], weights[3])),
        score=score,
    )


def _best_sinusoid(piece: Floats, frequency: float, width: float) -> tuple[float, float, Floats]:
    """What is left of a piece beside a straight line and a sinusoid, its frequency, and the weights of both."""
    place: Floats = np.asarray(np.arange(len(piece)) - (len(piece) - 1) / 2, dtype=np.float64)
    base = np.stack([np.ones(len(piece)), place], axis=1)
    candidates = np.linspace(max(frequency - width, frequency / 2), frequency + width, _TRIED)
    fits = [(*_sinusoid(piece, base, place, float(one)), float(one)) for one in candidates]
    rest, weights, best = min(fits, key=lambda fit: fit[0])
    return rest, best, weights


def _sinusoid(piece: Floats, base: Floats, place: Floats, frequency: float) -> tuple[float, Floats]:
    angle = 2 * np.pi * frequency * place
    design = np.concatenate([base, np.cos(angle)[:, None], np.sin(angle)[:, None]], axis=1)
    weights = np.linalg.lstsq(design, piece, rcond=None)[0]
    apart = piece - design @ weights
    return float(apart @ apart), weights


def _best_step(piece: Floats) -> float:
    """What is left of a piece beside a straight line with one step, at best."""
    base = np.stack([np.ones(len(piece)), np.arange(len(piece), dtype=np.float64)], axis=1)
    left = []
    for at in range(2, len(piece) - 2):
        design = np.concatenate([base, (np.arange(len(piece)) >= at)[:, None].astype(float)], axis=1)
        apart = piece - design @ np.linalg.lstsq(design, piece, rcond=None)[0]
        left.append(float(apart @ apart))
    return min(left)


def _extent(value: Floats, windows: list[int], hop: int, length: int, frequency: float) -> tuple[int, int]:
    """Where the swing begins and ends: the demodulated amplitude against half its height."""
    low, high = max(0, windows[0] * hop - length), min(len(value), windows[-1] * hop + 2 * length)
    moments = np.arange(low, high)
    piece = value[low:high]
    course = np.polynomial.Polynomial.fit(moments, piece, 3)(moments)
    turned = (piece - course) * np.exp(-2j * np.pi * frequency * moments)
    cycle = max(2, round(1 / frequency))
    envelope = np.abs(np.convolve(turned, np.ones(cycle) / cycle, mode="same"))
    inside = np.zeros(len(piece), dtype=bool)
    inside[max(0, windows[0] * hop - low + length // 4) : windows[-1] * hop + 3 * length // 4 - low] = True
    height = float(np.median(envelope[inside]))
    above = envelope > height / 2
    middle = (windows[0] * hop + windows[-1] * hop + length) // 2 - low
    middle = int(np.clip(middle, 0, len(above) - 1))
    first = last = middle
    while first > 0 and above[first - 1]:
        first -= 1
    while last + 1 < len(above) and above[last + 1]:
        last += 1
    return low + first, low + last + 1
