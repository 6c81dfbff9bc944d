"""Load and generation by bus, so that what an outage cuts off is one sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pandapower import pandapowerNet


def demand_by_bus(net: pandapowerNet) -> NDArray[np.float64]:
    """Nominal demand (MW, scaled, in service) at each bus in table order: loads, wards, motors, charging storages."""
    return _by_bus(net, [(frame, power.clip(lower=0)) for frame, power in _drawn(net)])


def generation_by_bus(net: pandapowerNet) -> NDArray[np.float64]:
    """Set-points (MW, scaled, in service) of the units at each bus in table order, slack units left out."""
    units = net.gen[~net.gen.slack.astype(bool)]
    fed = [(frame, (frame.p_mw * frame.scaling).clip(lower=0)) for frame in (units, net.sgen)]
    fed += [(frame, (-power).clip(lower=0)) for frame, power in _drawn(net)]
    return _by_bus(net, fed)


def _drawn(net: pandapowerNet) -> list[tuple[pd.DataFrame, pd.Series[float]]]:
    motor = net.motor
    shaft = motor.pn_mech_mw * motor.loading_percent / motor.efficiency_percent * motor.scaling
    scaled = [(frame, frame.p_mw * frame.scaling) for frame in (net.load, net.storage)]
    wards = [(frame, frame.ps_mw + frame.pz_mw) for frame in (net.ward, net.xward)]
    return [*scaled, (motor, shaft), *wards]


def _by_bus(net: pandapowerNet, powers: list[tuple[pd.DataFrame, pd.Series[float]]]) -> NDArray[np.float64]:
    index = net.bus.index.to_numpy(dtype=np.int64)
    order = np.argsort(index)
    total = np.zeros(len(index))
    for frame, power in powers:
        serving = frame.in_service.to_numpy(dtype=bool)
        place = order[np.searchsorted(index, frame.bus.to_numpy(dtype=np.int64)[serving], sorter=order)]
        np.add.at(total, place, power.to_numpy(dtype=float)[serving])
    return total
