"""Forced oscillations: lines in the spectrum that no damped mode makes.

D. J. Thomson's harmonic F-test over multitaper spectra ("Spectrum estimation and harmonic analysis", Proc. IEEE 70(9),
1982) tells a line from coloured noise around it; that a forced oscillation is such a line above the ambient spectrum,
and often has harmonics, is the ground of detecting it (J. Follum and J. W. Pierre, "Detection of periodic forced
oscillations in power systems", IEEE Trans. Power Syst. 31(3), 2016; NERC, Reliability Guideline: Forced Oscillation
Monitoring and Mitigation, 2017). A natural mode has a width of twice its damping ratio times its frequency and its
amplitude wanders; a line has neither. What is narrower than the time can resolve may still be a mode of almost no
damping, so only harmonics make the verdict sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.ndimage import median_filter
from scipy.optimize import minimize_scalar
from scipy.signal.windows import dpss
from scipy.stats import f as fisher

from tools.detection.oscillation.pencil import Floats

BANDWIDTH, TAPERS = 4, 7
LEAST_S = 60.0
_FALSE_ALARMS, _NARROW = 1e-4, 1e-4
_STEADY = 0.3
"""Quarters of the time whose amplitudes differ by more than this share show something that wanders."""
_QUARTERS = 4
_FINER = 4
"""Frequencies between those of the record: a line that falls between two of them would else lose its score."""
_HARMONICS = (2, 3, 4, 5)


@dataclass(frozen=True, eq=False)
class Line:
    """A sinusoid of steady amplitude.

    Attributes:
        frequency_hz, frequency_width_hz: With its half width at 95 %.
        damping, damping_width: Ratio by which its amplitude changes over the time, and its half width at 95 %.
        shape: Complex peak amplitude by channel.
        harmonics: How many multiples of it are lines as well.
    """

    frequency_hz: float
    frequency_width_hz: float
    damping: float
    damping_width: float
    shape: np.ndarray[tuple[int], np.dtype[np.complex128]]
    harmonics: int


@lru_cache(maxsize=4)
def _tapers(count: int) -> Floats:
    """Slepian sequences, which are the same for all channels of a record."""
    return np.asarray(dpss(count, BANDWIDTH, TAPERS), dtype=np.float64)


def find_lines(channels: Floats, step_s: float, lowest_hz: float, highest_hz: float) -> list[Line]:
    """The lines of channels (channel by sample, without their slow course), the strongest first.

    Its power must stand out of the noise around it as chance makes it once in ten thousand calls (the periodogram test
    of Follum and Pierre), and the F-test must find it narrow.
    """
    count = channels.shape[1]
    frequency = np.fft.rfftfreq(_FINER * count, step_s)
    inside = (frequency >= lowest_hz) & (frequency <= highest_hz)
    tests = [_test(channel) for channel in channels]
    score, noise = (np.stack(parts) for parts in zip(*tests, strict=True))
    chance = _FALSE_ALARMS * _FINER / max(1, len(channels) * int(inside.sum()))
    limit = float(fisher.isf(_NARROW, 2, 2 * TAPERS - 2))
    best = np.where(inside, score.max(axis=0), 0.0)
    found: list[Line] = []
    width = 2 * BANDWIDTH / (count * step_s)
    for place in np.argsort(-best):
        if best[place] <= limit:
            break
        if all(abs(frequency[place] - line.frequency_hz) > width for line in found):
            line = _measure(channels, step_s, float(frequency[place]), noise[:, place], -2.0 * float(np.log(chance)))
            if line is not None:
                found.append(line)
    return _without_harmonics(found, width)


def without(channels: Floats, step_s: float, lines: list[Line]) -> Floats:
    """The channels less what the lines and their harmonics put into them."""
    left = channels
    time: Floats = np.arange(channels.shape[1], dtype=np.float64) * step_s
    for line in lines:
        for times in (1, *_HARMONICS[: line.harmonics]):
            base = _base(time, line.frequency_hz * times)
            weights, *_ = np.linalg.lstsq(base, left.T, rcond=None)
            left = left - (base @ weights).T
    return left


def _test(channel: Floats) -> tuple[Floats, Floats]:
    """F of each frequency, four times finer than the record resolves, and the one-sided noise around (per sample)."""
    count = len(channel)
    tapers = _tapers(count)
    spectra = np.fft.rfft(channel * tapers, n=_FINER * count, axis=1)
    heads = tapers.sum(axis=1)
    heads[1::2] = 0.0
    line = heads @ spectra / (heads**2).sum()
    left = (np.abs(spectra - np.outer(heads, line)) ** 2).sum(axis=0) / (TAPERS - 1)
    score = np.abs(line) ** 2 * (heads**2).sum() / np.maximum(left, 1e-300)
    # Where a line is found by chance its own surroundings are low by chance: those farther off count as well.
    around = median_filter(left[::_FINER], size=8 * BANDWIDTH + 1, mode="nearest")
    return score, 2.0 * np.maximum(left, np.repeat(around, _FINER)[: len(left)])


def _measure(channels: Floats, step_s: float, near_hz: float, noise: Floats, least: float) -> Line | None:
    """The line near a frequency; None when it is weak, or its amplitude wanders as that of a driven mode does."""
    count = channels.shape[1]
    length_s = count * step_s
    time = (np.arange(count) - (count - 1) / 2) * step_s
    weight = 1.0 / np.maximum(noise, 1e-300)

    def missed(frequency_hz: float) -> float:
        return -float((weight * (np.abs(_amplitudes(channels, time, frequency_hz)) ** 2)).sum())

    found = minimize_scalar(
        missed, bounds=(near_hz - 1 / length_s, near_hz + 1 / length_s), method="bounded", options={"xatol": 1e-7}
    )
    shape = _amplitudes(channels, time, float(found.x))
    # Power of a line over that of noise in its own width: N A^2 / (2 S), S per sample.
    strength = count * np.abs(shape) ** 2 / np.maximum(noise, 1e-300)
    if strength.max() < least:
        return None
    lead = int(strength.argmax())
    quarters = [
        _amplitudes(channels[:, part], time[part], float(found.x))[lead]
        for part in (slice(q * count // _QUARTERS, (q + 1) * count // _QUARTERS) for q in range(_QUARTERS))
    ]
    allowed = max(_STEADY, 4.0 / np.sqrt(strength[lead] / _QUARTERS)) * abs(shape[lead])
    if np.abs(np.array(quarters) - shape[lead]).max() > allowed:
        return None
    # Least error of frequency and of damping constant in noise of this level (Rife and Boorstyn, 1974).
    error = float(np.sqrt(12.0 / strength.sum()) / length_s)
    halves = np.abs(quarters[0] + quarters[1]), np.abs(quarters[2] + quarters[3])
    growth = float(np.log(halves[1] / halves[0]) / (length_s / 2))
    omega = 2 * np.pi * float(found.x)
    return Line(
        frequency_hz=float(found.x),
        frequency_width_hz=1.96 * error / (2 * np.pi),
        damping=-growth / omega,
        damping_width=1.96 * float(np.sqrt(16.0 / strength[lead]) / length_s) / omega,
        shape=shape,
        harmonics=0,
    )


def _base(time: Floats, frequency_hz: float) -> Floats:
    return np.column_stack([np.cos(2 * np.pi * frequency_hz * time), np.sin(2 * np.pi * frequency_hz * time)])


def _amplitudes(channels: Floats, time: Floats, frequency_hz: float) -> np.ndarray[tuple[int], np.dtype[np.complex128]]:
    base = _base(time, frequency_hz)
    weights = np.linalg.solve(base.T @ base, base.T @ channels.T)
    return np.asarray(weights[0] - 1j * weights[1], dtype=np.complex128)


def _without_harmonics(found: list[Line], width_hz: float) -> list[Line]:
    """Each line with the number of its multiples, which are told with it and not alone."""
    kept: list[Line] = []
    taken: set[int] = set()
    for line in sorted(found, key=lambda item: item.frequency_hz):
        if id(line) in taken:
            continue
        multiples = [
            other
            for times in _HARMONICS
            for other in found
            if other is not line
            and abs(other.frequency_hz - times * line.frequency_hz) < width_hz / BANDWIDTH
            and np.abs(other.shape).max() < np.abs(line.shape).max()
        ]
        taken |= {id(other) for other in multiples}
        kept.append(
            Line(
                line.frequency_hz, line.frequency_width_hz, line.damping, line.damping_width, line.shape, len(multiples)
            )
        )
    return sorted(kept, key=lambda item: -float(np.abs(item.shape).max()))
