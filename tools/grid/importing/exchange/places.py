"""Buses of an exchanged grid, and where the terminals of its elements are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pandapower.create import create_buses, create_switches

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pandapower import pandapowerNet
    from pypowsybl.network import Network


class Places:
    """Where terminals lie: the bus by its identifier, for a terminal without one the first of its voltage level.

    Attributes:
        vn_kv: Nominal voltage by bus index.
    """

    def __init__(self, net: pandapowerNet, buses: pd.DataFrame) -> None:
        self._index = dict(zip(buses.index, range(len(buses)), strict=True))
        levels = buses["voltage_level_id"].tolist()
        self._first = {level: place for place, level in reversed(list(enumerate(levels)))}
        self.vn_kv = numbers(net.bus, "vn_kv")

    def buses(self, rows: pd.DataFrame, side: str = "") -> NDArray[np.int64]:
        """Bus index of each row's terminal."""
        found = zip(rows[f"bus_breaker_bus{side}_id"], rows[f"voltage_level{side}_id"], strict=True)
        places = [self._index[bus] if bus in self._index else self._first[level] for bus, level in found]
        return np.array(places, dtype=np.int64)

    def bus(self, identifier: str) -> int | None:
        """Bus index of one identifier; None where it is not on record."""
        return self._index.get(identifier)


def names(rows: pd.DataFrame) -> list[str]:
    """The name of each element, its identifier where it has none."""
    return [str(name) or str(key) for key, name in zip(rows.index, rows["name"].fillna(""), strict=True)]


def numbers(rows: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """One column as numbers."""
    return np.asarray(rows[column], dtype=np.float64)


def complexes(rows: pd.DataFrame, real: str, imaginary: str) -> NDArray[np.complex128]:
    """Two columns as complex numbers."""
    return numbers(rows, real) + 1j * numbers(rows, imaginary)


def connected(rows: pd.DataFrame, side: str = "") -> NDArray[np.bool_]:
    """Whether each row's terminal is connected."""
    return np.asarray(rows[f"connected{side}"], dtype=np.bool_)


def add_buses(net: pandapowerNet, network: Network) -> Places:
    """Add the buses with the voltage limits of their levels, and the breakers and couplers between them."""
    buses = network.get_bus_breaker_view_buses(all_attributes=True)
    levels = network.get_voltage_levels(all_attributes=True).loc[buses["voltage_level_id"]]
    vn_kv = numbers(levels, "nominal_v")
    limits = {
        column: numbers(levels, source) / vn_kv
        for column, source in (("min_vm_pu", "low_voltage_limit"), ("max_vm_pu", "high_voltage_limit"))
        if levels[source].notna().any()
    }
    create_buses(net, len(buses), vn_kv, name=names(buses), zone=levels["substation_id"].tolist(), **limits)
    places = Places(net, buses)
    switches = network.get_switches(all_attributes=True)
    kept = switches[switches["bus_breaker_bus1_id"].astype(bool) & switches["bus_breaker_bus2_id"].astype(bool)]
    kept = kept[(kept["bus_breaker_bus1_id"] != kept["bus_breaker_bus2_id"]).to_numpy(dtype=bool)]
    if len(kept):
        ends = [[places.bus(bus) for bus in kept[f"bus_breaker_bus{side}_id"]] for side in (1, 2)]
        create_switches(net, ends[0], ends[1], "b", closed=~kept["open"].to_numpy(dtype=bool), name=names(kept))
    return places
