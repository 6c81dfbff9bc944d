"""The AC optimal power flow as a nonlinear program of matrices.

Formulation as in MATPOWER's User's Manual, chapter 6: power balance at each bus, limits at both ends of each branch,
bounds of voltages and units. Variables: angles, magnitudes, active and reactive injections, then ``rows.Extra``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix, csc_matrix, vstack

from tools.grid.opf.branch_kernel import END, OUTPUTS, P_END, P_START, Q_END, Q_START, START
from tools.grid.opf.rows import Extra, LinearRows, extra_of, objective_rows, reserve_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.opf.problem import Problem


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
