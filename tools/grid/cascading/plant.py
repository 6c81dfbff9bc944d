"""Units and demand of a solved state, by bus of its matrix: what a cascade takes away piece by piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from tools.grid.screening.arrays import GridArrays

# An external grid without limits is a neighbouring system, so large that it holds the frequency of whoever has it.
NEIGHBOUR_MW = 1e6
_Unit = tuple[ElementKind, int, int, float, float, float, float, float]
# Output below which a unit in service counts as a synchronous condenser: it holds voltage, it has no governor.
LEAST_OUTPUT_MW = 1e-6


@dataclass(frozen=True)
class Plant:
    """Arrays over units and over the buses of the matrix.

    Attributes:
        kind, index: Table and index of each unit.
        bus: Its bus.
        p_mw: Output before the outages, within its limits.
        min_p_mw, max_p_mw: Its limits, widened to its output where that is outside.
        rated_mw: Power that its droop is read on; zero for a unit without governor.
        forming: Whether it can hold an island: generators and external grids, not static generators.
        q_mvar: Reactive output that goes with the unit; zero where the unit holds a voltage.
        demand_mva: Load in service at each bus, P + jQ, at nominal frequency.
        fixed_mva: All else that is fed in at each bus: negative loads, DC lines, power sources of equivalents.
    """

    kind: tuple[ElementKind, ...]
    index: NDArray[np.int64]
    bus: NDArray[np.int64]
    p_mw: NDArray[np.float64]
    min_p_mw: NDArray[np.float64]
    max_p_mw: NDArray[np.float64]
    rated_mw: NDArray[np.float64]
    forming: NDArray[np.bool_]
    q_mvar: NDArray[np.float64]
    demand_mva: NDArray[np.complex128]
    fixed_mva: NDArray[np.complex128]

    def find(self, kind: ElementKind, index: int) -> int | None:
        """Position of a unit; None when it is out of service or without supply."""
        for place in np.flatnonzero(self.index == index).tolist():
            if self.kind[place] is kind:
                return int(place)
        return None


def plant(net: pandapowerNet, arrays: GridArrays, *, lossless: bool) -> Plant:
    """The plant of a state that pandapower has just solved.

    Args:
        net: The solved net.
        arrays: Its matrices.
        lossless: For the DC approximation: what fed the losses is taken off the units at the reference.
    """
    place = dict(zip(arrays.bus_index.tolist(), arrays.bus_place.tolist(), strict=True))
    rows = [row for kind in (ElementKind.GEN, ElementKind.EXT_GRID, ElementKind.SGEN) for row in _units(net, kind)]
    rows = [(kind, index, place[bus], *rest) for kind, index, bus, *rest in rows if place[bus] >= 0]
    bus = np.array([row[2] for row in rows], dtype=np.int64)
    p, q, low, high, rated = (np.array([row[at] for row in rows], dtype=float) for at in range(3, 8))
    forming = np.array([row[0] is not ElementKind.SGEN for row in rows], dtype=bool)
    size = len(arrays.voltage)
    demand = _demand(net, place, size)
    fed = np.zeros(size, dtype=complex)
    np.add.at(fed, bus, p + 1j * q)
    fixed = arrays.injection * arrays.base_mva - fed + demand
    if lossless:
        p = _without_losses(p, bus, arrays, float(p.sum() + (fixed - demand).real.sum()))
    return Plant(
        kind=tuple(row[0] for row in rows),
        index=np.array([row[1] for row in rows], dtype=np.int64),
        bus=bus,
        p_mw=p,
        min_p_mw=np.minimum(low, p),
        max_p_mw=np.maximum(high, p),
        # a neighbouring system helps whatever it feeds now
        rated_mw=np.where((p > LEAST_OUTPUT_MW) | (rated >= NEIGHBOUR_MW), rated, 0.0),
        forming=forming,
        q_mvar=np.where(forming, 0.0, q),
        demand_mva=demand,
        fixed_mva=fixed,
    )


def _without_losses(
    p_mw: NDArray[np.float64], bus: NDArray[np.int64], arrays: GridArrays, losses_mw: float
) -> NDArray[np.float64]:
    at_reference = np.flatnonzero(np.isin(bus, arrays.reference))
    less = p_mw.copy()
    less[at_reference] -= losses_mw / max(len(at_reference), 1)
    return less


def _units(net: pandapowerNet, kind: ElementKind) -> list[_Unit]:
    """Kind, index, bus, P, Q, least and most P, rated power of the units in service."""
    frame, result = net[kind.value], net[f"res_{kind.value}"]
    found = []
    for at in np.flatnonzero(frame.in_service.to_numpy(dtype=bool)).tolist():
        p, q = float(result.p_mw.iat[at]), float(result.q_mvar.iat[at])
        if not np.isfinite(p):
            continue
        low, high = _limit(frame, "min_p_mw", at), _limit(frame, "max_p_mw", at)
        if kind is ElementKind.SGEN:
            # what the sun and the wind give: never more, less by its control above nominal frequency
            low, high = min(p, 0.0), p
        elif kind is ElementKind.EXT_GRID:
            low, high = (-np.inf if np.isnan(low) else low), (np.inf if np.isnan(high) else high)
        else:
            low, high = (min(p, 0.0) if np.isnan(low) else low), (p if np.isnan(high) else high)
        rated = NEIGHBOUR_MW if np.isinf(high) else max(high, p, 0.0)
        found.append((kind, int(frame.index[at]), int(frame.bus.iat[at]), p, q, low, high, rated))
    return found


def _limit(frame: pd.DataFrame, name: str, at: int) -> float:
    return float(frame[name].to_numpy(dtype=float)[at]) if name in frame else float("nan")


def _demand(net: pandapowerNet, place: dict[int, int], size: int) -> NDArray[np.complex128]:
    """Loads, motors, wards and charging storages; what feeds in is not demand and stays when load is shed."""
    total = np.zeros(size, dtype=complex)
    for frame, power in _drawn(net):
        for bus, in_service, drawn in zip(frame.bus, frame.in_service, power, strict=True):
            if in_service and place[int(bus)] >= 0 and drawn.real > 0:
                total[place[int(bus)]] += drawn
    return total


def _drawn(net: pandapowerNet) -> list[tuple[pd.DataFrame, NDArray[np.complex128]]]:
    drawn = []
    for table in ("load", "storage"):
        frame = net[table]
        scaling = frame.scaling.to_numpy(dtype=float)
        drawn.append((frame, scaling * (frame.p_mw.to_numpy(dtype=float) + 1j * frame.q_mvar.to_numpy(dtype=float))))
    motor = net.res_motor if len(net.motor) else None
    if motor is not None:
        drawn.append((net.motor, np.nan_to_num(motor.p_mw.to_numpy() + 1j * motor.q_mvar.to_numpy())))
    for table in ("ward", "xward"):
        frame = net[table]
        drawn.append((frame, frame.ps_mw.to_numpy(dtype=float) + 1j * frame.qs_mvar.to_numpy(dtype=float)))
    return drawn
