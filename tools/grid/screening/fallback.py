"""Outages solved by pandapower itself, for what the batch cannot do; voltages come in the batch's own order."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import spsolve

from tools.errors import NotSolvedError
from tools.grid.outages import take_out
from tools.grid.slack import move_lost_slack
from tools.grid.solve import solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.element import ElementRef
    from tools.grid.screening.arrays import GridArrays
    from tools.grid.state import State


def outage_state(state: State, *refs: ElementRef) -> State:
    """A private copy of a state with more elements out; another unit takes the balance where the slack is lost."""
    net = deepcopy(state.net)
    for ref in refs:
        take_out(net, ref)
    moved = move_lost_slack(net, state.net)
    return replace(state, net=net, outages=(*state.outages, *refs), moved_slack=moved or state.moved_slack)


def solve_alone(
    arrays: GridArrays, state: State, ref: ElementRef, opened: NDArray[np.int64]
) -> NDArray[np.complex128] | None:
    """Voltages with one element out, by bus of the matrix before the outage; None when it does not converge.

    Args:
        arrays: The state before the outage.
        state: The state before the outage; it stays as it is.
        ref: What is out.
        opened: Branch rows that are open.
    """
    return solve_state(arrays, outage_state(state, ref), opened)


def solve_state(arrays: GridArrays, after: State, opened: NDArray[np.int64]) -> NDArray[np.complex128] | None:
    """As ``solve_alone``, of a state that has its elements out already."""
    try:
        net = solve(after).net
    except NotSolvedError:
        return None
    voltage = np.zeros(len(arrays.voltage), dtype=complex)
    watched = arrays.bus_place >= 0
    vm_pu = net.res_bus.vm_pu.to_numpy(dtype=float)[watched]
    angle = np.deg2rad(net.res_bus.va_degree.to_numpy(dtype=float)[watched])
    voltage[arrays.bus_place[watched]] = np.nan_to_num(vm_pu * np.exp(1j * angle))
    return _with_inner_buses(arrays, voltage, opened)


def _with_inner_buses(
    arrays: GridArrays, voltage: NDArray[np.complex128], opened: NDArray[np.int64]
) -> NDArray[np.complex128]:
    """Fill in buses that pandapower adds inside elements (star points, open line ends): nothing is fed in there."""
    inner = np.ones(len(voltage), dtype=bool)
    inner[arrays.bus_place[arrays.bus_place >= 0]] = False
    inner[arrays.regulated] = False
    if not inner.any():
        return voltage
    closed = np.ones(len(arrays.start), dtype=bool)
    closed[opened] = False
    start, end = arrays.start[closed], arrays.end[closed]
    every = np.arange(len(voltage))
    value = np.concatenate([y[closed] for y in (arrays.yff, arrays.yft, arrays.ytf, arrays.ytt)] + [arrays.shunt])
    row = np.concatenate((start, start, end, end, every))
    column = np.concatenate((start, end, start, end, every))
    admittance = csr_matrix((value, (row, column)), shape=(len(voltage),) * 2)
    # an inner bus that lost all its branches has no equation and stays at zero
    reached = inner & (np.abs(admittance.diagonal()) > 0)
    if reached.any():
        of_inner = admittance[reached]
        voltage[reached] = spsolve(of_inner[:, reached].tocsc(), -(of_inner[:, ~reached] @ voltage[~reached]))
    return voltage
