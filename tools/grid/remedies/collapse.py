"""Outages that do not solve: where they would with less power, and what brings the rest of it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.remedies.outages import after_outage, take_out
from tools.grid.remedies.rows import Part, Rows, rows_of
from tools.grid.remedies.sensitivities import AcLinear
from tools.grid.screening.moving import Move, move
from tools.grid.screening.reduction import POINTS_PER_PU

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tools.grid.remedies.point import Point

# Shares of all powers at which an outage is tried, from the whole down; the first that solves is nearest the collapse.
SHARES = (0.99, 0.97, 0.94, 0.90, 0.84, 0.75, 0.60, 0.40)
# So many outages at most, and the points by which one that does not solve counts as exceeded.
MOST_COLLAPSES, COLLAPSE_POINTS = 5, 50.0


def collapse_rows(point: Point) -> Iterator[Rows]:
    """Of each outage that does not solve the bus whose voltage the missing power lowers most: it must not fall further.

    Near the collapse the gradient of that voltage is the normal of the surface of solvable powers (Dobson and Lu,
    IEEE Trans. PWRS-8, 1993), so the row asks for moves that bring the whole power back to the solvable side.

    Args:
        point: Where outages do not solve.
    """
    for circuit in sorted(point.unsolved)[:MOST_COLLAPSES]:
        light = lightened(point, circuit)
        if light is None:
            continue
        arrays = after_outage(point.state, point.arrays, circuit)
        linear = AcLinear(arrays, light.voltage, point.state.opened[circuit].tolist())
        buses = np.flatnonzero(np.abs(light.voltage) > 0)
        falling = linear.of_magnitudes(buses).scaled(np.full(len(buses), -POINTS_PER_PU))
        rows = rows_of(linear, [Part(np.zeros(len(buses)), falling)], circuit, arrays.base_mva)
        fall = rows.feeding(light.missing_mva)
        worst = int(np.argmax(fall))
        if fall[worst] > 0:
            yield rows.only(worst, COLLAPSE_POINTS / float(fall[worst]), -COLLAPSE_POINTS)


@dataclass(frozen=True)
class Lightened:
    """An outage with a part of all powers.

    Attributes:
        voltage: By bus, pu.
        missing_mva: What every bus feeds in besides at the whole power.
    """

    voltage: NDArray[np.complex128]
    missing_mva: NDArray[np.complex128]


def lightened(point: Point, circuit: int) -> Lightened | None:
    """An outage that does not solve, with as much of all loads and outputs as it does solve with; None with none.

    Args:
        point: Where it does not solve.
        circuit: What is out.
    """
    state, arrays = point.state, point.arrays
    for share in SHARES:
        others = (share * arrays.injection - state.arrays.injection) * arrays.base_mva
        moved = move(state, Move(np.zeros_like(others), others, np.full(len(others), np.nan)))
        found = {} if moved is None else take_out(state, moved, [circuit])
        if circuit in found:
            return Lightened(found[circuit], (1.0 - share) * arrays.injection * arrays.base_mva)
    return None
