"""The sensors of a simulated grid, each with the true value that it measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref
from tools.telemetry.schema.sensor import Sensor, Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from orchestrator.simulation.flows import Flows
    from orchestrator.simulation.injections import Injections
    from tools.grid.grid import Grid

PERIOD_S, STALE_AFTER_S = 60.0, 300.0
NOISE_SHARE, NOISE_FLOOR = 0.003, 0.4
"""Standard error of a power, of the element's usual apparent power; and the least one, MW or Mvar."""
NOISE_VM_PU, NOISE_KELVIN = 0.001, 0.2
SYSTEM_LOAD, AMBIENT = "system.load", "ambient"
_PLAUSIBLE = 2.0  # times rating or usual power


@dataclass(frozen=True)
class Accuracy:
    """How well and how often the sensors of a grid measure.

    Attributes:
        noise_share: Standard error of a power, of the element's median apparent power.
        noise_floor: The least standard error of a power, MW or Mvar.
        noise_digits: Digits after the point to which the standard error of a power is declared.
        noise_vm_pu, noise_kelvin: Standard errors of voltages and temperatures.
        lowest_vm_pu: Least voltage that its sensors declare plausible; zero where a bus may lose supply.
        period_s, stale_after_s: Time between readings, and age at which one is stale.
    """

    noise_share: float = NOISE_SHARE
    noise_floor: float = NOISE_FLOOR
    noise_digits: int = 2
    noise_vm_pu: float = NOISE_VM_PU
    noise_kelvin: float = NOISE_KELVIN
    lowest_vm_pu: float = 0.7
    period_s: float = PERIOD_S
    stale_after_s: float = STALE_AFTER_S

    def of(self, true: NDArray[np.float64] | NDArray[np.complex128]) -> float:
        """Standard error of a power measurement, rounded as on a data sheet."""
        return round(max(self.noise_floor, self.noise_share * float(np.median(np.abs(true)))), self.noise_digits)


USUAL = Accuracy()


@dataclass(frozen=True)
class Channel:
    """A sensor, and the value that it would show without any error, by step."""

    sensor: Sensor
    true: NDArray[np.float64]


@dataclass(frozen=True)
class Temperatures:
    """Degrees Celsius by step.

    Attributes:
        top_oil: Of transformers, by their place in the table.
        ambient: Of the air.
    """

    top_oil: Mapping[int, NDArray[np.float64]]
    ambient: NDArray[np.float64]


def channels(
    grid: Grid, powers: Injections, flows: Flows, temperatures: Temperatures, accuracy: Accuracy = USUAL
) -> tuple[Channel, ...]:
    """All sensors with their true values, by name."""
    return _Fitter(grid.name, grid.net, accuracy).channels(powers, flows, temperatures)


