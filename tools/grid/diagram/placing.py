"""Which places an area picture takes: those of the model's coordinates, or a schematic's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.errors import InvalidArgumentError
from tools.grid.diagram.coordinates import (
    Coordinates,
    given_coordinates,
    longitudes_and_latitudes,
    map_coordinates,
    plane,
)
from tools.grid.diagram.layout import Layout, lay_out
from tools.grid.diagram.map_layout import lay_out_map, placeable
from tools.grid.diagram.scope import Scope
from tools.grid.schema.drawing import LayoutChoice, PlaceKind, Places

if TYPE_CHECKING:
    from pandapower import pandapowerNet

_ENOUGH = 0.5
"""Share of the drawn buses whose coordinates make a map; with fewer of them most places would be made up."""


def place(net: pandapowerNet, scope: Scope, choice: LayoutChoice) -> tuple[Scope, Layout, Places]:
    """What is drawn, where it stands, and what is to be said of the places.

    Buses without a way to one that has coordinates leave the picture, and are counted.

    Raises:
        InvalidArgumentError: where coordinates are asked for and no bus in scope has any, or none on the earth.
    """
    coordinates = None if choice == "schematic" else _coordinates(net, scope, choice)
    if coordinates is None:
        return scope, lay_out(net, scope), Places(kind=PlaceKind.SCHEMATIC)
    kept = placeable(scope, coordinates)
    lost = len(scope.buses) - len(kept)
    shown = Scope(
        buses=tuple(bus for bus in scope.buses if bus in kept),
        branches=tuple(branch for branch in scope.branches if kept.issuperset(branch.buses)),
        left_out=scope.left_out + lost,
    )
    layout, told = lay_out_map(shown, coordinates)
    without = told.buses_without_coordinates + lost
    return shown, layout, told.model_copy(update={"buses_without_coordinates": without, "buses_left_out": lost})


def _coordinates(net: pandapowerNet, scope: Scope, choice: LayoutChoice) -> Coordinates | None:
    given = given_coordinates(net)
    here = [bus for bus in scope.buses if bus in given]
    if choice == "auto":
        return map_coordinates(net, given) if here and len(here) >= _ENOUGH * len(scope.buses) else None
    if not here:
        raise InvalidArgumentError(f"layout: {choice} needs coordinates, and no bus here has any; use schematic")
    return longitudes_and_latitudes(given) if choice == "geographic" else plane(given)
