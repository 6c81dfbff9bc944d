"""Which pairs may break a limit: outage factors laid over the AC states after each single outage.

Active power after the pair (i, j) is that of the AC state after i, plus what j carries there times j's outage factor in
the grid without i; and the same from j. Both orders count, the worse decides. Reactive power and voltages are those of
both single outages laid on top of each other. Davis and Overbye, *Multiple element contingency screening*, IEEE Trans.
Power Systems 26(3), 2011, use the factors on a DC state; the AC states bring losses, reactive power and islands along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from tools.grid.screening.arrays import SQRT3
from tools.grid.screening.linear import LinearGrid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.screening.resident import Resident
    from tools.grid.screening.screen import Screened

# The error of a prediction grows with what it changes: changes count this much more.
LOADING_MARGIN = 0.05
VOLTAGE_MARGIN = 0.25
# An outage factor's denominator below this is a bridge, or a cut of two.
_SINGULAR = 1e-7
THERMAL, VOLTAGE, UNCERTAIN = 1, 2, 4


@dataclass(frozen=True)
class Prediction:
    """The single outages of a state as arrays; rows are outages, columns rated branch rows, circuits or buses.

    Attributes:
        active, reactive: Parts of the loading of each rated row, percent of its rating.
        before: The same (active, reactive) before any outage.
        limit: Limit of each rated row, percent; infinite where it was broken before.
        flow_mw: Active flow of each circuit.
        factor: Outage factor of each circuit (row) on the flow of each circuit (column).
        on_rated: The same on the rated rows, in percent of the rating a MW.
        owner: Circuit of each rated row.
        bridge: Circuits without an outage factor.
        vm_pu: Voltage of each watched bus; NaN without supply.
        vm_before_pu: Before any outage.
        lowest_pu, highest_pu: Limits; infinite where there is none, or it was broken before.
        uncertain: Circuits whose pairs are never passed over: no single solution, or several branch rows.
    """

    active: NDArray[np.float64]
    reactive: NDArray[np.float64]
    before: tuple[NDArray[np.float64], NDArray[np.float64]]
    limit: NDArray[np.float64]
    flow_mw: NDArray[np.float64]
    factor: NDArray[np.float64]
    on_rated: NDArray[np.float64]
    owner: NDArray[np.int64]
    bridge: NDArray[np.bool_]
    vm_pu: NDArray[np.float64]
    vm_before_pu: NDArray[np.float64]
    lowest_pu: NDArray[np.float64]
    highest_pu: NDArray[np.float64]
    uncertain: NDArray[np.bool_]

    def flags(self, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
        """For each pair the sum of what speaks for solving it: ``THERMAL``, ``VOLTAGE``, ``UNCERTAIN``."""
        found = np.where(self.uncertain[pairs].any(axis=1), UNCERTAIN, 0).astype(np.int64)
        single = (self.active, self.reactive, self.flow_mw, self.factor, self.on_rated)
        # loading + margin x (loading - before) > limit, solved for the loading
        before = np.hypot(*self.before)
        most = np.where(before < self.limit, (self.limit + LOADING_MARGIN * before) / (1 + LOADING_MARGIN), self.limit)
        _flag_flows(pairs, *single, *self.before, most, self.owner, self.bridge, found)
        _flag_voltages(pairs, self.vm_pu, self.vm_before_pu, self.lowest_pu, self.highest_pu, found)
        return found


def predict(state: Resident, singles: Screened) -> Prediction:
    """Make ready for the pairs.

    Args:
        state: The state before the outages.
        singles: All its circuits out, one at a time.
    """
    arrays, monitor = state.arrays, state.monitor
    every = len(state.refs)
    solved = singles.figures["solved"]
    voltage = np.array([singles.voltage(k) if solved[k] else arrays.voltage for k in range(every)])
    owner, start_percent, end_percent, per_mw, rows = _rated(state)
    at_end = _loading(state, rows, arrays.voltage[None, :], (start_percent, end_percent))
    far = np.abs(at_end[1][0]) > np.abs(at_end[0][0])
    sides = _loading(state, rows, voltage, (start_percent, end_percent))
    flow = np.where(far, sides[1], sides[0])
    base = np.where(far, at_end[1][0], at_end[0][0])
    # an outage may load the other end more: the power keeps its direction and takes the larger loading
    size, worst = np.abs(flow), np.maximum(np.abs(sides[0]), np.abs(sides[1]))
    flow *= np.divide(worst, size, out=np.ones_like(size), where=size > 0)
    direction = np.where(far, -1.0, 1.0)
    out, column = np.nonzero(owner[None, :] == np.arange(every)[:, None])
    flow[out, column] = 0.0
    limit_of = dict(zip(monitor.thermal.circuits.tolist(), monitor.contingency.loading_percent.tolist(), strict=True))
    over = set(monitor.thermal.circuits[monitor.over_before].tolist())
    limit = np.array([np.inf if c in over else limit_of[c] for c in owner.tolist()])
    factor, bridge, on_rated = _factors(state, rows)
    vm = np.abs(voltage)[:, monitor.bus_place]
    band = monitor.contingency
    return Prediction(
        active=flow.real * direction,
        reactive=flow.imag.copy(),
        before=(base.real * direction, base.imag.copy()),
        limit=np.nan_to_num(limit, nan=np.inf),
        flow_mw=_flow_mw(state, voltage),
        factor=factor,
        on_rated=on_rated * np.where(far, per_mw[1], per_mw[0]),
        owner=owner,
        bridge=bridge,
        vm_pu=np.where(vm > 0, vm, np.nan),
        vm_before_pu=np.abs(arrays.voltage)[monitor.bus_place],
        lowest_pu=np.where(monitor.low_before | np.isnan(band.vm_min_pu), -np.inf, band.vm_min_pu),
        highest_pu=np.where(monitor.high_before | np.isnan(band.vm_max_pu), np.inf, band.vm_max_pu),
        uncertain=~solved | np.array([len(one) != 1 for one in state.opened]),
    )


def _rated(
    state: Resident,
) -> tuple[
    NDArray[np.int64],
    NDArray[np.float64],
    NDArray[np.float64],
    tuple[NDArray[np.float64], NDArray[np.float64]],
    NDArray[np.int64],
]:
    """Rated rows: owner, percent per pu of current at both ends, percent per MW at both ends, branch row."""
    arrays, thermal = state.arrays, state.monitor.thermal
    has = np.isfinite(thermal.start_ka) | np.isfinite(thermal.end_ka)
    rows, owner = arrays.circuits.rows[has], arrays.circuits.owner[has]
    ends = ((arrays.start[rows], thermal.start_ka[has]), (arrays.end[rows], thermal.end_ka[has]))
    start, end = (np.nan_to_num(100.0 / (SQRT3 * arrays.vn_kv[bus] * rating), nan=0.0) for bus, rating in ends)
    return owner, start * arrays.base_mva, end * arrays.base_mva, (start, end), rows


def _loading(
    state: Resident,
    rows: NDArray[np.int64],
    voltage: NDArray[np.complex128],
    percent: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Loading of rated rows at both ends as a complex number along the power, percent."""
    arrays = state.arrays
    start, end = voltage[:, arrays.start[rows]], voltage[:, arrays.end[rows]]
    into_start = np.conj(arrays.yff[rows] * start + arrays.yft[rows] * end) * _turn(start) * percent[0]
    into_end = np.conj(arrays.ytf[rows] * start + arrays.ytt[rows] * end) * _turn(end) * percent[1]
    return into_start, into_end


