"""How far a restoration has come: what is closed, who runs, what is served; a step makes a new one of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from tools.grid.restoring.subject import Subject


@dataclass(frozen=True)
class Status:
    """One state between two steps; arrays are never changed, a step replaces them.

    Attributes:
        closed: Which rows of the matrix.
        lit: Which buses of the matrix have voltage.
        online: Units synchronised or giving voltage, by position.
        cranking: When each unit that draws cranking power can be synchronised, minutes.
        raised: Units that hold the voltage of the model.
        served_mw: Of each load, at its demand before.
        shunts: Shunts in service, by position.
    """

    closed: NDArray[np.bool_]
    lit: NDArray[np.bool_]
    online: frozenset[int]
    cranking: Mapping[int, float]
    raised: frozenset[int]
    served_mw: NDArray[np.float64]
    shunts: frozenset[int]

    def demand_mva(self, subject: Subject) -> NDArray[np.complex128]:
        """Restored load and station service at each bus of the matrix."""
        drawn = np.zeros(len(self.lit), dtype=complex)
        for load, served in zip(subject.loads, self.served_mw.tolist(), strict=True):
            if served > 0:
                drawn[load.bus] += served * (1 + 1j * load.q_mvar / load.p_mw)
        for at in self.cranking:
            unit = subject.units[at]
            drawn[unit.bus] += unit.cranking_mw + 1j * unit.cranking_mvar
        return drawn


def beginning(subject: Subject) -> Status:
    """Nothing but the live part; every branch of the dark part is open."""
    arrays = subject.wiring.arrays
    closed = np.ones(len(arrays.start), dtype=bool)
    for branch in subject.wiring.branches:
        closed[branch.rows] = False
    return Status(
        closed=closed,
        lit=subject.live.buses.copy(),
        online=frozenset(),
        cranking={},
        raised=frozenset(),
        served_mw=np.zeros(len(subject.loads)),
        shunts=frozenset(),
    )
