"""The AC optimum of a problem, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix, csc_matrix, diags, hstack

from tools.grid.opf.branch_kernel import kernel, parameters, slope_places
from tools.grid.opf.nonlinear import Point, run_ipopt
from tools.grid.opf.optimum import NoOptimum, Optimum, Residuals
from tools.grid.opf.program import Program, make_program, start_point

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.opf.problem import Problem

_STATUS = {
    "Infeasible_Problem_Detected": "the solver settled where the limits still contradict each other",
    "Maximum_Iterations_Exceeded": "the solver reached its limit of iterations",
    "Restoration_Failed": "the solver found no way back to states that keep the limits",
    "Search_Direction_Becomes_Too_Small": "the steps of the solver became too small",
    "Invalid_Number_Detected": "the equations gave a value that is no number",
    "Diverging_Iterates": "the iterates grew without bound: the problem may be unbounded",
}


def solve_ac(problem: Problem) -> Optimum | NoOptimum:
    """The optimum from the state before, where that solves, else from a flat start; both local solutions.

    A start that fails is followed by the other; the AC problem is not convex, so no solver proves that there is no
    better optimum elsewhere, or none at all.
    """
    program = make_program(problem)
    failed: Point | None = None
    for flat in (False, True) if problem.before else (True,):
        point = run_ipopt(program, start_point(program, flat=flat))
        if point.success:
            return _optimum(program, point, "a flat start" if flat else "the state before")
        failed = point
    assert failed is not None  # noqa: S101 - there is always one start
    reason = _STATUS.get(failed.status, f"the solver ended with {failed.status}")
    return NoOptimum(reason, failed.status not in {"Invalid_Number_Detected", "Diverging_Iterates"})


def _optimum(program: Program, point: Point, start: str) -> Optimum:
    problem, blocks, x = program.problem, program.blocks, point.x
    size, units, branches = problem.size, len(problem.units), len(problem.arrays.start)
    va, vm = x[:size], x[size : 2 * size]
    p, q = x[2 * size : 2 * size + units], x[2 * size + units : 2 * size + 2 * units]
    start_flow, end_flow = branch_powers(problem, vm * np.exp(1j * va))
    low, high = np.maximum(-point.x_price, 0.0), np.maximum(point.x_price, 0.0)
    g = point.g_price
    start_price, end_price, angle_price = (np.zeros(branches) for _ in range(3))
    # the program limits squares: d(r^2) = 2 r dr
    start_price[blocks.starts] = g[blocks.start : blocks.end] * 2.0 * problem.start_limit[blocks.starts]
    end_price[blocks.ends] = g[blocks.end : blocks.angle] * 2.0 * problem.end_limit[blocks.ends]
    angle_price[blocks.angles] = np.abs(g[blocks.angle : blocks.cut])
    reserve = blocks.reserve
    part = {
        "v": slice(size, 2 * size),
        "p": slice(2 * size, 2 * size + units),
        "q": slice(2 * size + units, 2 * size + 2 * units),
    }
    return Optimum(
        objective=point.objective,
        va=va,
        vm=vm,
        p=p,
        q=q,
        price=g[:size],
        reactive_price=g[size : 2 * size],
        start_flow=start_flow,
        end_flow=end_flow,
        start_price=np.maximum(start_price, 0.0),
        end_price=np.maximum(end_price, 0.0),
        angle_price=angle_price,
        v_low_price=low[part["v"]],
        v_high_price=high[part["v"]],
        p_low_price=low[part["p"]],
        p_high_price=high[part["p"]],
        q_low_price=low[part["q"]],
        q_high_price=high[part["q"]],
        reserve_price=0.0 if reserve is None else max(float(g[reserve]), 0.0),
        cut_prices=np.maximum(g[blocks.cut : blocks.linear], 0.0),
        iterations=point.iterations,
        solver=f"IPOPT with MUMPS, interior point, from {start}",
        residuals=_residuals(program, point, start_flow, end_flow),
    )


def branch_powers(
    problem: Problem, voltage: NDArray[np.complex128]
) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Complex power into each branch row at both ends, pu."""
    arrays = problem.arrays
    v_start, v_end = voltage[arrays.start], voltage[arrays.end]
    start: NDArray[np.complex128] = v_start * np.conj(arrays.yff * v_start + arrays.yft * v_end)
    end: NDArray[np.complex128] = v_end * np.conj(arrays.ytf * v_start + arrays.ytt * v_end)
    return start, end


