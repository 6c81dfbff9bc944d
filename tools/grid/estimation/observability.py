"""Which voltages and flows the measurements determine at all.

A quantity is determined when its variance does not depend on how strongly the states are tied to their start values:
tied a hundred times more strongly, what measurements determine keeps its variance, and what they leave open loses 99 %.
That is the numerical analysis of Monticelli and Wu (IEEE Trans. PAS-104, 1985) without its pivots, on the full
equations. A voltage or angle known worse than 0.1 pu or radian counts as open as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tools.grid.estimation.gain import Gain, NotObservableError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.estimation.equations import Columns, Equations, StateVector
    from tools.grid.estimation.network import Network
    from tools.grid.estimation.wls import Problem

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

KNOWN_SIGMA = 0.1
RIDGE, RIDGE_SHARE, TIGHTER = 1e-2, 1e-13, 100.0
_SAME = 0.5
_NOTHING = 1e-18
"""Variance, pu, of a flow that is zero for sure, such as that at an open end."""


@dataclass(frozen=True, eq=False)
class Observability:
    """What is determined.

    Attributes:
        node: Nodes whose voltage is, magnitude and angle against the reference.
        end: Branch ends whose flow is.
        columns: State variables that are.
        ridge: Weight that has to tie the others; zero when everything is determined.
        reference: Reference nodes to use instead, so that each lies in the largest part that hangs together.
        islands: Parts of more than one node in which angles are known against each other.
    """

    node: Bools
    end: Bools
    columns: Bools
    ridge: float
    reference: NDArray[np.int64]
    islands: int

    @classmethod
    def full(cls, net: Network, place: Columns) -> Observability:
        """Everything is determined."""
        node, end, columns = (np.ones(count, dtype=bool) for count in (net.nodes, len(net.near), place.count))
        return cls(node, end, columns, 0.0, net.reference, int(net.island.max()) + 1)


def determines(gain: Gain) -> bool:
    """Whether every state is known to better than ``KNOWN_SIGMA``; rounding may make a variance negative."""
    variance = np.diag(gain.covariance)
    return bool((variance >= 0).all() and (variance < KNOWN_SIGMA**2).all())


def observe(problem: Problem, state: StateVector, active: Bools, flows: Equations) -> Observability:
    """Analyse the measurements that count, at a state."""
    net, place = problem.equations.net, problem.equations.place
    try:
        full = determines(problem.gain(state, active)[0])
    except NotObservableError:
        full = False
    if full:
        return Observability.full(net, place)
    return _partial(problem, state, active, flows)


def _partial(problem: Problem, state: StateVector, active: Bools, flows: Equations) -> Observability:
    net, place = problem.equations.net, problem.equations.place
    slopes = problem.equations.slopes(state)
    largest = float(np.diag(problem.equations.gram(slopes, problem.weights(active))).max(initial=0.0))
    ridge = max(RIDGE, RIDGE_SHARE * largest)
    loose, tight = (problem.gain(state, active, weight)[0].covariance for weight in (ridge, TIGHTER * ridge))
    own = np.diag(loose)
    columns = (np.diag(tight) > _SAME * own) & (own < KNOWN_SIGMA**2)
    of_flow = flows.slopes(state)
    bounds = [flows.spread(of_flow, covariance) for covariance in (loose, tight)]
    told = (bounds[1] > _SAME * bounds[0]) | (bounds[0] < _NOTHING)
    end = told[: len(net.near)] & told[len(net.near) :]
    angle_known = np.where(place.angle >= 0, columns[place.angle], True)
    joined = _angles_joined(net, place.angle, loose, tight)
    reference, islands = _references(net, joined)
    return Observability(
        node=angle_known & columns[place.magnitude],
        end=end,
        columns=columns,
        ridge=ridge,
        reference=reference,
        islands=islands,
    )


def _angles_joined(net: Network, column: NDArray[np.int64], loose: Floats, tight: Floats) -> Bools:
    """Branch rows over which the difference of angles is determined."""
    half = len(net.near) // 2
    one, other = column[net.near[:half]], column[net.far[:half]]

    def variance(covariance: Floats) -> Floats:
        padded = np.pad(covariance, (0, 1))  # column -1, a reference, has no variance
        return np.asarray(padded[one, one] + padded[other, other] - 2 * padded[one, other])

    first = variance(loose)
    return np.asarray((variance(tight) > _SAME * first) & (first < KNOWN_SIGMA**2))


def _references(net: Network, joined: Bools) -> tuple[NDArray[np.int64], int]:
    """A reference in the largest part of each electrical island, the present one where it lies there."""
    half = len(net.near) // 2
    ends = net.near[:half][joined], net.far[:half][joined]
    graph = coo_matrix((np.ones(int(joined.sum())), ends), shape=(net.nodes, net.nodes))
    _, part = connected_components(graph, directed=False)
    size = np.bincount(part)
    chosen = []
    for present in net.reference:
        inside = np.flatnonzero(net.island == net.island[present])
        best = int(size[part[inside]].max())
        chosen.append(int(present) if size[part[present]] == best else int(inside[size[part[inside]] == best][0]))
    return np.array(chosen, dtype=np.int64), int((size > 1).sum())
