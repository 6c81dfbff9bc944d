"""What a quantity truly is: the word of its own sensor and that of all others, each with its weight."""

from __future__ import annotations

import numpy as np

from tools.detection.frame import Floats, Frame
from tools.detection.identify import Verdicts

_LEAST_SHARE = 0.05
"""Of a sensor's noise: the others are never taken for more exact than that."""


def reconciled(frame: Frame, verdicts: Verdicts, row: int) -> tuple[Floats, float]:
    """What a sensor truly measures, from its readings and from all others; and the standard error of that."""
    noise, value = float(frame.noise[row]), frame.value[row]
    apart = verdicts.sigma[row]
    known = np.isfinite(apart) & np.isfinite(verdicts.expected[row])
    inexact = np.sqrt(np.maximum((apart / noise) ** 2 - 1, _LEAST_SHARE**2))  # in its own noise, which may be huge
    others = noise * inexact
    share = np.where(known, 1 / (1 + np.where(known, inexact, 1.0) ** 2), 0.0)
    blamed = any(wrong.row == row for wrong in verdicts.wrong)
    share = np.where(known & (blamed | ~np.isfinite(value)), 1.0, share)
    both = np.where(known, share * np.nan_to_num(verdicts.expected[row]), 0.0) + np.where(
        share < 1, (1 - share) * np.nan_to_num(value), 0.0
    )
    there = known | np.isfinite(value)
    moments = np.arange(len(both))
    error = float(np.median(np.where(known, np.where(blamed, others, noise * np.sqrt(1 - share)), noise)))
    return np.interp(moments, moments[there], both[there]), error
