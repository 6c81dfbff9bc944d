"""What an ideal detector could see: the matched filter's signal-to-noise ratio.

For a known signature s in Gaussian noise of covariance C the best test compares a projection on it; its
signal-to-noise ratio is d = sqrt(s' C^-1 s), and it detects with probability Phi(d - z) where z is the quantile of
its false alarms (Kay, Fundamentals of Statistical Signal Processing II, sections 4.3 and 4.4). To the white noise of
the sensors C adds what no detector knows of the quiet course; without that, d = sqrt(sum (s / sigma)^2), which is
told beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from orchestrator.scenarios.truth import Detectability, ObservedBy, SeenBy
from orchestrator.simulation.measuring import DECIMALS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from orchestrator.scenarios.effects.drawn import Drawn
    from orchestrator.scenarios.unknown_course import UnknownCourse
    from orchestrator.simulation.sensors import Channel
    from tools.telemetry.schema.sensor import Sensor

CHANCE = 0.98
"""Share of the incidents that an ideal detector finds at the threshold."""


def threshold(readings: int) -> float:
    """SNR at which a known signature is found with ``CHANCE``.

    Args:
        readings: How many were taken in all; one false alarm among as many tests is allowed.
    """
    return float(norm.isf(1 / max(readings, 2)) + norm.ppf(CHANCE))


def signal(channel: Channel, other: NDArray[np.float64]) -> float:
    """SNR of one sensor between two courses; readings that are missing (NaN) tell nothing."""
    return float(np.sqrt((_apart(channel, other) ** 2).sum()))


def seen(
    drawn: Drawn,
    channels: Sequence[Channel],
    without: Mapping[str, NDArray[np.float64]],
    unknown: UnknownCourse | None,
    *,
    logs: bool,
) -> tuple[Detectability, tuple[ObservedBy, ...]]:
    """Detectability of a trouble, and the sensors that show it.

    Args:
        drawn: The trouble.
        channels: What the sensors truly show.
        without: The same without the trouble, by sensor; sensors that it does not touch may lack. NaN where the
            trouble takes a reading away.
        unknown: What no detector knows of the course without the trouble; None when it knows it all.
        logs: Whether logs are kept.
    """
    if (logs and drawn.lines) or drawn.messages:
        at_least = SeenBy.LOG
    elif any(np.isnan(course).any() for course in without.values()):
        at_least = SeenBy.ABSENCE
    else:
        at_least = SeenBy.NOTHING
    least = threshold(sum(len(channel.true) for channel in channels))
    found = {one.sensor.name: signal(one, without[one.sensor.name]) for one in channels if one.sensor.name in without}
    known = total = float(np.sqrt(sum(value**2 for value in found.values())))
    if unknown is not None and found:
        total = unknown.snr(
            {one.sensor.name: _apart(one, without[one.sensor.name]) for one in channels if one.sensor.name in without}
        )
    shown = [one for one in channels if found.get(one.sensor.name, 0.0) >= least]
    shown.sort(key=lambda one: -found[one.sensor.name])
    observed = tuple(
        ObservedBy(
            sensor=one.sensor.name,
            element=None if one.sensor.element is None else str(one.sensor.element),
            snr=round(found[one.sensor.name], 1),
        )
        for one in shown
    )
    if at_least is not SeenBy.NOTHING and total < least:
        return Detectability(seen_by=at_least, detectable=True), observed
    if not found:
        return Detectability(seen_by=at_least, detectable=at_least is not SeenBy.NOTHING), observed
    return (
        Detectability(
            seen_by=SeenBy.MATCHED_FILTER,
            snr=round(total, 2),
            snr_known_course=round(known, 2),
            threshold=round(least, 2),
            detectable=total >= least,
        ),
        observed,
    )


def _apart(channel: Channel, other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Difference of two courses in standard errors; zero where a reading is missing."""
    return np.nan_to_num((other - channel.true) / sigma_of(channel.sensor))


def sigma_of(sensor: Sensor) -> float:
    """Standard error of a reading, its rounding included."""
    rounding = 10.0 ** -DECIMALS.get(sensor.unit, 3) / np.sqrt(12)
    return float(np.hypot(sensor.noise or 0.0, rounding))
