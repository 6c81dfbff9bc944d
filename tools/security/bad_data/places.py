"""Groups of sensors that one cause can make wrong together: one sensor, one transducer, one station."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tools.element import ElementKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.detection.branch_model import BranchModel
    from tools.telemetry.schema.sensor import Sensor


class Reach(StrEnum):
    """How far one cause reaches."""

    SENSOR = "sensor"
    TRANSDUCER = "transducer"
    STATION = "station"


@dataclass(frozen=True)
class Place:
    """Sensors that may be wrong together; ``rows`` of the frame."""

    reach: Reach
    rows: tuple[int, ...]


def places(sensors: Sequence[Sensor], model: BranchModel | None) -> tuple[Place, ...]:
    """Every group, the smallest first."""
    single = [Place(Reach.SENSOR, (row,)) for row in range(len(sensors))]
    transducers: dict[tuple[str, str], list[int]] = defaultdict(list)
    stations: dict[int, list[int]] = defaultdict(list)
    nodes = _nodes(model) if model is not None else {}
    for row, sensor in enumerate(sensors):
        if sensor.element is None:
            continue
        side = str(sensor.side or "")
        if sensor.quantity in {"p", "q"}:
            transducers[str(sensor.element), side].append(row)
        node = nodes.get((sensor.element.kind, sensor.element.index, side))
        if node is not None and sensor.quantity in {"p", "q", "vm"}:
            stations[node].append(row)
    return (
        *single,
        *(Place(Reach.TRANSDUCER, tuple(rows)) for rows in transducers.values() if len(rows) > 1),
        *(Place(Reach.STATION, tuple(rows)) for rows in stations.values() if len(rows) > 2),  # noqa: PLR2004 - else a transducer
    )


def _nodes(model: BranchModel) -> dict[tuple[ElementKind, int, str], int]:
    """Node of every terminal and bus."""
    found = {(one.kind, one.index, one.side): one.node for one in model.terminals}
    found |= {(ElementKind.BUS, bus, ""): node for bus, node in model.node_of_bus.items()}
    return found
