"""Control limits with a stated false-alarm rate, raised to what held-out normal rows needed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scipy.special import chdtrc, chdtri

FALSE_ALARM_RATE = 0.001
"""Of normal rows, all charts together: the action limit of control charts, about three standard deviations
(ISO 7870-2)."""
WARNING_RATE = 0.05
"""An alarm ends when the chart is back below the limit that one normal row in twenty exceeds, the warning limit."""


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
        tests: How many such statistics the chart takes the largest of.
        rate: Share of normal rows above the action limit, before ``stretch``.
        stretch: Factor, at least one, by which held-out normal rows exceeded that law.
    """

    freedom: int
    tests: int
    rate: float
    stretch: float = 1.0

    @property
    def action(self) -> float:
        """A value above begins an alarm."""
        return self.stretch * self._exceeded_by(self.rate)

    @property
    def warning(self) -> float:
        """A value at or below ends it."""
        return self._exceeded_by(WARNING_RATE)

    def chance(self, value: float) -> float:
        """Of a normal row to be so far out, 0..1."""
        single = float(chdtrc(self.freedom, value / self.stretch))
        return min(1.0, self.tests * single)

    def _exceeded_by(self, share: float) -> float:
        return float(chdtri(self.freedom, share / self.tests))


def limits_for(sensors: int) -> dict[Chart, Limit]:
    """Limits of theory; the false-alarm rate is shared by the charts (Bonferroni)."""
    rate = FALSE_ALARM_RATE / len(Chart)
    return {
        Chart.TOGETHER: Limit(sensors, 1, rate),
        Chart.ALONE: Limit(1, sensors, rate),
        Chart.JOLT: Limit(sensors, 1, rate),
    }
