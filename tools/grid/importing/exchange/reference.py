"""Which units are slacks: one for each part of the grid that alternating current joins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.grid.importing.exchange.places import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from pandapower import pandapowerNet
    from pypowsybl.network import Network


def set_references(net: pandapowerNet, network: Network) -> Iterator[str]:
    """Make the largest unit at the file's reference bus the slack, else the largest of its synchronous area."""
    view = network.get_bus_breaker_view_buses(all_attributes=True)
    named = view["bus_id"].isin(set(network.get_extensions("slackTerminal")["bus_id"])).to_numpy(dtype=bool)
    units = net.gen[net.gen["in_service"].astype(bool) & (net.gen["bus"] < len(view))]
    area = view["synchronous_component"].to_numpy()[units["bus"].to_numpy(dtype=int)]
    at_reference = named[units["bus"].to_numpy(dtype=int)]
    chosen = []
    for number in sorted(set(area[area >= 0])):
        own, preferred = units[area == number], units[(area == number) & at_reference]
        slack = _largest(own if preferred.empty else preferred)
        net.gen.loc[slack, "slack"] = True
        if preferred.empty:
            chosen.append(f"gen:{slack}")
    if chosen:
        listed = ", ".join(chosen)
        yield f"No reference that holds a voltage is named; the largest unit of each area became the slack: {listed}."
    dead = {int(number) for number in view["synchronous_component"]} - {int(number) for number in area}
    if dead:
        yield f"{len(dead)} parts of the grid have no unit that holds a voltage, and so no supply."


def _largest(units: pd.DataFrame) -> int:
    power = numbers(units, "p_mw")
    if "max_p_mw" in units:
        most = numbers(units, "max_p_mw")
        power = np.where(np.isnan(most), power, most)
    return int(units.index.to_numpy()[power.argmax()])
