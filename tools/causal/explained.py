"""A candidate with the causal model of what it explains: the target, its mechanism, and the trial of the effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd

from tools.causal.mechanism import ROWS, Mechanism
from tools.causal.refutation import Trial

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from tools.causal.candidate import Candidate
    from tools.detection.frame import Bools, Floats
    from tools.element import ElementRef
    from tools.subject import SubjectRef
    from tools.telemetry.schema.sensor import Sensor

LEAST_ROWS = 30
"""Ordinary moments below which nothing can be said of what is usual."""
READING, FLOW, REST = "reading", "flow", "rest"


@dataclass(frozen=True)
class Role:
    """What a node of the model stands for."""

    what: str
    element: ElementRef | None = None
    subject: SubjectRef | None = None


@dataclass(frozen=True, eq=False)
class Explained:
    """What a causal model can say about one candidate.

    Attributes:
        node: The candidate's node of the mechanism.
        roles: What each node stands for.
        target: Sensor whose departure is explained.
        at: Time that the counterfactual is told for.
        value: What the target said then, in its own unit.
        without: The same had the candidate not been, where that needs no model; None to take it from the model.
        factor: Target's own unit over the model's.
        clear: Size of the target's departure in its usual sizes.
    """

    mechanism: Mechanism
    trial: Trial
    node: str
    roles: Mapping[str, Role]
    target: Sensor
    at: datetime
    value: float
    without: float | None
    factor: float
    clear: float


def quiet(moments: int, candidates: Sequence[Candidate], reach: int) -> Bools:
    """Moments at which nothing that was found was under way, with room on both sides."""
    free = np.ones(moments, dtype=bool)
    for one in candidates:
        if not one.placed:
            continue
        stop = moments if one.stop is None and one.contrast is None else (one.stop or one.first + 1)
        free[max(0, one.first - reach) : min(moments, stop + reach)] = False
    free[:reach] = free[moments - reach :] = False
    return free


def chosen(free: Bools, stride: int) -> NDArray[np.intp]:
    """Free moments so many apart, at most ``ROWS`` of them."""
    places = np.flatnonzero(free)[:: max(1, stride)]
    return places[:: max(1, -(-len(places) // ROWS))]


def assembled(
    columns: Mapping[str, Floats], edges: Sequence[tuple[str, str]], rows: tuple[NDArray[np.intp], NDArray[np.intp]]
) -> Mechanism:
    """A mechanism over ordinary and departed moments.

    Args:
        columns: By node, over all moments.
        edges: From cause to effect; the last one's effect is the target.
        rows: Ordinary and departed moments.
    """
    graph = nx.DiGraph(edges)
    table = pd.DataFrame({node: columns[node] for node in graph.nodes})
    return Mechanism(
        graph=graph,
        target=edges[-1][1],
        ordinary=table.iloc[rows[0]].reset_index(drop=True),
        departed=table.iloc[rows[1]].reset_index(drop=True),
        unit="",
    )


def tried(columns: tuple[Floats, Floats, Floats], rows: NDArray[np.intp]) -> Trial:
    """Cause, effect and the rest at the moments of a trial."""
    cause, effect, rest = (column[rows] for column in columns)
    return Trial(cause, effect, rest)
