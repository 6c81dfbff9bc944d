"""Units that trip: what each feeds in, who picks up the MW that are lost, and which limits are left to watch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from numpy.typing import NDArray

    from tools.grid.screening.arrays import GridArrays
    from tools.grid.screening.units import UnitLimits
    from tools.grid.solve import SolvedState

UNIT_TABLES = ("gen", "sgen", "ext_grid")
_LIMITS = ("min_p_mw", "max_p_mw", "min_q_mvar", "max_q_mvar")
# A share of MW below this is no share: the spreading ends.
_SHARE_MW = 1e-9


@dataclass(frozen=True)
class Unit:
    """One unit in service with supply.

    Attributes:
        ref: The unit.
        bus: Its bus in the solved matrix.
        power_mva: P + jQ that it feeds in.
        limits: Lowest and highest MW, lowest and highest Mvar; infinite where there is none.
        holds_voltage: Whether it regulates its bus.
        balances: Whether it is a slack.
    """

    ref: ElementRef
    bus: int
    power_mva: complex
    limits: tuple[float, float, float, float]
    holds_voltage: bool
    balances: bool


def units_in_service(solved: SolvedState, arrays: GridArrays) -> dict[ElementRef, Unit]:
    """Every generator, static generator and external grid that can trip, in that order."""
    net = solved.net
    place = dict(zip(arrays.bus_index.tolist(), arrays.bus_place.tolist(), strict=True))
    found = {}
    for table in UNIT_TABLES:
        frame, result = net[table], net[f"res_{table}"]
        for index, bus, in_service in zip(frame.index, frame.bus, frame.in_service, strict=True):
            if not in_service or place[int(bus)] < 0:
                continue
            ref = element_ref(net, ElementKind(table), int(index))
            limits = [float(frame.at[index, name]) if name in frame else np.nan for name in _LIMITS]
            low_p, high_p, low_q, high_q = np.where(np.isnan(limits), (-np.inf, np.inf, -np.inf, np.inf), limits)
            found[ref] = Unit(
                ref=ref,
                bus=place[int(bus)],
                power_mva=complex(result.p_mw.at[index], result.q_mvar.at[index]),
                limits=(float(low_p), float(high_p), float(low_q), float(high_q)),
                holds_voltage=table != "sgen",
                balances=table == "ext_grid" or (table == "gen" and bool(frame.slack.at[index])),
            )
    return found


def picked_up_mw(units: Iterable[Unit], out: Collection[ElementRef]) -> dict[ElementRef, float]:
    """MW that each remaining unit adds for those that are out, in proportion to ``max_p_mw`` and up to it.

    Units without a highest MW, and static generators, do not take part. The slack takes its own share, what the others
    cannot take, and the change of the losses; it is not listed.
    """
    every = list(units)
    missing = sum(unit.power_mva.real for unit in every if unit.ref in out)
    taking = [unit for unit in every if unit.ref not in out and unit.holds_voltage and 0 < unit.limits[1] < np.inf]
    added = {unit.ref: 0.0 for unit in taking}
    while taking and missing > _SHARE_MW:
        weight = sum(unit.limits[1] for unit in taking)
        share = {unit.ref: missing * unit.limits[1] / weight for unit in taking}
        room = {unit.ref: max(unit.limits[1] - unit.power_mva.real - added[unit.ref], 0.0) for unit in taking}
        full = [unit for unit in taking if share[unit.ref] >= room[unit.ref]]
        for unit in full or taking:
            more = min(share[unit.ref], room[unit.ref])
            added[unit.ref] += more
            missing -= more
        if not full:
            break
        taking = [unit for unit in taking if unit not in full]
    balancing = {unit.ref for unit in every if unit.balances}
    return {ref: more for ref, more in added.items() if more > 0 and ref not in balancing}


def limits_without(
    limits: UnitLimits, units: Mapping[ElementRef, Unit], out: Collection[ElementRef], dark: NDArray[np.int64]
) -> UnitLimits:
    """The limits that remain to be watched.

    Args:
        limits: Those of the state before the outage.
        units: Its units.
        out: Units that are out; static generators among them change what else is fed in at their bus.
        dark: Buses of the matrix without supply, where nothing is watched.
    """
    bounds = [limits.p_min.copy(), limits.p_max.copy(), limits.q_min.copy(), limits.q_max.copy()]
    count, base = limits.units.copy(), limits.base.copy()
    gone = [units[ref] for ref in out]
    for unit in gone:
        if not unit.holds_voltage:
            base[limits.bus == unit.bus] += unit.power_mva
    for bus in {unit.bus for unit in gone if unit.holds_voltage} | set(dark.tolist()):
        column = np.flatnonzero(limits.bus == bus)
        left = [u for u in units.values() if u.bus == bus and u.holds_voltage and u.ref not in out]
        watched = bool(left) and bus not in dark
        for which, bound in enumerate(bounds):
            nothing = np.inf if which % 2 else -np.inf
            bound[column] = sum(unit.limits[which] for unit in left) if watched else nothing
        count[column] = len(left) if watched else 0
    p_min, p_max, q_min, q_max = bounds
    return replace(limits, base=base, units=count, p_min=p_min, p_max=p_max, q_min=q_min, q_max=q_max)
