"""Whether a solved state keeps its limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref
from tools.grid.operating_limits import LOADING_TOLERANCE_PERCENT, VOLTAGE_TOLERANCE_PU
from tools.grid.restoring.broken import Broken
from tools.grid.schema.restoration import RefusalReason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.restoring.flow import Flow
    from tools.grid.restoring.moves import Margin
    from tools.grid.restoring.status import Status
    from tools.grid.restoring.subject import Subject


@dataclass(frozen=True)
class Extremes:
    """The worst of a solved state.

    Attributes:
        lowest, highest: Place in the bus table of the lowest and the highest voltage.
        loaded: Column of the rated circuit with the highest loading; None where none with a rating is closed.
        loading_percent: Of every rated circuit; zero where it is open.
    """

    lowest: int
    highest: int
    loaded: int | None
    loading_percent: NDArray[np.float64]


class LimitCheck:
    """Holds flows of one restoration against its limits."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        arrays = subject.wiring.arrays
        self._first_row = arrays.circuits.first[subject.bounds.thermal.circuits]
        self._rows = arrays.circuits.rows
        self._restored = np.isin(arrays.bus_index, list(subject.dark))

    def broken(self, status: Status, flow: Flow) -> Broken | None:
        """The limit that is broken the most; None where all hold."""
        subject, bounds = self._subject, self._subject.bounds
        vm_pu = self.vm_pu(flow)
        over, under = vm_pu - bounds.high_pu, bounds.low_pu - vm_pu
        alive = vm_pu > 0
        high = int(np.where(alive, over, -np.inf).argmax())
        if over[high] > VOLTAGE_TOLERANCE_PU and alive[high]:
            return Broken(RefusalReason.OVERVOLTAGE, self.bus(high), vm_pu=float(vm_pu[high]))
        low = int(np.where(alive, under, -np.inf).argmax())
        if under[low] > VOLTAGE_TOLERANCE_PU and alive[low]:
            return Broken(RefusalReason.UNDERVOLTAGE, self.bus(low), vm_pu=float(vm_pu[low]))
        if len(bounds.loading_percent):
            loading = self.loading_percent(status, flow)
            worst = int((loading - bounds.loading_percent).argmax())
            if loading[worst] > bounds.loading_percent[worst] + LOADING_TOLERANCE_PERCENT:
                ref = circuit_ref(subject, worst)
                return Broken(RefusalReason.OVERLOAD, ref, loading_percent=float(loading[worst]))
        return None

    def short_of_margin(self, status: Status, flow: Flow, bus: int, margin: Margin) -> Broken | None:
        """The first place in an island that is nearer to its limit than a margin; None where all are farther.

        Args:
            status: The state.
            flow: Its flow.
            bus: A bus of the matrix in the island.
            margin: What is kept.
        """
        inside = self._inside(flow, bus)
        arrays, bounds = self._subject.wiring.arrays, self._subject.bounds
        vm_pu = self.vm_pu(flow)
        mine = self._restored & inside[arrays.bus_place] & (vm_pu > 0)
        near = np.where(mine, bounds.low_pu + margin.vm_pu - vm_pu, -np.inf)
        lowest = int(near.argmax())
        if near[lowest] > VOLTAGE_TOLERANCE_PU:
            return Broken(RefusalReason.MARGIN, self.bus(lowest), vm_pu=float(vm_pu[lowest]))
        if len(bounds.loading_percent):
            loading = self.loading_percent(status, flow)
            over = np.where(self._circuits(inside), loading - margin.loading_share * bounds.loading_percent, -np.inf)
            worst = int(over.argmax())
            if over[worst] > LOADING_TOLERANCE_PERCENT:
                return Broken(
                    RefusalReason.MARGIN, circuit_ref(self._subject, worst), loading_percent=float(loading[worst])
                )
        return None

    def extremes(self, status: Status, flow: Flow, bus: int) -> Extremes:
        """The worst of the island of a bus that the restoration answers for: restored buses, and all circuits."""
        inside = self._inside(flow, bus)
        place = self._subject.wiring.arrays.bus_place
        vm_pu = self.vm_pu(flow)
        mine = (vm_pu > 0) & inside[place]
        loading = self.loading_percent(status, flow)
        here = self._circuits(inside) & (loading > 0)
        return Extremes(
            lowest=int(np.where(mine, vm_pu, np.inf).argmin()),
            highest=int(np.where(mine, vm_pu, -np.inf).argmax()),
            loaded=int(np.where(here, loading, -1.0).argmax()) if here.any() else None,
            loading_percent=loading,
        )

    def _inside(self, flow: Flow, bus: int) -> NDArray[np.bool_]:
        """Buses of the matrix in the island of one."""
        inside = np.zeros(len(flow.voltage), dtype=bool)
        if (island := flow.island_of(bus)) is not None:
            inside[island.buses] = True
        return inside

    def _circuits(self, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Rated circuits that begin at such buses."""
        found: NDArray[np.bool_] = inside[self._subject.wiring.arrays.start[self._rows[self._first_row]]]
        return found

    def vm_pu(self, flow: Flow) -> NDArray[np.float64]:
        """Voltage of every bus in table order; zero where there is none."""
        place = self._subject.wiring.arrays.bus_place
        return np.where(place >= 0, np.abs(flow.voltage)[place], 0.0)

    def loading_percent(self, status: Status, flow: Flow) -> NDArray[np.float64]:
        """Of every rated circuit; zero where it is open."""
        closed = status.closed[self._rows[self._first_row]]
        loading: NDArray[np.float64] = self._subject.bounds.thermal.loading_percent(flow.voltage[None, :])[0]
        return np.where(closed, loading, 0.0)

    def bus(self, place: int) -> ElementRef:
        """The bus at a place of the table."""
        index = int(self._subject.wiring.arrays.bus_index[place])
        return element_ref(self._subject.intended, ElementKind.BUS, index)


def circuit_ref(subject: Subject, column: int) -> ElementRef:
    """The branch of a column of loadings."""
    circuits = subject.wiring.arrays.circuits
    at = int(subject.bounds.thermal.circuits[column])
    return element_ref(subject.intended, ElementKind(circuits.table[at]), int(circuits.index[at]))
