"""Every broken limit of a solved state, with its severity.

Depth is the excess over the limit in bands: 0.02 pu for a voltage, 10 % of the limit for a loading, 10 % of the unit's
range (of the limit, where only one side is known) for a power. Severity follows from depth alone: below 1 ``warning``,
below 2.5 ``critical``, from 2.5 on (0.05 pu, 125 % loading) ``emergency``. A unit beyond its limit is never more than
``critical``: its own protection and the modelled limit decide, not the operator's minutes.

Voltages and loadings come first, units after them; within both the more severe first, then the deeper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind, ElementRef
from tools.grid.operating_limits import (
    GRID_MODEL,
    LOADING_TOLERANCE_PERCENT,
    POWER_TOLERANCE_MVA,
    VOLTAGE_TOLERANCE_PU,
    LimitArray,
    OperatingLimits,
)
from tools.grid.rows import branch_row, bus_row
from tools.grid.schema.common import UnitState
from tools.grid.schema.limit_check import Violation, ViolationKind
from tools.grid.schema.power_flow import FlowModel
from tools.grid.solve import SolvedState
from tools.vocabulary import Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

VOLTAGE_BAND_PU = 0.02
LOADING_BAND_SHARE = 0.1
POWER_BAND_SHARE = 0.1
CRITICAL_DEPTH, EMERGENCY_DEPTH = 1.0, 2.5

UNIT_VIOLATIONS = frozenset({ViolationKind.ACTIVE_POWER, ViolationKind.REACTIVE_POWER})


@dataclass(frozen=True)
class _Found:
    """A violation with what ranks it."""

    violation: Violation
    depth: float

    @property
    def rank(self) -> tuple[bool, int, float, ElementKind, int]:
        """Sort key, worst first."""
        violation = self.violation
        element = violation.element
        urgency = -violation.severity.rank
        return violation.kind in UNIT_VIOLATIONS, urgency, -self.depth, element.kind, element.index


def find_violations(
    solved: SolvedState, limits: OperatingLimits, elements: frozenset[ElementRef] | None = None
) -> tuple[Violation, ...]:
    """All broken limits of a state, worst first; of the given elements only, unless None.

    Loadings against a placeholder rating are passed over, voltages and reactive powers are in a DC solution: whoever
    calls says so in the coverage.
    """
    found = [*_voltages(solved, limits), *_overloads(solved, limits), *_units(solved)]
    ranked = sorted(found, key=lambda item: item.rank)
    return tuple(item.violation for item in ranked if elements is None or item.violation.element in elements)


def severity_of(depth: float) -> Severity:
    """Severity by depth in bands.

    >>> severity_of(0.4), severity_of(2.5)
    (<Severity.WARNING: 'warning'>, <Severity.EMERGENCY: 'emergency'>)
    """
    if depth < CRITICAL_DEPTH:
        return Severity.WARNING
    return Severity.CRITICAL if depth < EMERGENCY_DEPTH else Severity.EMERGENCY


def _voltages(solved: SolvedState, limits: OperatingLimits) -> Iterator[_Found]:
    if solved.model is FlowModel.DC:
        return
    vm_pu = np.where(solved.topology.energised, solved.net.res_bus.vm_pu.to_numpy(dtype=float), np.nan)
    sides: tuple[tuple[ViolationKind, LimitArray, NDArray[np.float64]], ...] = (
        (ViolationKind.UNDERVOLTAGE, limits.vm_min_pu, limits.vm_min_pu.value - vm_pu),
        (ViolationKind.OVERVOLTAGE, limits.vm_max_pu, vm_pu - limits.vm_max_pu.value),
    )
    for kind, limit, excess in sides:
        for position in np.flatnonzero(excess > VOLTAGE_TOLERANCE_PU):
            row = bus_row(solved, limits, int(solved.topology.buses[position]))
            assert row is not None  # noqa: S101 - an excess is not a number at a dead bus
            depth = float(excess[position]) / VOLTAGE_BAND_PU
            violation = Violation(
                element=row.element,
                case=solved.case,
                kind=kind,
                severity=severity_of(depth),
                vm_pu=row.vm_pu,
                vm_kv=row.vm_kv,
                limit_pu=float(limit.value[position]),
                basis=limit.basis[position],
            )
            yield _Found(violation, depth)


def _overloads(solved: SolvedState, limits: OperatingLimits) -> Iterator[_Found]:
    flows = solved.flows
    for key, loading in zip(flows.key, flows.loading_percent.tolist(), strict=True):
        if key in solved.placeholders or np.isnan(loading):
            continue
        at = limits.loading_percent[key[0]].at(key[1])
        if at is not None and loading > at[0] + LOADING_TOLERANCE_PERCENT:
            row = branch_row(solved, limits, *key)
            assert row is not None  # noqa: S101 - flows hold live branches only
            depth = (loading / at[0] - 1.0) / LOADING_BAND_SHARE
            violation = Violation(
                element=row.element,
                case=solved.case,
                kind=ViolationKind.OVERLOAD,
                severity=severity_of(depth),
                loading_percent=loading,
                limit_percent=at[0],
                i_ka=row.i_ka,
                rating_ka=row.rating_ka,
                basis=at[1],
            )
            yield _Found(violation, depth)


def _units(solved: SolvedState) -> Iterator[_Found]:
    for row in solved.units:
        yield from _unit(row)


def _unit(row: UnitState) -> Iterator[_Found]:
    p_limit = _passed(row.p_mw, row.min_p_mw, row.max_p_mw)
    if p_limit is not None:
        depth = power_depth(row.p_mw, p_limit, row.min_p_mw, row.max_p_mw)
        yield _Found(
            Violation(
                element=row.element,
                case=row.case,
                kind=ViolationKind.ACTIVE_POWER,
                severity=unit_severity(depth),
                p_mw=row.p_mw,
                limit_p_mw=p_limit,
                basis=GRID_MODEL,
            ),
            depth,
        )
    q_limit = None if row.q_mvar is None else _passed(row.q_mvar, row.min_q_mvar, row.max_q_mvar)
    if row.q_mvar is not None and q_limit is not None:
        depth = power_depth(row.q_mvar, q_limit, row.min_q_mvar, row.max_q_mvar)
        yield _Found(
            Violation(
                element=row.element,
                case=row.case,
                kind=ViolationKind.REACTIVE_POWER,
                severity=unit_severity(depth),
                q_mvar=row.q_mvar,
                limit_q_mvar=q_limit,
                basis=GRID_MODEL,
            ),
            depth,
        )


def _passed(value: float, low: float | None, high: float | None) -> float | None:
    """The limit that a power passes; None when it keeps both or they are missing."""
    if high is not None and value > high + POWER_TOLERANCE_MVA:
        return high
    return low if low is not None and value < low - POWER_TOLERANCE_MVA else None


def power_depth(value: float, limit: float, low: float | None, high: float | None) -> float:
    """Depth of a power beyond its limit, in bands of the unit's range."""
    whole = high - low if low is not None and high is not None and high > low else abs(limit)
    return abs(value - limit) / max(POWER_BAND_SHARE * whole, POWER_TOLERANCE_MVA)


def unit_severity(depth: float) -> Severity:
    """Severity of a unit beyond its limit by depth in bands."""
    return min(severity_of(depth), Severity.CRITICAL, key=lambda severity: severity.rank)
