"""When a sensor most likely changed, looked at afterwards: an alarm comes later than what it tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import ruptures as rpt

from tools.detection.schema.statistical import EpisodeKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

BEFORE, AFTER = 90, 30
"""Readings looked at before and behind the alarm: enough for a level, few enough to hold no other change."""
LEAST = 12
_SIDE = 3
_COST = {EpisodeKind.STEP: "l2", EpisodeKind.DRIFT: "linear"}
"""Two levels, or two straight lines."""


def changed_at(at_us: NDArray[np.int64], value: NDArray[np.float64], alarm_us: int, kind: EpisodeKind) -> int | None:
    """First reading after the change by least squares (Truong, Oudre and Vayatis, Signal Processing 167, 2020).

    Args:
        at_us: Ascending.
        value: Same length; NaN where it is missing.
        alarm_us: Where the alarm began.
        kind: Of a step or a drift the moment is told; of anything else None.
    """
    if kind not in _COST:
        return None
    known = np.isfinite(value)
    moments, values = at_us[known], value[known]
    middle = int(np.searchsorted(moments, alarm_us))
    part = slice(max(0, middle - BEFORE), middle + AFTER)
    near = values[part]
    if len(near) < LEAST or float(np.ptp(near)) == 0.0:
        return None
    scaled = (near - near.mean()) / near.std()
    line = np.column_stack([scaled, np.ones(len(scaled)), np.linspace(-1.0, 1.0, len(scaled))])
    signal = line if kind is EpisodeKind.DRIFT else scaled
    search = rpt.Dynp(model=_COST[kind], min_size=_SIDE, jump=1).fit(signal)
    place, _ = search.predict(n_bkps=1)
    return int(moments[part][place])
