"""The AC optimal power flow in polar voltages, solved by IPOPT through CasADi.

Formulation as in MATPOWER's User's Manual, chapter 6: power balance at each bus, limits at both ends of each branch,
bounds of voltages and units. Variables: angles, magnitudes, active and reactive injections, then ``rows.Extra``.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import casadi as ca
import numpy as np
from scipy.sparse import coo_matrix, csc_matrix, vstack

from tools.grid.opf.branch_kernel import (
    END,
    OUTPUTS,
    P_END,
    P_START,
    Q_END,
    Q_START,
    START,
    curvature_places,
    kernel,
    parameters,
    slope_places,
)
from tools.grid.opf.rows import Extra, LinearRows, extra_of, objective_rows, reserve_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.opf.problem import Problem

MAX_ITERATIONS = 150
TOLERANCE = 1e-8
_OPTIONS = {
    "print_time": False,
    "show_eval_warnings": False,
    "ipopt.print_level": 0,
    "ipopt.sb": "yes",
    "ipopt.linear_solver": "mumps",  # the only one in the wheel that needs no licence and no second core
    "ipopt.max_iter": MAX_ITERATIONS,
    "ipopt.tol": TOLERANCE,
    "ipopt.constr_viol_tol": TOLERANCE,
    "ipopt.bound_relax_factor": 0.0,  # no limit is passed, however little
    "ipopt.acceptable_iter": 0,  # solved to the tolerance, or not at all
}
# MUMPS keeps state of the process: two solves at the same time may spoil each other.
_alone = Lock()


@dataclass(frozen=True)
class Blocks:
    """First rows of the constraints, in their order, and the branch rows that have a limit."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    angles: NDArray[np.int64]
    balance: int
    start: int
    end: int
    angle: int
    cut: int
    linear: int
    reserve: int | None


@dataclass(frozen=True)
class Program:
    """The nonlinear program of a problem, as matrices: ``g = outputs by weights + linear x + shunts vm^2 + constant``.

    Attributes:
        problem: What it is made of.
        extra: Its extra variables.
        blocks: Where each kind of constraint stands.
        weights: Constraint by output of the branches.
        linear: Constraint by variable.
        shunts: Constraint by voltage magnitude squared.
        low, high: Bounds of the constraints, without the constant.
        x_low, x_high: Bounds of the variables.
        constant: Demand at each balance.
        objective_linear, objective_square: Coefficients by variable.
    """

    problem: Problem
    extra: Extra
    blocks: Blocks
    weights: csc_matrix
    linear: csc_matrix
    shunts: csc_matrix
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    x_low: NDArray[np.float64]
    x_high: NDArray[np.float64]
    constant: NDArray[np.float64]
    objective_linear: NDArray[np.float64]
    objective_square: NDArray[np.float64]


@dataclass(frozen=True)
class Point:
    """What the solver ended at; ``success`` says whether it is an optimum."""

    x: NDArray[np.float64]
    g_price: NDArray[np.float64]
    x_price: NDArray[np.float64]
    objective: float
    status: str
    success: bool
    iterations: int


def make_program(problem: Problem) -> Program:
    """The program of a problem."""
    size, units = problem.size, len(problem.units)
    p_column, q_column = 2 * size, 2 * size + units
    extra = extra_of(problem, 2 * size + 2 * units)
    columns = 2 * size + 2 * units + len(extra)
    rows = LinearRows(columns)
    objective_rows(problem, extra, p_column, rows)
    reserve = reserve_row(problem, p_column, rows)
    blocks = _blocks(problem, reserve)
    balances = _balance_columns(problem, p_column, q_column, columns)
    angles = _angle_columns(problem, blocks, columns)
    limited = len(blocks.starts) + len(blocks.ends)
    empty = [csc_matrix((count, columns)) for count in (limited, len(problem.cuts))]
    linear = vstack([balances, empty[0], angles, empty[1], rows.matrix()]).tocsc()
    total = linear.shape[0]
    squared = [problem.start_limit[blocks.starts] ** 2, problem.end_limit[blocks.ends] ** 2]
    low = [np.zeros(2 * size), np.full(limited, -np.inf), problem.angle_min[blocks.angles]]
    high = [np.zeros(2 * size), *squared, problem.angle_max[blocks.angles]]
    low += [np.full(len(problem.cuts), -np.inf), np.array(rows.low)]
    high += [np.array([cut.most for cut in problem.cuts]), np.array(rows.high)]
    constant = np.zeros(total)
    constant[:size], constant[size : 2 * size] = problem.demand.real, problem.demand.imag
    x_low, x_high = _bounds(problem, extra)
    objective_linear, objective_square = np.zeros(columns), np.zeros(columns)
    objective_linear[p_column:q_column], objective_square[p_column:q_column] = problem.costs.c1, problem.costs.c2
    reactive = slice(q_column, q_column + units)
    objective_linear[reactive], objective_square[reactive] = problem.costs.q1, problem.costs.q2
    objective_linear[extra.columns] = 1.0
    return Program(
        problem,
        extra,
        blocks,
        _weights(problem, blocks, total),
        linear,
        _shunts(problem, total),
        np.concatenate(low),
        np.concatenate(high),
        x_low,
        x_high,
        constant,
        objective_linear,
        objective_square,
    )


