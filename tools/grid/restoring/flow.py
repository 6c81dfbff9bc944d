"""The solved flow of a state of the restoration: its islands, each in balance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from tools.element import ElementRef
    from tools.grid.cascading.flows import Island


@dataclass(frozen=True)
class Balanced:
    """One solved island; powers add up: generation = load + loss.

    Attributes:
        island: Its buses and rows of the matrix.
        reference: Who holds the angle.
        anchored: A live part or a neighbour without limit is in it.
        generation_mw: Of all its sources.
        load_mw: Restored load, station service, and load of a live part.
        loss_mw: Branches and shunts.
        share: Where its restarted units stand between their least and most output; None without any.
        capacity_mw: Online; infinite where a source has no limit.
        restored_mw: Restored load and station service alone.
        at_limit: Buses whose units stand at a reactive limit; True for the most they can give.
    """

    island: Island
    reference: ElementRef
    anchored: bool
    generation_mw: float
    load_mw: float
    loss_mw: float
    share: float | None
    capacity_mw: float
    restored_mw: float
    at_limit: Mapping[int, bool]

    @property
    def buses(self) -> NDArray[np.int64]:
        """Buses of the matrix in it."""
        return self.island.buses


@dataclass(frozen=True)
class Flow:
    """All islands solved; ``voltage`` is zero where nothing has voltage."""

    voltage: NDArray[np.complex128]
    islands: tuple[Balanced, ...]

    def island_of(self, bus: int) -> Balanced | None:
        """The island that a bus belongs to; None where it is dark."""
        if not self.voltage[bus]:
            return None
        return next((island for island in self.islands if bus in island.buses), None)
