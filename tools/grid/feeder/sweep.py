"""The AC power flow of one radial configuration by backward and forward sweeps, compiled.

The sweep is that of Shirmohammadi, Hong, Semlyen and Luo (IEEE Trans. Power Systems 3(2), 1988) on two-ports, so that
charging and transformer ratios are in it. It solves the same equations as Newton-Raphson; the search uses it because a
configuration takes some ten microseconds. Whatever the search proposes is solved again by pandapower.
"""

from __future__ import annotations

import numpy as np

from tools.grid.feeder.compiled import Bools, Complexes, Ints, compiled
from tools.grid.feeder.network import Network

MAX_SWEEPS = 100
TOLERANCE_PU = 1e-10
RUN_AWAY_PU = 1e3
COLLAPSED_PU = 0.3
"""A sweep that ends below this voltage has found no state that a grid could be in."""

SOURCE, UNFED = -1, -2
"""In place of the row that feeds a bus."""


@compiled
def trace(net: Network, closed: Bools, order: Ints, parent: Ints) -> int:
    """Order the buses from the sources outwards; how many are reached, -1 where closed rows form a loop.

    Args:
        net: The feeder.
        closed: Which rows are closed.
        order: Filled with buses, sources first.
        parent: Filled with the row that feeds each bus; ``SOURCE`` at sources, ``UNFED`` where nothing does.
    """
    count = 0
    for bus in range(len(net.root)):
        parent[bus] = UNFED
        if net.root[bus]:
            parent[bus] = SOURCE
            order[count] = bus
            count += 1
    at = 0
    while at < count:
        bus = order[at]
        at += 1
        for k in range(net.first[bus], net.first[bus + 1]):
            row = net.touching[k]
            if closed[row] and row != parent[bus]:
                other = net.end[row] if net.start[row] == bus else net.start[row]
                if parent[other] != UNFED:
                    return -1
                parent[other] = row
                order[count] = other
                count += 1
    return count


@compiled
def solve_radial(net: Network, closed: Bools, order: Ints, parent: Ints, state: Complexes) -> bool:
    """Solve a traced configuration; whether a solution was found.

    Args:
        net: The feeder.
        closed: Which rows are closed.
        order: Buses from the sources outwards.
        parent: Row that feeds each bus.
        state: Filled by bus: voltage, current that the feeding row delivers to it, current that the row takes in.
    """
    size = len(order)
    voltage, drawn, sent = state[0], state[1], state[2]
    ground = _ground(net, closed)
    above, port = np.empty(size, dtype=np.int64), np.empty((4, size), dtype=np.complex128)
    _ports(net, order, parent, voltage, above, port)
    for _ in range(MAX_SWEEPS):
        for bus in range(size):
            drawn[bus] = np.conj(net.load[bus] / voltage[bus]) + ground[bus] * voltage[bus]
        for i in range(size - 1, -1, -1):
            bus = order[i]
            if parent[bus] >= 0:
                sent[bus] = port[0, bus] * voltage[above[bus]] + port[1, bus] * drawn[bus]
                drawn[above[bus]] += sent[bus]
        moved = _forward(order, parent, state, above, port)
        if not moved < RUN_AWAY_PU:  # not a number fails here as well
            return False
        if moved < TOLERANCE_PU:
            return bool(np.abs(voltage).min() > COLLAPSED_PU)
    return False


@compiled
def _ground(net: Network, closed: Bools) -> Complexes:
    """Admittance to ground at each bus, lines that are open at their other end only included."""
    ground = net.shunt.copy()
    for row in range(len(closed)):
        if not closed[row] and net.dangling_bus[row] >= 0:
            ground[net.dangling_bus[row]] += net.dangling_y[row]
    return ground


@compiled
def _ports(net: Network, order: Ints, parent: Ints, voltage: Complexes, above: Ints, port: Complexes) -> None:
    """The feeding two-port of each bus, solved for what a sweep needs; and the voltages without load.

    Current taken in = port 0 x voltage above + port 1 x current delivered;
    voltage = (current delivered + port 2 x voltage above) x port 3.
    """
    for i in range(len(order)):
        bus = order[i]
        row = parent[bus]
        if row < 0:
            voltage[bus] = net.source[bus]
            continue
        if net.end[row] == bus:
            above[bus] = net.start[row]
            own, far, far_above, own_above = net.ytt[row], net.ytf[row], net.yft[row], net.yff[row]
        else:
            above[bus] = net.end[row]
            own, far, far_above, own_above = net.yff[row], net.yft[row], net.ytf[row], net.ytt[row]
        port[0, bus] = own_above - far_above * far / own
        port[1, bus] = -far_above / own
        port[2, bus] = far
        port[3, bus] = -1.0 / own
        voltage[bus] = far * voltage[above[bus]] * port[3, bus]


@compiled
def _forward(order: Ints, parent: Ints, state: Complexes, above: Ints, port: Complexes) -> float:
    """Voltages from the sources outwards; how far the one that moved most did, pu."""
    voltage, drawn = state[0], state[1]
    moved = 0.0
    for i in range(len(order)):
        bus = order[i]
        if parent[bus] >= 0:
            new = (drawn[bus] + port[2, bus] * voltage[above[bus]]) * port[3, bus]
            change = abs(new - voltage[bus])
            if not change < RUN_AWAY_PU:
                return np.inf
            moved = max(moved, change)
            voltage[bus] = new
    return moved
