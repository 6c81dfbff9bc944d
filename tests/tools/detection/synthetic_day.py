"""A day of measurements of case39, made from pandapower's own solutions; the tests seed their faults into it.

The state is solved every hour and interpolated as complex voltages, so that Kirchhoff's laws hold exactly at
every minute; the powers follow from pandapower's admittance matrices.
"""

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
from tools.errors import GridUnavailableError
from tools.grid.grid import Grid
from tools.grid.importing.fingerprint import fingerprint
from tools.limits import LimitTable
from tools.telemetry.schema.sensor import Sensor, Side

START = datetime(2026, 3, 10, tzinfo=UTC)
MINUTES, KNOT_MIN = 1440, 60
BASE_MVA = 100.0
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
    """Load at each knot relative to the case, one column a load: a morning, an evening peak, ways of their own."""
    rng = np.random.default_rng(seed)
    hour = np.arange(0, MINUTES + KNOT_MIN, KNOT_MIN) / 60
    common = 0.68 + 0.12 * np.exp(-(((hour - 9) / 2.5) ** 2)) + 0.2 * np.exp(-(((hour - 19) / 2.5) ** 2))
    own = np.cumsum(rng.normal(0, 0.005, (len(hour), len(base_net().load))), axis=0)
    return common[:, None] * (1 + own)


@lru_cache(maxsize=4)
def solved_day(seed: int = 0, without_line: int | None = None) -> Truth:
    """A whole day without any fault.

    Args:
        seed: Of the load profile.
        without_line: A line that is out all day.
    """
    net = deepcopy(base_net())
    if without_line is not None:
        net.line.loc[without_line, "in_service"] = False
    shares = profile(seed)
    p_mw, q_mvar, gen = net.load.p_mw.copy(), net.load.q_mvar.copy(), net.gen.p_mw.copy()
    volts = []
    for share in shares:
        net.load["p_mw"], net.load["q_mvar"] = p_mw * share, q_mvar * share
        net.gen["p_mw"] = gen * share.mean()
        pp.runpp(net, init="results" if volts else "auto", calculate_voltage_angles=True)
        volts.append(net._ppc["internal"]["V"].copy())
    knots = np.arange(len(shares)) * float(KNOT_MIN)
    volt = CubicSpline(knots, np.array(volts))(np.arange(MINUTES))
    drawn = CubicSpline(knots, shares * (p_mw + 1j * q_mvar).to_numpy())(np.arange(MINUTES))
    made = [*_buses(net, volt, drawn), *_branches(net, volt), *_whole(drawn)]
    return Truth(tuple(sensor for sensor, _ in made), np.array([value for _, value in made]), deepcopy(base_net()))


def _sensor(name, kind, index, quantity, value, side=None) -> tuple[Sensor, np.ndarray]:
    noise = 0.001 if quantity == "vm" else max(0.003 * float(np.mean(np.abs(value))), 0.3)
    common = {"grid": "test", "period_s": 60, "stale_after_s": 300, "simulated": True}
    element = ElementRef(kind=kind, index=int(index))
    unit = {"vm": "pu", "p": "mw", "q": "mvar"}[quantity]
    sensor = Sensor(name=name, element=element, quantity=quantity, unit=unit, side=side, noise=noise, **common)
    return sensor, np.asarray(value, dtype=float)


def _powers(name, kind, index, power, side=None):
    tail = f"_{side}" if side else ""
    yield _sensor(f"{name}.p{tail}", kind, index, "p", power.real, side)
    yield _sensor(f"{name}.q{tail}", kind, index, "q", power.imag, side)


