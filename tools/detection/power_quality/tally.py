"""How often the means of one place lay inside one limit, kept while the time is read in pieces."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from tools.detection.power_quality.means import Floats, Means, Moments
from tools.detection.schema.power_quality import QualityVerdict
from tools.limits import QualityLimit

_HOUR_S = 3600.0
_WHOLE = 0.9
"""Share of the standard's time that must have been seen for a verdict on all of it."""


@dataclass(eq=False)
class Tally:
    """Counts of one limit.

    Attributes:
        low, high: Bounds in the unit of the means.
    """

    limit: QualityLimit
    low: float
    high: float
    means: int = 0
    missing: int = 0
    flagged: int = 0
    outside: int = 0
    seen: Counter[int] = field(default_factory=Counter)
    beyond: Counter[int] = field(default_factory=Counter)
    lowest: tuple[float, int] = (np.inf, 0)
    highest: tuple[float, int] = (-np.inf, 0)
    longest: tuple[int, int] = (0, 0)
    _first: int | None = None
    _run: tuple[int, int] | None = None

    def add(self, found: Means, flagged: Moments) -> None:
        """One more piece; the slots in ``flagged`` are left out."""
        keep = ~np.isin(found.slot, flagged)
        slot, value = found.slot[keep], found.value[keep]
        self.flagged += int((~keep).sum())
        self.missing += found.missing
        if not len(slot):
            return
        self.means += len(slot)
        if self._first is None:
            self._first = int(slot[0])
        self._extremes(slot, value)
        out = (value < self.low) | (value > self.high)
        self.outside += int(out.sum())
        window = (slot - self._first) // self.per_window
        for number, count in zip(*np.unique(window, return_counts=True), strict=True):
            self.seen[int(number)] += int(count)
        for number, count in zip(*np.unique(window[out], return_counts=True), strict=True):
            self.beyond[int(number)] += int(count)
        for place in slot[out].tolist():
            self._extend(int(place))

    @property
    def per_window(self) -> int:
        """Means in the standard's whole time."""
        return round(self.limit.window_h * _HOUR_S / self.limit.mean_s)

    @property
    def inside_percent(self) -> float:
        """Share inside in the worst window."""
        return min(100.0 * (1 - self.beyond[window] / seen) for window, seen in self.seen.items())

    @property
    def seen_percent(self) -> float:
        """How much of the standard's time the fullest window holds."""
        return min(100.0, 100.0 * max(self.seen.values()) / self.per_window)

    def verdict(self) -> QualityVerdict:
        """What can be said: more outside than the whole time allows is broken, however short the time was."""
        allowed = (1 - self.limit.share_percent / 100.0) * self.per_window
        if any(count > allowed + 1e-9 for count in self.beyond.values()):
            return QualityVerdict.BROKEN
        whole = [window for window, seen in self.seen.items() if seen >= _WHOLE * self.per_window]
        short = [window for window in self.seen if window not in whole]
        if any(self._share(window) < self.limit.share_percent - 1e-9 for window in whole):
            return QualityVerdict.BROKEN
        if whole:
            return QualityVerdict.KEPT
        missed = any(self._share(window) < self.limit.share_percent - 1e-9 for window in short)
        return QualityVerdict.BROKEN_SO_FAR if missed else QualityVerdict.KEPT_SO_FAR

    def _share(self, window: int) -> float:
        return 100.0 * (1 - self.beyond[window] / self.seen[window])

    def _extremes(self, slot: Moments, value: Floats) -> None:
        low, high = int(value.argmin()), int(value.argmax())
        self.lowest = min(self.lowest, (float(value[low]), int(slot[low])))
        self.highest = max(self.highest, (float(value[high]), int(slot[high])), key=lambda item: item[0])

    def _extend(self, slot: int) -> None:
        """A run outside grows by one mean, or a new one begins."""
        first = self._run[0] if self._run and slot == self._run[1] + 1 else slot
        self._run = first, slot
        if slot - first + 1 > self.longest[0]:
            self.longest = slot - first + 1, first
