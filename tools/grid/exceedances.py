"""When limits were exceeded over a span, before any outage: intervals of buses, branches and units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from tools.amount import Amount
from tools.element import ElementRef
from tools.grid.insecurity import CHANGED_SHOWN, unit_at
from tools.grid.intervals import Interval, find_intervals
from tools.grid.operating_limits import GRID_MODEL, POWER_TOLERANCE_MVA, OperatingLimits
from tools.grid.schema.limit_check import ExceedanceInterval, ViolationKind
from tools.grid.span import MomentState, Span
from tools.grid.violations import LOADING_BAND_SHARE, VOLTAGE_BAND_PU, power_depth, severity_of, unit_severity
from tools.vocabulary import Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

Key = tuple[ElementRef, ViolationKind]
_UNITS = frozenset({ViolationKind.ACTIVE_POWER, ViolationKind.REACTIVE_POWER})
_SHOWN_AS = {
    ViolationKind.UNDERVOLTAGE: ("vm", "pu"),
    ViolationKind.OVERVOLTAGE: ("vm", "pu"),
    ViolationKind.OVERLOAD: ("loading", "percent"),
    ViolationKind.ACTIVE_POWER: ("p", "mw"),
    ViolationKind.REACTIVE_POWER: ("q", "mvar"),
}


@dataclass(frozen=True)
class _Beyond:
    """One exceeded limit at one moment; depth as ``violations`` has it."""

    value: float
    limit: float
    depth: float
    basis: str
    changed: tuple[ElementRef, ...]


def find_exceedances(
    span: Span,
    moments: Sequence[datetime],
    wanted: frozenset[ElementRef] | None,
) -> list[ExceedanceInterval]:
    """Intervals of exceeded limits, voltages and loadings before units, the deepest first.

    Args:
        span: The states.
        moments: Times that are looked at.
        wanted: Only these elements; all when None.
    """

    def look(due: Sequence[datetime]) -> dict[datetime, Mapping[Key, _Beyond] | None]:
        return {at: None if state is None else _words(state, wanted) for at, state in span.states(due)}

    found = find_intervals(moments, look)
    found.sort(key=lambda item: (item.key[1] in _UNITS, -_worst(item)[1].depth, item.start, str(item.key[0])))
    case = span.case
    return [_row(item, case) for item in found]


def _words(state: MomentState, wanted: frozenset[ElementRef] | None) -> dict[Key, _Beyond]:
    found = {**_voltages(state), **_loadings(state), **_powers(state)}
    return {key: word for key, word in found.items() if wanted is None or key[0] in wanted}


def _voltages(state: MomentState) -> dict[Key, _Beyond]:
    watch = state.moved.monitor
    vm_pu = np.abs(state.moved.arrays.voltage)[watch.bus_place]
    limits = state.limits
    places = np.flatnonzero(state.of.arrays.bus_place >= 0)
    found = {}
    for kind, beyond, limit, basis in (
        (ViolationKind.UNDERVOLTAGE, watch.low_before, watch.normal.vm_min_pu, limits.vm_min_pu.basis),
        (ViolationKind.OVERVOLTAGE, watch.high_before, watch.normal.vm_max_pu, limits.vm_max_pu.basis),
    ):
        for bus in np.flatnonzero(beyond).tolist():
            value, bound = float(vm_pu[bus]), float(limit[bus])
            depth = abs(value - bound) / VOLTAGE_BAND_PU
            found[state.of.bus_refs[bus], kind] = _Beyond(value, bound, depth, basis[places[bus]], state.topology.out)
    return found


def _loadings(state: MomentState) -> dict[Key, _Beyond]:
    watch = state.moved.monitor
    found = {}
    for column in np.flatnonzero(watch.over_before).tolist():
        ref = state.of.refs[int(watch.thermal.circuits[column])]
        value, bound = float(watch.loading_before_percent[column]), float(watch.normal.loading_percent[column])
        depth = (value / bound - 1.0) / LOADING_BAND_SHARE
        basis = _loading_basis(state.limits, ref)
        found[ref, ViolationKind.OVERLOAD] = _Beyond(value, bound, depth, basis, state.topology.out)
    return found


def _loading_basis(limits: OperatingLimits, ref: ElementRef) -> str:
    at = limits.loading_percent[ref.kind].at(ref.index)
    return at[1] if at is not None else ""


def _powers(state: MomentState) -> dict[Key, _Beyond]:
    """Units by bus: units that share a bus exceed their limits together."""
    units = state.moved.monitor.units
    found = {}
    for place in np.flatnonzero(state.moved.monitor.units_before).tolist():
        ref = unit_at(state.of, place)
        for kind, value, low, high in (
            (ViolationKind.ACTIVE_POWER, units.base.real, units.p_min, units.p_max),
            (ViolationKind.REACTIVE_POWER, units.base.imag, units.q_min, units.q_max),
        ):
            word = _power(value, low, high, place, state.topology.out)
            if word is not None:
                found[ref, kind] = word
    return found


def _power(
    value: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    place: int,
    changed: tuple[ElementRef, ...],
) -> _Beyond | None:
    now, least, most = float(value[place]), float(low[place]), float(high[place])
    if least - POWER_TOLERANCE_MVA <= now <= most + POWER_TOLERANCE_MVA:
        return None
    limit = most if now > most else least
    bounds = (least if np.isfinite(least) else None, most if np.isfinite(most) else None)
    return _Beyond(now, limit, power_depth(now, limit, *bounds), GRID_MODEL, changed)


def _row(item: Interval[Key, _Beyond], case: str) -> ExceedanceInterval:
    at, worst = _worst(item)
    element, kind = item.key
    quantity, unit = _SHOWN_AS[kind]
    severity: Severity = (unit_severity if kind in _UNITS else severity_of)(worst.depth)
    return ExceedanceInterval(
        element=element,
        case=case,
        kind=kind,
        severity=severity,
        start=item.start,
        end=item.end,
        before=item.before,
        at=at,
        quantity=quantity,
        value=Amount(value=worst.value, unit=unit),
        limit=Amount(value=worst.limit, unit=unit),
        basis=worst.basis,
        changed=worst.changed[:CHANGED_SHOWN],
    )


def _worst(item: Interval[Key, _Beyond]) -> tuple[datetime, _Beyond]:
    return max(item.words, key=lambda pair: pair[1].depth)
