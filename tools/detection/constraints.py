"""Equations that measurements must satisfy among themselves: balances of buses, and the physics of branches.

Kirchhoff's balances hold whatever is switched, because an open branch is measured as carrying nothing. The three
equations of a branch predict the powers and the voltage at its from side from those at its other side; the powers
need no tap position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.detection.branch_model import BRANCH_ENDS, DRAWING, BranchModel, Terminal
from tools.detection.frame import Bools, Floats, Frame
from tools.element import ElementKind

_SCALE = {"mw": 1.0, "kw": 1e-3, "mvar": 1.0, "pu": 1.0}
_DEAD_SIGMA = 5.0
_Place = tuple[ElementKind, int, str]


@dataclass(frozen=True, eq=False)
class Constraints:
    """Residuals of all equations, linearised in the sensors.

    Attributes:
        residual: Equation by moment, in MW, Mvar or pu; zero but for noise when every reading is true.
        jacobian: Equation by sensor of the frame: residual a unit (of the sensor) of error.
        label: What each equation is, such as ``p balance of node`` and its number.
        model: Whether an equation rests on parameters of the model, so that the model may be what is wrong.
        void: Equation by moment: where it does not apply, because a branch is open.
        curved: Sensors that enter an equation other than linearly.
    """

    residual: Floats
    jacobian: Floats
    label: tuple[tuple[str, str], ...]
    model: Bools
    void: Bools
    curved: Bools


class _Builder:
    """Collects equations over the rows of a frame."""

    def __init__(self, frame: Frame, value: Floats, model: BranchModel | None) -> None:
        self.frame, self.value, self.grid = frame, value, model
        self.rows: list[tuple[Floats, dict[int, float], tuple[str, str], bool, Bools | None]] = []
        self.place: dict[str, dict[_Place, int]] = {"p": {}, "q": {}, "vm": {}}
        self.twins: list[tuple[int, int]] = []
        self.factor = np.array([self._factor(row) for row in range(len(frame.sensors))])
        self.curved = np.zeros(len(frame.sensors), dtype=bool)
        self._index()

    def _factor(self, row: int) -> float:
        """What a reading is multiplied with to be in MW, Mvar or pu and in pandapower's direction; NaN if nothing."""
        sensor = self.frame.sensors[row]
        if sensor.unit == "kv" and sensor.quantity == "vm" and self.grid is not None and sensor.element is not None:
            vn_kv = self.grid.vn_kv.get(sensor.element.index)
            return sensor.sign / vn_kv if vn_kv and sensor.element.kind is ElementKind.BUS else np.nan
        return sensor.sign * _SCALE.get(sensor.unit, np.nan)

    def _index(self) -> None:
        for row, sensor in enumerate(self.frame.sensors):
            if sensor.element is None or not np.isfinite(self.factor[row]) or not np.isfinite(self.value[row]).any():
                continue
            held = self.place.get(sensor.quantity)
            if held is None:
                continue
            place = (sensor.element.kind, sensor.element.index, str(sensor.side or ""))
            if place in held:
                self.twins.append((held[place], row))
            else:
                held[place] = row

    def of(self, row: int) -> Floats:
        """Readings of a row in MW, Mvar or pu."""
        converted: Floats = self.value[row] * self.factor[row]
        return converted

    def add(
        self,
        residual: Floats,
        slopes: dict[int, float],
        label: tuple[str, str],
        *,
        model: bool,
        void: Bools | None = None,
    ) -> None:
        """One equation; slopes are per unit of the converted readings."""
        self.rows.append((residual, slopes, label, model, void))

    def linear(self, terms: Iterable[tuple[int, float]], label: tuple[str, str], *, model: bool) -> None:
        """An equation that is a sum of readings."""
        slopes: dict[int, float] = {}
        residual = np.zeros(self.value.shape[1])
        for row, sign in terms:
            slopes[row] = slopes.get(row, 0.0) + sign
            residual = residual + sign * self.of(row)
        self.add(residual, slopes, label, model=model)

    def done(self) -> Constraints:
        """All equations as arrays."""
        count, moments = len(self.rows), self.value.shape[1]
        jacobian = np.zeros((count, len(self.frame.sensors)))
        void = np.zeros((count, moments), dtype=bool)
        for number, (_, slopes, _, _, where) in enumerate(self.rows):
            for row, slope in slopes.items():
                jacobian[number, row] = slope * self.factor[row]
            if where is not None:
                void[number] = where
        residual = np.array([row[0] for row in self.rows]) if count else np.zeros((0, moments))
        return Constraints(
            residual=residual,
            jacobian=jacobian,
            label=tuple(row[2] for row in self.rows),
            model=np.array([row[3] for row in self.rows], dtype=bool),
            void=void,
            curved=self.curved,
        )


