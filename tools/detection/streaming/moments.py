"""Mean and variance of all values so far, in constant memory."""

from __future__ import annotations

from math import sqrt


class RunningMoments:
    """Welford's recursion (Technometrics 4, 1962)."""

    def __init__(self) -> None:
        self.count = 0
        self.mean = 0.0
        self._squares = 0.0

    def add(self, value: float) -> None:
        """Take one more value."""
        self.count += 1
        gap = value - self.mean
        self.mean += gap / self.count
        self._squares += gap * (value - self.mean)

    @property
    def deviation(self) -> float:
        """Standard deviation; zero before the second value."""
        return sqrt(max(0.0, self._squares) / self.count) if self.count > 1 else 0.0

    def departure(self, value: float, least_count: int) -> float:
        """Standard deviations from the mean to a value; zero while too little, or no scatter, is known."""
        if self.count < least_count or self.deviation <= 0.0:
            return 0.0
        return (value - self.mean) / self.deviation
