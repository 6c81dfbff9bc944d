"""When a grid was N-1 insecure over a span: intervals of the outages that would do harm.

An outage does harm when it breaks a limit that is kept before it, when the grid does not solve after it, or when it
loses load or generation that the model with everything in service would not lose; bridges of the model do none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from tools.amount import Amount
from tools.element import ElementKind, ElementRef
from tools.grid.case import outage_label
from tools.grid.elements import element_ref
from tools.grid.intervals import Interval, find_intervals
from tools.grid.schema.span import InsecureInterval, InsecureTime, InsecurityKind, WorstMoment
from tools.grid.screening.moving import take_out_each
from tools.grid.screening.reduction import POINTS_PER_PU
from tools.grid.screening.resident import Resident
from tools.grid.screening.security import avoidable_losses
from tools.grid.span import MomentState, Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tools.limits import LimitTable

CHANGED_SHOWN = 20


@dataclass(frozen=True)
class _Harm:
    """What one outage would do at one moment.

    Attributes:
        depth: Points beyond limits, for finding the worst moment; infinite where supply is lost or nothing solves.
        lost: Whether it loses avoidable load or generation.
        solved: Whether the grid solves after it.
    """

    depth: float
    lost: bool
    solved: bool


Found = Interval[ElementRef, _Harm]
"""A time in which one outage would do harm."""


class InsecureSpan:
    """Looks at the outages of a span's states."""

    def __init__(self, span: Span, table: LimitTable, chosen: Callable[[Resident], Sequence[int]]) -> None:
        """Bind the span.

        Args:
            span: The states.
            table: Limits where the model has none.
            chosen: Circuits of a state that are taken out.
        """
        self._span, self._table, self._chosen = span, table, chosen
        self._avoidable: dict[int, tuple[list[int], frozenset[int]]] = {}
        self._held: list[Resident] = []

    def find(self, moments: Sequence[datetime]) -> list[Found]:
        """What is insecure when, the deepest first."""
        found = find_intervals(moments, self._look)
        return sorted(found, key=lambda item: (-_worst(item)[1].depth, item.start, str(item.key)))

    def _look(self, moments: Sequence[datetime]) -> dict[datetime, Mapping[ElementRef, _Harm] | None]:
        return {moment: None if state is None else self._harms(state) for moment, state in self._span.states(moments)}

    def _harms(self, state: MomentState) -> dict[ElementRef, _Harm]:
        asked, avoidable = self._of_topology(state.of)
        figures = take_out_each(state.of, state.moved, asked).figures
        new = figures["new_overloads"] + figures["new_voltages"] + figures["new_units"]
        harms = {state.of.refs[circuit]: _Harm(np.inf, lost=True, solved=True) for circuit in sorted(avoidable)}
        for place in np.flatnonzero((new > 0) | ~figures["solved"]).tolist():
            solved = bool(figures["solved"][place])
            depth = float(figures["depth"][place]) if solved else np.inf
            # what is lost comes before what is violated
            harms.setdefault(state.of.refs[asked[place]], _Harm(depth, lost=False, solved=solved))
        return harms

    def _of_topology(self, state: Resident) -> tuple[list[int], frozenset[int]]:
        """Circuits to take out, and those that lose what the model would not; the same for all times of a topology."""
        key = id(state)
        if key not in self._avoidable:
            self._held.append(state)  # an identity is only good while its owner lives
            chosen = self._chosen(state)
            asked = [circuit for circuit in chosen if circuit not in state.slack_lost]
            losing = [circuit for circuit in chosen if len(state.dead[circuit])]
            avoidable = avoidable_losses(state, losing, self._table) if losing else ()
            lost = frozenset(circuit for circuit, more in zip(losing, avoidable, strict=True) if more)
            self._avoidable[key] = asked, lost
        return self._avoidable[key]

    def row(self, item: Found) -> InsecureInterval:
        """An interval with what is worst in it, for those that are shown."""
        at, harm = _worst(item)
        state = self._span.state(at)
        worst = None
        kind = InsecurityKind.SUPPLY_LOST if harm.lost else InsecurityKind.NOT_SOLVED
        if harm.solved and not harm.lost:
            kind, worst = self._detail(state, item.key, at)
        load_mw, generation_mw = self._lost(item.key, at) if harm.lost else (None, None)
        return InsecureInterval(
            element=item.key,
            case=outage_label(state.of.solved.case, item.key),
            kind=kind,
            start=item.start,
            end=item.end,
            before=item.before,
            worst=worst,
            unserved_p_mw=load_mw,
            lost_generation_p_mw=generation_mw,
            changed=state.topology.out[:CHANGED_SHOWN],
        )

    def _lost(self, ref: ElementRef, at: datetime) -> tuple[float, float]:
        """Load and generation that an outage cuts off, MW."""
        state = self._span.whole(at)
        places = state.dead[state.refs.index(ref)]
        return float(state.demand_mw[places].sum()), float(state.generation_mw[places].sum())

    def _detail(self, state: MomentState, ref: ElementRef, at: datetime) -> tuple[InsecurityKind, WorstMoment | None]:
        """What the outage breaks most, in points."""
        circuit = state.of.arrays.circuits.find(ref.kind.value, ref.index)
        if circuit is None:
            return InsecurityKind.NOT_SOLVED, None
        solved = take_out_each(state.of, state.moved, [circuit], keep_voltages=True)
        finder = _Finder(state, solved.voltage[0], circuit, outage_label(state.of.solved.case, ref), at)
        return max(finder.candidates(), key=lambda item: item[0])[1:]


