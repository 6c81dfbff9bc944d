"""Changes of a model's inputs as changes at the buses of a state's matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.grid.screening.moving import Move

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.screening.resident import Resident
    from tools.grid.snapshot_slots import Slot

POSITIONS = frozenset({"tap_pos", "switched"})
"""Quantities of slots that make another topology or another transformer, and cannot be moved."""
# Sign of a slot's power as seen by its bus: what is fed in is positive.
_FED = {ElementKind.LOAD: -1.0, ElementKind.STORAGE: -1.0, ElementKind.GEN: 1.0, ElementKind.SGEN: 1.0}


@dataclass(frozen=True, eq=False)
class SlotMoves:
    """Where each slot of a state acts; looked up once, because a span moves one state to hundreds of times.

    Attributes:
        size: Number of buses of the matrix.
        held: Slots of voltages that units hold, and their buses.
        units, others: Slots of powers of units that hold a voltage, and of everything else.
    """

    size: int
    held: _Places
    units: _Powers
    others: _Powers

    def move(self, value: NDArray[np.float64], change: NDArray[np.float64]) -> Move:
        """The move of a state.

        Args:
            value: What each slot has now.
            change: How much more that is than in the state.
        """
        vm_pu = np.full(self.size, np.nan)
        vm_pu[self.held.bus] = value[self.held.slot]
        return Move(self.units.at_buses(change, self.size), self.others.at_buses(change, self.size), vm_pu)


@dataclass(frozen=True, eq=False)
class _Places:
    """Slots, and the buses of the matrix that they act at."""

    slot: NDArray[np.int64]
    bus: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Powers:
    """Active and reactive slots with the sign by which each feeds its bus."""

    active: _Places
    reactive: _Places
    fed: NDArray[np.float64]

    def at_buses(self, change: NDArray[np.float64], size: int) -> NDArray[np.complex128]:
        """More power fed in at each bus, MVA."""
        total = np.zeros(size, complex)
        np.add.at(total.real, self.active.bus, (self.fed * change)[self.active.slot])
        np.add.at(total.imag, self.reactive.bus, (self.fed * change)[self.reactive.slot])
        return total


def slot_moves(slots: Sequence[Slot], state: Resident) -> SlotMoves:
    """Look up where the slots act; those out of service, without supply or with a position act nowhere."""
    place = dict(zip(state.arrays.bus_index.tolist(), state.arrays.bus_place.tolist(), strict=True))
    net = state.solved.net
    acting: list[tuple[int, int, Slot]] = []
    for number, slot in enumerate(slots):
        table = net[slot.kind.value]
        if slot.quantity in POSITIONS or not table.at[slot.index, "in_service"]:
            continue
        bus = place[int(table.at[slot.index, "bus"])]
        if bus >= 0:
            acting.append((number, bus, slot))
    fed = np.array([_FED.get(slot.kind, 0.0) for slot in slots])

    def powers(*, of_units: bool) -> _Powers:
        mine = [item for item in acting if (item[2].kind is ElementKind.GEN) is of_units]
        return _Powers(_places(mine, "p"), _places(mine, "q"), fed)

    return SlotMoves(len(state.arrays.voltage), _places(acting, "vm"), powers(of_units=True), powers(of_units=False))


def _places(acting: Sequence[tuple[int, int, Slot]], quantity: str) -> _Places:
    chosen = [(number, bus) for number, bus, slot in acting if slot.quantity == quantity]
    pairs = np.array(chosen, dtype=np.int64).reshape(-1, 2)
    return _Places(pairs[:, 0], pairs[:, 1])
