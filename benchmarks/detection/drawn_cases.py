"""Cases drawn at random: judged one after the other, counted, and held against a rolling median that knows no grid."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from scipy.ndimage import median_filter

from tools.robust import MAD_TO_SIGMA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

Case = TypeVar("Case")
Judged = TypeVar("Judged")
_MEDIAN_STEPS = 61
_LEAST_SIGMA = 1e-9
"""Of a value that is held, whose own spread is none."""


def judged_each(cases: Iterable[Case], count: int, judge: Callable[[Case], Judged]) -> list[Judged]:
    """What is judged of each case; on a terminal, how far it is.

    Args:
        cases: Drawn one at a time, so that one is held at once.
        count: How many there will be.
        judge: Judges one.
    """
    judged: list[Judged] = []
    for case in cases:
        judged.append(judge(case))
        if sys.stderr.isatty():
            print(f"\r{len(judged)} of {count}", end="", file=sys.stderr)
    return judged


def departures(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each reading lies from the series' own rolling median, in its own usual sizes; zero or above."""
    rest = value - median_filter(value, size=_MEDIAN_STEPS, mode="nearest")
    sigma = MAD_TO_SIGMA * float(np.median(np.abs(rest)))
    size: NDArray[np.float64] = np.abs(rest) / max(sigma, _LEAST_SIGMA)
    return size


def mean(hits: Sequence[bool]) -> float:
    """Share of hits, 0 to 1; 0 of none."""
    return float(np.mean(hits)) if hits else 0.0


def share(hits: Sequence[bool]) -> str:
    """Share of hits as a table shows it."""
    return f"{np.mean(hits):.2f}" if hits else "-"
