"""Direct-current lines: what their converters feed in and draw on the alternating-current side.

Converter losses are a share of the power that passes; the line's are r (p / v)^2 at its nominal voltage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pandapower.create import create_sgens

from tools.grid.importing.exchange.places import Places, connected, names, numbers
from tools.grid.importing.exchange.units import add_converters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd
    from pandapower import pandapowerNet
    from pypowsybl.network import Network

_SIDE_1_RECTIFIES = "SIDE_1_RECTIFIER_SIDE_2_INVERTER"


def add_direct_current(net: pandapowerNet, network: Network, places: Places) -> Iterator[str]:
    """Add both ends of each direct-current line at its set-point."""
    lines = network.get_hvdc_lines(all_attributes=True)
    if not len(lines):
        return
    voltage_source = network.get_vsc_converter_stations(all_attributes=True)
    commutated = network.get_lcc_converter_stations(all_attributes=True)
    power = _fed_in(lines, _by_identifier(voltage_source, "loss_factor") | _by_identifier(commutated, "loss_factor"))
    if len(voltage_source):
        fed = np.array([power[str(key)] for key in voltage_source.index])
        yield from add_converters(net, voltage_source, places, fed)
    if len(commutated):
        fed = np.array([power[str(key)] for key in commutated.index])
        factor = numbers(commutated, "power_factor")
        # line-commutated converters draw reactive power whichever way the active power goes
        reactive = -np.abs(fed) * np.tan(np.arccos(np.clip(factor, -1, 1)))
        buses = places.buses(commutated)
        create_sgens(net, buses, fed, reactive, name=names(commutated), in_service=connected(commutated))
    yield (
        f"{len(lines)} direct-current lines became what their converters feed in and draw at the set-points; an outage "
        "of one is an outage of its converters."
    )


def _fed_in(lines: pd.DataFrame, loss_percent: Mapping[str, float]) -> dict[str, float]:
    """MW that each converter station feeds into its bus."""
    joined = connected(lines, "1") & connected(lines, "2")
    stations = zip(
        lines["converter_station1_id"], lines["converter_station2_id"], lines["converters_mode"], strict=True
    )
    values = zip(*(numbers(lines, column) for column in ("target_p", "r", "nominal_v")), joined, strict=True)
    power: dict[str, float] = {}
    for (first, second, mode), (target_mw, ohm, vn_kv, live) in zip(stations, values, strict=True):
        rectifier, inverter = (first, second) if mode == _SIDE_1_RECTIFIES else (second, first)
        drawn = target_mw if live else 0.0
        direct = drawn * (1 - loss_percent[rectifier] / 100)
        arriving = direct - ohm * (direct / vn_kv) ** 2
        power[rectifier] = -drawn
        power[inverter] = arriving * (1 - loss_percent[inverter] / 100)
    return power


def _by_identifier(rows: pd.DataFrame, column: str) -> dict[str, float]:
    return dict(zip(rows.index.astype(str), numbers(rows, column).tolist(), strict=True))
