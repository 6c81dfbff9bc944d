"""Faults that the tests put into measured values; each returns the values with the fault in them."""

import numpy as np

from tests.tools.detection.synthetic_day import Truth


def biased(truth: Truth, value: np.ndarray, name: str, minutes: slice, sigmas: float) -> np.ndarray:
    """A constant added at once."""
    row = truth.row(name)
    changed = value.copy()
    changed[row, minutes] += sigmas * truth.sensors[row].noise
    return changed


def drifted(truth: Truth, value: np.ndarray, name: str, minutes: slice, sigmas: float) -> np.ndarray:
    """A straight ramp from nothing to a height, and back at once."""
    row = truth.row(name)
    changed = value.copy()
    count = minutes.stop - minutes.start
    changed[row, minutes] += np.linspace(0, sigmas * truth.sensors[row].noise, count)
    return changed


def stuck(truth: Truth, value: np.ndarray, name: str, minutes: slice) -> np.ndarray:
    """The last value before is repeated."""
    changed = value.copy()
    changed[truth.row(name), minutes] = changed[truth.row(name), minutes.start]
    return changed


def lost(truth: Truth, value: np.ndarray, name: str, minutes: slice, share: float = 1.0) -> np.ndarray:
    """Readings that never come; of the first and the last minute for sure."""
    gone = np.random.default_rng(9).random(minutes.stop - minutes.start) < share
    gone[[0, -1]] = True
    changed = value.copy()
    changed[truth.row(name), np.arange(minutes.start, minutes.stop)[gone]] = np.nan
    return changed
