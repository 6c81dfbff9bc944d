"""Choice of sensors by their names, by what they measure, and by quantity."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tools.element import parse_canonical
from tools.errors import AmbiguousElementError, InvalidArgumentError, UnknownElementError
from tools.telemetry.schema.sensor import Sensor

_DIGITS = re.compile(r"(\d+)")


def choose_sensors(
    known: Sequence[Sensor],
    names: Sequence[str] = (),
    elements: Sequence[str] = (),
    quantities: Sequence[str] = (),
) -> tuple[Sensor, ...]:
    """The sensors that are meant, in the order of their names (numbers by value); all when nothing is named.

    Names and elements add up; quantities narrow the choice down.

    Raises:
        UnknownElementError: for a sensor that is not there, or an element or asset that no sensor measures.
        AmbiguousElementError: for a name that fits several sensors but for upper and lower case.
        InvalidArgumentError: for a quantity that none of the sensors measures.
    """
    chosen = {sensor.name: sensor for name in names for sensor in (_named(known, name),)}
    chosen |= {sensor.name: sensor for element in elements for sensor in _measuring(known, element)}
    if not names and not elements:
        chosen = {sensor.name: sensor for sensor in known}
    for quantity in quantities:
        if not any(sensor.quantity == quantity for sensor in chosen.values()):
            there = ", ".join(sorted({sensor.quantity for sensor in chosen.values()}))
            raise InvalidArgumentError(f"quantities: no sensor measures {quantity!r}; right would be {there or 'none'}")
    kept = (sensor for sensor in chosen.values() if not quantities or sensor.quantity in quantities)
    return tuple(sorted(kept, key=lambda sensor: _natural(sensor.name)))


def _named(known: Sequence[Sensor], name: str) -> Sensor:
    wanted = name.strip().removeprefix("sensor:")
    exact = [sensor for sensor in known if sensor.name == wanted]
    loose = [sensor for sensor in known if sensor.name.casefold() == wanted.casefold()]
    fits = exact or loose
    if not fits:
        raise UnknownElementError("sensor", wanted, (sensor.name for sensor in known))
    if len(fits) > 1:
        raise AmbiguousElementError(f"{wanted!r} fits the sensors {', '.join(sensor.name for sensor in fits)}")
    return fits[0]


def _measuring(known: Sequence[Sensor], text: str) -> Iterable[Sensor]:
    """Sensors of an element by canonical form or name, or of an asset by name."""
    canonical = parse_canonical(text)
    wanted = " ".join(text.strip().removeprefix("asset:").split()).casefold()
    fits = [
        sensor
        for sensor in known
        if (sensor.element is not None and canonical == (sensor.element.kind, sensor.element.index))
        or (sensor.element is not None and sensor.element.name and sensor.element.name.casefold() == wanted)
        or (sensor.asset is not None and sensor.asset.casefold() == wanted)
    ]
    if not fits:
        measured = {str(sensor.element) for sensor in known if sensor.element} | {s.asset for s in known if s.asset}
        raise UnknownElementError("measured element", text, sorted(measured))
    return fits


def _natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """A key that sorts line2 before line10."""
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in _DIGITS.split(name) if part)
