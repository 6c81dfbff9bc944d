"""What a violated state or outage needs, in linear terms: how much, and what would do it where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.screening.arrays import SQRT3
from tools.grid.screening.linear import LinearGrid
from tools.grid.screening.ranking import ranked, severity_scores
from tools.grid.screening.rows import violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tools.grid.screening.monitor import Band
    from tools.grid.screening.resident import Resident
    from tools.grid.screening.screen import Screened

# Outages that needs are taken from, worst first, and needs of one kind taken from each state.
OUTAGES_SEEN = 8
NEEDS_OF_A_KIND = 4
# A linear estimate falls short of the nonlinear flow: ask for more, by this factor and this many points.
MARGIN = 1.05
MARGIN_POINTS = 0.5
# Active power moves a voltage too, by about the ratio of resistance to reactance of transmission lines.
RESISTANCE_SHARE = 0.25


@dataclass(frozen=True)
class Need:
    """One violated limit.

    Attributes:
        required: By how much the quantity must move: MW of an overload or the slack, pu of a voltage.
        per_mw: What one MW fed in at each bus of the matrix does towards it; the slack takes the balance.
        per_mvar: What one Mvar fed in at each bus does towards it.
        is_voltage: Whether it is a voltage.
        row: Branch row of an overload; None for other needs.
        flow_mw: Flow through that row from its start to its end.
        opened: Branch rows that are open in the state that has the need.
    """

    required: float
    per_mw: NDArray[np.float64]
    per_mvar: NDArray[np.float64]
    is_voltage: bool = False
    row: int | None = None
    flow_mw: float = 0.0
    opened: tuple[int, ...] = ()


def find_needs(state: Resident, screened: Screened) -> tuple[Need, ...]:
    """The violated limits of a state, then those of its worst outages."""
    needs = [*_of_state(state, state.arrays.voltage, state.monitor.normal, ()), *_of_slack(state)]
    for place in _worst(state, screened):
        opened = tuple(state.opened[int(screened.asked[place])].tolist())
        needs += _of_state(state, screened.voltage(place), state.monitor.contingency, opened)
    return tuple(needs)


def _worst(state: Resident, screened: Screened) -> list[int]:
    order = ranked(screened, severity_scores(screened, float(state.demand_mw.sum())))
    broken = (violations(screened) > 0) & screened.figures["solved"]
    return [int(place) for place in order if broken[place]][:OUTAGES_SEEN]


def _of_slack(state: Resident) -> Iterator[Need]:
    """The active power of the slack beyond its limit: every MW fed in elsewhere relieves it."""
    units, arrays = state.monitor.units, state.arrays
    elsewhere = (np.arange(len(arrays.voltage)) != arrays.reference[0]).astype(float)
    for place in np.flatnonzero(units.bus == arrays.reference[0]).tolist():
        p_mw = float(units.base[place].real)
        for excess, sign in ((p_mw - units.p_max[place], 1.0), (units.p_min[place] - p_mw, -1.0)):
            if excess > 0:
                yield Need(float(excess) * MARGIN, sign * elsewhere, np.zeros(len(elsewhere)))


def _of_state(state: Resident, voltage: NDArray[np.complex128], band: Band, opened: tuple[int, ...]) -> Iterator[Need]:
    """Needs of one solved state, the most violated of each kind first."""
    linear = LinearGrid(state.arrays, opened)
    yield from _overloads(state, linear, voltage, band, opened)
    yield from _voltages(state, linear, voltage, band, opened)


def _overloads(
    state: Resident, linear: LinearGrid, voltage: NDArray[np.complex128], band: Band, opened: tuple[int, ...]
) -> Iterator[Need]:
    thermal, arrays = state.monitor.thermal, state.arrays
    loading = thermal.loading_percent(voltage[None, :])[0]
    first_row = arrays.circuits.rows[arrays.circuits.first[thermal.circuits]]
    loading[np.isin(first_row, opened)] = 0.0
    excess = np.where(band.over(loading), loading - band.loading_percent, 0.0)
    for column in np.argsort(-excess, kind="stable")[:NEEDS_OF_A_KIND].tolist():
        if excess[column] <= 0:
            return
        row = int(first_row[column])
        start, end = int(arrays.start[row]), int(arrays.end[row])
        current = arrays.yff[row] * voltage[start] + arrays.yft[row] * voltage[end]
        flow_mw = float((voltage[start] * np.conj(current)).real) * arrays.base_mva
        rating_ka = float(thermal.start_ka[arrays.circuits.first[thermal.circuits[column]]])
        rating_mva = rating_ka * SQRT3 * float(arrays.vn_kv[start])
        share = linear.flow_share(row)
        required = (excess[column] * MARGIN + MARGIN_POINTS) / 100.0 * rating_mva
        yield Need(required, -np.sign(flow_mw) * share, np.zeros(len(share)), row=row, flow_mw=flow_mw, opened=opened)


def _voltages(
    state: Resident, linear: LinearGrid, voltage: NDArray[np.complex128], band: Band, opened: tuple[int, ...]
) -> Iterator[Need]:
    monitor = state.monitor
    vm_pu = np.abs(voltage)[monitor.bus_place]
    alive = vm_pu > 0
    low = np.where(alive & band.low(vm_pu), band.vm_min_pu - vm_pu, 0.0)
    high = np.where(band.high(vm_pu), vm_pu - band.vm_max_pu, 0.0)
    for lack, sign in ((low, 1.0), (high, -1.0)):
        for watched in np.argsort(-lack, kind="stable")[:NEEDS_OF_A_KIND].tolist():
            if lack[watched] <= 0:
                break
            per_mvar = sign * linear.voltage_gain(int(monitor.bus_place[watched])) / state.arrays.base_mva
            required = float(lack[watched]) * MARGIN + MARGIN_POINTS / 1000.0
            yield Need(required, RESISTANCE_SHARE * per_mvar, per_mvar, is_voltage=True, opened=opened)
