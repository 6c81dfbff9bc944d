"""What fresh, good readings tell of each bus: voltage, none, or a flow that needs one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite, sqrt
from typing import TYPE_CHECKING

from tools.element import ElementKind
from tools.grid.connectivity import BRANCH_TERMINALS
from tools.telemetry.moments import from_us, to_us
from tools.telemetry.series import QUALITIES
from tools.vocabulary import ReadingQuality

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pandapower import pandapowerNet

    from tools.telemetry.schema.sensor import Sensor
    from tools.telemetry.series import Series
    from tools.telemetry.sources import TelemetrySource

NO_VOLTAGE_SHARE = 0.05
"""EN 50160:2010, definition of an interruption: less than 5 % of the reference voltage."""
LOOK_BACK = timedelta(days=1)
_FLOW_SIGMA = 4.0  # standard errors beyond which a flow is one
_FLOW_SHARE = 0.02  # of the branch or the load, where no error is declared
_GOOD = QUALITIES.index(ReadingQuality.GOOD)
_KV = {"kv": 1.0, "v": 1e-3}
_FLOWS = frozenset({"p", "q", "i"})
_INJECTIONS = (ElementKind.LOAD, ElementKind.GEN, ElementKind.SGEN, ElementKind.EXT_GRID, ElementKind.STORAGE)
_HOLDING = (ElementKind.GEN, ElementKind.EXT_GRID)


@dataclass
class Witness:
    """What is told of one bus.

    Attributes:
        dead: Sensors that read no voltage.
        alive: Sensors that read a voltage.
        flowing: Sensors of a flow at the bus that is none without voltage.
    """

    dead: list[Sensor] = field(default_factory=list)
    alive: list[Sensor] = field(default_factory=list)
    flowing: list[Sensor] = field(default_factory=list)

    @property
    def disputed(self) -> bool:
        """Whether its own readings disagree."""
        return bool(self.dead and (self.alive or self.flowing))


@dataclass(frozen=True)
class Testimony:
    """What is told of all buses.

    Attributes:
        by_bus: Witnesses by bus index; a bus of which nothing tells is not among them.
        unusable: Voltage sensors whose reading is stale, missing or not good.
        simulated: Whether any reading was made up.
    """

    by_bus: Mapping[int, Witness]
    unusable: int
    simulated: bool

    @property
    def dead(self) -> frozenset[int]:
        """Buses that have no voltage by all that is read there."""
        return frozenset(bus for bus, found in self.by_bus.items() if found.dead and not found.disputed)

    @property
    def alive(self) -> frozenset[int]:
        """Buses that have voltage by all that is read there."""
        return frozenset(bus for bus, found in self.by_bus.items() if not found.dead)


def testimony(net: pandapowerNet, telemetry: TelemetrySource | None, at: datetime) -> Testimony:
    """Ask every sensor of a voltage or a flow at a time."""
    sensors = [] if telemetry is None else [sensor for sensor in telemetry.sensors() if sensor.element is not None]
    volts = {sensor.name: buses for sensor in sensors if (buses := _voltage_buses(net, sensor))}
    flows = {sensor.name: buses for sensor in sensors if (buses := _flow_buses(net, sensor))}
    newest = {} if telemetry is None else telemetry.latest(sorted(volts | flows), at)
    found: dict[int, Witness] = defaultdict(Witness)
    unusable, simulated = 0, False
    for name, series in newest.items():
        value = _usable(series, at)
        if value is None:
            unusable += name in volts
            continue
        simulated = simulated or series.sensor.simulated
        if name in volts:
            share = abs(value) * _to_pu(net, series.sensor, volts[name][0])
            told = "dead" if share < NO_VOLTAGE_SHARE else "alive"
        elif abs(value) > _least_flow(net, series.sensor):
            told = "flowing"
        else:
            continue
        for bus in volts.get(name, ()) or flows[name]:
            getattr(found[bus], told).append(series.sensor)
    return Testimony(dict(found), unusable, simulated)


def interval(
    net: pandapowerNet, telemetry: TelemetrySource, sensors: Iterable[Sensor], at: datetime
) -> tuple[datetime | None, datetime | None]:
    """Between which readings the voltage went: the last with it at any of the sensors, and the first without."""
    names = sorted(sensor.name for sensor in sensors)
    last_alive: int | None = None
    first_dead: int | None = None
    for series in telemetry.series(names, at - LOOK_BACK, at).values():
        factor = _to_pu(net, series.sensor, _voltage_buses(net, series.sensor)[0])
        with_voltage = (series.quality == _GOOD) & (abs(series.value) * factor >= NO_VOLTAGE_SHARE)
        if not with_voltage.any():
            continue
        place = int(with_voltage.nonzero()[0][-1])
        last_alive = max(last_alive or 0, int(series.at_us[place]))
        if place + 1 < len(series):
            first_dead = min(first_dead or int(series.at_us[-1]), int(series.at_us[place + 1]))
    return (
        None if last_alive is None else from_us(last_alive),
        None if first_dead is None else from_us(first_dead),
    )


def _usable(series: Series, at: datetime) -> float | None:
    """The newest reading where it is fresh and good."""
    if not len(series) or series.quality[-1] != _GOOD or not isfinite(series.value[-1]):
        return None
    age_s = (to_us(at) - int(series.at_us[-1])) / 1e6
    return float(series.value[-1]) if age_s <= series.sensor.stale_after_s else None


def _voltage_buses(net: pandapowerNet, sensor: Sensor) -> tuple[int, ...]:
    """The bus whose voltage a sensor reads; none for another sensor."""
    element = sensor.element
    if element is None or sensor.quantity != "vm" or sensor.unit not in {"pu", *_KV}:
        return ()
    if element.kind is ElementKind.BUS:
        return (element.index,) if element.index in net.bus.index else ()
    if element.kind in _HOLDING and element.index in net[element.kind.value].index:
        return (int(net[element.kind.value].at[element.index, "bus"]),)
    return ()


def _to_pu(net: pandapowerNet, sensor: Sensor, bus: int) -> float:
    """What turns a voltage sensor's reading into a share of the nominal voltage."""
    return 1.0 if sensor.unit == "pu" else _KV[sensor.unit] / float(net.bus.at[bus, "vn_kv"])


