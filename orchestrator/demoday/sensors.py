"""The demo day's sensors, each with the true value that it measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.demoday.grid import NAME, demo_grid, ref
from orchestrator.demoday.nameplates import asset_name
from tools.element import ElementKind, ElementRef
from tools.telemetry.schema.sensor import Sensor, Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from orchestrator.demoday.flows import Flows
    from orchestrator.demoday.injections import Injections

PERIOD_S, STALE_AFTER_S = 60.0, 300.0
NOISE_SHARE, NOISE_FLOOR = 0.003, 0.4
"""Standard error of a power, of the element's usual apparent power; and the least one, MW or Mvar."""
NOISE_VM_PU, NOISE_KELVIN = 0.001, 0.2
SYSTEM_LOAD, AMBIENT = "system.load", "ambient"
_PLAUSIBLE = 2.0  # times rating or usual power


@dataclass(frozen=True)
class Channel:
    """A sensor, and the value that it would show without any error, by minute."""

    sensor: Sensor
    true: NDArray[np.float64]


def channels(
    powers: Injections, flows: Flows, oil: Mapping[int, NDArray[np.float64]], ambient: NDArray[np.float64]
) -> tuple[Channel, ...]:
    """All sensors with their true values, by name."""
    found = [*_injected(powers, flows), *_buses(flows), *_branches(flows), *_temperatures(oil, ambient)]
    total = powers.load_p_mw.sum(axis=1)
    found.append(Channel(_sensor(SYSTEM_LOAD, "load", "mw", _noise(total), (0.0, _PLAUSIBLE * total.max())), total))
    return tuple(sorted(found, key=lambda one: one.sensor.name))


def _injected(powers: Injections, flows: Flows) -> Iterator[Channel]:
    net = demo_grid().net
    for index in net.load.index.tolist():
        mva = powers.load_p_mw[:, index] + 1j * powers.load_q_mvar[:, index]
        yield from _pair(ElementKind.LOAD, index, mva, _PLAUSIBLE * float(np.abs(mva).max()))
    for kind, table, fed in (
        (ElementKind.GEN, net.gen, flows.gen),
        (ElementKind.EXT_GRID, net.ext_grid, flows.ext_grid),
    ):
        for index in table.index.tolist():
            yield from _pair(kind, index, fed[:, index], _PLAUSIBLE * float(table.max_p_mw.at[index]))
    for index in net.shunt.index.tolist():
        true = flows.shunt_q_mvar[:, index]
        bound = _PLAUSIBLE * float(np.abs(true).max())
        sensor = _sensor(f"shunt{index}.q", "q", "mvar", _noise(true), (-bound, bound), ref(ElementKind.SHUNT, index))
        yield Channel(sensor, true)


def _buses(flows: Flows) -> Iterator[Channel]:
    for index in demo_grid().net.bus.index.tolist():
        sensor = _sensor(f"bus{index}.vm", "vm", "pu", NOISE_VM_PU, (0.7, 1.3), ref(ElementKind.BUS, index))
        yield Channel(sensor, np.abs(flows.voltage[:, index]))


def _branches(flows: Flows) -> Iterator[Channel]:
    net = demo_grid().net
    rated = np.sqrt(3) * net.line.max_i_ka * net.bus.vn_kv.loc[net.line.from_bus].to_numpy()
    for index in net.line.index.tolist():
        bound = _PLAUSIBLE * float(rated.at[index])
        for side, into in ((Side.FROM, flows.line_from), (Side.TO, flows.line_to)):
            yield from _pair(ElementKind.LINE, index, into[:, index], bound, side)
    for index in net.trafo.index.tolist():
        bound = _PLAUSIBLE * float(net.trafo.sn_mva.at[index])
        for side, into in ((Side.HV, flows.trafo_hv), (Side.LV, flows.trafo_lv)):
            yield from _pair(ElementKind.TRAFO, index, into[:, index], bound, side)


def _temperatures(oil: Mapping[int, NDArray[np.float64]], ambient: NDArray[np.float64]) -> Iterator[Channel]:
    for index, true in oil.items():
        sensor = _sensor(
            f"trafo{index}.top_oil",
            "top_oil_temperature",
            "celsius",
            NOISE_KELVIN,
            (-40.0, 150.0),
            ref(ElementKind.TRAFO, index),
        )
        yield Channel(sensor.model_copy(update={"asset": asset_name(index)}), true)
    yield Channel(_sensor(AMBIENT, "ambient_temperature", "celsius", NOISE_KELVIN, (-40.0, 50.0)), ambient)


def _pair(
    kind: ElementKind, index: int, mva: NDArray[np.complex128], bound: float, side: Side | None = None
) -> Iterator[Channel]:
    """Active and reactive power at one place, with the same standard error."""
    tail = f"_{side}" if side else ""
    for quantity, unit, true in (("p", "mw", mva.real), ("q", "mvar", mva.imag)):
        name = f"{kind}{index}.{quantity}{tail}"
        sensor = _sensor(name, quantity, unit, _noise(mva), (-bound, bound), ref(kind, index))
        yield Channel(sensor.model_copy(update={"side": side}), np.array(true))


def _noise(true: NDArray[np.float64] | NDArray[np.complex128]) -> float:
    """Standard error of a power measurement, rounded as on a data sheet."""
    return round(max(NOISE_FLOOR, NOISE_SHARE * float(np.median(np.abs(true)))), 2)


def _sensor(
    name: str,
    quantity: str,
    unit: str,
    noise: float,
    plausible: tuple[float, float],
    element: ElementRef | None = None,
) -> Sensor:
    return Sensor(
        name=name,
        grid=NAME,
        element=element,
        quantity=quantity,
        unit=unit,
        period_s=PERIOD_S,
        stale_after_s=STALE_AFTER_S,
        lowest=round(plausible[0], 1),
        highest=round(plausible[1], 1),
        noise=noise,
        simulated=True,
    )
