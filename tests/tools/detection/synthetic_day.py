"""A day of measurements of case39, made from pandapower's own solutions; the tests seed their faults into it.

The state is solved every ten minutes and interpolated as complex voltages, so that Kirchhoff's laws hold exactly at
every minute; the powers follow from pandapower's admittance matrices.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
import pandapower as pp
import pandapower.networks as pn
from pandapower import pandapowerNet
from scipy.interpolate import CubicSpline

from tests.tools.memory_sources import MemoryTelemetry, series
from tools.context import Clock, ToolContext
from tools.element import ElementKind, ElementRef
from tools.grid.grid import Grid
from tools.limits import LimitTable
from tools.telemetry.schema.sensor import Sensor, Side

START = datetime(2026, 3, 10, tzinfo=UTC)
MINUTES = 1440
END = datetime(2026, 3, 10, 23, 59, tzinfo=UTC)


@lru_cache(maxsize=1)
def base_net() -> pandapowerNet:
    net = pn.case39()
    pp.create_shunt(net, 3, q_mvar=-60.0, name="shunt")
    return net


@dataclass(frozen=True, eq=False)
class Truth:
    """What is really there: one array a sensor."""

    sensors: tuple[Sensor, ...]
    value: np.ndarray
    net: pandapowerNet = field(repr=False)

    def row(self, name: str) -> int:
        return next(row for row, sensor in enumerate(self.sensors) if sensor.name == name)


def profile(seed: int) -> np.ndarray:
    """Load by moment (every ten minutes) relative to the case, one column a load: a morning, an evening peak."""
    rng = np.random.default_rng(seed)
    hour = np.arange(0, MINUTES + 10, 10) / 60
    common = 0.68 + 0.12 * np.exp(-(((hour - 9) / 2.5) ** 2)) + 0.2 * np.exp(-(((hour - 19) / 2.5) ** 2))
    loads = len(base_net().load)
    slow = np.cumsum(rng.normal(0, 0.003, (len(hour), loads)), axis=0)
    return common[:, None] * (1 + slow)


@lru_cache(maxsize=4)
def solved_day(seed: int = 0, change: Callable[[pandapowerNet], None] | None = None) -> Truth:
    """A whole day without any fault.

    Args:
        seed: Of the load profile.
        change: Done to the grid before the day, such as taking a line out.
    """
    net = deepcopy(base_net())
    if change:
        change(net)
    shares = profile(seed)
    p_mw, q_mvar, gen = net.load.p_mw.copy(), net.load.q_mvar.copy(), net.gen.p_mw.copy()
    volts = []
    for share in shares:
        net.load["p_mw"], net.load["q_mvar"] = p_mw * share, q_mvar * share
        net.gen["p_mw"] = gen * share.mean()
        pp.runpp(net, init="results" if volts else "auto", calculate_voltage_angles=True)
        volts.append(net._ppc["internal"]["V"].copy())
    knots = np.arange(len(shares)) * 10.0
    volt = CubicSpline(knots, np.array(volts))(np.arange(MINUTES))
    loads = CubicSpline(knots, shares)(np.arange(MINUTES))
    return _truth(net, volt, loads * p_mw.to_numpy(), loads * q_mvar.to_numpy())


def _truth(net: pandapowerNet, volt: np.ndarray, load_p: np.ndarray, load_q: np.ndarray) -> Truth:
    inner, base = net._ppc["internal"], 100.0
    lookup = net._pd2ppc_lookups["bus"]
    live = net._ppc["branch"][:, 10].real > 0
    flow = {}
    for end, matrix, column in (("f", inner["Yf"], 0), ("t", inner["Yt"], 1)):
        bus = inner["branch"][:, column].real.astype(int)
        powers = np.zeros((len(live), MINUTES), dtype=complex)
        powers[live] = (volt[:, bus] * np.conj(volt @ matrix.T.toarray())).T * base
        flow[end] = powers
    inject = (volt * np.conj(volt @ inner["Ybus"].T.toarray())).T * base
    made: list[tuple[Sensor, np.ndarray]] = []

    def add(name, kind, index, quantity, unit, value, side=None, floor=0.3):
        typical = float(np.mean(np.abs(value)))
        noise = 0.001 if unit == "pu" else max(0.003 * typical, floor)
        element = ElementRef(kind=kind, index=int(index))
        made.append(
            (
                Sensor(
                    name=name,
                    grid="test",
                    element=element,
                    quantity=quantity,
                    unit=unit,
                    side=side,
                    period_s=60,
                    stale_after_s=300,
                    noise=noise,
                    simulated=True,
                ),
                np.asarray(value, dtype=float),
            )
        )

    shunt_q = {int(bus): float(q) for bus, q in zip(net.shunt.bus, net.shunt.q_mvar, strict=True)}
    at_load = {int(bus): number for number, bus in enumerate(net.load.bus)}
    units = {int(bus): (ElementKind.GEN, i) for i, bus in net.gen.bus.items()}
    units |= {int(bus): (ElementKind.EXT_GRID, i) for i, bus in net.ext_grid.bus.items()}
    for bus in net.bus.index:
        power = inject[lookup[bus]]
        add(f"bus{bus}.vm", ElementKind.BUS, bus, "vm", "pu", np.abs(volt[:, lookup[bus]]))
        if bus in units:
            kind, index = units[bus]
            drawn = 0.0
            if bus in at_load:
                drawn = load_p[:, at_load[bus]] + 1j * load_q[:, at_load[bus]]
            add(f"{kind}{index}.p", kind, index, "p", "mw", (power + drawn).real)
            add(f"{kind}{index}.q", kind, index, "q", "mvar", (power + drawn).imag)
        if bus in at_load:
            number = at_load[bus]
            drawn = load_p[:, number] + 1j * load_q[:, number] if bus in units else -power
            add(f"load{number}.p", ElementKind.LOAD, number, "p", "mw", drawn.real)
            add(f"load{number}.q", ElementKind.LOAD, number, "q", "mvar", drawn.imag)
        if bus in shunt_q:
            value = shunt_q[bus] * np.abs(volt[:, lookup[bus]]) ** 2
            add("shunt0.q", ElementKind.SHUNT, 0, "q", "mvar", value)
    branches = [(ElementKind.LINE, i, (Side.FROM, Side.TO)) for i in net.line.index]
    branches += [(ElementKind.TRAFO, i, (Side.HV, Side.LV)) for i in net.trafo.index]
    for place, (kind, index, sides) in enumerate(branches):
        for side, end in zip(sides, ("f", "t"), strict=True):
            for quantity, unit, value in (("p", "mw", flow[end][place].real), ("q", "mvar", flow[end][place].imag)):
                add(f"{kind}{index}.{quantity}_{side}", kind, index, quantity, unit, value, side)
    whole = Sensor(name="system.load", grid="test", quantity="load", unit="mw", period_s=60, noise=15.0, simulated=True)
    made.append((whole, sum(value for sensor, value in made if sensor.name.startswith("load") and sensor.unit == "mw")))
    hour = np.arange(MINUTES) / 60
    ambient = Sensor(
        name="ambient",
        grid="test",
        quantity="ambient_temperature",
        unit="celsius",
        period_s=60,
        noise=0.2,
        simulated=True,
    )
    made.append((ambient, 8 + 5 * np.sin((hour - 9) / 24 * 2 * np.pi)))
    return Truth(tuple(sensor for sensor, _ in made), np.array([value for _, value in made]), deepcopy(base_net()))


def switched(before: Truth, after: Truth, minutes: slice) -> Truth:
    """A day with another state for a time; noise stays that of the first."""
    value = before.value.copy()
    value[:, minutes] = after.value[:, minutes]
    return replace(before, value=value)


def measured(truth: Truth, seed: int) -> np.ndarray:
    """The true values with each sensor's noise."""
    rng = np.random.default_rng(seed)
    noise = np.array([sensor.noise for sensor in truth.sensors])
    return truth.value + rng.normal(size=truth.value.shape) * noise[:, None]


class OneGrid:
    """A source with one grid, whatever the time."""

    def __init__(self, net: pandapowerNet) -> None:
        self._grid = Grid(name="test", fingerprint="a" * 64, net=net)

    def grid(self, at: datetime | None = None) -> Grid:  # noqa: ARG002 - the protocol's parameter
        return self._grid


def context(truth: Truth, value: np.ndarray, without: Sequence[str] = ()) -> ToolContext:
    """What a tool sees: a NaN in the values is a reading that never came."""
    held = []
    for sensor, row in zip(truth.sensors, value, strict=True):
        if sensor.name not in without:
            whole = series(sensor, START, 60, row)
            keep = np.isfinite(row)
            held.append(type(whole)(sensor, whole.at_us[keep], whole.value[keep], whole.quality[keep]))
    return ToolContext(
        grids=OneGrid(truth.net),
        limits=LimitTable(limits=()),
        clock=Clock(END, END),
        telemetry=MemoryTelemetry(*held),
    )
