"""The DC optimal power flow: a linear or convex quadratic program, solved by HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse import coo_matrix, csc_matrix, diags, vstack

from tools.grid.opf.optimum import NoOptimum, Optimum, Residuals
from tools.grid.opf.rows import Extra, LinearRows, extra_of, objective_rows, reserve_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.opf.problem import Problem

_TOLERANCE = 1e-9
_STATUS = {
    highspy.HighsModelStatus.kInfeasible: "the limits contradict each other, proven for the linear equations",
    highspy.HighsModelStatus.kUnbounded: "the objective falls without bound",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "the limits contradict each other, or the objective is unbounded",
}


@dataclass(frozen=True)
class _Places:
    """Where rows and columns stand."""

    flow_rows: NDArray[np.int64]
    flow: int
    cut: int
    linear: int
    reserve: int | None


def solve_dc(problem: Problem) -> Optimum | NoOptimum:
    """The optimum of the linear equations: global, without losses, voltages or reactive power."""
    size, units = problem.size, len(problem.units)
    flow, offset = dc_flows(problem)
    extra = extra_of(problem, size + units)
    columns = size + units + len(extra)
    rows = LinearRows(columns)
    objective_rows(problem, extra, size, rows)
    reserve = reserve_row(problem, size, rows)
    limit = np.fmin(problem.start_limit, problem.end_limit)
    limited = np.flatnonzero(np.isfinite(limit))
    cuts = csc_matrix(_cut_weights(problem) @ flow)
    matrix = vstack(
        [_balance(problem, flow, columns), _wide(flow[limited], columns), _wide(cuts, columns), rows.matrix()]
    )
    demand = problem.demand.real + problem.arrays.shunt.real
    fixed = -(demand + _incidence(problem).T @ offset)
    cut_most = np.array([cut.most for cut in problem.cuts]) - _cut_weights(problem) @ offset
    low = np.concatenate([fixed, -limit[limited] - offset[limited], np.full(len(cut_most), -np.inf), rows.low])
    high = np.concatenate([fixed, limit[limited] - offset[limited], cut_most, rows.high])
    places = _Places(limited, size, size + len(limited), size + len(limited) + len(cut_most), reserve)
    return _solve(problem, extra, matrix.tocsc(), (low, high), places)


def dc_flows(problem: Problem) -> tuple[csc_matrix, NDArray[np.float64]]:
    """Flow into each branch row as ``matrix @ angles + offset``, pu; the offset is that of phase shifters."""
    b = 1.0 / (problem.series_x * problem.ratio)
    return csc_matrix(diags(b) @ _incidence(problem)), -b * problem.shift


def _incidence(problem: Problem) -> csc_matrix:
    count = len(problem.arrays.start)
    every = np.arange(count)
    value = np.r_[np.ones(count), -np.ones(count)]
    where = (np.r_[every, every], np.r_[problem.arrays.start, problem.arrays.end])
    return coo_matrix((value, where), shape=(count, problem.size)).tocsc()


def _balance(problem: Problem, flow: csc_matrix, columns: int) -> csc_matrix:
    """What leaves each bus through branches, less what its units feed in."""
    units = len(problem.units)
    place = (problem.units.bus, problem.size + np.arange(units))
    fed = coo_matrix((-np.ones(units), place), shape=(problem.size, columns))
    return csc_matrix(_wide(_incidence(problem).T @ flow, columns) + fed)


def _wide(matrix: csc_matrix, columns: int) -> csc_matrix:
    """A matrix over the angles as one over all variables."""
    wide = csc_matrix(matrix).copy()
    wide.resize((matrix.shape[0], columns))
    return wide


def _cut_weights(problem: Problem) -> csc_matrix:
    row = [at for at, cut in enumerate(problem.cuts) for _ in cut.rows]
    column = [place for cut in problem.cuts for place in cut.rows]
    value = [weight for cut in problem.cuts for weight in cut.weights]
    return coo_matrix((value, (row, column)), shape=(len(problem.cuts), len(problem.arrays.start))).tocsc()


def _bounds(problem: Problem, extra: Extra) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high = np.full(problem.size, -np.inf), np.full(problem.size, np.inf)
    low[problem.arrays.reference] = high[problem.arrays.reference] = problem.reference_angle
    none = np.full(len(extra), np.inf)
    return np.concatenate([low, problem.units.p_min, -none]), np.concatenate([high, problem.units.p_max, none])


def _solve(
    problem: Problem,
    extra: Extra,
    matrix: csc_matrix,
    bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
    places: _Places,
) -> Optimum | NoOptimum:
    size, units = problem.size, len(problem.units)
    x_low, x_high = _bounds(problem, extra)
    linear = np.concatenate([np.zeros(size), problem.costs.c1, np.ones(len(extra))])
    square = np.concatenate([np.zeros(size), problem.costs.c2, np.zeros(len(extra))])
    solver = _highs(matrix, bounds, (x_low, x_high), linear, square)
    solver.run()
    status = solver.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        infeasible = status == highspy.HighsModelStatus.kInfeasible
        reason = _STATUS.get(status, f"HiGHS ended with: {solver.modelStatusToString(status)}")
        return NoOptimum(reason, infeasible)
    solution, info = solver.getSolution(), solver.getInfo()
    x = np.array(solution.col_value)
    # HiGHS counts the change of the objective with the bound: the multiplier of a limit that binds from above is <= 0
    row, column = -np.array(solution.row_dual), -np.array(solution.col_dual)
    flow, offset = dc_flows(problem)
    flows = flow @ x[:size] + offset
    branch_price = np.zeros(len(flows))
    branch_price[places.flow_rows] = np.abs(row[places.flow : places.cut])
    none, p_price = np.zeros(size), column[size : size + units]
    g = matrix @ x
    slope = linear + 2 * square * x + matrix.T @ row + column
    outside = np.concatenate((bounds[0] - g, g - bounds[1], x_low - x, x - x_high))
    room = np.where(row > 0, bounds[1] - g, g - bounds[0]), np.where(column > 0, x_high - x, x - x_low)
    products = [price * np.where(np.isfinite(gap), gap, 0.0) for price, gap in zip((row, column), room, strict=True)]
    objective = problem.costs.constant + float(linear @ x + square @ x**2)
    scale = max(1.0, float(np.abs(row).max()))
    return Optimum(
        objective=objective,
        va=x[:size],
        vm=np.ones(size),
        p=x[size : size + units],
        q=np.zeros(units),
        price=row[:size],
        reactive_price=None,
        start_flow=flows.astype(complex),
        end_flow=-flows.astype(complex),
        start_price=branch_price,
        end_price=np.zeros(len(flows)),
        angle_price=np.zeros(len(flows)),
        v_low_price=none,
        v_high_price=none,
        p_low_price=np.maximum(-p_price, 0.0),
        p_high_price=np.maximum(p_price, 0.0),
        q_low_price=np.zeros(units),
        q_high_price=np.zeros(units),
        reserve_price=0.0 if places.reserve is None else max(float(row[places.linear + places.reserve]), 0.0),
        cut_prices=np.maximum(row[places.cut : places.linear], 0.0),
        iterations=int(max(info.simplex_iteration_count, info.qp_iteration_count, 0)),
        solver="HiGHS, " + ("active set for quadratic programs" if square.any() else "dual simplex"),
        residuals=Residuals(
            balance=float(np.abs(g[:size] - bounds[0][:size]).max()),
            feasibility=float(max(outside.max(), 0.0)),
            stationarity=float(np.abs(slope).max()) / scale,
            complementarity=float(max(np.abs(part).max(initial=0.0) for part in products)) / max(1.0, abs(objective)),
        ),
    )


def _highs(
    matrix: csc_matrix,
    bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
    x_bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
    linear: NDArray[np.float64],
    square: NDArray[np.float64],
) -> highspy.Highs:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
        solver.setOptionValue(name, _TOLERANCE)
    model = highspy.HighsModel()
    model.lp_.num_row_, model.lp_.num_col_ = matrix.shape
    model.lp_.col_cost_ = linear
    model.lp_.col_lower_, model.lp_.col_upper_ = x_bounds
    model.lp_.row_lower_, model.lp_.row_upper_ = bounds
    model.lp_.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.lp_.a_matrix_.start_, model.lp_.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.lp_.a_matrix_.value_ = matrix.data
    if square.any():
        at = np.flatnonzero(square)
        model.hessian_.dim_ = len(square)
        model.hessian_.format_ = highspy.HessianFormat.kTriangular
        model.hessian_.start_ = np.searchsorted(at, np.arange(len(square) + 1))
        model.hessian_.index_, model.hessian_.value_ = at, 2.0 * square[at]
    solver.passModel(model)
    return solver
