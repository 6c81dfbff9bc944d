"""What a radial configuration loses at least, without solving it: the bound that spares most of the sweeps, compiled.

Where everything draws power and lines only lose some, at least the load behind a line flows through it, at no more than
the highest voltage. Letting what is lost so flow as well, and voltages fall by what flows, raises the bound round by
round towards the losses themselves, from below.
"""

from __future__ import annotations

import numpy as np

from tools.grid.feeder.compiled import Complexes, Floats, Ints, compiled
from tools.grid.feeder.network import Aim, Network

ROUNDS = 3


@compiled
def floor_kw(net: Network, aim: Aim, order: Ints, parent: Ints, enough: float) -> float:
    """Least losses of a traced configuration; infinite where no voltage can carry its load, 0 where no bound holds.

    Args:
        net: The feeder.
        aim: Highest voltage that can be, and whether reactive power counts.
        order: Buses from the sources outwards.
        parent: Row that feeds each bus.
        enough: More need not be shown, kW.
    """
    if aim.square_ceiling == 0.0:
        return 0.0
    flow = np.empty(len(order), dtype=np.complex128)
    square = np.full(len(order), aim.square_ceiling)
    lost_kw = 0.0
    for _ in range(ROUNDS if aim.reactive else 1):
        lost_kw = _lost_pu(net, aim, order, parent, flow, square) * net.base_mva * 1e3
        if lost_kw > enough or not aim.reactive:
            break
        if not _fall(net, order, parent, flow, square):
            return np.inf
    return lost_kw


@compiled
def _lost_pu(net: Network, aim: Aim, order: Ints, parent: Ints, flow: Complexes, square: Floats) -> float:
    """Losses of the least flows at the highest voltages; fills in what each bus's row delivers at least."""
    flow[:] = net.load
    total = 0.0
    for i in range(len(order) - 1, -1, -1):
        bus = order[i]
        row = parent[bus]
        if row >= 0:
            apparent = flow[bus].real * flow[bus].real
            if aim.reactive:
                apparent += flow[bus].imag * flow[bus].imag
            lost = net.z_floor[row] * (apparent / square[bus])
            total += lost.real
            flow[net.end[row] if net.start[row] == bus else net.start[row]] += flow[bus] + lost
    return total


@compiled
def _fall(net: Network, order: Ints, parent: Ints, flow: Complexes, square: Floats) -> bool:
    """Lower the squares of the highest voltages by what the least flows cost; whether any voltage is left.

    From the exact relation of a line, U_above = U + 2 (r P + x Q) + |z|^2 S^2 / U with U <= U_above.
    """
    for i in range(len(order)):
        bus = order[i]
        row = parent[bus]
        if row >= 0 and net.z_floor[row] != 0.0:
            above = square[net.end[row] if net.start[row] == bus else net.start[row]]
            z, power = net.z_floor[row], flow[bus]
            apparent = power.real * power.real + power.imag * power.imag
            size = z.real * z.real + z.imag * z.imag
            square[bus] = above - 2.0 * (z.real * power.real + z.imag * power.imag) - size * apparent / above
            if square[bus] <= 0.0:
                return False
    return True
