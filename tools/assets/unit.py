"""Transformers that can be assessed, and the sensors of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.element import ElementKind, ElementRef, parse_canonical
from tools.errors import UnknownElementError
from tools.subject import SubjectKind, SubjectRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.telemetry.schema.operations import Asset, TransformerNameplate
    from tools.telemetry.schema.sensor import Sensor

TOP_OIL, AMBIENT, LOADING = "top_oil_temperature", "ambient_temperature", "loading"
_KINDS = frozenset({ElementKind.TRAFO, ElementKind.TRAFO3W})


@dataclass(frozen=True)
class Unit:
    """One transformer.

    Attributes:
        subject: The asset; its temperature sensor where no record and no sensor names an asset.
        sensors: Those of the transformer itself.
        surroundings: Sensors of ambient temperature, its own ones before those of the whole grid.
        simulated: Whether its record or one of its sensors is made up.
    """

    subject: SubjectRef
    element: ElementRef | None
    nameplate: TransformerNameplate | None
    sensors: tuple[Sensor, ...]
    surroundings: tuple[Sensor, ...]
    simulated: bool

    def of(self, quantity: str) -> tuple[Sensor, ...]:
        """Its sensors of a quantity."""
        return tuple(item for item in self.sensors if item.quantity == quantity)


def units_of(assets: Sequence[Asset], sensors: Sequence[Sensor]) -> tuple[Unit, ...]:
    """All transformers with a nameplate or a temperature, by name."""
    recorded = [item for item in assets if item.nameplate is not None or item.kind == "transformer"]
    units = [_unit(item, sensors) for item in recorded]
    known = {sensor.name for unit in units for sensor in unit.sensors}
    strangers = [item for item in sensors if item.quantity == TOP_OIL and item.name not in known]
    units += [_stranger(item, sensors) for item in strangers]
    return tuple(
        unit for unit in sorted(units, key=lambda item: item.subject.name) if unit.nameplate or unit.of(TOP_OIL)
    )


def chosen(units: Sequence[Unit], names: Sequence[str]) -> tuple[Unit, ...]:
    """The units that are named, by canonical form or by asset; all without a name.

    Raises:
        UnknownElementError: when no transformer with a temperature or a nameplate has the name.
    """
    if not names:
        return tuple(units)
    return tuple({unit.subject.name: unit for unit in (_find(units, name) for name in names)}.values())


def _find(units: Sequence[Unit], name: str) -> Unit:
    wanted = parse_canonical(name)
    bare = name.removeprefix("asset:").removeprefix("sensor:").strip()
    for unit in units:
        same = wanted is not None and unit.element is not None and (unit.element.kind, unit.element.index) == wanted
        if same or unit.subject.name == bare:
            return unit
    raise UnknownElementError("transformer with a temperature or a nameplate", name, _names(units))


def _names(units: Iterable[Unit]) -> list[str]:
    return [name for unit in units for name in (unit.subject.name, str(unit.element)) if name != "None"]


def _unit(asset: Asset, sensors: Sequence[Sensor]) -> Unit:
    own = tuple(item for item in sensors if item.asset == asset.name or _same(item.element, asset.element))
    return Unit(
        subject=SubjectRef(kind=SubjectKind.ASSET, name=asset.name),
        element=asset.element,
        nameplate=asset.nameplate,
        sensors=own,
        surroundings=_surroundings(own, sensors),
        simulated=asset.simulated or any(item.simulated for item in own),
    )


def _stranger(sensor: Sensor, sensors: Sequence[Sensor]) -> Unit:
    """A transformer that only its temperature sensor tells of."""
    element = sensor.element if sensor.element is not None and sensor.element.kind in _KINDS else None
    own = tuple(
        item
        for item in sensors
        if item.name == sensor.name or (sensor.asset and item.asset == sensor.asset) or _same(item.element, element)
    )
    kind, name = (SubjectKind.ASSET, sensor.asset) if sensor.asset else (SubjectKind.SENSOR, sensor.name)
    return Unit(
        subject=SubjectRef(kind=kind, name=name),
        element=element,
        nameplate=None,
        sensors=own,
        surroundings=_surroundings(own, sensors),
        simulated=any(item.simulated for item in own),
    )


def _surroundings(own: Sequence[Sensor], sensors: Sequence[Sensor]) -> tuple[Sensor, ...]:
    near = tuple(item for item in own if item.quantity == AMBIENT)
    everywhere = tuple(
        item for item in sensors if item.quantity == AMBIENT and item.element is None and item.asset is None
    )
    return near or everywhere


def _same(one: ElementRef | None, other: ElementRef | None) -> bool:
    return one is not None and other is not None and (one.kind, one.index) == (other.kind, other.index)
