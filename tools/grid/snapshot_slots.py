"""The inputs of a grid model that can be measured, and which sensors measure each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.telemetry.schema.sensor import Sensor

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

# What feeds or draws a power that the model takes as given, and the quantities of it.
_POWERS = {
    ElementKind.LOAD: ("p", "q"),
    ElementKind.GEN: ("p",),
    ElementKind.SGEN: ("p", "q"),
    ElementKind.STORAGE: ("p", "q"),
}
_COLUMN = {"p": "p_mw", "q": "q_mvar", "vm": "vm_pu", "tap_pos": "tap_pos", "switched": "in_service"}
_UNIT = {"p": "mw", "q": "mvar", "vm": "pu", "tap_pos": "", "switched": ""}
_FACTOR = {("p", "mw"): 1.0, ("p", "kw"): 1e-3, ("q", "mvar"): 1.0, ("vm", "pu"): 1.0}
_TAP_QUANTITIES = frozenset({"tap_pos", "tap", "tap_position"})
PLAUSIBLE_VM_PU = (0.5, 1.5)


@dataclass(frozen=True)
class Feed:
    """A sensor of a slot, and what turns its reading into the slot's value: ``reading * factor``."""

    sensor: Sensor
    factor: float


@dataclass(frozen=True)
class Slot:
    """One value of the model that readings can replace.

    Attributes:
        kind, index: The element.
        quantity: ``p``, ``q``, ``vm``, ``tap_pos``, or ``switched`` for a shunt whose reactive power is measured.
        model: The model's own value, in the slot's unit.
        feeds: Its sensors, those of the element itself first, then by name.
    """

    kind: ElementKind
    index: int
    quantity: str
    model: float
    feeds: tuple[Feed, ...] = ()

    @property
    def column(self) -> str:
        """Column of pandapower's table."""
        return _COLUMN[self.quantity]

    @property
    def unit(self) -> str:
        """Suffix of the value's unit."""
        return _UNIT[self.quantity]


def find_slots(net: pandapowerNet, sensors: Iterable[Sensor]) -> tuple[Slot, ...]:
    """All slots of a model with their sensors; those without a sensor are listed as well.

    A slot's power is what is drawn or fed: the model's set-point times its scaling. Voltages of buses are the
    set-points of the units that hold them.
    """
    at_element: dict[tuple[ElementKind, int, str], list[Sensor]] = {}
    for sensor in sorted(sensors, key=lambda sensor: sensor.name):
        if sensor.element is not None and sensor.side is None:
            quantity = "tap_pos" if sensor.quantity in _TAP_QUANTITIES else sensor.quantity
            at_element.setdefault((sensor.element.kind, sensor.element.index, quantity), []).append(sensor)
    return tuple(
        slot
        for part in (
            _powers(net, at_element),
            _voltages(net, at_element),
            _taps(net, at_element),
            _shunts(net, at_element),
        )
        for slot in part
    )


_Sensors = dict[tuple[ElementKind, int, str], list[Sensor]]


def _powers(net: pandapowerNet, sensors: _Sensors) -> Iterator[Slot]:
    for kind, quantities in _POWERS.items():
        table = net[kind.value]
        for index, scaling in zip(table.index.tolist(), table.scaling.to_numpy(dtype=float), strict=True):
            if scaling == 0 or (kind is ElementKind.GEN and table.at[index, "slack"]):
                continue  # without effect on the state
            for quantity in quantities:
                model = float(table.at[index, _COLUMN[quantity]]) * scaling
                yield Slot(kind, index, quantity, model, _feeds(sensors.get((kind, index, quantity), ()), quantity))


def _voltages(net: pandapowerNet, sensors: _Sensors) -> Iterator[Slot]:
    for kind in (ElementKind.GEN, ElementKind.EXT_GRID):
        table = net[kind.value]
        for index, bus, vm_pu in zip(table.index.tolist(), table.bus, table.vm_pu.to_numpy(dtype=float), strict=True):
            vn_kv = float(net.bus.at[bus, "vn_kv"])
            feeds = (
                *_feeds(sensors.get((kind, index, "vm"), ()), "vm", vn_kv),
                *_feeds(sensors.get((ElementKind.BUS, int(bus), "vm"), ()), "vm", vn_kv),
            )
            yield Slot(kind, index, "vm", float(vm_pu), feeds)


def _taps(net: pandapowerNet, sensors: _Sensors) -> Iterator[Slot]:
    for kind in (ElementKind.TRAFO, ElementKind.TRAFO3W):
        table = net[kind.value]
        for index in table.index.tolist():
            found = sensors.get((kind, index, "tap_pos"), ())
            model = float(table.at[index, "tap_pos"])
            if found and np.isfinite(model):
                yield Slot(kind, index, "tap_pos", model, tuple(Feed(sensor, float(sensor.sign)) for sensor in found))


def _shunts(net: pandapowerNet, sensors: _Sensors) -> Iterator[Slot]:
    """A shunt has no set-point: its reactive power tells whether it is in, as a share of what it draws at one pu."""
    table = net.shunt
    for index in table.index.tolist():
        full = float(table.at[index, "q_mvar"]) * float(table.at[index, "step"])
        found = sensors.get((ElementKind.SHUNT, index, "q"), ())
        if found and full:
            feeds = tuple(Feed(feed.sensor, feed.factor / full) for feed in _feeds(found, "q"))
            yield Slot(ElementKind.SHUNT, index, "switched", float(table.at[index, "in_service"]), feeds)


def _feeds(sensors: Iterable[Sensor], quantity: str, vn_kv: float = 1.0) -> tuple[Feed, ...]:
    """The sensors whose unit can be read; others measure something else."""
    factors = {**_FACTOR, ("vm", "kv"): 1.0 / vn_kv}
    return tuple(
        Feed(sensor, sensor.sign * factors[quantity, sensor.unit])
        for sensor in sensors
        if (quantity, sensor.unit) in factors
    )


def model_values(slots: Iterable[Slot]) -> NDArray[np.float64]:
    """The model's own values, slot by slot."""
    return np.array([slot.model for slot in slots], dtype=float)