def build_constraints(frame: Frame, value: Floats, model: BranchModel | None) -> Constraints:
    """All equations that the sensors of a frame allow.

    Args:
        frame: The sensors.
        value: As ``frame.value`` with gaps filled in, so that every residual can be had; whoever tests a residual
            leaves the filled moments out.
        model: The grid; None leaves only sensors of the same quantity.
    """
    builder = _Builder(frame, value, model)
    for one, other in builder.twins:
        builder.linear([(one, 1.0), (other, -1.0)], ("twins", frame.sensors[one].name), model=False)
    if model is not None:
        _balances(builder, model)
        for number in range(len(model.key)):
            _branch(builder, model, number)
        _total_load(builder, model)
    return builder.done()


def _balances(builder: _Builder, model: BranchModel) -> None:
    nodes: dict[int, list[Terminal]] = {}
    for terminal in model.terminals:
        nodes.setdefault(terminal.node, []).append(terminal)
    voltage = {
        model.node_of_bus[bus]: row
        for (kind, bus, _), row in builder.place["vm"].items()
        if kind is ElementKind.BUS and bus in model.node_of_bus
    }
    for node, terminals in nodes.items():
        for quantity in ("p", "q"):
            _balance(builder, model, quantity, terminals, voltage.get(node))


def _balance(
    builder: _Builder, model: BranchModel, quantity: str, terminals: list[Terminal], voltage: int | None
) -> None:
    """Sum of what flows away from a bus; none when something that is in service there is not measured."""
    terms, modelled, injected = [], 0.0, False
    for terminal in terminals:
        row = builder.place[quantity].get((terminal.kind, terminal.index, terminal.side))
        is_branch = bool(terminal.side)
        if row is not None:
            terms.append((row, 1.0 if is_branch or terminal.kind in DRAWING else -1.0))
            injected |= not is_branch
        elif terminal.kind is ElementKind.SHUNT:
            modelled += model.shunts.get(terminal.index, (0.0, 0.0))[quantity == "q"]
        elif terminal.in_service:
            return
    if not any(builder.frame.sensors[row].side for row, _ in terms):
        return
    label = (f"{quantity} balance", str(terminals[0].node))
    if not modelled:
        builder.linear(terms, label, model=not injected)
    elif voltage is not None:
        vm_pu = builder.of(voltage)
        builder.curved[voltage] = True
        slopes: dict[int, float] = dict(terms)
        slopes[voltage] = 2 * modelled * float(np.median(vm_pu))
        residual = sum((sign * builder.of(row) for row, sign in terms), modelled * vm_pu**2)
        builder.add(np.asarray(residual), slopes, label, model=True)