@dataclass(frozen=True)
class _Finder:
    """Finds what is furthest beyond its limit after one outage; only what keeps its limit before it."""

    state: MomentState
    voltage: NDArray[np.complex128]
    circuit: int
    case: str
    at: datetime

    def candidates(self) -> list[tuple[float, InsecurityKind, WorstMoment]]:
        """The worst of each kind with its points."""
        return [*self._loading(), *self._voltages(), *self._units()]

    def _loading(self) -> list[tuple[float, InsecurityKind, WorstMoment]]:
        watch = self.state.moved.monitor
        if not watch.loading_meaningful:
            return []
        loading = watch.thermal.loading_percent(self.voltage[None, :])[0]
        loading[watch.thermal.circuits == self.circuit] = 0.0
        beyond = np.where(
            watch.contingency.over(loading) & ~watch.over_before, loading - watch.contingency.loading_percent, 0.0
        )
        column = int(beyond.argmax())
        if beyond[column] <= 0:
            return []
        element = self.state.of.refs[int(watch.thermal.circuits[column])]
        limit = float(watch.contingency.loading_percent[column])
        row = self._moment(element, "loading", float(loading[column]), limit, "percent")
        return [(float(beyond[column]), InsecurityKind.OVERLOAD, row)]

    def _voltages(self) -> list[tuple[float, InsecurityKind, WorstMoment]]:
        watch, band = self.state.moved.monitor, self.state.moved.monitor.contingency
        vm_pu = np.abs(self.voltage)[watch.bus_place]
        low = np.where(band.low(vm_pu) & (vm_pu > 0) & ~watch.low_before, band.vm_min_pu - vm_pu, 0.0)
        high = np.where(band.high(vm_pu) & ~watch.high_before, vm_pu - band.vm_max_pu, 0.0)
        found = []
        for beyond, limit, kind in (
            (low, band.vm_min_pu, InsecurityKind.UNDERVOLTAGE),
            (high, band.vm_max_pu, InsecurityKind.OVERVOLTAGE),
        ):
            place = int(beyond.argmax())
            if beyond[place] > 0:
                bus = self.state.of.bus_refs[place]
                row = self._moment(bus, "vm", float(vm_pu[place]), float(limit[place]), "pu")
                found.append((float(beyond[place]) * POINTS_PER_PU, kind, row))
        return found

    def _units(self) -> list[tuple[float, InsecurityKind, WorstMoment]]:
        """Units count by share of a point only: their own protection decides."""
        watch, arrays = self.state.moved.monitor, self.state.moved.arrays
        units = watch.units
        power = units.power_mva(arrays, self.voltage[None, :], [self.state.of.opened[self.circuit]])
        new = units.beyond(power)[0] & ~watch.units_before
        found = []
        for place in np.flatnonzero(new).tolist():
            for quantity, value, low, high, unit in (
                ("p", power[0].real[place], units.p_min[place], units.p_max[place], "mw"),
                ("q", power[0].imag[place], units.q_min[place], units.q_max[place], "mvar"),
            ):
                beyond = max(float(value - high), float(low - value))
                if beyond > 0:
                    limit = float(high if value > high else low)
                    row = self._moment(self._unit(place), quantity, float(value), limit, unit)
                    found.append((beyond * 1e-6, InsecurityKind.UNIT_LIMIT, row))
        return found

    def _unit(self, place: int) -> ElementRef:
        """The unit at a bus; the bus itself where several units share it."""
        return unit_at(self.state.of, place)

    def _moment(self, element: ElementRef, quantity: str, value: float, limit: float, unit: str) -> WorstMoment:
        return WorstMoment(
            element=element,
            case=self.case,
            at=self.at,
            quantity=quantity,
            value=Amount(value=value, unit=unit),
            limit=Amount(value=limit, unit=unit),
        )


def unit_at(state: Resident, place: int) -> ElementRef:
    """The unit of a place in the unit limits; the bus itself where several units share it."""
    net, bus = state.solved.net, int(state.monitor.units.bus[place])
    buses = state.arrays.bus_index[state.arrays.bus_place == bus]
    refs = [
        element_ref(net, kind, int(index))
        for kind in (ElementKind.EXT_GRID, ElementKind.GEN)
        for index in net[kind.value].index[net[kind.value].in_service.astype(bool) & net[kind.value].bus.isin(buses)]
    ]
    return refs[0] if len(refs) == 1 else element_ref(net, ElementKind.BUS, int(buses[0]))


def union(found: Sequence[Found]) -> list[InsecureTime]:
    """Times in which at least one interval holds; neighbours that meet within the resolution are one."""
    times: list[tuple[datetime, datetime | None, set[ElementRef]]] = []
    for item in sorted(found, key=lambda item: item.start):
        if times and (times[-1][1] is None or item.start <= times[-1][1]):
            start, end, refs = times[-1]
            latest = None if end is None or item.end is None else max(end, item.end)
            times[-1] = start, latest, refs | {item.key}
        else:
            times.append((item.start, item.end, {item.key}))
    return [InsecureTime(start=start, end=end, outages=len(refs)) for start, end, refs in times]


def _worst(item: Found) -> tuple[datetime, _Harm]:
    return max(item.words, key=lambda pair: pair[1].depth)
