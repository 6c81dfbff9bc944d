"""DoWhy draws from the process's global sources of chance: they are set for it, one call at a time, and put back."""

from __future__ import annotations

import random
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCK = RLock()


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Equal draws for equal seeds, whoever runs beside it; what others draw is not touched.

    Args:
        seed: A whole number from zero on.
    """
    with _LOCK:
        numbers, plain = np.random.get_state(), random.getstate()
        np.random.seed(seed % 2**32)
        random.seed(seed)
        try:
            yield
        finally:
            np.random.set_state(numbers)
            random.setstate(plain)
