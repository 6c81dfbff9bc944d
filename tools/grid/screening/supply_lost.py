"""Who is without supply after an outage, the case included that it takes the slack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.grid.connectivity import connectivity
from tools.grid.screening.fallback import outage_state
from tools.grid.screening.losses import demand_by_bus, generation_by_bus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tools.element import ElementRef
    from tools.grid.screening.arrays import GridArrays
    from tools.grid.solve import SolvedState
    from tools.grid.state import State


def supply_lost(
    solved: SolvedState,
    arrays: GridArrays,
    outages: Sequence[tuple[ElementRef, ...]],
    cut: Sequence[NDArray[np.int64]],
) -> tuple[tuple[NDArray[np.int64], ...], Mapping[int, int]]:
    """Buses without supply by outage, and the outages that leave the slack with nothing but its own bus.

    Args:
        solved: The state before the outages.
        arrays: Its matrices.
        outages: What goes out together in each.
        cut: Buses of the matrix that each outage parts from the reference.

    Returns:
        Places in bus table order for each outage; and of those that lose the slack, by place in ``outages``, the bus
        of the matrix that takes the balance then, -1 where none does.
    """
    net = solved.net
    used = (demand_by_bus(net) > 0) | (generation_by_bus(net) > 0)
    at_slack = np.isin(arrays.bus_place, arrays.reference)
    dead, slack_lost = [], {}
    for outage, buses in enumerate(cut):
        places = np.flatnonzero(np.isin(arrays.bus_place, buses)) if len(buses) else buses
        if len(places):
            left = used & ~at_slack & (arrays.bus_place >= 0)
            left[places] = False
            if not left.any():
                after = outage_state(solved.state, *outages[outage])
                slack_lost[outage] = _balancing(arrays, after)
                places = dead_in(arrays, after)
        dead.append(places)
    return tuple(dead), slack_lost


def _balancing(arrays: GridArrays, after: State) -> int:
    if after.moved_slack is None:
        return -1
    bus = int(after.net.gen.at[after.moved_slack.index, "bus"])
    return int(arrays.bus_place[np.flatnonzero(arrays.bus_index == bus)[0]])


def dead_in(arrays: GridArrays, after: State) -> NDArray[np.int64]:
    """Places of the buses that had supply in the state of the matrices and have none in this one."""
    return np.flatnonzero((arrays.bus_place >= 0) & ~connectivity(after.net).energised)