def _branch(builder: _Builder, model: BranchModel, number: int) -> None:
    """Powers and voltage at the from side, as the other side implies them."""
    kind, index = model.key[number]
    sides = [side for _, side in BRANCH_ENDS[kind]]
    power = [[builder.place[quantity].get((kind, index, side)) for quantity in ("p", "q")] for side in sides]
    volts = [builder.place["vm"].get((ElementKind.BUS, bus, "")) for bus in model.ends[number]]
    p_to, q_to, v_to = *power[1], volts[1]
    if p_to is None or q_to is None or v_to is None:
        return
    predict = _prediction(model, number)
    builder.curved[[p_to, q_to, v_to]] = True
    known = [builder.of(row) for row in (p_to, q_to, v_to)]
    implied = predict(*known)
    ends = [[row for row in pair if row is not None] for pair in power]
    void = np.logical_or.reduce([_dead(builder, rows) for rows in ends if rows])
    live = ~void if (~void).any() else np.ones_like(void)
    middle = [float(np.median(values[live])) for values in known]
    slopes = _slopes(predict, middle, [builder.frame.noise[row] * builder.factor[row] for row in (p_to, q_to, v_to)])
    targets = zip(("p of branch", "q of branch", "vm of branch"), (*power[0], volts[0]), implied, slopes, strict=True)
    for name, row, expected, slope in targets:
        if row is not None:
            own = {row: 1.0}
            for source, part in zip((p_to, q_to, v_to), slope, strict=True):
                own[source] = own.get(source, 0.0) - part
            builder.add(builder.of(row) - expected, own, (name, f"{kind}:{index}"), model=True, void=void)


def _dead(builder: _Builder, rows: list[int]) -> Bools:
    """Moments at which an end carries nothing: its breaker may be open, and its voltage is not the bus's."""
    small = [np.abs(builder.value[row]) < _DEAD_SIGMA * builder.frame.noise[row] for row in rows]
    return np.asarray(np.logical_and.reduce(small))


_Predict = Callable[[Floats, Floats, Floats], tuple[Floats, Floats, Floats]]


def _prediction(model: BranchModel, number: int) -> _Predict:
    impedance, charging = complex(model.series[number]), complex(model.charging[number])
    ratio, base = float(model.tap[number]), model.base_mva

    def predict(p_mw: Floats, q_mvar: Floats, vm_pu: Floats) -> tuple[Floats, Floats, Floats]:
        vm_pu = np.maximum(vm_pu, 1e-3)  # a dead bus implies nothing; its readings are found elsewhere
        current: NDArray[np.complex128] = np.conj((p_mw + 1j * q_mvar) / base / vm_pu) - charging * vm_pu
        inner = vm_pu - impedance * current
        power = inner * np.conj(charging * inner - current) * base
        return power.real, power.imag, np.abs(inner) * ratio

    return predict


def _slopes(predict: _Predict, middle: list[float], widths: list[float]) -> list[list[float]]:
    """Derivatives of the three predictions by the three sources, over a width that matters."""
    columns = []
    for source, width in enumerate(widths):
        high, low = list(middle), list(middle)
        high[source] += abs(width)
        low[source] -= abs(width)
        outer = predict(*(np.asarray(item) for item in high)), predict(*(np.asarray(item) for item in low))
        columns.append([float(up - down) / (2 * abs(width)) for up, down in zip(*outer, strict=True)])
    return [list(row) for row in zip(*columns, strict=True)]


def _total_load(builder: _Builder, model: BranchModel) -> None:
    """A sensor of the whole load against the sum of the loads, when every load is measured and the two agree."""
    loads = {
        terminal.index for terminal in model.terminals if terminal.kind is ElementKind.LOAD and terminal.in_service
    }
    rows = [row for (kind, _, _), row in builder.place["p"].items() if kind is ElementKind.LOAD]
    measured = {index for kind, index, _ in builder.place["p"] if kind is ElementKind.LOAD}
    if not loads or loads - measured:
        return
    for row, sensor in enumerate(builder.frame.sensors):
        whole = sensor.element is None and sensor.asset is None and sensor.quantity in {"load", "p"}
        if whole and sensor.unit in {"mw", "kw"} and np.isfinite(builder.value[row]).all():
            # Some systems count losses or own use in: then the sum says nothing about the sensor.
            apart = builder.of(row) - np.sum([builder.of(load) for load in rows], axis=0)
            noise = np.hypot(builder.frame.noise[row], np.linalg.norm(builder.frame.noise[rows]))
            if abs(float(np.median(apart))) < 3 * noise:
                terms = [(row, 1.0), *((load, -1.0) for load in rows)]
                builder.linear(terms, ("total load", sensor.name), model=True)