@dataclass(frozen=True)
class _Fitter:
    """Fits a grid with sensors."""

    name: str
    net: pandapowerNet
    accuracy: Accuracy

    def channels(self, powers: Injections, flows: Flows, temperatures: Temperatures) -> tuple[Channel, ...]:
        found = [*self._injected(powers, flows), *self._buses(flows), *self._branches(flows)]
        found += self._temperatures(temperatures)
        total = powers.load_p_mw.sum(axis=1)
        bounds = (0.0, _PLAUSIBLE * total.max())
        found.append(Channel(self._sensor(SYSTEM_LOAD, "load", "mw", self.accuracy.of(total), bounds), total))
        return tuple(sorted(found, key=lambda one: one.sensor.name))

    def _injected(self, powers: Injections, flows: Flows) -> Iterator[Channel]:
        net = self.net
        for at, index in enumerate(net.load.index.tolist()):
            mva = powers.load_p_mw[:, at] + 1j * powers.load_q_mvar[:, at]
            yield from self._pair(ElementKind.LOAD, index, mva, _PLAUSIBLE * float(np.abs(mva).max()))
        for kind, table, fed in (
            (ElementKind.GEN, net.gen, flows.gen),
            (ElementKind.EXT_GRID, net.ext_grid, flows.ext_grid),
        ):
            for at, index in enumerate(table.index.tolist()):
                most = max(float(table.max_p_mw.at[index]), float(np.abs(fed[:, at]).max()))
                yield from self._pair(kind, index, fed[:, at], _PLAUSIBLE * most)
        for at, index in enumerate(net.shunt.index.tolist()):
            true = flows.shunt_q_mvar[:, at]
            bound = _PLAUSIBLE * float(np.abs(true).max())
            place = element_ref(net, ElementKind.SHUNT, index)
            noise = self.accuracy.of(true)
            yield Channel(self._sensor(f"shunt{index}.q", "q", "mvar", noise, (-bound, bound), place), true)

    def _buses(self, flows: Flows) -> Iterator[Channel]:
        for at, index in enumerate(self.net.bus.index.tolist()):
            place, noise = element_ref(self.net, ElementKind.BUS, index), self.accuracy.noise_vm_pu
            sensor = self._sensor(f"bus{index}.vm", "vm", "pu", noise, (self.accuracy.lowest_vm_pu, 1.3), place)
            yield Channel(sensor, np.abs(flows.voltage[:, at]))

    def _branches(self, flows: Flows) -> Iterator[Channel]:
        net = self.net
        rated = np.sqrt(3) * net.line.max_i_ka * net.bus.vn_kv.loc[net.line.from_bus].to_numpy()
        for at, index in enumerate(net.line.index.tolist()):
            bound = _PLAUSIBLE * float(rated.at[index])
            for side, into in ((Side.FROM, flows.line_from), (Side.TO, flows.line_to)):
                yield from self._pair(ElementKind.LINE, index, into[:, at], bound, side)
        for at, index in enumerate(net.trafo.index.tolist()):
            bound = _PLAUSIBLE * float(net.trafo.sn_mva.at[index])
            for side, into in ((Side.HV, flows.trafo_hv), (Side.LV, flows.trafo_lv)):
                yield from self._pair(ElementKind.TRAFO, index, into[:, at], bound, side)

    def _temperatures(self, temperatures: Temperatures) -> Iterator[Channel]:
        noise = self.accuracy.noise_kelvin
        for at, true in temperatures.top_oil.items():
            index = int(self.net.trafo.index[at])
            sensor = self._sensor(
                f"trafo{index}.top_oil",
                "top_oil_temperature",
                "celsius",
                noise,
                (-40.0, 150.0),
                element_ref(self.net, ElementKind.TRAFO, index),
            )
            yield Channel(sensor.model_copy(update={"asset": asset_name(index)}), true)
        ambient = self._sensor(AMBIENT, "ambient_temperature", "celsius", noise, (-40.0, 50.0))
        yield Channel(ambient, temperatures.ambient)

    def _pair(
        self, kind: ElementKind, index: int, mva: NDArray[np.complex128], bound: float, side: Side | None = None
    ) -> Iterator[Channel]:
        """Active and reactive power at one place, with the same standard error."""
        tail = f"_{side}" if side else ""
        for quantity, unit, true in (("p", "mw", mva.real), ("q", "mvar", mva.imag)):
            name, place = f"{kind}{index}.{quantity}{tail}", element_ref(self.net, kind, index)
            sensor = self._sensor(name, quantity, unit, self.accuracy.of(mva), (-bound, bound), place)
            yield Channel(sensor.model_copy(update={"side": side}), np.array(true))

    def _sensor(
        self,
        name: str,
        quantity: str,
        unit: str,
        noise: float,
        plausible: tuple[float, float],
        element: ElementRef | None = None,
    ) -> Sensor:
        return Sensor(
            name=name,
            grid=self.name,
            element=element,
            quantity=quantity,
            unit=unit,
            period_s=self.accuracy.period_s,
            stale_after_s=self.accuracy.stale_after_s,
            lowest=round(plausible[0], 1),
            highest=round(plausible[1], 1),
            noise=noise,
            simulated=True,
        )


def asset_name(trafo: int) -> str:
    """Name of a transformer's asset."""
    return f"T{trafo}"
