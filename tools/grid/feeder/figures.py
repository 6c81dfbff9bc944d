"""Figures of many configurations at a time, compiled: losses, limits, interruptions, and what became of each."""

from __future__ import annotations

import numpy as np

from tools.grid.feeder.compiled import Bools, Complexes, Floats, Ints, compiled
from tools.grid.feeder.floors import floor_kw
from tools.grid.feeder.network import Aim, Network
from tools.grid.feeder.sweep import solve_radial, trace

VOLTAGE_TOLERANCE_PU = 1e-6
LOADING_TOLERANCE_PERCENT = 1e-4
POINTS_PER_PU = 100.0

FIGURES = 6
STATUS, LOSS, DEPTH, LOWEST, INTERRUPTED, OBJECTIVE = range(FIGURES)
"""Columns of the figures of a configuration: what became of it, losses (MW), how far limits are exceeded (points),
lowest voltage (pu), load interrupted in a year (MW), and the objective (kW)."""

NOT_RADIAL, SOLVED, EXCLUDED, UNSOLVED, BEYOND = 0.0, 1.0, 2.0, 3.0, 4.0
"""What became of it: a loop or a bus without supply, solved, excluded by the bound, no solution found, or more
switchings than allowed."""


@compiled
def _assess(net: Network, closed: Bools, order: Ints, parent: Ints, state: Complexes, figures: Floats) -> None:
    """Figures of a solved configuration: losses, limits, lowest voltage."""
    voltage, drawn, sent = state[0], state[1], state[2]
    loss, depth, lowest = 0.0, 0.0, np.inf
    for i in range(len(order) - 1, -1, -1):
        bus = order[i]
        vm_pu = abs(voltage[bus])
        lowest = min(lowest, vm_pu)
        outside = max(net.vm_min[bus] - vm_pu, vm_pu - net.vm_max[bus])
        if outside > VOLTAGE_TOLERANCE_PU:
            depth += outside * POINTS_PER_PU
        row = parent[bus]
        if row < 0:
            continue
        above, near, far = net.start[row], net.start_percent[row], net.end_percent[row]
        if above == bus:
            above, near, far = net.end[row], far, near
        loss += (voltage[above] * np.conj(sent[bus]) - voltage[bus] * np.conj(drawn[bus])).real
        excess = max(abs(sent[bus]) * near, abs(drawn[bus]) * far) - net.loading_limit[row]
        if excess > LOADING_TOLERANCE_PERCENT:
            depth += excess
    for row in range(len(closed)):
        if not closed[row] and net.dangling_bus[row] >= 0:
            at = abs(voltage[net.dangling_bus[row]])
            loss += net.dangling_y[row].real * at * at
    figures[STATUS], figures[LOSS], figures[DEPTH], figures[LOWEST] = SOLVED, loss * net.base_mva, depth, lowest


@compiled
def _interrupted_mw(net: Network, order: Ints, parent: Ints) -> float:
    """Load that failures interrupt in a year."""
    demand = net.demand_mw.copy()
    total = 0.0
    for i in range(len(order) - 1, -1, -1):
        bus = order[i]
        row = parent[bus]
        if row >= 0:
            total += net.failures[row] * demand[bus]
            demand[net.end[row] if net.start[row] == bus else net.start[row]] += demand[bus]
    return total


@compiled
def evaluate(net: Network, aim: Aim, opened: Ints, enough: float) -> Floats:
    """Figures of many configurations, one row each; what is not solved has a status and no other figures.

    Args:
        net: The feeder.
        aim: What is better.
        opened: Rows that are open, one configuration a line.
        enough: Objective above which a configuration need not be solved, kW; infinite solves all.
    """
    size = len(net.root)
    order, parent = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    state = np.empty((3, size), dtype=np.complex128)
    closed = np.ones(len(net.start), dtype=np.bool_)
    figures = np.zeros((len(opened), FIGURES))
    for k in range(len(opened)):
        closed[:] = True
        for row in opened[k]:
            closed[row] = False
        if trace(net, closed, order, parent) != size:
            continue
        switchings = (closed != aim.closed).sum()
        if switchings > aim.most_switchings:
            figures[k, STATUS] = BEYOND
            continue
        figures[k, INTERRUPTED] = _interrupted_mw(net, order, parent)
        price = aim.switching_price_kw * switchings + aim.interruption_price_kw * figures[k, INTERRUPTED]
        if np.isfinite(enough) and floor_kw(net, aim, order, parent, enough - price) + price > enough:
            figures[k, STATUS] = EXCLUDED
        elif solve_radial(net, closed, order, parent, state):
            _assess(net, closed, order, parent, state, figures[k])
            figures[k, OBJECTIVE] = figures[k, LOSS] * 1e3 + price
        else:
            figures[k, STATUS] = UNSOLVED
    return figures
