"""The rows of ``mpc.branch`` that lines and transformers come from: published lists of outages name these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

BRANCH_NUMBER = "matpower_branch"
"""Column of ``line`` and ``trafo``: the row of ``mpc.branch``, counted from one as MATPOWER does."""


def number_branches(net: pandapowerNet, is_trafo: NDArray[np.bool_]) -> None:
    """Write down where each branch comes from, in place.

    Args:
        net: Network with all branches of the case and nothing else.
        is_trafo: Rows that became transformers, in their order; the others went through pandapower's converter.
    """
    made = net["_from_ppc_lookups"]["branch"]
    lines = made["element_type"].to_numpy() == "line"
    numbers = 1 + np.flatnonzero(~is_trafo)[lines]
    net.line.loc[made["element"].to_numpy()[lines].astype(np.int64), BRANCH_NUMBER] = numbers
    trafos = 1 + np.flatnonzero(is_trafo)
    net.trafo.loc[net.trafo.index[-len(trafos) :] if len(trafos) else [], BRANCH_NUMBER] = trafos
    for table in ("line", "trafo"):
        if BRANCH_NUMBER in net[table]:
            net[table][BRANCH_NUMBER] = net[table][BRANCH_NUMBER].astype("Int64")