def _turn(voltage: NDArray[np.complex128]) -> NDArray[np.complex128]:
    return voltage / np.maximum(np.abs(voltage), 1e-9)


def _flow_mw(state: Resident, voltage: NDArray[np.complex128]) -> NDArray[np.float64]:
    arrays = state.arrays
    rows = arrays.circuits.rows[arrays.circuits.first]
    start, end = voltage[:, arrays.start[rows]], voltage[:, arrays.end[rows]]
    flow = (start * np.conj(arrays.yff[rows] * start + arrays.yft[rows] * end)).real * arrays.base_mva
    np.fill_diagonal(flow, 0.0)
    return np.ascontiguousarray(flow)


def _factors(
    state: Resident, rated: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    """Outage factors by (circuit out, circuit) and (circuit out, rated row), and the circuits that have none."""
    arrays = state.arrays
    rows = arrays.circuits.rows[arrays.circuits.first]
    linear = LinearGrid(arrays)
    share = linear.flow_shares(rows.tolist())
    transfer = (share[:, arrays.start[rows]] - share[:, arrays.end[rows]]).T
    rest = 1.0 - np.diag(transfer)
    bridge = np.abs(rest) < _SINGULAR
    scale = np.where(bridge, 0.0, 1.0 / np.where(bridge, 1.0, rest))[:, None]
    of_rated = linear.flow_shares(rated.tolist())
    on_rated = (of_rated[:, arrays.start[rows]] - of_rated[:, arrays.end[rows]]).T * scale
    return np.ascontiguousarray(transfer * scale), bridge, np.ascontiguousarray(on_rated)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _flag_flows(  # noqa: PLR0913, PLR0917 - compiled code takes plain arrays
    pairs: NDArray[np.int64],
    active: NDArray[np.float64],
    reactive: NDArray[np.float64],
    flow: NDArray[np.float64],
    factor: NDArray[np.float64],
    on_rated: NDArray[np.float64],
    active_0: NDArray[np.float64],
    reactive_0: NDArray[np.float64],
    most: NDArray[np.float64],
    owner: NDArray[np.int64],
    bridge: NDArray[np.bool_],
    found: NDArray[np.int64],
) -> None:
    """Mark pairs with a rated row above its limit; a cut of two has no factor and is uncertain."""
    for at in range(len(pairs)):
        i, j = pairs[at, 0], pairs[at, 1]
        by_i, by_j = factor[i, j], factor[j, i]
        rest = 1.0 - by_i * by_j
        if not bridge[i] and not bridge[j] and abs(rest) < _SINGULAR:
            found[at] |= UNCERTAIN
            continue
        rest = 1.0 if bridge[i] or bridge[j] else rest
        from_i, from_j = flow[i, j] / rest, flow[j, i] / rest
        for k in range(len(most)):
            if owner[k] == i or owner[k] == j:
                continue
            # a bridge has no factor: what its island takes away is that of its own outage
            p_i = active[j, k] - active_0[k] if bridge[j] else from_i * (on_rated[j, k] + on_rated[i, k] * by_j)
            p_j = active[i, k] - active_0[k] if bridge[i] else from_j * (on_rated[i, k] + on_rated[j, k] * by_i)
            p = max(abs(active[i, k] + p_i), abs(active[j, k] + p_j))
            q = reactive[i, k] + reactive[j, k] - reactive_0[k]
            if p * p + q * q > most[k] * most[k]:
                found[at] |= THERMAL
                break


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _flag_voltages(
    pairs: NDArray[np.int64],
    vm: NDArray[np.float64],
    before: NDArray[np.float64],
    lowest: NDArray[np.float64],
    highest: NDArray[np.float64],
    found: NDArray[np.int64],
) -> None:
    """Mark pairs with a bus outside its limits; a bus without supply after one of the outages is none to judge."""
    for at in range(len(pairs)):
        i, j = pairs[at, 0], pairs[at, 1]
        for bus in range(len(before)):
            v = before[bus] + (1.0 + VOLTAGE_MARGIN) * (vm[i, bus] + vm[j, bus] - 2.0 * before[bus])
            if v < lowest[bus] or v > highest[bus]:
                found[at] |= VOLTAGE
                break
