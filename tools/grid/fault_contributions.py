"""What feeds a fault at a bus: the branches that end there, and the sources connected to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.grid.elements import element_ref
from tools.grid.fault_currents import TWO_PHASE, Calculation, branch_currents, has_converters
from tools.grid.schema.short_circuit import Contribution, FaultLevel, FaultType

if TYPE_CHECKING:
    from pandapower import pandapowerNet

_NOTHING_KA = 1e-6
# Bus column and prefix of results of each end of the branches whose currents pandapower gives as phasors.
_ENDS = {
    ElementKind.LINE: (("from_bus", "from"), ("to_bus", "to")),
    ElementKind.TRAFO: (("hv_bus", "hv"), ("lv_bus", "lv")),
}


def contributions(net: pandapowerNet, level: FaultLevel, how: Calculation) -> tuple[Contribution, ...]:
    """Lines and two-winding transformers at the bus, largest first, then the rest: sources and other branches there.

    Currents are phasors: what the rest feeds in is the fault's current less theirs. It is left out where converters
    feed in, whose current the standard adds to the fault by magnitude. Closed switches without impedance make several
    buses one.

    Args:
        net: Private copy with all data; pandapower writes its results into it.
        level: The fault, three-phase or two-phase.
        how: How it was calculated.
    """
    branch_currents(net, level.element.index, how)
    scale = TWO_PHASE if how.fault is FaultType.TWO_PHASE else 1.0
    found = {key: phasor * scale for key, phasor in _phasors(net, _fused(net, level.element.index))}
    total = level.ikss_ka
    rows = [
        Contribution(
            element=element_ref(net, *key),
            case=level.case,
            contribution_ka=abs(phasor),
            contribution_percent=abs(phasor) / total * 100.0,
        )
        for key, phasor in found.items()
        if abs(phasor) > _NOTHING_KA
    ]
    rows.sort(key=lambda row: -row.contribution_ka)
    angle = np.angle(1.0 / complex(level.rk_ohm, level.xk_ohm))
    rest = abs(total * np.exp(1j * angle) - sum(found.values()))
    if rest > 1e-4 * total and not has_converters(net, how):
        rows.append(
            Contribution(
                element=level.element, case=level.case, contribution_ka=rest, contribution_percent=rest / total * 100.0
            )
        )
    return tuple(rows)


def _phasors(net: pandapowerNet, buses: frozenset[int]) -> Iterator[tuple[tuple[ElementKind, int], complex]]:
    """Current of each branch into the fault, kA; a branch between two of the buses feeds nothing in."""
    for kind, ends in _ENDS.items():
        table, results = net[kind.value], net[f"res_{kind.value}_sc"]
        for index, row in table[table.in_service.astype(bool)].iterrows():
            here = [side for column, side in ends if int(row[column]) in buses]
            if len(here) == 1:
                size = float(results.at[index, f"ikss_{here[0]}_ka"])
                angle = float(results.at[index, f"ikss_{here[0]}_degree"])
                if np.isfinite(size) and np.isfinite(angle):
                    # pandapower counts into the branch, the fault is fed out of it
                    yield (kind, int(index)), -size * np.exp(1j * np.deg2rad(angle))


def _fused(net: pandapowerNet, bus: int) -> frozenset[int]:
    """The bus and those that closed switches without impedance make one with it."""
    closed = net.switch[(net.switch.et == "b") & net.switch.closed.astype(bool) & ~(net.switch.z_ohm > 0)]
    pairs = list(zip(closed.bus.astype(int), closed.element.astype(int), strict=True))
    found, grown = {bus}, True
    while grown:
        more = {b for a, b in pairs if a in found} | {a for a, b in pairs if b in found}
        grown = not more <= found
        found |= more
    return frozenset(found)
