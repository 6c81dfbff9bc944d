"""Lines to a boundary: the border node becomes a bus, with what flows across it or the line of the neighbour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pandapower.create import create_buses, create_gens, create_lines_from_parameters, create_loads

from tools.grid.importing.admittances import add_admittances
from tools.grid.importing.exchange.places import Places, complexes, connected, names, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray
    from pandapower import pandapowerNet
    from pypowsybl.network import Network

    from tools.grid.importing.exchange.ratings import Ratings


def add_boundary(net: pandapowerNet, network: Network, places: Places, ratings: Ratings) -> Iterator[str]:
    """Add lines to border nodes; the two halves of a tie line meet at one."""
    rows = network.get_boundary_lines(all_attributes=True)
    if not len(rows):
        return
    buses = places.buses(rows)
    vn_kv = places.vn_kv[buses]
    nodes = [tie or str(key) for key, tie in zip(rows.index, rows["tie_line_id"], strict=True)]
    first: dict[str, int] = {}
    for place, node in enumerate(nodes):
        first.setdefault(node, place)
    codes = [str(rows["pairing_key"].iloc[place]) or f"border of {node}" for node, place in first.items()]
    created = dict(zip(first, create_buses(net, len(first), vn_kv[list(first.values())], name=codes), strict=True))
    far = np.array([created[node] for node in nodes])
    mva = ratings.mva(rows, vn_kv, 0)
    create_lines_from_parameters(
        net,
        buses,
        far,
        length_km=1.0,
        r_ohm_per_km=numbers(rows, "r"),
        x_ohm_per_km=numbers(rows, "x"),
        c_nf_per_km=0.0,
        max_i_ka=mva / (np.sqrt(3) * vn_kv),
        max_loading_percent=100.0,
        name=names(rows),
        in_service=connected(rows),
    )
    charged = complexes(rows, "g", "b") != 0
    if charged.any():
        own = rows[charged]
        at_bus = complexes(own, "g", "b") * vn_kv[charged] ** 2
        add_admittances(net, buses[charged], at_bus, connected(own), [f"{name}, end 1" for name in names(own)])
        yield f"The charging of {len(own)} lines to a border stands at their inner ends, as shunts."
    _exchange(net, network, rows, far)
    alone = int((rows["tie_line_id"] == "").sum())
    if alone:
        yield f"{alone} lines end at a border; what flows across it in the file became loads there."


def _exchange(net: pandapowerNet, network: Network, rows: pd.DataFrame, far: NDArray[np.int64]) -> None:
    """What is drawn and fed in beyond border nodes that no neighbour is joined to."""
    alone = (rows["tie_line_id"] == "").to_numpy(dtype=bool)
    if not alone.any():
        return
    own, nodes = rows[alone], far[alone]
    power = numbers(own, "p0"), numbers(own, "q0")
    create_loads(net, nodes, *power, name=names(own), in_service=connected(own))
    fed = network.get_boundary_lines_generation(all_attributes=True)
    held = [str(key) for key in own.index if key in fed.index and bool(fed.at[key, "voltage_regulator_on"])]
    if held:
        at = np.array([nodes[list(own.index).index(key)] for key in held])
        kv = numbers(net.bus, "vn_kv")[at]
        units = fed.loc[held]
        create_gens(net, at, numbers(units, "target_p"), numbers(units, "target_v") / kv, name=names(own.loc[held]))
