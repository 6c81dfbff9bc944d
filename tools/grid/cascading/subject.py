"""A solved grid made ready for cascades; shared by all initiating sets, so nothing in it changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError
from tools.grid.cascading.flows import IslandSolver
from tools.grid.cascading.frequency import Control, control
from tools.grid.cascading.islands import islands_of
from tools.grid.cascading.plant import Plant, plant
from tools.grid.elements import resolve_element
from tools.grid.schema.power_flow import FlowModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.schema.cascade import FrequencySettings
    from tools.grid.screening.arrays import GridArrays
    from tools.grid.screening.resident import Resident

BRANCHES = (ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W)
UNITS = (ElementKind.GEN, ElementKind.SGEN, ElementKind.EXT_GRID)
SQRT3 = 3.0**0.5


@dataclass(frozen=True)
class Initiating:
    """One initiating set: its elements, circuits of the matrix that open, units that trip."""

    refs: tuple[ElementRef, ...]
    circuits: tuple[int, ...]
    units: tuple[int, ...]

    @property
    def case(self) -> str:
        """Label of the set."""
        return "out " + "+".join(str(ref) for ref in self.refs)


class Subject:
    """The grid before the outages: flows, plant, ratings, and how an island of it is solved."""

    def __init__(self, state: Resident, model: FlowModel, settings: FrequencySettings) -> None:
        net = state.solved.net
        self.state = state
        self.model = model
        self.ac = model is FlowModel.AC
        self.plant: Plant = plant(net, state.arrays, lossless=not self.ac)
        self.control: Control = control(settings, float(net.f_hz))
        self.gain = self.control.gain_mw_per_hz(self.plant.rated_mw)
        self.solver = IslandSolver(state.arrays)
        place = state.arrays.bus_place
        first = {int(bus): at for at, bus in reversed(list(enumerate(place.tolist()))) if bus >= 0}
        self._first_index = {bus: int(state.arrays.bus_index[at]) for bus, at in first.items()}

    @cached_property
    def _circuit_at(self) -> dict[tuple[str, int], int]:
        """Position of each circuit by table and index: thousands of sets are looked up."""
        circuits = self.arrays.circuits
        return {key: at for at, key in enumerate(zip(circuits.table, circuits.index.tolist(), strict=True))}

    @property
    def arrays(self) -> GridArrays:
        """Matrices of the state."""
        return self.state.arrays

    @property
    def rated(self) -> NDArray[np.int64]:
        """Circuits with a real rating; loadings are in their order."""
        return self.state.monitor.thermal.circuits

    @property
    def load_mw(self) -> float:
        """Load before the outages."""
        return float(self.plant.demand_mva.real.sum())

    def bus_ref(self, bus: int) -> tuple[ElementKind, int]:
        """The element that stands for a bus of the matrix: the first in the bus table that it is made of."""
        return ElementKind.BUS, self._first_index.get(bus, 0)

    def pandapower_buses(self, dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which buses of the table are among the dark buses of the matrix."""
        place = self.arrays.bus_place
        return np.asarray((place >= 0) & dark[place])

    def loading_percent(self, voltage: NDArray[np.complex128]) -> NDArray[np.float64]:
        """Loading of the rated circuits by the voltages of a flow; meaningless where the circuit is open."""
        if self.ac:
            loading: NDArray[np.float64] = self.state.monitor.thermal.loading_percent(voltage[None, :])[0]
            return loading
        return self.loading_of_flows(np.abs(self.solver.row_flow_mw(np.angle(voltage))))

    def loading_of_flows(self, flow_mw: NDArray[np.float64]) -> NDArray[np.float64]:
        """Loading of the rated circuits by active power through the branch rows, at nominal voltage."""
        rows, first = self._dc_rows
        loading: NDArray[np.float64] = flow_mw[rows] * self._percent_per_mw
        return loading if len(first) == len(rows) else np.maximum.reduceat(loading, first)

    @cached_property
    def _dc_rows(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rated branch rows, and where each rated circuit begins in them."""
        thermal, circuits = self.state.monitor.thermal, self.arrays.circuits
        rated = np.isfinite(thermal.start_ka) | np.isfinite(thermal.end_ka)
        _, first = np.unique(circuits.owner[rated], return_index=True)
        return circuits.rows[rated], first.astype(np.int64)

    @cached_property
    def _percent_per_mw(self) -> NDArray[np.float64]:
        thermal, arrays = self.state.monitor.thermal, self.arrays
        rated = np.isfinite(thermal.start_ka) | np.isfinite(thermal.end_ka)
        rows = arrays.circuits.rows[rated]
        ends = (
            SQRT3 * thermal.start_ka[rated] * arrays.vn_kv[arrays.start[rows]],
            SQRT3 * thermal.end_ka[rated] * arrays.vn_kv[arrays.end[rows]],
        )
        weaker: NDArray[np.float64] = np.fmin(*ends)
        return 100.0 / weaker

    @cached_property
    def base_voltage(self) -> NDArray[np.complex128]:
        """The flow before the outages: voltages, or in the DC approximation angles on a magnitude of one."""
        if self.ac:
            return self.arrays.voltage
        voltage = np.zeros(len(self.arrays.voltage), dtype=complex)
        power = (self.plant.fixed_mva - self.plant.demand_mva).real.copy()
        np.add.at(power, self.plant.bus, self.plant.p_mw)
        for island in islands_of(self.arrays, np.ones(len(self.arrays.start), dtype=bool), voltage.real != 0):
            flow = self.solver.dc(island, power[island.buses])
            if flow is not None:
                voltage[island.buses] = flow.voltage
        return voltage

    @cached_property
    def standing_percent(self) -> NDArray[np.float64]:
        """Loading of the rated circuits before the outages."""
        return self.loading_percent(self.base_voltage)

    @cached_property
    def transfer(self) -> NDArray[np.float64]:
        """Share of a power sent from start to end of each circuit row that flows through every row (DC)."""
        rows = self.arrays.circuits.rows
        return self.solver.transfer(rows, self.arrays.reference)

    def initiating(self, texts: Sequence[str]) -> Initiating:
        """Resolve one initiating set.

        Raises:
            UnknownElementError, AmbiguousElementError: for a reference that names nothing or several elements.
            InvalidArgumentError: for an empty set, or what is out of service already.
        """
        if not texts:
            raise InvalidArgumentError("initiating: a set is empty; name at least one line, transformer or unit")
        net = self.state.solved.net
        circuits: list[int] = []
        units: list[int] = []
        refs = {str(ref): ref for ref in (resolve_element(net, text, (*BRANCHES, *UNITS)) for text in texts)}
        ordered = tuple(sorted(refs.values(), key=lambda ref: (ref.kind, ref.index)))
        for ref in ordered:
            branch = ref.kind in BRANCHES
            found = (
                self._circuit_at.get((ref.kind.value, ref.index)) if branch else self.plant.find(ref.kind, ref.index)
            )
            if found is None:
                raise InvalidArgumentError(
                    f"initiating: {ref} is out of service or without supply, so its outage changes nothing"
                )
            (circuits if branch else units).append(found)
        return Initiating(ordered, tuple(circuits), tuple(units))
