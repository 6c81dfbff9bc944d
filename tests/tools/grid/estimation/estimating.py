"""Full telemetry of a solved pandapower net: voltages, injections and flows at both ends of every branch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pandapower as pp
import pandapower.networks as nw

from tests.tools.memory_sources import MemoryTelemetry, series
from tools.context import Clock, ToolContext
from tools.element import ElementKind, ElementRef
from tools.grid.grid import Grid
from tools.grid.schema.estimation import EstimateStateArguments
from tools.limits import LimitTable
from tools.telemetry.schema.sensor import Sensor, Side

ALL = EstimateStateArguments(limit=100)
AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
_ENDS = {"line": ("from", "to"), "trafo": ("hv", "lv"), "trafo3w": ("hv", "lv"), "impedance": ("from", "to")}
_COLUMNS = {"p": "p_mw", "q": "q_mvar"}
_UNITS = {"p": "mw", "q": "mvar", "vm": "pu", "va": "degree", "i": "ka"}


@dataclass(frozen=True)
class Meter:
    """A sensor with its true value."""

    sensor: Sensor
    true: float


def meter(net, kind, index, quantity, side=None, noise=None, **more) -> Meter:
    """One sensor at an element, its truth from pandapower's result table."""
    tail = f"_{side}" if side else ""
    if quantity in _COLUMNS:
        unit = _COLUMNS[quantity].split("_")[1]
        column = f"{quantity}{tail}_{unit}"
    else:
        column = f"i{tail}_ka" if quantity == "i" else {"vm": "vm_pu", "va": "va_degree"}[quantity]
    true = float(net[f"res_{kind}"].at[index, column])
    sensor = Sensor(
        name=f"{kind}{index}.{quantity}{tail}",
        element=ElementRef(kind=ElementKind(kind), index=index, name=""),
        quantity=quantity,
        unit=_UNITS[quantity],
        side=Side(side) if side else None,
        period_s=60,
        noise=noise,
        **more,
    )
    return Meter(sensor, true)


def full_set(net, sigma_mw=0.5, sigma_pu=0.003, share=0.01) -> list[Meter]:
    """Everything a well equipped control room measures of a solved net."""
    found = [
        meter(net, "bus", index, "vm", noise=sigma_pu) for index in net.bus.index if net.res_bus.vm_pu.notna()[index]
    ]
    for kind in ("load", "gen", "sgen", "ext_grid"):
        found += _powers(net, kind, None, sigma_mw, share)
    for kind, sides in _ENDS.items():
        for side in sides:
            found += _powers(net, kind, side, sigma_mw, share)
    return found


def _powers(net, kind, side, sigma_mw, share):
    found = []
    for index in net[kind].index[net[kind].in_service.astype(bool)]:
        for quantity in ("p", "q"):
            one = meter(net, kind, int(index), quantity, side)
            noise = max(sigma_mw, share * abs(one.true))
            found.append(Meter(one.sensor.model_copy(update={"noise": noise}), one.true))
    return found


def noisy(meters, seed, **errors):
    """Readings with noise as declared; ``errors`` add so many standard errors to a sensor."""
    rng = np.random.default_rng(seed)
    return [one.true + one.sensor.noise * (rng.standard_normal() + errors.get(one.sensor.name, 0.0)) for one in meters]


def telemetry(meters, values=None, start=AT, **quality) -> MemoryTelemetry:
    """One reading of each sensor; exact when no values are given."""
    values = [one.true for one in meters] if values is None else values
    return MemoryTelemetry(
        *(
            series(one.sensor, start, 60, [value], [quality[one.sensor.name]] if one.sensor.name in quality else None)
            for one, value in zip(meters, values, strict=True)
        )
    )


class _OneGrid:
    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    def grid(self, at=None):  # noqa: ARG002 - the protocol's parameter
        return self._grid


def context(grid: Grid, held: MemoryTelemetry) -> ToolContext:
    """A grid whose topology is its model's, with these readings."""
    return ToolContext(
        grids=_OneGrid(grid), limits=LimitTable(limits=()), clock=Clock(as_of=AT, known_until=AT), telemetry=held
    )


def solved(name, **options):
    net = getattr(nw, name)()
    pp.runpp(net, tolerance_mva=1e-10, max_iteration=50, calculate_voltage_angles=True, **options)
    return net


def names(row):
    return [str(sensor) for sensor in row.sensors]


def worst_voltage_error(net, result):
    return max(
        max(
            abs(row.vm_pu - net.res_bus.vm_pu[row.element.index]),
            abs(np.angle(np.exp(1j * np.deg2rad(row.va_degree - net.res_bus.va_degree[row.element.index])))),
        )
        for row in result.buses
    )