def start_point(program: Program, *, flat: bool) -> NDArray[np.float64]:
    """Where the solver begins: flat voltages and units in the middle of their ranges, or the state before."""
    problem = program.problem
    units, voltage = problem.units, problem.arrays.voltage
    low, high = np.maximum(units.p_min, units.p_set - 1.0), np.minimum(units.p_max, units.p_set + 1.0)
    bounded = np.isfinite(units.p_min) & np.isfinite(units.p_max)
    middle = np.where(bounded, (units.p_min + units.p_max) / 2, (low + high) / 2)
    q_bounded = np.isfinite(units.q_min) & np.isfinite(units.q_max)
    q_middle = np.where(q_bounded, (units.q_min + units.q_max) / 2, units.q_set)
    angle = np.full(problem.size, float(problem.reference_angle[0])) if flat else np.angle(voltage)
    parts = (
        [angle, np.ones(problem.size), middle, q_middle] if flat else [angle, np.abs(voltage), units.p_set, units.q_set]
    )
    x = np.concatenate([*parts, np.zeros(len(program.extra))])
    return np.asarray(np.clip(x, program.x_low, program.x_high))


def run_ipopt(program: Program, start: NDArray[np.float64]) -> Point:
    """Solve a program from a start."""
    solver = _solver(program)
    with _alone:
        found = solver(
            x0=start,
            lbx=program.x_low,
            ubx=program.x_high,
            lbg=program.low - program.constant,
            ubg=program.high - program.constant,
        )
        stats = solver.stats()
    return Point(
        x=np.array(found["x"]).ravel(),
        g_price=np.array(found["lam_g"]).ravel(),
        x_price=np.array(found["lam_x"]).ravel(),
        objective=float(found["f"]),
        status=str(stats["return_status"]),
        success=bool(stats["success"]),
        iterations=int(stats["iter_count"]),
    )


def branch_locals(program: Program, x: ca.MX) -> ca.MX:
    """Both magnitudes and the angle across of each branch; one column a branch."""
    size, start, end = program.problem.size, program.problem.arrays.start, program.problem.arrays.end
    every = np.arange(len(start))
    one, shape = np.ones(len(start)), (len(start), program.linear.shape[1])
    v_start = _dm(coo_matrix((one, (every, size + start)), shape=shape))
    v_end = _dm(coo_matrix((one, (every, size + end)), shape=shape))
    across = _dm(coo_matrix((np.r_[one, -one], (np.r_[every, every], np.r_[start, end])), shape=shape))
    return ca.horzcat(v_start @ x, v_end @ x, across @ x).T


def _solver(program: Program) -> ca.Function:
    """IPOPT with the derivatives placed by hand."""
    count, size = len(program.problem.arrays.start), program.problem.size
    columns, total = program.linear.shape[1], program.linear.shape[0]
    outputs, slopes, curvature = (function.map(count) for function in kernel())
    x, p = ca.MX.sym("x", columns), ca.MX.sym("p", 0, 1)
    local, par = branch_locals(program, x), ca.DM(parameters(program.problem))
    vm = x[size : 2 * size]
    c1, c2 = ca.DM(program.objective_linear), ca.DM(program.objective_square)
    objective = program.problem.costs.constant + ca.dot(c1, x) + ca.dot(c2, x**2)
    shunts, linear = _dm(program.shunts), _dm(program.linear)
    g = _dm(program.weights) @ ca.vec(outputs(local, par)) + linear @ x + shunts @ vm**2
    rows, places, gather = slope_places(program.problem, program.weights)
    pattern = ca.Sparsity.triplet(total, columns, rows.tolist(), places.tolist())
    jacobian = ca.MX(pattern, _dm(gather) @ ca.vec(slopes(local, par))) + linear
    jacobian += ca.horzcat(ca.MX(total, size), shunts @ ca.diag(2 * vm), ca.MX(total, columns - 2 * size))
    lam_f, lam_g = ca.MX.sym("f"), ca.MX.sym("g", total)
    weight = ca.reshape(_dm(program.weights.T.tocsc()) @ lam_g, OUTPUTS, count)
    rows, places, gather = curvature_places(program.problem)
    pattern = ca.Sparsity.triplet(columns, columns, rows.tolist(), places.tolist())
    hessian = ca.MX(pattern, _dm(gather) @ ca.vec(curvature(local, par, weight)))
    diagonal = 2 * lam_f * c2 + 2 * ca.vertcat(
        ca.MX.zeros(size), _dm(program.shunts.T.tocsc()) @ lam_g, ca.MX.zeros(columns - 2 * size)
    )
    hessian += ca.diag(diagonal)
    given: dict[str, Any] = {
        **_OPTIONS,
        "grad_f": ca.Function("grad_f", [x, p], [objective, c1 + 2 * c2 * x], ["x", "p"], ["f", "grad_f_x"]),
        "jac_g": ca.Function("jac_g", [x, p], [g, jacobian], ["x", "p"], ["g", "jac_g_x"]),
        "hess_lag": ca.Function(
            "hess_lag", [x, p, lam_f, lam_g], [hessian], ["x", "p", "lam_f", "lam_g"], ["triu_hess_gamma_x_x"]
        ),
    }
    program_of: dict[str, Any] = {"x": x, "p": p, "f": objective, "g": g}
    return ca.nlpsol("dispatch", "ipopt", program_of, given)


