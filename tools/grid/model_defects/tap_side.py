"""Are the taps at the wrong side? A counterfactual: the same grid with every tap at the other side.

A tap at the wrong side turns a ratio into its inverse; voltages that should be raised are lowered. The taps are
suspect when, as modelled, some bus is more than ``WORST_DEVIATION_PU`` away from nominal voltage, and with all
off-nominal taps moved to the other side the root mean square of the deviations is at most ``IMPROVEMENT`` times as
large. On sound models the test makes the voltages worse, or hardly changes them.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.errors import NotSolvedError
from tools.grid.elements import element_ref
from tools.grid.model_defects.data import has_taps
from tools.grid.model_defects.values import numbers
from tools.grid.schema.model_check import TapSideTest
from tools.grid.solve import SolvedState, solve
from tools.grid.state import State

if TYPE_CHECKING:
    import pandas as pd
    from pandapower import pandapowerNet

WORST_DEVIATION_PU = 0.1
IMPROVEMENT = 0.5
_OTHER_SIDE = {"hv": "lv", "lv": "hv"}


def off_nominal(net: pandapowerNet) -> list[int]:
    """Indices of the transformers in service whose tap is off its neutral position."""
    trafo = net.trafo
    offset = (numbers(trafo, "tap_pos") - numbers(trafo, "tap_neutral")).fillna(0.0)
    moved = has_taps(net) & (offset != 0) & (numbers(trafo, "tap_step_percent").fillna(0.0) != 0)
    sided = trafo["tap_side"].isin(list(_OTHER_SIDE))
    return [int(index) for index in trafo.index[moved & sided & trafo["in_service"].astype(bool)]]


def tap_side_test(base: SolvedState) -> tuple[TapSideTest, list[int]] | None:
    """The proof and the transformers concerned, or None when the taps are not suspect.

    Args:
        base: The solved base case.
    """
    voltages = base.net.res_bus["vm_pu"].dropna()
    taps = off_nominal(base.net)
    if not taps or (voltages - 1.0).abs().max() <= WORST_DEVIATION_PU:
        return None
    flipped = deepcopy(base.state.grid.net)
    flipped.trafo.loc[taps, "tap_side"] = flipped.trafo.loc[taps, "tap_side"].map(_OTHER_SIDE)
    try:
        after = solve(State(base.state.grid, flipped, "taps at the other side")).net.res_bus["vm_pu"].dropna()
    except NotSolvedError:
        return None
    if _spread(after) > IMPROVEMENT * _spread(voltages):
        return None
    test = TapSideTest(
        lowest_element=element_ref(flipped, ElementKind.BUS, int(voltages.idxmin())),
        lowest_vm_pu=float(voltages.min()),
        flipped_lowest_element=element_ref(flipped, ElementKind.BUS, int(after.idxmin())),
        flipped_lowest_vm_pu=float(after.min()),
        transformers=len(taps),
    )
    return test, taps


def _spread(voltages: pd.Series[float]) -> float:
    """Root mean square deviation from nominal voltage, in pu."""
    return float(np.sqrt(np.mean(np.square(voltages.to_numpy(dtype=float) - 1.0))))
