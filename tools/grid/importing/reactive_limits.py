"""Reactive limits that are none: pandapower knows a missing value, and divides by an infinite one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pandapower import pandapowerNet

_COLUMNS = ("min_q_mvar", "max_q_mvar")


def clear_infinite_limits(net: pandapowerNet) -> None:
    """Make infinite reactive limits of units missing ones, in place; with them pandapower's reactive powers are NaN."""
    for table in ("gen", "ext_grid", "sgen"):
        for column in _COLUMNS:
            if column in net[table]:
                values = net[table][column].to_numpy(dtype=float, na_value=np.nan)
                if np.isinf(values).any():
                    net[table][column] = np.where(np.isinf(values), np.nan, values)
