"""From sensors to measurements of a network's state; worked out once for a topology and its sensors."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind, ElementRef
from tools.grid.estimation.equations import ACTIVE, ANGLE, CURRENT, MAGNITUDE, REACTIVE, Equations, Row, columns
from tools.grid.estimation.network import INJECTING, Network
from tools.grid.estimation.plan import Measurement, Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.telemetry.schema.sensor import Sensor

SQRT3 = 3.0**0.5
_BRANCHES = frozenset({ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W, ElementKind.IMPEDANCE})
_HOLDING = frozenset({ElementKind.GEN, ElementKind.EXT_GRID})
_KIND = {"p": ACTIVE, "q": REACTIVE, "vm": MAGNITUDE, "i": CURRENT, "va": ANGLE}
_TO_UNIT = {("p", "mw"): 1.0, ("p", "kw"): 1e-3, ("q", "mvar"): 1.0, ("i", "ka"): 1.0, ("va", "degree"): 1.0}

NO_EQUATION = "quantity that the network's equations do not tell"
NO_UNIT = "unit that is not read for the quantity"
NO_SIDE = "branch sensor that does not say its side"
OUT = "element out of service or without supply"
NOT_ALONE = "other power at the same bus is not measured"
TWIN = "second sensor of an element that shares its bus with others"
JOINED = "power of a bus that closed couplers join with others"

_Feed = tuple[int, float]
_CACHE: OrderedDict[tuple[int, ...], tuple[Plan, tuple[Sensor, ...], Network]] = OrderedDict()
_LOCK = Lock()
_KEPT = 8


def plan(net: Network, sensors: Sequence[Sensor]) -> Plan:
    """The plan of a network and its sensors; the newest few are kept, by the very objects."""
    held = tuple(sensors)
    key = (id(net), *map(id, held))
    with _LOCK:
        if key in _CACHE:
            _CACHE.move_to_end(key)
            return _CACHE[key][0]
    made = make_plan(net, held)
    with _LOCK:
        # the objects stay held, so that no other one can get their number
        _CACHE[key] = made, held, net
        while len(_CACHE) > _KEPT:
            _CACHE.popitem(last=False)
    return made


def make_plan(net: Network, sensors: tuple[Sensor, ...]) -> Plan:
    """Place every sensor."""
    placing = _Placing(net, tuple(sensor for sensor in sensors if sensor.element is not None))
    placing.place()
    found = placing.found
    place = columns(net, any(row.kind == ANGLE for _, row in found))
    passive = [
        Row(kind, placing.ends[node], node, complex(net.shunt[node].conj()))
        for node in net.passive.tolist()
        for kind in (ACTIVE, REACTIVE)
    ]
    pairs = [
        (number, sensor, factor)
        for number, (item, _) in enumerate(found)
        for sensor, factor in zip(item.sensors, item.factors, strict=True)
    ]
    return Plan(
        net=net,
        place=place,
        sensors=placing.sensors,
        measurements=tuple(item for item, _ in found),
        equations=Equations(net, place, [row for _, row in found]),
        constraints=Equations(net, place, passive),
        left_out=dict(placing.left_out),
        idle=tuple(placing.idle),
        names=tuple(sensor.name for sensor in placing.sensors),
        owner=np.array([pair[0] for pair in pairs], dtype=np.int64),
        member=np.array([pair[1] for pair in pairs], dtype=np.int64),
        factor=np.array([pair[2] for pair in pairs], dtype=float),
        scale=np.array([item.scale for item, _ in found], dtype=float),
    )


class _UnplacedError(Exception):
    """A sensor measures nothing of the state; says why."""


class _Placing:
    """Collects measurements, sensor by sensor; injections wait until their bus is complete."""

    def __init__(self, net: Network, sensors: tuple[Sensor, ...]) -> None:
        self.net, self.sensors = net, sensors
        self.found: list[tuple[Measurement, Row]] = []
        self.left_out: dict[str, int] = defaultdict(int)
        self.idle: list[_Feed] = []
        self.waiting: dict[tuple[int, str], dict[tuple[ElementKind, int], list[_Feed]]] = {}
        ends: list[list[int]] = [[] for _ in range(net.nodes)]
        for end, node in enumerate(net.near.tolist()):
            ends[node].append(end)
        self.ends = [tuple(held) for held in ends]
        self.node_of = {element: node for node, elements in net.injecting.items() for element in elements}

    def place(self) -> None:
        """Go through all sensors."""
        for number, sensor in enumerate(self.sensors):
            try:
                self._place(number, sensor)
            except _UnplacedError as error:
                self.left_out[str(error)] += 1
        for (node, quantity), elements in self.waiting.items():
            self._inject(node, quantity, elements)

    def _place(self, number: int, sensor: Sensor) -> None:
        ref = sensor.element
        if ref is None or sensor.quantity not in _KIND:
            raise _UnplacedError(NO_EQUATION)
        if sensor.quantity in {"vm", "va"}:
            self._voltage(number, sensor, ref)
            return
        feed = number, _factor(sensor)
        if ref.kind in _BRANCHES:
            self._flow(feed, sensor, ref)
        elif sensor.quantity == "i":
            raise _UnplacedError(NO_EQUATION)
        elif ref.kind is ElementKind.BUS:
            self._bus_power(feed, sensor, ref)
        elif ref.kind is ElementKind.SHUNT:
            self._shunt(feed, sensor, ref)
        elif ref.kind in INJECTING:
            node = self._live(feed, self.node_of.get((ref.kind, ref.index)))
            waiting = self.waiting.setdefault((node, sensor.quantity), defaultdict(list))
            waiting[ref.kind, ref.index].append(feed)
        else:
            raise _UnplacedError(NO_EQUATION)

    def _live(self, feed: _Feed, place: int | None) -> int:
        """A place in the network; a flow at an element that is out is kept apart, for it may contradict that."""
        if place is None:
            self.idle.append(feed)
            raise _UnplacedError(OUT)
        return place

    def _add(self, element: ElementRef, quantity: str, feeds: Sequence[_Feed], row: Row, scale: float) -> None:
        numbers, factors = tuple(feed[0] for feed in feeds), tuple(feed[1] for feed in feeds)
        side = self.sensors[numbers[0]].side
        named = side.value if side is not None and element.kind in _BRANCHES else ""
        self.found.append((Measurement(element, named, quantity, numbers, factors, scale), row))

    def _voltage(self, number: int, sensor: Sensor, ref: ElementRef) -> None:
        """Magnitude or angle at a bus, or at the bus of a unit."""
        if ref.kind is ElementKind.BUS:
            node = self.net.node_of.get(ref.index)
        elif ref.kind in _HOLDING:
            node = self.node_of.get((ref.kind, ref.index))
        else:
            raise _UnplacedError(NO_EQUATION)
        if node is None:
            raise _UnplacedError(OUT)
        if sensor.quantity == "va":
            self._add(ref, "va", [(number, _factor(sensor))], Row(ANGLE, node=node), 180.0 / np.pi)
            return
        factor = {"pu": 1.0, "kv": 1.0 / float(self.net.vn_kv[node])}.get(sensor.unit)
        if factor is None:
            raise _UnplacedError(NO_UNIT)
        self._add(ref, "vm", [(number, factor)], Row(MAGNITUDE, node=node), 1.0)

    def _bus_power(self, feed: _Feed, sensor: Sensor, ref: ElementRef) -> None:
        """All that a bus draws: its shunts are in that, so the branches alone balance it."""
        net, node = self.net, self.net.node_of.get(ref.index)
        if node is None:
            raise _UnplacedError(OUT)
        if len(net.buses_at[node]) > 1 or node in net.without_balance:
            raise _UnplacedError(JOINED)
        row = Row(_KIND[sensor.quantity], self.ends[node], node, sign=-1.0)
        self._add(ref, sensor.quantity, [feed], row, net.base_mva)

    def _flow(self, feed: _Feed, sensor: Sensor, ref: ElementRef) -> None:
        """Power or current at one end of a branch."""
        net = self.net
        if sensor.side is None:
            raise _UnplacedError(NO_SIDE)
        end = self._live(feed, net.end_of.get((ref.kind.value, ref.index, sensor.side.value)))
        current = net.base_mva / (SQRT3 * float(net.vn_kv[net.near[end]]))
        scale = current if sensor.quantity == "i" else net.base_mva
        self._add(ref, sensor.quantity, [feed], Row(_KIND[sensor.quantity], (end,)), scale)

    def _shunt(self, feed: _Feed, sensor: Sensor, ref: ElementRef) -> None:
        """What a shunt draws follows from its voltage."""
        if ref.index not in self.net.shunts:
            self._live(feed, None)
        node, admittance = self.net.shunts[ref.index]
        if not (admittance.real if sensor.quantity == "p" else admittance.imag):
            raise _UnplacedError(NO_EQUATION)
        row = Row(_KIND[sensor.quantity], (), node, admittance.conjugate())
        self._add(ref, sensor.quantity, [feed], row, self.net.base_mva)

    def _inject(self, node: int, quantity: str, elements: dict[tuple[ElementKind, int], list[_Feed]]) -> None:
        """What is fed in at a node: measured only when every element there is."""
        net, here = self.net, self.net.injecting[node]
        if len(elements) < len(here) or node in net.unmeasurable:
            self.left_out[NOT_ALONE] += sum(len(feeds) for feeds in elements.values())
            return
        kind, balance = _KIND[quantity], (self.ends[node], node, complex(net.shunt[node].conj()))
        if len(here) == 1:
            (element,) = here
            for feed in elements[element]:
                ref = ElementRef(kind=element[0], index=element[1])
                self._add(ref, quantity, [feed], Row(kind, *balance, float(INJECTING[element[0]])), net.base_mva)
            return
        chosen = []
        for element in here:
            feeds = sorted(elements[element], key=lambda feed: self.sensors[feed[0]].noise or np.inf)
            chosen.append((feeds[0][0], -INJECTING[element[0]] * feeds[0][1]))
            self.left_out[TWIN] += len(feeds) - 1
        bus = ElementRef(kind=ElementKind.BUS, index=net.buses_at[node][0])
        self._add(bus, quantity, chosen, Row(kind, *balance, -1.0), net.base_mva)


def _factor(sensor: Sensor) -> float:
    """What a reading is multiplied with to be in the quantity's unit and in pandapower's direction."""
    if (sensor.quantity, sensor.unit) not in _TO_UNIT:
        raise _UnplacedError(NO_UNIT)
    return sensor.sign * _TO_UNIT[sensor.quantity, sensor.unit]
