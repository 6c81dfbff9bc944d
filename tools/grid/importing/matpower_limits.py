"""What pandapower's tables have no place for: angle difference limits, and ratings that are apparent powers.

MATPOWER User's Manual, table B-3: ``ANGMIN`` and ``ANGMAX`` bound the angle at the from bus less that at the to bus;
-360 and 360, or both zero, are no limit. ``RATE_A`` is an apparent power; pandapower keeps it as a current at nominal
voltage, which is another limit as soon as the voltage is another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pandapower.pypower.idx_brch import ANGMAX, ANGMIN, F_BUS, T_BUS

from tools.grid.branch_bounds import ANGLE_COLUMNS, NO_ANGLE_LIMIT_DEGREE, RATINGS_IN_MVA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from tools.grid.importing.matpower_text import Table


def mark_branch_limits(
    net: pandapowerNet, branch: Table, is_trafo: NDArray[np.bool_], base_kv: Mapping[int, float]
) -> None:
    """Mark the ratings as apparent powers, and add the columns of angle limits where any branch has one.

    Args:
        net: Network with all branches of the case; changed in place.
        branch: ``mpc.branch`` with the bus indices of the network.
        is_trafo: Rows that became transformers, in their order; the others went through pandapower's converter.
        base_kv: Nominal voltage by bus index.
    """
    net[RATINGS_IN_MVA] = True
    if branch.shape[1] <= ANGMAX:
        return
    low, high = _limits(branch)
    made = net["_from_ppc_lookups"]["branch"]
    lines = np.flatnonzero(made["element_type"].to_numpy() == "line")
    rows = np.flatnonzero(~is_trafo)[lines]
    _write(net, "line", made["element"].to_numpy()[lines].astype(np.int64), low[rows], high[rows])
    trafos = np.flatnonzero(is_trafo)
    from_kv, to_kv = (np.array([base_kv[int(bus)] for bus in branch[trafos, end]]) for end in (F_BUS, T_BUS))
    turned = from_kv < to_kv  # the low side is the from bus: the difference changes its sign
    trafo_low, trafo_high = np.where(turned, -high[trafos], low[trafos]), np.where(turned, -low[trafos], high[trafos])
    _write(net, "trafo", net.trafo.index.to_numpy()[-len(trafos) :] if len(trafos) else trafos, trafo_low, trafo_high)


def _limits(branch: Table) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Angle limits in degrees; infinite where there is none."""
    low, high = branch[:, ANGMIN].astype(float), branch[:, ANGMAX].astype(float)
    none = (low == 0) & (high == 0)
    return (
        np.where(none | (low <= -NO_ANGLE_LIMIT_DEGREE), -np.inf, low),
        np.where(none | (high >= NO_ANGLE_LIMIT_DEGREE), np.inf, high),
    )


def _write(
    net: pandapowerNet, table: str, index: NDArray[np.int64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> None:
    for column, values in zip(ANGLE_COLUMNS, (low, high), strict=True):
        if np.isfinite(values).any():
            net[table].loc[index, column] = np.where(np.isfinite(values), values, np.nan)
