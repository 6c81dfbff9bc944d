"""The figure of a place out of the readings of its sensors in one piece of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tools.detection.oscillation.even import Sampled
from tools.detection.power_quality.means import Floats, Moments
from tools.detection.power_quality.places import Place, Way
from tools.detection.power_quality.unbalance import from_line_voltages, from_phasors

DEAD_PU = 0.05
"""Below it there is no supply (EN 50160, interruptions), and nothing else is measured."""


@dataclass(frozen=True, eq=False)
class Figure:
    """Values of one place.

    Attributes:
        value: In the unit of the limit.
        period_s: Usual time between them.
    """

    at_us: Moments
    value: Floats
    period_s: float


def figure_of(place: Place, taken: Mapping[str, Sampled]) -> Figure | None:
    """What a place says; None with fewer than two readings at like times."""
    sampled = [taken[sensor.name] for sensor in place.sensors]
    periods = [item.period_s for item in sampled if item.period_s is not None]
    if len(periods) < len(sampled):
        return None
    at_us, rows = _together(sampled)
    if len(at_us) < 2:  # noqa: PLR2004 - one value has no period
        return None
    value = _value(place, rows)
    fit = np.isfinite(value)
    return Figure(at_us[fit], value[fit] * place.scale, max(periods)) if fit.sum() > 1 else None


def _together(sampled: Sequence[Sampled]) -> tuple[Moments, Floats]:
    """Values at the times that all sensors have."""
    common = sampled[0].at_us
    for item in sampled[1:]:
        common = np.intersect1d(common, item.at_us, assume_unique=True)
    return common, np.stack([item.value[np.searchsorted(item.at_us, common)] for item in sampled])


def _value(place: Place, rows: Floats) -> Floats:
    if place.way is Way.LINE_VOLTAGES:
        return _alive(from_line_voltages(rows), rows)
    if place.way is Way.PHASORS:
        return _alive(from_phasors(rows[:3], rows[3:]), rows[:3])
    if place.way is Way.POWERS:
        apparent = np.hypot(rows[0], rows[1])
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(apparent > 0, np.abs(rows[0]) / apparent, np.nan), dtype=np.float64)
    return np.asarray(rows[0], dtype=np.float64)


def _alive(value: Floats, magnitudes: Floats) -> Floats:
    """Without moments at which the bus is dead: noise has an unbalance of its own."""
    usual = np.median(magnitudes[magnitudes > 0]) if (magnitudes > 0).any() else 1.0
    return np.asarray(np.where(magnitudes.max(axis=0) > DEAD_PU * usual, value, np.nan), dtype=np.float64)
