"""Outages of a moved state, those that cut off the slack included: another bus takes the balance then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.screening.engine import BatchModel
from tools.grid.screening.moving import Moved, take_out_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from tools.grid.screening.arrays import GridArrays
    from tools.grid.screening.resident import Resident


def balanced_at(arrays: GridArrays, bus: int) -> GridArrays:
    """The same state with another bus as reference; the one that it had holds its voltage as units do."""
    held = np.union1d(arrays.reference, arrays.regulated)
    return replace(arrays, reference=np.array([bus], dtype=np.int64), regulated=held[held != bus])


def after_outage(state: Resident, arrays: GridArrays, circuit: int) -> GridArrays:
    """The arrays by which an outage is to be read: with the bus that takes the balance then as reference."""
    bus = state.slack_lost.get(circuit, -1)
    return arrays if bus < 0 else balanced_at(arrays, bus)


def by_balance(state: Resident, circuits: Iterable[int]) -> dict[int, list[int]]:
    """Circuits by the bus that takes the balance when they are out; -1 where that is the slack as ever."""
    groups: dict[int, list[int]] = {}
    for circuit in circuits:
        groups.setdefault(state.slack_lost.get(circuit, -1), []).append(circuit)
    return groups


def take_out(state: Resident, moved: Moved, asked: Sequence[int]) -> dict[int, NDArray[np.complex128]]:
    """Voltages after each outage that solves, by circuit."""
    found: dict[int, NDArray[np.complex128]] = {}
    for bus, circuits in by_balance(state, asked).items():
        if bus >= 0:
            # with the balance elsewhere the state before is the same: the slack is one of its units
            model = BatchModel(balanced_at(moved.arrays, bus), check=False)
            batch = model.solve([state.opened[circuit] for circuit in circuits])
            good = np.flatnonzero(batch.converged).tolist()
            found |= {circuits[batch.outage[row]]: np.array(batch.voltage[row]) for row in good}
        else:
            kept = [circuit for circuit in circuits if circuit not in state.slack_lost]
            voltages = take_out_each(state, moved, kept, keep_voltages=True).voltage
            found |= {kept[place]: voltage for place, voltage in voltages.items()}
    return found
