"""What draws power: loads, shunts, and the far ends of lines that leave the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pandapower.create import create_loads, create_shunts

from tools.grid.importing.exchange.places import Places, connected, names, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from pandapower import pandapowerNet
    from pypowsybl.network import Network


def add_loads(net: pandapowerNet, rows: pd.DataFrame, places: Places) -> None:
    """Loads of constant power."""
    if len(rows):
        power = numbers(rows, "p0"), numbers(rows, "q0")
        create_loads(net, places.buses(rows), *power, name=names(rows), in_service=connected(rows))


def add_shunts(net: pandapowerNet, network: Network, places: Places) -> Iterator[str]:
    """Shunt compensators with their sections; one of unequal sections stays as it stands."""
    rows = network.get_shunt_compensators(all_attributes=True)
    if not len(rows):
        return
    buses = places.buses(rows)
    linear = network.get_linear_shunt_compensator_sections()
    stepped = rows.index.isin(linear.index)
    section = linear.reindex(rows.index).fillna(0.0)  # a shunt without losses leaves its conductance out
    sections = np.where(stepped, numbers(rows, "section_count"), 1).astype(np.int64)
    per_step = [
        np.where(stepped, numbers(section, f"{part}_per_section"), numbers(rows, part)) * places.vn_kv[buses] ** 2
        for part in ("g", "b")
    ]
    create_shunts(
        net,
        buses,
        q_mvar=-per_step[1],
        p_mw=per_step[0],
        step=sections,
        vn_kv=places.vn_kv[buses],
        max_step=np.where(stepped, numbers(rows, "max_section_count"), 1).astype(np.int64),
        name=names(rows),
        in_service=connected(rows),
    )
    if not stepped.all():
        yield f"{int((~stepped).sum())} shunts of unequal sections stand as they are and cannot be switched in steps."
    if regulating := int(rows["voltage_regulation_on"].sum()):
        yield f"{regulating} shunts regulate a voltage in the file; here they stand as they are."