def limited_flow(problem: Problem, flow: NDArray[np.complex128], vm_pu: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a branch limit is held against, pu: the apparent power, or the current at nominal voltage."""
    size: NDArray[np.float64] = np.abs(flow)
    return size if problem.apparent else np.asarray(size / vm_pu)


def _residuals(
    program: Program, point: Point, start_flow: NDArray[np.complex128], end_flow: NDArray[np.complex128]
) -> Residuals:
    """From the flows in complex numbers, which the solver never sees, and the slopes of the branches."""
    problem, x = program.problem, point.x
    g = constraint_values(program, x, start_flow, end_flow)
    balance = float(np.abs(g[: 2 * problem.size]).max())
    below, above = program.low - g, g - program.high
    outside = np.concatenate((below, above, program.x_low - x, x - program.x_high))
    gradient = program.objective_linear + 2.0 * program.objective_square * x
    slope = gradient + constraint_slopes(program, x).T @ point.g_price + point.x_price
    largest = max(1.0, float(np.abs(point.g_price).max(initial=0.0)))
    room_g = np.where(point.g_price > 0, -above, -below)
    room_x = np.where(point.x_price > 0, program.x_high - x, x - program.x_low)
    products = np.concatenate((point.g_price * _finite(room_g), point.x_price * _finite(room_x)))
    return Residuals(
        balance=balance,
        feasibility=float(max(outside.max(), 0.0)),
        stationarity=float(np.abs(slope).max()) / largest,
        complementarity=float(np.abs(products).max(initial=0.0)) / max(1.0, abs(point.objective)),
    )


def constraint_values(
    program: Program, x: NDArray[np.float64], start_flow: NDArray[np.complex128], end_flow: NDArray[np.complex128]
) -> NDArray[np.float64]:
    """Every constraint, the demand included, from the flows."""
    problem, size = program.problem, program.problem.size
    vm = x[size : 2 * size]
    limited = [
        limited_flow(problem, flow, vm[bus]) ** 2
        for flow, bus in ((start_flow, problem.arrays.start), (end_flow, problem.arrays.end))
    ]
    parts = (start_flow.real, start_flow.imag, end_flow.real, end_flow.imag, *limited)
    values: NDArray[np.float64] = (
        program.weights @ np.column_stack(parts).ravel() + program.linear @ x + program.shunts @ vm**2
    )
    return values + program.constant


def constraint_slopes(program: Program, x: NDArray[np.float64]) -> csc_matrix:
    """The Jacobian of the constraints at a point."""
    problem, size = program.problem, program.problem.size
    arrays, columns = problem.arrays, program.linear.shape[1]
    local = np.vstack((x[size + arrays.start], x[size + arrays.end], x[arrays.start] - x[arrays.end]))
    slopes = np.array(kernel()[1].map(len(arrays.start))(local, parameters(problem))).ravel(order="F")
    rows, places, gather = slope_places(problem, program.weights)
    jacobian = coo_matrix((gather @ slopes, (rows, places)), shape=program.linear.shape).tocsc() + program.linear
    shunts = program.shunts @ diags(2.0 * x[size : 2 * size])
    total = program.linear.shape[0]
    return csc_matrix(jacobian + hstack([csc_matrix((total, size)), shunts, csc_matrix((total, columns - 2 * size))]))


def _finite(room: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(room), room, 0.0)
