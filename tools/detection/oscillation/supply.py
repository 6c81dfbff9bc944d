"""Which readings of a fast sensor measure a live grid at all.

A measuring device goes on sending when its bus is dead: zeros, a floor, or noise. None of these is a frequency. The
bounds are those of the devices and of the physics, not of any file:

- a frequency farther than 5 Hz from nominal is outside the range in which a synchrophasor is a measurement at all
  (IEC/IEEE 60255-118-1, class M);
- readings that bend by more than 1 Hz/s from sample to sample, half of the time, are noise: rotating masses do not;
- a fall of more than 1 Hz within a sample, at more than 10 Hz/s, that does not come back is a collapse;
- a voltage below 0.1 pu is an interruption (IEEE 1159);
- a run that repeats itself to the last digit for ten seconds, much longer than this sensor does otherwise, is frozen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

RANGE_HZ = 5.0
NORMAL = 0.01
INTERRUPTION_PU = 0.1
_BEND_HZPS, _LEAST_BEND_HZ = 1.0, 0.05
_COLLAPSE_HZ, _COLLAPSE_HZPS = 1.0, 10.0
_STILL_S, _STILL_READINGS, _STILL_TIMES = 10.0, 10, 10.0
_NOISE_READINGS = 9


@dataclass(frozen=True, eq=False)
class Life:
    """What each reading is.

    Attributes:
        dead: No supply behind it.
        frozen: Repeats itself where it would move.
    """

    dead: Bools
    frozen: Bools

    @property
    def live(self) -> Bools:
        """A measurement of a live grid."""
        alive: Bools = ~(self.dead | self.frozen)
        return alive


def judge_frequency(value: Floats, step_s: float, nominal_hz: float) -> Life:
    """Judge the readings of a frequency, in Hz, evenly ``step_s`` apart but for gaps."""
    outside = np.abs(value - nominal_hz) > RANGE_HZ
    dead = outside | _noisy(value, step_s) | _collapsed(value, step_s)
    frozen = still_runs(value, step_s)
    # A floor that a collapse led to, or that lies where no grid stays (EN 50160: within 1 %), has no supply behind it.
    frozen_dead = frozen & (_touching(frozen, dead) | (np.abs(value - nominal_hz) > NORMAL * nominal_hz))
    dead |= frozen_dead
    return Life(dead, frozen & ~dead)


def judge_voltage(value: Floats, step_s: float, nominal: float) -> Life:
    """Judge the magnitudes of a voltage against its nominal value in the same unit."""
    dead = np.abs(value) < INTERRUPTION_PU * nominal
    return Life(dead, still_runs(value, step_s) & ~dead)


def judge_other(value: Floats, step_s: float) -> Life:
    """Judge a power, a current or an angle: zero may be true of these, and only repetition is told."""
    return Life(np.zeros(len(value), dtype=bool), still_runs(value, step_s))


def still_runs(value: Floats, step_s: float) -> Bools:
    """Runs of equal readings, longer than ten seconds and ten times longer than this sensor's runs usually are."""
    still = np.zeros(len(value), dtype=bool)
    if len(value) < _STILL_READINGS:
        return still
    firsts = np.flatnonzero(np.concatenate([[True], np.diff(value) != 0]))
    lengths = np.diff(np.concatenate([firsts, [len(value)]]))
    longest = lengths.max()
    others = lengths[lengths < longest]
    usual = float(np.median(others)) if len(others) else 1.0
    needed = max(_STILL_S / step_s, _STILL_READINGS, _STILL_TIMES * usual)
    for first, length in zip(firsts[lengths >= needed], lengths[lengths >= needed], strict=True):
        still[first : first + length] = True
    return still


def _noisy(value: Floats, step_s: float) -> Bools:
    """Windows whose median bend no rotating mass allows."""
    noisy = np.zeros(len(value), dtype=bool)
    if len(value) < _NOISE_READINGS + 2:
        return noisy
    bend = np.abs(np.diff(value, n=2))
    windows = np.lib.stride_tricks.sliding_window_view(bend, _NOISE_READINGS)
    wild = np.flatnonzero(np.median(windows, axis=1) > max(_LEAST_BEND_HZ, _BEND_HZPS * step_s))
    for shift in range(_NOISE_READINGS + 2):
        noisy[wild + shift] = True
    return noisy


def _collapsed(value: Floats, step_s: float) -> Bools:
    """What follows a jump that no inertia allows, until the value is back where it jumped from."""
    gone = np.zeros(len(value), dtype=bool)
    limit = max(_COLLAPSE_HZ, _COLLAPSE_HZPS * step_s)
    place = 0
    while place < len(value) - 1:
        jumps = np.flatnonzero(np.abs(np.diff(value[place:])) > limit)
        if not len(jumps):
            break
        first = place + int(jumps[0]) + 1
        back = np.flatnonzero(np.abs(value[first:] - value[first - 1]) < _COLLAPSE_HZ)
        stop = first + int(back[0]) if len(back) else len(value)
        gone[first:stop] = True
        place = stop
    return gone


def _touching(runs: Bools, others: Bools) -> Bools:
    """Runs that overlap others or come directly after them."""
    after = others | np.concatenate([[False], others[:-1]])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], runs, [False]]).astype(np.int8)))
    touched = np.zeros(len(runs), dtype=bool)
    for first, stop in zip(edges[::2], edges[1::2], strict=True):
        touched[first:stop] = after[first:stop].any()
    return touched