def _dm(matrix: csc_matrix) -> ca.DM:
    """A scipy matrix as CasADi's; the column form is the same."""
    by_column = matrix.tocsc()
    by_column.sort_indices()
    rows, columns = by_column.shape
    pattern = ca.Sparsity(int(rows), int(columns), by_column.indptr.tolist(), by_column.indices.tolist())
    return ca.DM(pattern, by_column.data)


def _blocks(problem: Problem, reserve: int | None) -> Blocks:
    starts, ends = (np.flatnonzero(np.isfinite(limit)) for limit in (problem.start_limit, problem.end_limit))
    angles = np.flatnonzero(np.isfinite(problem.angle_min) | np.isfinite(problem.angle_max))
    start = 2 * problem.size
    end = start + len(starts)
    angle = end + len(ends)
    cut = angle + len(angles)
    linear = cut + len(problem.cuts)
    row = None if reserve is None else linear + reserve
    return Blocks(starts, ends, angles, 0, start, end, angle, cut, linear, row)


def _balance_columns(problem: Problem, p_column: int, q_column: int, columns: int) -> csc_matrix:
    units = np.arange(len(problem.units))
    row = np.concatenate((problem.units.bus, problem.size + problem.units.bus))
    column = np.concatenate((p_column + units, q_column + units))
    return coo_matrix((-np.ones(len(row)), (row, column)), shape=(2 * problem.size, columns)).tocsc()


def _angle_columns(problem: Problem, blocks: Blocks, columns: int) -> csc_matrix:
    every = np.arange(len(blocks.angles))
    start, end = problem.arrays.start[blocks.angles], problem.arrays.end[blocks.angles]
    one = np.ones(len(every))
    shape = (len(every), columns)
    return coo_matrix((np.r_[one, -one], (np.r_[every, every], np.r_[start, end])), shape=shape).tocsc()


def _weights(problem: Problem, blocks: Blocks, total: int) -> csc_matrix:
    """Which outputs of the branches enter which constraint."""
    start, end, size = problem.arrays.start, problem.arrays.end, problem.size
    branch = np.arange(len(start))
    parts = [
        (start, branch, P_START),
        (size + start, branch, Q_START),
        (end, branch, P_END),
        (size + end, branch, Q_END),
    ]
    parts.append((blocks.start + np.arange(len(blocks.starts)), blocks.starts, START))
    parts.append((blocks.end + np.arange(len(blocks.ends)), blocks.ends, END))
    row = [part[0] for part in parts]
    column = [part[1] * OUTPUTS + part[2] for part in parts]
    value = [np.ones(len(part[0])) for part in parts]
    for at, cut in enumerate(problem.cuts):
        row.append(np.full(len(cut.rows), blocks.cut + at))
        column.append(np.array(cut.rows, dtype=np.int64) * OUTPUTS + P_START)
        value.append(np.array(cut.weights))
    every = (np.concatenate(row), np.concatenate(column))
    return coo_matrix((np.concatenate(value), every), shape=(total, len(start) * OUTPUTS)).tocsc()


def _shunts(problem: Problem, total: int) -> csc_matrix:
    every, shunt = np.arange(problem.size), problem.arrays.shunt
    row = np.concatenate((every, problem.size + every))
    value = np.concatenate((shunt.real, -shunt.imag))
    return coo_matrix((value, (row, np.r_[every, every])), shape=(total, problem.size)).tocsc()


def _bounds(problem: Problem, extra: Extra) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    units, reference = problem.units, problem.arrays.reference
    angle_low, angle_high = np.full(problem.size, -np.inf), np.full(problem.size, np.inf)
    angle_low[reference] = angle_high[reference] = problem.reference_angle
    held = np.isfinite(problem.held_vm)
    v_low, v_high = (np.where(held, problem.held_vm, bound) for bound in (problem.v_min, problem.v_max))
    none = np.full(len(extra), np.inf)
    return (
        np.concatenate([angle_low, v_low, units.p_min, units.q_min, -none]),
        np.concatenate([angle_high, v_high, units.p_max, units.q_max, none]),
    )
