"""Made-up sensors whose course is known: correlated noise around levels, with one trouble put in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NAMES = ("a", "b", "c", "d")
TRAINED = 1000
ROWS = 2000
AT_US = np.arange(ROWS, dtype=np.int64) * 1_000_000
"""One row a second from 1970 on."""


def normal_rows(seed: int) -> NDArray[np.float64]:
    """Four sensors that share half of their noise, at levels 0, 10, 20 and 30; their scatter is about one."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=(ROWS, 1))
    return np.sqrt(0.5) * (shared + rng.normal(size=(ROWS, len(NAMES)))) + 10.0 * np.arange(len(NAMES))
