"""Which sensors, assets and elements a question about measurements names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orchestrator.resolve.mentions import find_mentions
from orchestrator.resolve.text import normalise
from tools.element import ElementRef
from tools.grid.inventory import Inventory
from tools.telemetry.schema.operations import Asset
from tools.telemetry.schema.sensor import Sensor

_SHORTEST = 2
_NAMED = re.compile(r"\bsensor[:\s]\s*([\w/-]*[\d._][\w./-]*\w)|\b([a-z_]+\d+\.[a-z][\w.]*\w)", re.IGNORECASE)
_SPLIT = re.compile(r"[^\w.:/-]+")


@dataclass(frozen=True)
class Named:
    """What a question names.

    Attributes:
        sensors: Sensors by name.
        assets: Assets by name.
        elements: Elements of the grid that have a sensor or an asset.
    """

    sensors: tuple[Sensor, ...]
    assets: tuple[Asset, ...]
    elements: tuple[ElementRef, ...]


def named(text: str, sensors: Sequence[Sensor], assets: Sequence[Asset], inventory: Inventory) -> Named:
    """Find the names: sensors and assets as they are written, elements as in any question."""
    found = tuple(item for item in sensors if _written(item.name, text))
    equipment = tuple(item for item in assets if _written(item.name, text))
    mentions = find_mentions(normalise(text), inventory).mentions
    known = {str(item.element) for item in sensors} | {str(item.element) for item in assets}
    refs = [item.ref for mention in mentions for item in mention.items if str(item.ref) in known]
    return Named(found, equipment, tuple(dict.fromkeys(refs)))


def unknown_sensor(text: str, sensors: Sequence[Sensor]) -> str | None:
    """A word that can only be the name of a sensor, and is none; a channel of an element, or what "sensor" names.

    >>> unknown_sensor("what does sensor line99.p_from read?", ())
    'line99.p_from'
    """
    known = {item.name.lower() for item in sensors}
    words = [match[1] or match[2] for match in _NAMED.finditer(text)]
    return next((word for word in words if word.lower() not in known), None)


def _written(name: str, text: str) -> bool:
    """Whether a name stands in a text as a word of its own; short names only in their own case."""
    words = set(_words(text))
    if len(name) <= _SHORTEST:
        return name in words
    return name.lower() in {word.lower() for word in words}


def _words(text: str) -> Iterator[str]:
    for word in _SPLIT.split(text):
        plain = word.strip(".:/-")
        yield plain
        yield plain.removeprefix("sensor:").removeprefix("asset:")