def _buses(net, volt, drawn):
    """Voltages and injections; at a bus with a unit the load is the profile's, and the unit feeds the rest."""
    lookup = net._pd2ppc_lookups["bus"]
    inject = (volt * np.conj(volt @ net._ppc["internal"]["Ybus"].T.toarray())).T * BASE_MVA
    loads = {int(bus): index for index, bus in net.load.bus.items()}
    units = {int(bus): (ElementKind.GEN, i) for i, bus in net.gen.bus.items()}
    units |= {int(bus): (ElementKind.EXT_GRID, i) for i, bus in net.ext_grid.bus.items()}
    for bus in net.bus.index:
        power = inject[lookup[bus]]
        yield _sensor(f"bus{bus}.vm", ElementKind.BUS, bus, "vm", np.abs(volt[:, lookup[bus]]))
        if bus in units:
            kind, index = units[bus]
            yield from _powers(f"{kind}{index}", kind, index, power + (drawn[:, loads[bus]] if bus in loads else 0))
        if bus in loads:
            load = drawn[:, loads[bus]] if bus in units else -power
            yield from _powers(f"load{loads[bus]}", ElementKind.LOAD, loads[bus], load)
    for index, bus, q_mvar in zip(net.shunt.index, net.shunt.bus, net.shunt.q_mvar, strict=True):
        value = q_mvar * np.abs(volt[:, lookup[bus]]) ** 2
        yield _sensor(f"shunt{index}.q", ElementKind.SHUNT, index, "q", value)


def _branches(net, volt):
    inner = net._ppc["internal"]
    live = net._ppc["branch"][:, 10].real > 0
    ends = []
    for matrix, column in ((inner["Yf"], 0), (inner["Yt"], 1)):
        bus = inner["branch"][:, column].real.astype(int)
        powers = np.zeros((len(live), MINUTES), dtype=complex)
        powers[live] = (volt[:, bus] * np.conj(volt @ matrix.T.toarray())).T * BASE_MVA
        ends.append(powers)
    branches = [(ElementKind.LINE, i, (Side.FROM, Side.TO)) for i in net.line.index]
    branches += [(ElementKind.TRAFO, i, (Side.HV, Side.LV)) for i in net.trafo.index]
    for place, (kind, index, sides) in enumerate(branches):
        for side, powers in zip(sides, ends, strict=True):
            yield from _powers(f"{kind}{index}", kind, index, powers[place], side)


def _whole(drawn):
    """Quantities of the whole grid: the sum of the loads, and the air, which nothing else implies."""
    hour = np.arange(MINUTES) / 60
    common = {"grid": "test", "period_s": 60, "simulated": True}
    yield Sensor(name="system.load", quantity="load", unit="mw", noise=15.0, **common), drawn.real.sum(axis=1)
    air = Sensor(name="ambient", quantity="ambient_temperature", unit="celsius", noise=0.2, **common)
    yield air, 8 + 5 * np.sin((hour - 9) / 24 * 2 * np.pi)


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
    """A source with one grid, whatever the time, or with none."""

    def __init__(self, net: pandapowerNet, *, known: bool) -> None:
        self._grid, self._known = Grid(name="test", fingerprint=fingerprint(net), net=net), known

    def grid(self, at: datetime | None = None) -> Grid:  # noqa: ARG002 - the protocol's parameter
        if not self._known:
            raise GridUnavailableError("there is no grid called 'test'")
        return self._grid


def context(truth: Truth, value: np.ndarray, *, known: bool = True) -> ToolContext:
    """What a tool sees: a NaN in the values is a reading that never came.

    Args:
        truth: Its grid is the one that the tool gets.
        value: Readings, sensor by minute.
        known: Whether the grid can be had.
    """
    held = []
    for sensor, row in zip(truth.sensors, value, strict=True):
        whole, keep = series(sensor, START, 60, row), np.isfinite(row)
        held.append(type(whole)(sensor, whole.at_us[keep], whole.value[keep], whole.quality[keep]))
    return ToolContext(
        grids=OneGrid(truth.net, known=known),
        limits=LimitTable(limits=()),
        clock=Clock(END, END),
        telemetry=MemoryTelemetry(*held),
    )
