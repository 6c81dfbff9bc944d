"""A pypowsybl network built element by element from a pandapower model, for its layouts.

pypowsybl's own converter puts all buses of one nominal voltage into one voltage level, which merges them in
every picture. Here each bus is a voltage level of its own, and buses joined by transformers share a substation,
as pypowsybl demands. The electrical parameters are nominal: layouts read the topology only, and no power flow
is ever run on this network.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
import pypowsybl.network as pn

from tools.element import ElementKind
from tools.grid.diagram.branches import Branch
from tools.grid.diagram.scope import Scope

if TYPE_CHECKING:
    from pandapower import pandapowerNet

_INJECTIONS = (ElementKind.LOAD, ElementKind.GEN, ElementKind.SGEN, ElementKind.EXT_GRID, ElementKind.SHUNT)
_TRANSFORMERS = (ElementKind.TRAFO, ElementKind.TRAFO3W)


def build_network(net: pandapowerNet, scope: Scope) -> pn.Network:
    """The part of the model inside ``scope``; every id is the canonical element, ``bus:12``."""
    network = pn.create_empty()
    substations = _substations(scope)
    network.create_substations(id=sorted(set(substations.values())))
    levels = [f"bus:{bus}" for bus in scope.buses]
    network.create_voltage_levels(
        id=levels,
        substation_id=[substations[bus] for bus in scope.buses],
        topology_kind=["BUS_BREAKER"] * len(levels),
        nominal_v=[float(net.bus.vn_kv.at[bus]) or 1.0 for bus in scope.buses],
    )
    network.create_buses(id=[_busbar(bus) for bus in scope.buses], voltage_level_id=levels)
    for kind in (ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W):
        chosen = [branch for branch in scope.branches if _drawn_as(branch.kind) is kind]
        if chosen:
            _CREATE[kind](network, net, chosen)
    return network


def add_injections(network: pn.Network, net: pandapowerNet, buses: Sequence[int]) -> None:
    """Loads, units and shunts at these buses, which a single-line diagram shows as feeders."""
    for kind in _INJECTIONS:
        table = net[kind.value]
        here = table[table.bus.isin(list(buses))]
        if here.empty:
            continue
        ids = [f"{kind}:{index}" for index in here.index]
        place = {
            "voltage_level_id": [f"bus:{bus}" for bus in here.bus],
            "bus_id": [_busbar(int(bus)) for bus in here.bus],
        }
        count = len(ids)
        if kind is ElementKind.LOAD:
            network.create_loads(id=ids, p0=[0.0] * count, q0=[0.0] * count, **place)
        elif kind is ElementKind.SHUNT:
            _create_shunts(network, ids, place)
        else:
            network.create_generators(
                id=ids,
                min_p=[0.0] * count,
                max_p=[1.0] * count,
                target_p=[0.0] * count,
                target_q=[0.0] * count,
                voltage_regulator_on=[False] * count,
                **place,
            )


def _busbar(bus: int) -> str:
    return f"busbar:{bus}"


def _drawn_as(kind: ElementKind) -> ElementKind:
    """Impedances, DC lines and bus couplers lie in a layout as lines do."""
    return kind if kind in _TRANSFORMERS else ElementKind.LINE


def _substations(scope: Scope) -> dict[int, str]:
    """Substation of each bus: the group of buses that transformers connect, named after its lowest bus."""
    root = {bus: bus for bus in scope.buses}

    def find(bus: int) -> int:
        while root[bus] != bus:
            bus = root[bus]
        return bus

    for branch in scope.branches:
        if branch.kind in _TRANSFORMERS:
            ends = sorted(find(bus) for bus in branch.buses)
            for end in ends:
                root[end] = ends[0]
    return {bus: f"substation:{find(bus)}" for bus in scope.buses}


def _ends(branches: Sequence[Branch], side: int) -> dict[str, list[str]]:
    return {
        f"voltage_level{side + 1}_id": [f"bus:{branch.buses[side]}" for branch in branches],
        f"bus{side + 1}_id": [_busbar(branch.buses[side]) for branch in branches],
    }


def _lines(network: pn.Network, _: pandapowerNet, branches: Sequence[Branch]) -> None:
    one, zero = [1.0] * len(branches), [0.0] * len(branches)
    network.create_lines(
        id=[str(branch) for branch in branches],
        r=zero,
        x=one,
        g1=zero,
        b1=zero,
        g2=zero,
        b2=zero,
        **_ends(branches, 0),
        **_ends(branches, 1),
    )


def _transformers(network: pn.Network, net: pandapowerNet, branches: Sequence[Branch]) -> None:
    one, zero = [1.0] * len(branches), [0.0] * len(branches)
    rated = {
        f"rated_u{side + 1}": [float(net.bus.vn_kv.at[branch.buses[side]]) or 1.0 for branch in branches]
        for side in range(2)
    }
    network.create_2_windings_transformers(
        id=[str(branch) for branch in branches],
        r=zero,
        x=one,
        g=zero,
        b=zero,
        **rated,
        **_ends(branches, 0),
        **_ends(branches, 1),
    )


def _three_winding(network: pn.Network, net: pandapowerNet, branches: Sequence[Branch]) -> None:
    columns: dict[str, list[float] | list[str]] = {"rated_u0": [1.0] * len(branches)}
    for side in range(3):
        columns |= _ends(branches, side)
        columns |= {
            f"{name}{side + 1}": [value] * len(branches)
            for name, value in zip("rxgb", (0.0, 1.0, 0.0, 0.0), strict=True)
        }
        columns[f"rated_u{side + 1}"] = [float(net.bus.vn_kv.at[branch.buses[side]]) or 1.0 for branch in branches]
    network.create_3_windings_transformers(id=[str(branch) for branch in branches], **columns)


def _create_shunts(network: pn.Network, ids: list[str], place: dict[str, list[str]]) -> None:
    shunts = pd.DataFrame({"id": ids, **place, "model_type": "LINEAR", "section_count": 1}).set_index("id")
    models = pd.DataFrame({"id": ids, "g_per_section": 0.0, "b_per_section": 1.0, "max_section_count": 1}).set_index(
        "id"
    )
    network.create_shunt_compensators(shunts, linear_model_df=models)


_CREATE = {ElementKind.LINE: _lines, ElementKind.TRAFO: _transformers, ElementKind.TRAFO3W: _three_winding}
