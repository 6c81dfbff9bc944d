"""What is kept of a state between calls: its matrices, limits, topology and the engine's model; never a result."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref
from tools.grid.screening.arrays import GridArrays, grid_arrays
from tools.grid.screening.engine import BatchModel
from tools.grid.screening.losses import demand_by_bus, generation_by_bus
from tools.grid.screening.monitor import Monitor, monitor
from tools.grid.screening.supply_lost import supply_lost
from tools.grid.screening.topology import cut_off
from tools.grid.solve import SolvedState, solved_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tools.grid.grid import Grid
    from tools.grid.schema.actions import Action
    from tools.limits import LimitTable

KEPT = 12
_ZIP_COLUMNS = ("const_z_percent", "const_i_percent", "const_z_p_percent", "const_i_p_percent")
_CONTROLLED = ("tcsc", "svc", "ssc", "vsc")


@dataclass(frozen=True)
class Resident:
    """A solved state, ready to be screened; shared between threads, so nothing in it changes.

    Attributes:
        solved: The state before the outages.
        arrays: Its matrices.
        monitor: Its limits.
        refs: The circuits, as ``arrays.circuits``.
        bus_refs: The watched buses, as ``monitor.bus_index``.
        opened: Branch rows that an outage of each circuit opens.
        dead: Places (in bus table order) of the buses that lose supply with each circuit.
        slack_lost: Circuits whose outage leaves the slack with nothing but its own bus, and the bus of the matrix that
            takes the balance then, -1 where none does.
        demand_mw, generation_mw: Load and set-points at each bus, table order.
        model: The engine's model; None where it cannot represent the state.
        alone_because: Why the state must be solved outage by outage; empty where it need not.
    """

    solved: SolvedState
    arrays: GridArrays
    monitor: Monitor
    refs: tuple[ElementRef, ...]
    bus_refs: tuple[ElementRef, ...]
    opened: tuple[NDArray[np.int64], ...]
    dead: tuple[NDArray[np.int64], ...]
    slack_lost: Mapping[int, int]
    demand_mw: NDArray[np.float64]
    generation_mw: NDArray[np.float64]
    model: BatchModel | None
    alone_because: str

    def dead_buses(self, ref: ElementRef) -> frozenset[int]:
        """Indices of the buses that are without supply with this circuit out, or without any outage."""
        index = self.arrays.bus_index
        places = set(np.flatnonzero(self.arrays.bus_place < 0).tolist())
        circuit = self.arrays.circuits.find(ref.kind.value, ref.index)
        if circuit is not None:
            places.update(self.dead[circuit].tolist())
        return frozenset(index[sorted(places)].tolist())


_Key = tuple[str, tuple[str, ...], tuple["Action", ...], "LimitTable"]
_kept: OrderedDict[_Key, Resident] = OrderedDict()
_lock = Lock()


def resident(grid: Grid, outages: Sequence[str], actions: Sequence[Action], table: LimitTable) -> Resident:
    """The state of a hypothesis, from memory where it was asked for before.

    Raises:
        NotSolvedError: when the state does not solve; and what ``hypothesis_net`` raises.
    """
    key = (grid.key, tuple(outages), tuple(actions), table)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = make_resident(grid, outages, actions, table)
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def make_resident(grid: Grid, outages: Sequence[str], actions: Sequence[Action], table: LimitTable) -> Resident:
    """As ``resident``, without keeping it."""
    solved = solved_state(grid, outages, actions)
    net, arrays = solved.net, grid_arrays(solved.net)
    circuits = arrays.circuits
    opened = tuple(np.split(circuits.rows, circuits.first[1:])) if len(circuits) else ()
    refs = tuple(
        element_ref(net, ElementKind(kind), index)
        for kind, index in zip(circuits.table, circuits.index.tolist(), strict=True)
    )
    dead, slack_lost = supply_lost(solved, arrays, [(ref,) for ref in refs], cut_off(arrays, opened))
    why = _beyond_the_engine(solved, arrays)
    model = None if why else BatchModel(arrays)
    if model is not None and not model.faithful:
        model, why = None, "the batch engine does not reproduce the base solution"
    watch = monitor(solved, arrays, table)
    return Resident(
        solved=solved,
        arrays=arrays,
        monitor=watch,
        refs=refs,
        bus_refs=tuple(element_ref(net, ElementKind.BUS, index) for index in watch.bus_index.tolist()),
        opened=opened,
        dead=dead,
        slack_lost=slack_lost,
        demand_mw=demand_by_bus(net),
        generation_mw=generation_by_bus(net),
        model=model,
        alone_because=why,
    )


def _beyond_the_engine(solved: SolvedState, arrays: GridArrays) -> str:
    """Why the batch engine cannot represent a state; empty when it can."""
    net = solved.net
    if len(arrays.reference) > 1:
        return "several buses hold the reference"
    if any(column in net.load and net.load[column].fillna(0).any() for column in _ZIP_COLUMNS):
        return "loads depend on the voltage"
    if any(table in net and len(net[table]) for table in _CONTROLLED):
        return "the model has power-electronic controllers"
    return ""
