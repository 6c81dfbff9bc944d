"""The way from what has voltage to what is dark: least charging, and few operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    from tools.grid.restoring.status import Status
    from tools.grid.restoring.subject import Subject

# One more operation weighs as much as so much charging.
OPERATION_MVAR = 1.0
# Where it makes no other difference, a branch that is normally closed is taken before a tie.
_TIE_MVAR = 1e-3

Way = tuple[float, int]
"""Weight of the way to a bus, and the first branch on it that is open."""


class Ways:
    """The branches that may be closed as a graph; ``graph`` has the buses of the matrix as nodes."""

    def __init__(self, subject: Subject) -> None:
        self._branches = subject.wiring.branches
        self.graph = nx.MultiGraph()
        self.graph.add_nodes_from(range(len(subject.live.buses)))
        for at, branch in enumerate(self._branches):
            weight = max(branch.charging_mvar, 0.0) + OPERATION_MVAR + (_TIE_MVAR if branch.tie else 0.0)
            first, *others = branch.ends
            for other in others:
                self.graph.add_edge(first, other, key=at, weight=weight)

    def first_steps(self, status: Status, resting: Collection[int]) -> dict[int, Way]:
        """For every dark bus that can be reached: how far it is, and which branch leads the way.

        Args:
            status: What has voltage.
            resting: Branches that were refused and are not to be tried now.
        """
        lit = np.flatnonzero(status.lit).tolist()
        if not lit:
            return {}
        barred = set(resting)

        def weight(_: int, to: int, edges: dict[int, dict[str, float]]) -> float | None:
            free = [edge["weight"] for at, edge in edges.items() if at not in barred]
            return min(free) if free and not status.lit[to] else None

        distance, path = nx.multi_source_dijkstra(self.graph, lit, weight=weight)
        return {
            bus: (far, self._between(path[bus][0], path[bus][1], barred))
            for bus, far in distance.items()
            if len(path[bus]) > 1
        }

    def _between(self, start: int, end: int, barred: set[int]) -> int:
        edges: dict[int, dict[str, float]] = self.graph[start][end]
        return min((at for at in edges if at not in barred), key=lambda at: (edges[at]["weight"], at))