def _flow_buses(net: pandapowerNet, sensor: Sensor) -> tuple[int, ...]:
    """The buses that must have voltage where a sensor reads a flow."""
    element = sensor.element
    if element is None or sensor.quantity not in _FLOWS:
        return ()
    rows = net.get(element.kind.value)
    if rows is None or element.index not in rows.index:
        return ()
    if element.kind in _INJECTIONS:
        return (int(rows.at[element.index, "bus"]),)
    columns, _ = BRANCH_TERMINALS.get(element.kind.value, ((), None))
    # a three-winding transformer may feed two sides while the third is off
    return tuple(int(rows.at[element.index, column]) for column in columns) if len(columns) == 2 else ()  # noqa: PLR2004


def _least_flow(net: pandapowerNet, sensor: Sensor) -> float:
    """The smallest reading that is a flow, in the sensor's unit."""
    if sensor.noise is not None:
        return _FLOW_SIGMA * sensor.noise
    element = sensor.element
    if element is None or sensor.unit not in {"mw", "mvar", "kw", "ka", "a"}:
        return float("inf")
    row = net[element.kind.value].loc[element.index]
    if element.kind is ElementKind.LINE:
        vn_kv = float(net.bus.at[int(row["from_bus"]), "vn_kv"])
        full = float(row["max_i_ka"]) * (1.0 if sensor.quantity == "i" else sqrt(3) * vn_kv)
    elif sensor.quantity == "i":
        return float("inf")
    else:
        full = abs(float(row["p_mw"] if "p_mw" in row else row.get("sn_mva", float("inf"))))
    scale = 1e3 if sensor.unit in {"kw", "a"} else 1.0
    return _FLOW_SHARE * full * scale if isfinite(full) and full > 0 else float("inf")
