"""What is measured of a network's state, by which sensors, and the equations of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind, ElementRef
from tools.grid.estimation.equations import (
    ACTIVE,
    REACTIVE,
    Columns,
    Equations,
    Row,
)
from tools.grid.estimation.network import Network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.telemetry.schema.sensor import Sensor

UNIT = {"p": "mw", "q": "mvar", "vm": "pu", "i": "ka", "va": "degree"}
"""Unit in which a measurement of a quantity is told, whatever its sensor's is."""


@dataclass(frozen=True)
class Measurement:
    """One measured quantity of the state.

    Attributes:
        element: What it is told of: the sensor's element, or the bus where several elements are added up.
        side: End of a branch; empty for others.
        quantity: p, q, vm, i or va.
        sensors: Numbers of the sensors whose readings are added.
        factors: What turns each reading into the unit of the quantity, in the element's own direction.
        scale: Unit of the quantity per pu or radian.
    """

    element: ElementRef
    side: str
    quantity: str
    sensors: tuple[int, ...]
    factors: tuple[float, ...]
    scale: float

    @property
    def unit(self) -> str:
        """As it is told."""
        return UNIT[self.quantity]


@dataclass(frozen=True, eq=False)
class Plan:
    """All measurements of a network, and the equations of their values.

    Attributes:
        net: The network.
        sensors: All sensors of elements, used or not.
        measurements: What is measured, usable readings or not.
        equations: One row for each measurement.
        constraints: Zero injections.
        left_out: Number of sensors by the reason for which they measure nothing of the state.
        idle: Sensors of powers and currents at elements out of service: number, and factor to the unit.
        names: Of the sensors.
        owner, member, factor: Every sensor's part: measurement, sensor, and what its reading is multiplied with.
        scale: Of the measurements.
    """

    net: Network
    place: Columns
    sensors: tuple[Sensor, ...]
    measurements: tuple[Measurement, ...]
    equations: Equations
    constraints: Equations
    left_out: dict[str, int]
    idle: tuple[tuple[int, float], ...]
    names: tuple[str, ...]
    owner: NDArray[np.int64]
    member: NDArray[np.int64]
    factor: NDArray[np.float64]
    scale: NDArray[np.float64]

    @cached_property
    def quantity(self) -> NDArray[np.str_]:
        """Of each measurement."""
        return np.array([item.quantity for item in self.measurements], dtype=np.str_)

    @cached_property
    def noise(self) -> NDArray[np.float64]:
        """Declared standard error of each sensor, in its own unit; NaN where none is."""
        return _floats([sensor.noise for sensor in self.sensors], np.nan)

    @cached_property
    def simulated(self) -> NDArray[np.bool_]:
        """Whether the readings of each sensor are made up."""
        return np.array([sensor.simulated for sensor in self.sensors], dtype=bool)

    @cached_property
    def stale_after_s(self) -> NDArray[np.float64]:
        """Age at which a reading of each sensor is stale."""
        return _floats([sensor.stale_after_s for sensor in self.sensors], np.inf)

    @cached_property
    def lowest(self) -> NDArray[np.float64]:
        """Least plausible reading of each sensor."""
        return _floats([sensor.lowest for sensor in self.sensors], -np.inf)

    @cached_property
    def highest(self) -> NDArray[np.float64]:
        """Largest plausible reading of each sensor."""
        return _floats([sensor.highest for sensor in self.sensors], np.inf)

    @cached_property
    def flows(self) -> Equations:
        """Active, then reactive power at every branch end."""
        rows = [Row(kind, (end,)) for kind in (ACTIVE, REACTIVE) for end in range(len(self.net.near))]
        return Equations(self.net, self.place, rows)

    @cached_property
    def rows_of_branch(self) -> dict[tuple[str, int], list[int]]:
        """Measurements at the ends of each branch."""
        found: dict[tuple[str, int], list[int]] = defaultdict(list)
        for number, item in enumerate(self.measurements):
            if item.side:
                found[item.element.kind.value, item.element.index].append(number)
        return dict(found)

    def nodes_of(self, number: int) -> frozenset[int]:
        """Nodes at which a measurement is taken; both ends of a branch."""
        item, net = self.measurements[number], self.net
        if item.side:
            end = net.end_of[item.element.kind.value, item.element.index, item.side]
            return frozenset({int(net.near[end]), int(net.far[end])})
        if item.element.kind is ElementKind.BUS:
            return frozenset({net.node_of[item.element.index]})
        if item.element.kind is ElementKind.SHUNT:
            return frozenset({net.shunts[item.element.index][0]})
        key = (item.element.kind, item.element.index)
        return frozenset(node for node, elements in net.injecting.items() if key in elements)


def _floats(values: Sequence[float | None], otherwise: float) -> NDArray[np.float64]:
    return np.array([otherwise if value is None else value for value in values], dtype=float)
