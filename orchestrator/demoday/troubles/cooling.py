"""A transformer whose fans stand still for some hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.demoday.clock import at_minute
from orchestrator.demoday.nameplates import transformers
from orchestrator.demoday.truth import Truth
from orchestrator.simulation.thermal import LostCooling, top_oil

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

KIND = "cooling_loss"
START, HOURS = (5 * 60, 15 * 60), (4.0, 7.0)
CAPABILITY = (0.55, 0.65)
"""What a transformer can carry without its fans, of its rated power: the usual 60 % of ONAN to ONAF."""
LEAST_RISE_KELVIN = 6.0
"""Excess of the top oil that the loss leads to; a lightly loaded transformer hardly needs its fans."""
_TRIES = 500


@dataclass(frozen=True)
class HotTransformer:
    """The transformer, what it lost, and its top oil through the day."""

    trafo: int
    lost: LostCooling
    oil: NDArray[np.float64]

    def truth(self) -> Truth:
        """From the minute at which the fans stop to the last one without them."""
        return Truth(
            KIND, f"trafo:{self.trafo}", at_minute(self.lost.start), at_minute(self.lost.end - 1), "maintenance"
        )


def draw_cooling(chance: Generator, load: NDArray[np.float64], ambient: NDArray[np.float64]) -> HotTransformer:
    """A transformer that is loaded enough for the loss to show.

    Args:
        chance: Source of chance.
        load: Load factor, minute by transformer.
        ambient: Temperature of the air, degrees Celsius.

    Raises:
        ArithmeticError: when no transformer is loaded enough.
    """
    plates = [asset.nameplate for asset in transformers()]
    for _ in range(_TRIES):
        trafo = int(chance.integers(len(plates)))
        start = int(chance.integers(START[0], START[1] + 1))
        end = start + int(60 * chance.uniform(*HOURS))
        lost = LostCooling(start, end, float(chance.uniform(*CAPABILITY)))
        plate = plates[trafo]
        if plate is None:
            continue
        oil = top_oil(plate, load[:, trafo], ambient, lost)
        excess = oil - top_oil(plate, load[:, trafo], ambient)
        if excess[start + 60] >= LEAST_RISE_KELVIN * (1 - np.exp(-1.0)):
            return HotTransformer(trafo, lost, oil)
    raise ArithmeticError("no transformer is loaded enough for a loss of cooling to show")
