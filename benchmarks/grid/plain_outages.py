"""Single outages in a loop over plain pandapower, written without a line of the tools that it judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandapower as pp
from pandapower.topology import unsupplied_buses

from benchmarks.grid.plain_rule4 import moved_slack

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

TABLES = ("line", "trafo")
TOLERANCE_MVA, MAX_ITERATIONS = 1e-8, 30


@dataclass(frozen=True)
class PlainOutage:
    """One outage by pandapower alone.

    Attributes:
        voltage: Complex, pu, by bus in table order; zero without supply. None where no start converges.
        loading: Percent, by line and then by transformer in table order; zero without supply. None likewise.
        dead: Buses without supply, in table order.
        moved: Whether the balance was moved to another unit.
    """

    voltage: NDArray[np.complex128] | None
    loading: NDArray[np.float64] | None
    dead: NDArray[np.bool_]
    moved: bool


class PlainLoop:
    """A grid of its own, solved before any outage; each outage is undone before the next.

    Where an outage leaves the slack with nothing but its bus, pandapower "solves" that one bus: the balance is moved to
    the largest unit by hand.
    """

    def __init__(self, net: pandapowerNet) -> None:
        self._net = net
        pp.runpp(net, tolerance_mva=TOLERANCE_MVA, max_iteration=MAX_ITERATIONS, init="dc", lightsim2grid=False)
        vm_pu, va_degree = net.res_bus.vm_pu.fillna(1.0).to_numpy(), net.res_bus.va_degree.fillna(0.0).to_numpy()
        start = {"init_vm_pu": vm_pu, "init_va_degree": va_degree}
        self._starts: tuple[dict[str, object], ...] = (start, {"init": "dc"}, {"init": "flat"})

    def out(self, table: str, index: int) -> PlainOutage:
        """Take one line or transformer out."""
        net = self._net
        net[table].at[index, "in_service"] = False
        dead = unsupplied_buses(net)
        here = moved_slack(net) if dead else net
        if here is not net:
            dead = unsupplied_buses(here)
        solved = any(self._converges(here, start) for start in self._starts)
        net[table].at[index, "in_service"] = True
        voltage = _voltage(here) if solved else None
        loading = _loading(here) if solved else None
        return PlainOutage(voltage, loading, np.isin(net.bus.index, list(dead)), here is not net)

    def _converges(self, net: pandapowerNet, start: dict[str, object]) -> bool:
        try:
            pp.runpp(net, tolerance_mva=TOLERANCE_MVA, max_iteration=MAX_ITERATIONS, lightsim2grid=False, **start)
        except pp.LoadflowNotConverged:
            return False
        return True


def _voltage(net: pandapowerNet) -> NDArray[np.complex128]:
    magnitude, angle = net.res_bus.vm_pu.to_numpy(), np.deg2rad(net.res_bus.va_degree.to_numpy())
    return np.nan_to_num(magnitude * np.exp(1j * angle))


def _loading(net: pandapowerNet) -> NDArray[np.float64]:
    return np.nan_to_num(np.concatenate([net[f"res_{table}"].loading_percent.to_numpy() for table in TABLES]))
