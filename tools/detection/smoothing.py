"""A running mean."""

from __future__ import annotations

import numpy as np

from tools.detection.frame import Floats


def running_mean(values: Floats, length: int) -> Floats:
    """Mean over a window around each value; the ends repeat the first and the last value.

    Args:
        values: At least one.
        length: Of the window; cut to the number of values.
    """
    length = max(1, min(length, len(values)))
    kernel = np.ones(length) / length
    padded = np.pad(values, (length // 2, length - 1 - length // 2), "edge")
    smooth: Floats = np.convolve(padded, kernel, "valid")
    return smooth
