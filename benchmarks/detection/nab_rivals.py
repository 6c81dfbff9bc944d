"""Detectors that NAB documents, as it defines them, to stand beside ours."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfc

WINDOW = 6400
STEP = 100
LEAST_SPREAD = 1e-6


def windowed_gaussian(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """One minus the one-sided tail probability under a Gaussian of the values in a sliding window.

    The window grows to 6400 values and then slides by 100, the sizes with which NAB publishes this detector.
    """
    score = np.zeros(len(value))
    window: deque[float] = deque(maxlen=WINDOW)
    mean, spread, waiting = 0.0, 1.0, 0
    for at, now in enumerate(value):
        if window:
            score[at] = 1.0 - 0.5 * erfc(abs(now - mean) / spread / np.sqrt(2.0))
        growing = len(window) < WINDOW
        window.append(float(now))
        waiting = 0 if growing else waiting + 1
        if growing or waiting == STEP:
            held = np.array(window)
            mean, spread, waiting = float(held.mean()), float(held.std()) or LEAST_SPREAD, 0
    return score


def random_scores(value: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Uniform noise."""
    return np.random.default_rng(seed).uniform(size=len(value))
