"""Where an island gives way whose power flow does not solve: by its voltages, or by the angles across a corridor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.cascading.flows import IslandFlow

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Halvings between what solves and what does not.
_HALVINGS = 6
# Buses whose voltage falls by at least this share of the deepest fall belong to the weak area.
_WEAK = 0.5
# The fall is read over this last part of the way.
_LAST_PART = 0.9


@dataclass(frozen=True)
class Weakness:
    """The island near the nose of its P-V curve.

    Attributes:
        buses: Load buses of the area whose voltages fall fastest there; all load buses where nothing solves.
        voltage: Voltages there; None where no share of the powers solves.
    """

    buses: NDArray[np.bool_]
    voltage: NDArray[np.complex128] | None


def weakness(
    solve: Callable[[float, NDArray[np.complex128] | None], IslandFlow | None], load: NDArray[np.bool_]
) -> Weakness:
    """Look for what gives way: all powers of the island are scaled down together until the flow solves, then up again.

    A coarse continuation power flow (Ajjarapu and Christy, IEEE Trans. Power Systems 7 (1992) 416).

    Args:
        solve: The flow with all powers scaled by a share, from a start; None where it does not solve.
        load: Which buses still have load.
    """
    low, high, near = 0.0, 1.0, None
    for _ in range(_HALVINGS):
        share = (low + high) / 2
        flow = solve(share, None if near is None else near.voltage)
        if flow is None:
            high = share
        else:
            low, near = share, flow
    if near is None:
        return Weakness(load, None)
    before = solve(_LAST_PART * low, near.voltage)
    if before is None:
        return Weakness(load, near.voltage)
    fall = np.where(load, np.abs(before.voltage) - np.abs(near.voltage), -np.inf)
    deepest = float(fall.max(initial=-np.inf))
    return Weakness(load & (fall >= _WEAK * deepest) if deepest > 0 else load, near.voltage)
