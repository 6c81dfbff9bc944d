"""Where buses lie in an area picture: pypowsybl's force layout, scaled to readable labels."""

from __future__ import annotations

import json
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from pypowsybl.network import NadParameters

from tools.grid.diagram.network import build_network
from tools.grid.diagram.scope import Scope

if TYPE_CHECKING:
    from pandapower import pandapowerNet

TYPICAL_BRANCH_PX = 96.0
"""Length of the median branch: room for a bus label at both ends and a value between them."""
CLOSEST_BUSES_PX = 34.0
MARGIN_PX = 76.0


@dataclass(frozen=True)
class Point:
    """A place in the picture, in px from its upper left corner."""

    x: float
    y: float


@dataclass(frozen=True)
class Layout:
    """Places of the canonical elements that are nodes of the picture: buses, three-winding transformers.

    Attributes:
        bar_px: Length of the scale bar; zero without a scale.
    """

    places: dict[str, Point]
    width: float
    height: float
    bar_px: float = 0.0


def lay_out(net: pandapowerNet, scope: Scope) -> Layout:
    """Force layout of the buses in scope; equal input gives equal places."""
    parameters = NadParameters(edge_info_included=False, voltage_level_legends_included=False)
    svg = build_network(net, scope).get_network_area_diagram(nad_parameters=parameters)
    nodes = json.loads(svg.metadata)["nodes"]
    raw = {str(node["equipmentId"]): Point(float(node["x"]), float(node["y"])) for node in nodes}
    scale = _scale(raw, scope)
    left = min(point.x for point in raw.values())
    top = min(point.y for point in raw.values())
    places = {
        key: Point(round((point.x - left) * scale + MARGIN_PX, 1), round((point.y - top) * scale + MARGIN_PX, 1))
        for key, point in raw.items()
    }
    return Layout(
        places=places,
        width=max(point.x for point in places.values()) + MARGIN_PX,
        height=max(point.y for point in places.values()) + MARGIN_PX,
    )


def _scale(raw: dict[str, Point], scope: Scope) -> float:
    lengths = [distance(raw[f"bus:{branch.buses[0]}"], raw[f"bus:{branch.buses[1]}"]) for branch in scope.branches]
    if not any(lengths):
        return 0.15
    closest = min(length for length in lengths if length)
    return max(TYPICAL_BRANCH_PX / median(lengths), CLOSEST_BUSES_PX / closest)


def distance(one: Point, other: Point) -> float:
    """Distance in px."""
    return float(((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5)
