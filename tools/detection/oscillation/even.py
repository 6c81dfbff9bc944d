"""Readings on even steps: gaps stay gaps, wandering times are interpolated, a time that stands twice counts once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.telemetry.moments import SECOND_US
from tools.telemetry.series import Series
from tools.telemetry.trust import usable

Floats = NDArray[np.float64]
Moments = NDArray[np.int64]

GAP = 2.5
"""Readings farther apart than so many periods have a gap between them that is not interpolated."""
_WANDER = 0.2
"""Share of a period by which times may wander before a feed is called irregular."""
BANDWIDTH = 0.4
"""Highest frequency that is looked at, as a share of the sampling rate; half of it cannot be told from its alias."""


@dataclass(frozen=True, eq=False)
class Sampled:
    """Usable readings of one sensor in order of time, each time once.

    Attributes:
        period_s: Usual time between readings; None with fewer than two.
        irregular: Whether times wander by more than a fifth of the period.
        gaps: How many times there is none for longer than ``GAP`` periods.
        repeated: Readings whose time stood there already; the last one was kept.
    """

    at_us: Moments
    value: Floats
    period_s: float | None
    irregular: bool
    gaps: int
    repeated: int

    @property
    def visible_to_hz(self) -> float | None:
        """Highest frequency that can be seen; wandering times and their interpolation halve it."""
        if self.period_s is None:
            return None
        return BANDWIDTH / self.period_s / (2.0 if self.irregular else 1.0)


def sample(series: Series) -> Sampled:
    """The readings of a sensor that may be used, sorted, and how they come."""
    keep = usable(series)
    at_us, value = series.at_us[keep], series.value[keep]
    order = np.argsort(at_us, kind="stable")
    at_us, value = at_us[order], value[order]
    last = np.concatenate([np.diff(at_us) > 0, [True]]) if len(at_us) else np.zeros(0, dtype=bool)
    repeated = int((~last).sum())
    at_us, value = at_us[last], value[last]
    if len(at_us) < 2:  # noqa: PLR2004 - one reading has no period
        return Sampled(at_us, value, None, irregular=False, gaps=0, repeated=repeated)
    steps = np.diff(at_us) / SECOND_US
    period_s = float(np.median(steps))
    within = steps[steps <= GAP * period_s]
    wander = float(np.median(np.abs(within - period_s)))
    gaps = int((steps > GAP * period_s).sum())
    return Sampled(at_us, value, period_s, irregular=wander > _WANDER * period_s, gaps=gaps, repeated=repeated)


def lay_even(sampled: Sampled, begin_us: int, step_s: float, count: int) -> Floats:
    """Values at ``count`` even steps from ``begin_us``; NaN inside gaps and beyond the readings."""
    grid = begin_us + np.arange(count) * (step_s * SECOND_US)
    if not len(sampled.at_us):
        return np.full(count, np.nan)
    even: Floats = np.interp(grid, sampled.at_us, sampled.value)
    period_us = (sampled.period_s or step_s) * SECOND_US
    after = np.searchsorted(sampled.at_us, grid, side="left")
    before = np.clip(np.searchsorted(sampled.at_us, grid, side="right") - 1, 0, None)
    inside = after < len(sampled.at_us)
    inside &= sampled.at_us[before] <= grid
    wide = sampled.at_us[np.minimum(after, len(sampled.at_us) - 1)] - sampled.at_us[before] > GAP * period_us
    even[wide | ~inside] = np.nan
    # A reading that is a whisker past the grid's last step, or before its first, is that step's.
    for edge, place in ((0, 0), (-1, count - 1)):
        near = abs(float(grid[place]) - float(sampled.at_us[edge])) < period_us / 2
        if np.isnan(even[place]) and near:
            even[place] = sampled.value[edge]
    return even


def whole_stretches(value: Floats, least: int) -> list[slice]:
    """Stretches of at least so many columns in which every row has a value, in order."""
    whole = np.isfinite(value).all(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], whole, [False]]).astype(np.int8)))
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [slice(first, stop) for first, stop in pairs if stop - first >= least]
