"""What a second method says of rows, held against rows that it was not learnt from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.detection.opinion.method import fit_method
from tools.detection.streaming.fitting import HELD_OUT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.detection.schema.statistical import DetectionMethod

AGREED = 0.99
"""Share of held-out stretches of the same length that an episode must lie above for a method to agree."""
MOST_ROWS = 240
"""Of an episode are scored at most, evenly spread."""


class Opinion:
    """One method, learnt from the first part of the history and checked on its end."""

    def __init__(self, method: DetectionMethod, history: NDArray[np.float64]) -> None:
        """Learn.

        Args:
            method: Which.
            history: Normal rows in training standard deviations; NaN where a value is missing.
        """
        self.method = method
        first = len(history) - int(len(history) * HELD_OUT)
        self._scores = fit_method(method, _filled(history[:first]))
        self._held_out = self._scores(_filled(history[first:]))
        self._ordered = np.sort(self._held_out)

    @property
    def rate(self) -> float:
        """Share of normal rows above everything held out: the false-alarm rate of ``beyond``."""
        return 1.0 / (len(self._ordered) + 1.0)

    def chance(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of normal rows that are as far out, 0..1: a conformal p-value (Vovk et al. 2005)."""
        above = len(self._ordered) - np.searchsorted(self._ordered, self._scores(_filled(rows)), side="left")
        return np.asarray((1.0 + above) / (len(self._ordered) + 1.0), dtype=np.float64)

    def agrees(self, rows: NDArray[np.float64]) -> bool:
        """Whether an episode's rows are on average farther out than nearly all held-out stretches of that length."""
        places = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_ROWS)).astype(int))
        length = max(1, min(len(rows), len(self._held_out) // 4))
        stretches = np.lib.stride_tricks.sliding_window_view(self._held_out, length).mean(axis=1)
        scored = self._scores(_filled(rows[places]))
        return float(scored.mean()) > float(np.quantile(stretches, AGREED, method="higher"))

    def contribution(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of each sensor in a row's score: how much the score falls with that sensor at its usual value."""
        filled = _filled(row[None, :])
        without = np.repeat(filled, filled.shape[1], axis=0)
        np.fill_diagonal(without, 0.0)
        falls = np.maximum(self._scores(filled) - self._scores(without), 0.0)
        total = float(falls.sum())
        shares: NDArray[np.float64] = falls / total if total > 0.0 else falls
        return shares


def _filled(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """A missing value is no evidence: the usual value stands in."""
    return np.nan_to_num(rows, nan=0.0)
