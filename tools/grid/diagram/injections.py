"""Outputs and demands at the busbars of a single-line diagram."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import isnan
from typing import TYPE_CHECKING

from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref
from tools.grid.schema.common import LoadState, UnitState
from tools.grid.state import State

if TYPE_CHECKING:
    from pandapower import pandapowerNet

_UNITS = (ElementKind.EXT_GRID, ElementKind.GEN)
_LOADS = (ElementKind.LOAD, ElementKind.SGEN, ElementKind.SHUNT)


def unit_rows(state: State, buses: Collection[int]) -> tuple[UnitState, ...]:
    """Grid connections and units in service at these buses, as solved."""
    return tuple(
        UnitState(element=element, case=state.case, p_mw=p_mw, q_mvar=q_mvar)
        for element, p_mw, q_mvar in _solved(state.net, _UNITS, buses)
    )


def load_rows(state: State, buses: Collection[int]) -> tuple[LoadState, ...]:
    """Loads, static generators and shunts in service at these buses, as solved."""
    return tuple(
        LoadState(element=element, case=state.case, p_mw=p_mw, q_mvar=q_mvar)
        for element, p_mw, q_mvar in _solved(state.net, _LOADS, buses)
    )


def infeed_buses(net: pandapowerNet) -> frozenset[int]:
    """Buses with a grid connection, a unit or a static generator in service."""
    tables = (net[kind.value] for kind in (*_UNITS, ElementKind.SGEN))
    return frozenset(int(bus) for rows in tables for bus in rows.bus[rows.in_service.astype(bool)])


def _solved(
    net: pandapowerNet, kinds: Collection[ElementKind], buses: Collection[int]
) -> Iterator[tuple[ElementRef, float, float]]:
    for kind in kinds:
        rows, results = net[kind.value], net[f"res_{kind}"]
        for index in rows.index[rows.bus.isin(list(buses)) & rows.in_service.astype(bool)]:
            p_mw, q_mvar = float(results.p_mw.at[index]), float(results.q_mvar.at[index])
            if not (isnan(p_mw) or isnan(q_mvar)):
                yield element_ref(net, kind, int(index)), p_mw, q_mvar
