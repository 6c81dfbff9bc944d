"""Where buses lie in a picture that keeps to the coordinates of the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import floor, log10
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.grid.diagram.branches import Branch
from tools.grid.diagram.coordinates import Coordinates
from tools.grid.diagram.layout import CLOSEST_BUSES_PX, MARGIN_PX, TYPICAL_BRANCH_PX, Layout, Point
from tools.grid.diagram.scope import Scope
from tools.grid.schema.drawing import PlaceKind, Places

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDEST_PX, NARROWEST_PX = 1180.0, 820.0
"""Longer side of the area that the buses take, between which the scale is chosen."""
LONGEST_BAR_PX = 150.0
_ROOM = 0.38
"""How near two buses may stand, as a share of the side of the square that each would have for itself."""
_ROUNDS = 80
_SAME_PX = 0.1
_STEP = 0.35
"""Share of a gap that each of two buses makes up in a round; below a half, or rows of them swing."""
_TURN = 2.399963
"""The golden angle: buses at one place part in directions that differ."""


def placeable(scope: Scope, coordinates: Coordinates) -> frozenset[int]:
    """Buses with coordinates, and those that branches connect with one."""
    return frozenset(_filled(scope, coordinates.places))


def lay_out_map(scope: Scope, coordinates: Coordinates) -> tuple[Layout, Places]:
    """Places by the coordinates, north up, and what is to be said of them; every bus in scope must be placeable.

    Equal input gives equal places. Buses that are too near to be told apart stand beside each other.
    """
    filled = _filled(scope, coordinates.places)
    buses = list(scope.buses)
    true = np.array([filled[bus] for bus in buses]) * (1.0, -1.0)
    px_per_unit = _scale(scope.branches, dict(zip(buses, true, strict=True)))
    exact = (true - true.min(axis=0)) * px_per_unit
    closest_px = max(CLOSEST_BUSES_PX, _ROOM * float(np.sqrt(np.ptp(exact, axis=0).prod() / len(buses))))
    apart = _part(exact, closest_px)
    apart += MARGIN_PX - apart.min(axis=0)
    stands = exact + (apart - exact).mean(axis=0)
    places = {
        f"bus:{bus}": Point(round(float(x), 1), round(float(y), 1)) for bus, (x, y) in zip(buses, apart, strict=True)
    }
    places |= dict(_star_points(scope.branches, places))
    bar_km = None if coordinates.kind is PlaceKind.DRAWING else _bar(LONGEST_BAR_PX / px_per_unit)
    layout = Layout(
        places,
        width=max(point.x for point in places.values()) + MARGIN_PX,
        height=max(point.y for point in places.values()) + MARGIN_PX,
        bar_px=0.0 if bar_km is None else bar_km * px_per_unit,
    )
    told = Places(
        kind=coordinates.kind,
        latitude_first=coordinates.latitude_first,
        scale_bar_km=bar_km,
        buses_without_coordinates=sum(bus not in coordinates.places for bus in buses),
        buses_moved_aside=int((np.abs(apart - stands).max(axis=1) > CLOSEST_BUSES_PX / 2).sum()),
    )
    return layout, told


def _filled(scope: Scope, known: Mapping[int, tuple[float, float]]) -> dict[int, tuple[float, float]]:
    """Known places, and for the others the middle of their placed neighbours, from the placed ones outwards."""
    places = {bus: known[bus] for bus in scope.buses if bus in known}
    near: dict[int, set[int]] = {}
    for branch in scope.branches:
        for bus in branch.buses:
            near.setdefault(bus, set()).update(other for other in branch.buses if other != bus)
    while found := {
        bus: [places[other] for other in sorted(near.get(bus, ())) if other in places]
        for bus in scope.buses
        if bus not in places and not places.keys().isdisjoint(near.get(bus, ()))
    }:
        places |= {bus: (_mean([x for x, _ in around]), _mean([y for _, y in around])) for bus, around in found.items()}
    return places


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _scale(branches: Sequence[Branch], true: Mapping[int, NDArray[np.float64]]) -> float:
    """Px per unit: readable branches, within the sizes that a page can show."""
    lengths = [float(np.hypot(*(true[branch.buses[0]] - true[branch.buses[1]]))) for branch in branches]
    extent = float(np.ptp(np.array(list(true.values())), axis=0).max()) or 1.0
    typical = median([length for length in lengths if length > 0] or [extent])
    return min(max(TYPICAL_BRANCH_PX / typical, NARROWEST_PX / extent), WIDEST_PX / extent)


def _part(places: NDArray[np.float64], closest_px: float) -> NDArray[np.float64]:
    """The places, pushed apart where two are nearer than can be drawn."""
    apart = places.copy()
    angle = _TURN * np.arange(len(apart))
    away = np.stack((np.cos(angle), np.sin(angle)), axis=1)
    parting = away[:, None, :] - away[None, :, :]
    for _ in range(_ROUNDS):
        gap = apart[:, None, :] - apart[None, :, :]
        distance = np.hypot(gap[..., 0], gap[..., 1])
        same = distance < _SAME_PX
        push = np.maximum(closest_px - distance, 0.0)
        np.fill_diagonal(push, 0.0)
        if push.max() < _SAME_PX:
            break
        way = np.where(same[..., None], parting, gap / np.where(same, 1.0, distance)[..., None])
        apart += (way * push[..., None]).sum(axis=1) * _STEP
    return apart


def _star_points(branches: Sequence[Branch], places: Mapping[str, Point]) -> Iterator[tuple[str, Point]]:
    """Three-winding transformers stand in the middle of their buses."""
    for branch in branches:
        if branch.kind is ElementKind.TRAFO3W:
            ends = [places[f"bus:{bus}"] for bus in branch.buses]
            yield str(branch), Point(_mean([end.x for end in ends]), _mean([end.y for end in ends]))


def _bar(longest_km: float) -> float:
    """The longest round length that fits: one, two or five of a power of ten.

    >>> _bar(37.0), _bar(0.9)
    (20.0, 0.5)
    """
    power = 10.0 ** floor(log10(longest_km))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= longest_km)
