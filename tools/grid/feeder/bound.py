"""What no radial configuration can go below: the bound where the configurations are too many to be looked at.

Let every tie be closed, let nothing be lost on the way, and let each branch see the highest voltage that can be: the
flows that then lose least are those of a network of resistances, and each radial configuration with its real flows
loses more. Interruptions are bounded by each load's way of fewest failures. Both minima together are not above the
minimum of the sum. docs/method.md says when the bound holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.sparse.linalg import spsolve

from tools.grid.feeder.network import Aim, Network

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_R_PU = 1e-12
"""Stands for a resistance of zero; it raises the bound by less than what is shown of it."""


def bound_kw(net: Network, aim: Aim) -> float | None:
    """Least conceivable losses and interruptions of any radial configuration, kW; None where no bound holds."""
    if aim.square_ceiling == 0.0:
        return None
    powers = [net.load.real, net.load.imag] if aim.reactive else [net.load.real]
    loss_pu = sum(_least_loss(net, np.where(net.root, 0.0, power)) for power in powers)
    interrupted = _least_interrupted_mw(net) if aim.interruption_price_kw else 0.0
    return loss_pu / aim.square_ceiling * net.base_mva * 1e3 + aim.interruption_price_kw * interrupted


def _least_loss(net: Network, drawn: NDArray[np.float64]) -> float:
    """Least sum of resistance times flow squared over all ways of carrying what is drawn from the sources."""
    conductance = 1.0 / np.maximum(net.z_floor.real, LEAST_R_PU)
    size = len(net.root)
    inside = np.flatnonzero(~net.root)
    ends = np.concatenate((net.start, net.end))
    far = np.concatenate((net.end, net.start))
    doubled = np.concatenate((conductance, conductance))
    loop = ends != far
    laplacian = coo_matrix((doubled[loop], (ends[loop], ends[loop])), shape=(size, size)).tocsr() - coo_matrix(
        (doubled[loop], (ends[loop], far[loop])), shape=(size, size)
    )
    potential = spsolve(csr_matrix(laplacian[inside][:, inside]).tocsc(), drawn[inside])
    return float(drawn[inside] @ potential)


def _least_interrupted_mw(net: Network) -> float:
    """Load times the failures in a year on its way of fewest failures."""
    size = len(net.root)
    # a graph routine takes a weight of zero for no edge
    weight = np.maximum(net.failures, 1e-15)
    order = np.argsort(-weight, kind="stable")  # of parallel rows the last one written stands: the least
    dense: dict[tuple[int, int], float] = {}
    for row in order.tolist():
        a, b = int(net.start[row]), int(net.end[row])
        dense[min(a, b), max(a, b)] = float(weight[row])
    pairs = np.array(list(dense), dtype=np.int64).reshape(-1, 2)
    graph = coo_matrix((list(dense.values()), (pairs[:, 0], pairs[:, 1])), shape=(size, size)).tocsr()
    least = dijkstra(graph, directed=False, indices=np.flatnonzero(net.root), min_only=True)
    return float(least @ net.demand_mw)
