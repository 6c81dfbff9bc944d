"""Control limits with a stated false-alarm rate, raised to what held-out normal rows needed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from scipy.special import chdtrc, chdtri

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FALSE_ALARM_RATE = 0.001
"""Of normal rows, all charts together: one in a thousand, the action line of British control charts (Oakland,
Statistical Process Control, chapter 5)."""
WARNING_RATE = 0.05
"""An alarm ends when the chart is back below the limit that one normal row in twenty exceeds, the warning line
of the same charts."""


class Chart(StrEnum):
    """What is watched."""

    TOGETHER = "together"  # sum of squared departures of all sensors from their level: many small shifts
    ALONE = "alone"  # the largest of them: one sensor
    JOLT = "jolt"  # Mahalanobis distance of the last step: a spike, or sensors that no longer move together


@dataclass(frozen=True)
class Limit:
    """When a chart alarms, and when it stops.

    Attributes:
        freedom: Degrees of freedom of its chi-squared law.
        scale: Factor of that law; one for sensors that do not move together.
        tests: How many such statistics the chart takes the largest of.
        rate: Share of normal rows above the action limit, before ``stretch``.
        stretch: Factor, at least one, by which held-out normal rows exceeded that law.
    """

    freedom: float
    tests: int
    rate: float
    scale: float = 1.0
    stretch: float = 1.0

    @cached_property
    def action(self) -> float:
        """A value above begins an alarm."""
        return self.stretch * self._exceeded_by(self.rate)

    @cached_property
    def warning(self) -> float:
        """A value at or below ends it."""
        return self._exceeded_by(WARNING_RATE)

    def chance(self, value: float) -> float:
        """Of a normal row to be so far out, 0..1."""
        single = float(chdtrc(self.freedom, value / (self.scale * self.stretch)))
        return min(1.0, self.tests * single)

    def _exceeded_by(self, share: float) -> float:
        return self.scale * float(chdtri(self.freedom, share / self.tests))


def limits_for(correlation: NDArray[np.float64]) -> dict[Chart, Limit]:
    """Limits of theory; the false-alarm rate is shared by the charts (Bonferroni).

    A sum of squares of sensors that move together scatters more than one of independent sensors: its law is matched in
    mean and variance by ``scale`` times chi-squared (Box, Annals of Mathematical Statistics 25, 1954, theorem 3.1).

    Args:
        correlation: Of the sensors' last steps, which no common wandering inflates.
    """
    sensors = len(correlation)
    rate = FALSE_ALARM_RATE / len(Chart)
    scale = float((correlation**2).sum()) / sensors
    return {
        Chart.TOGETHER: Limit(sensors / scale, 1, rate, scale),
        Chart.ALONE: Limit(1.0, sensors, rate),
        Chart.JOLT: Limit(float(sensors), 1, rate),
    }
