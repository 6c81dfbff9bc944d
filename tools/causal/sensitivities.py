"""How far a flow moves for a megawatt injected, or for a branch that opens: the linear (DC) power flow of the grid.

Physics gives these factors; data could not, for a unit that never moved has never shown what it moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.detection.branch_model import BRANCH_ENDS, BranchModel
from tools.element import ElementKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.detection.frame import Floats

    _Place = tuple[ElementKind, int, str]

_BRIDGE = 1e-6


@dataclass(frozen=True, eq=False)
class Sensitivities:
    """Factors of the linear power flow.

    Attributes:
        ptdf: Branch by node: flow from the from side on, MW a MW fed in at the node and taken out at the slack.
        branch: Row of each branch in service, by kind and index.
        ends: Nodes of each row.
        node_of: Node of every element with one terminal, by kind and index.
        slack: Node of the external grid; None without one.
    """

    ptdf: Floats
    branch: dict[tuple[ElementKind, int], int]
    ends: tuple[tuple[int, int], ...]
    node_of: dict[tuple[ElementKind, int], int]
    slack: int | None

    def of_injection(self, place: _Place, source: tuple[ElementKind, int]) -> float | None:
        """MW at a place (an end of a branch, or the external grid) for a MW fed in by an element; None if unknown."""
        node = self.node_of.get(source)
        if node is None:
            return None
        if place[0] is ElementKind.EXT_GRID:
            return None if self.node_of.get(place[:2]) != self.slack else -1.0
        row = self.branch.get(place[:2])
        return None if row is None else float(self.ptdf[row, node]) * _direction(place)

    def of_opening(self, place: _Place, branch: tuple[ElementKind, int]) -> float | None:
        """MW at an end of a branch for each MW that another branch carried (from its from side on) and lost.

        None where the other branch is a bridge: then nothing takes its place.
        """
        row, lost = self.branch.get(place[:2]), self.branch.get(branch)
        if row is None or lost is None or row == lost:
            return None
        one, other = self.ends[lost]
        through = self.ptdf[:, one] - self.ptdf[:, other]
        rest = 1.0 - float(through[lost])
        return None if abs(rest) < _BRIDGE else float(through[row]) / rest * _direction(place)


def sensitivities_of(model: BranchModel) -> Sensitivities:
    """The factors of a grid as it is in the model."""
    live = {(item.kind, item.index) for item in model.terminals if item.in_service}
    rows = [number for number, key in enumerate(model.key) if key in live and abs(model.series[number].imag) > 0]
    nodes = sorted(set(model.node_of_bus.values()))
    place = {node: number for number, node in enumerate(nodes)}
    ends = [tuple(place[model.node_of_bus[bus]] for bus in model.ends[number]) for number in rows]
    weight = np.array([1.0 / (model.series[number].imag * model.tap[number]) for number in rows])
    incidence: NDArray[np.float64] = np.zeros((len(rows), len(nodes)))
    for number, (one, other) in enumerate(ends):
        incidence[number, one], incidence[number, other] = 1.0, -1.0
    node_of = {
        (item.kind, item.index): place[item.node] for item in model.terminals if not item.side and item.in_service
    }
    slack = next((node for (kind, _), node in node_of.items() if kind is ElementKind.EXT_GRID), None)
    angle = np.linalg.pinv(incidence.T @ (weight[:, None] * incidence))
    if slack is not None:
        angle = angle - angle[:, [slack]]
    return Sensitivities(
        ptdf=np.asarray(weight[:, None] * (incidence @ angle)),
        branch={model.key[number]: row for row, number in enumerate(rows)},
        ends=tuple((int(one), int(other)) for one, other in ends),
        node_of=node_of,
        slack=slack,
    )


def _direction(place: _Place) -> float:
    """A flow is positive into the branch: at the other end that is the other way."""
    if place[0] not in BRANCH_ENDS:
        return 1.0
    return 1.0 if place[2] == BRANCH_ENDS[place[0]][0][1] else -1.0
