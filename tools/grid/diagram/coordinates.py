"""Where the buses of a model lie by its own coordinates, and what kind of coordinates those are.

Models carry coordinates that are a drawing's as often as a map's, and nothing in a file tells them apart but this: on
a map, the straight way between the ends of a line is about as long as the line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, inf, isfinite, radians
from statistics import fmean, median
from typing import TYPE_CHECKING

from tools.errors import InvalidArgumentError
from tools.grid.schema.drawing import PlaceKind

if TYPE_CHECKING:
    from pandapower import pandapowerNet

EARTH_KM = 6371.0
"""Mean radius (IUGG 1980)."""
_DEGREE_KM = radians(1.0) * EARTH_KM
_LARGEST_LATITUDE, _LARGEST_LONGITUDE, _FULL_TURN = 90.0, 180.0, 360.0
_FEWEST_LINES = 3
_BORNE_OUT = (0.4, 1.6)
"""Median ratio of straight way to line length, between which coordinates are taken to be a map's."""


@dataclass(frozen=True)
class Coordinates:
    """Places of buses by the model.

    Attributes:
        kind: Never ``SCHEMATIC``.
        places: East and north by bus, km on a map; in its own units of a drawing.
        latitude_first: Against GeoJSON, in the model; only read so do its numbers lie on the earth.
    """

    kind: PlaceKind
    places: Mapping[int, tuple[float, float]]
    latitude_first: bool = False


def given_coordinates(net: pandapowerNet) -> dict[int, tuple[float, float]]:
    """Both coordinates of each bus as the model has them: a GeoJSON point; what is no such point is absent."""
    if "geo" not in net.bus:
        return {}
    read = ((int(bus), _point(text)) for bus, text in net.bus.geo.items())
    return {bus: point for bus, point in read if point is not None}


def map_coordinates(net: pandapowerNet, given: Mapping[int, tuple[float, float]]) -> Coordinates | None:
    """The coordinates as those of a map, if the lengths of the lines bear that out; None if not."""
    read = (_on_earth(given), Coordinates(PlaceKind.METRES, {bus: (x / 1e3, y / 1e3) for bus, (x, y) in given.items()}))
    return next((found for found in read if found is not None and _borne_out(net, found)), None)


def longitudes_and_latitudes(given: Mapping[int, tuple[float, float]]) -> Coordinates:
    """The coordinates as longitudes and latitudes, on the caller's word.

    Raises:
        InvalidArgumentError: names a bus that would not lie on the earth.
    """
    found = _on_earth(given)
    if found is None:
        bus, (x, y) = max(given.items(), key=lambda item: max(abs(item[1][0]), abs(item[1][1])))
        raise InvalidArgumentError(f"layout: bus:{bus} at ({x:g}, {y:g}) is no longitude and latitude; use plane")
    return found


def plane(given: Mapping[int, tuple[float, float]]) -> Coordinates:
    """The coordinates as those of a drawing."""
    return Coordinates(PlaceKind.DRAWING, given)


def _point(text: object) -> tuple[float, float] | None:
    """The point of a GeoJSON text.

    >>> _point('{"type": "Point", "coordinates": [7.8, 48.4]}')
    (7.8, 48.4)
    >>> _point('{"type": "Point", "coordinates": [7.8]}')
    """
    if not isinstance(text, str):
        return None
    try:
        read = json.loads(text)
        x, y = (float(value) for value in read["coordinates"][:2])
    except (ValueError, KeyError, TypeError):
        return None
    return (x, y) if isfinite(x) and isfinite(y) else None


def _on_earth(given: Mapping[int, tuple[float, float]]) -> Coordinates | None:
    """Projected with the length of a degree along the middle parallel: true to some percent for a country's grid."""
    first, second = (max((abs(point[axis]) for point in given.values()), default=inf) for axis in (0, 1))
    in_order = first <= _LARGEST_LONGITUDE and second <= _LARGEST_LATITUDE
    if not in_order and not (first <= _LARGEST_LATITUDE and second <= _LARGEST_LONGITUDE):
        return None
    degrees = dict(given) if in_order else {bus: (x, y) for bus, (y, x) in given.items()}
    longitudes = [longitude for longitude, _ in degrees.values()]
    if max(longitudes) - min(longitudes) > _LARGEST_LONGITUDE:  # a grid on both sides of the date line
        degrees = {bus: (x % _FULL_TURN, y) for bus, (x, y) in degrees.items()}
    east_km = _DEGREE_KM * cos(radians(fmean(latitude for _, latitude in degrees.values())))
    places = {bus: (longitude * east_km, latitude * _DEGREE_KM) for bus, (longitude, latitude) in degrees.items()}
    return Coordinates(PlaceKind.LONGITUDE_LATITUDE, places, latitude_first=not in_order)


def _borne_out(net: pandapowerNet, found: Coordinates) -> bool:
    """Whether straight ways are about as long as the lines; equal lengths throughout are placeholders."""
    ratios, lengths = [], set()
    for start, end, km in zip(net.line.from_bus, net.line.to_bus, net.line.length_km, strict=True):
        one, other = found.places.get(int(start)), found.places.get(int(end))
        if one is not None and other is not None and one != other and km > 0:
            ratios.append(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5 / km)
            lengths.add(float(km))
    return len(ratios) >= _FEWEST_LINES and len(lengths) > 1 and _BORNE_OUT[0] <= median(ratios) <= _BORNE_OUT[1]
