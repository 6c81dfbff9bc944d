"""Which limits cannot be kept together: the least sum of violations, where no state keeps all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix, csc_matrix, hstack, vstack

from tools.grid.opf.nonlinear import run_ipopt
from tools.grid.opf.problem import WIDEST_VM_PU, Problem, bus_refs_by_place, cut_name
from tools.grid.opf.program import Program, make_program, start_point

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A violation below this, in pu, is no sign of a conflict.
SEEN_PU = 1e-5
NAMED = 5


@dataclass(frozen=True)
class _Relaxed:
    """One limit that may be passed: the constraint or variable it bounds, the side, and its name."""

    position: int
    is_variable: bool
    sign: float
    name: str


def conflicting_limits(problem: Problem) -> tuple[str, ...]:
    """Limits that are passed where the sum of all violations is least, the most violated first.

    Empty when even that problem does not solve, or when it keeps every limit after all.
    """
    program = make_program(replace(problem, target=None))
    limits = _relaxable(program)
    elastic = _elastic(program, limits)
    x = np.concatenate([start_point(program, flat=not problem.before), np.zeros(len(limits))])
    point = run_ipopt(elastic, np.clip(x, elastic.x_low, elastic.x_high))
    if not point.success:
        return ()
    passed = point.x[program.linear.shape[1] :]
    order = np.argsort(-passed, kind="stable")
    return tuple(dict.fromkeys(limits[at].name for at in order if passed[at] > SEEN_PU))


def named(limits: tuple[str, ...]) -> str:
    """The first few, and that there are more.

    >>> named(("a", "b"))
    'a, b'
    """
    return ", ".join(limits[:NAMED]) + (" and others" if len(limits) > NAMED else "")


def _relaxable(program: Program) -> list[_Relaxed]:
    problem, blocks = program.problem, program.blocks
    found = []
    for first, rows in ((blocks.start, blocks.starts), (blocks.end, blocks.ends)):
        for at, row in enumerate(rows.tolist()):
            kind, index = cut_name(problem, problem.circuit_of(row))
            found.append(_Relaxed(first + at, is_variable=False, sign=-1.0, name=f"the rating of {kind}:{index}"))
    for at, cut in enumerate(problem.cuts):
        (kind, index), (out, out_index) = cut_name(problem, cut.branch), cut_name(problem, cut.outage)
        name = f"the rating of {kind}:{index} after the outage of {out}:{out_index}"
        found.append(_Relaxed(blocks.cut + at, is_variable=False, sign=-1.0, name=name))
    if blocks.reserve is not None:
        found.append(_Relaxed(blocks.reserve, is_variable=False, sign=-1.0, name="the reserve requirement"))
    return found + _relaxable_bounds(program)


def _relaxable_bounds(program: Program) -> list[_Relaxed]:
    problem, size, units = program.problem, program.problem.size, len(program.problem.units)
    buses = bus_refs_by_place(problem)
    names = {size + at: f"voltage of bus:{min(indices)}" for at, indices in buses.items()}
    names |= {2 * size + at: f"active power of {ref}" for at, ref in enumerate(problem.units.refs)}
    names |= {2 * size + units + at: f"reactive power of {ref}" for at, ref in enumerate(problem.units.refs)}
    found = []
    for column, name in names.items():
        if program.x_low[column] == program.x_high[column]:
            continue  # a held value is no limit
        if np.isfinite(program.x_low[column]):
            found.append(_Relaxed(column, is_variable=True, sign=1.0, name=f"the lowest {name}"))
        if np.isfinite(program.x_high[column]):
            found.append(_Relaxed(column, is_variable=True, sign=-1.0, name=f"the highest {name}"))
    return found


def _elastic(program: Program, limits: list[_Relaxed]) -> Program:
    """The program with a violation of each limit as a variable, and their sum as its objective."""
    total, columns = program.linear.shape
    soft = [at for at, limit in enumerate(limits) if limit.is_variable]
    hard = [at for at, limit in enumerate(limits) if not limit.is_variable]
    sign = np.array([limit.sign for limit in limits])
    position = np.array([limit.position for limit in limits], dtype=np.int64)
    of_rows = _matrix(sign[hard], position[hard], np.array(hard), (total, len(limits)))
    every = np.arange(len(soft))
    of_bounds = hstack(
        [
            _matrix(np.ones(len(soft)), every, position[soft], (len(soft), columns)),
            _matrix(sign[soft], every, np.array(soft), (len(soft), len(limits))),
        ]
    )
    x_low, x_high = program.x_low.copy(), program.x_high.copy()
    lowest = np.where(sign[soft] > 0, x_low[position[soft]], -np.inf)
    highest = np.where(sign[soft] < 0, x_high[position[soft]], np.inf)
    magnitudes = (position[soft] >= program.problem.size) & (position[soft] < 2 * program.problem.size)
    for at, is_voltage, upwards in zip(position[soft], magnitudes, sign[soft] < 0, strict=True):
        widest = WIDEST_VM_PU if is_voltage else (-np.inf, np.inf)
        if upwards:
            x_high[at] = max(widest[1], x_high[at]) if is_voltage else np.inf
        else:
            x_low[at] = min(widest[0], x_low[at]) if is_voltage else -np.inf
    added = len(soft)
    return replace(
        program,
        weights=_taller(program.weights, added),
        shunts=_taller(program.shunts, added),
        linear=vstack([hstack([program.linear, of_rows]), of_bounds]).tocsc(),
        low=np.concatenate([program.low, lowest]),
        high=np.concatenate([program.high, highest]),
        constant=np.concatenate([program.constant, np.zeros(added)]),
        x_low=np.concatenate([x_low, np.zeros(len(limits))]),
        x_high=np.concatenate([x_high, np.full(len(limits), np.inf)]),
        objective_linear=np.concatenate([np.zeros(columns), np.ones(len(limits))]),
        objective_square=np.zeros(columns + len(limits)),
    )


def _matrix(
    value: NDArray[np.float64], row: NDArray[np.int64], column: NDArray[np.int64], shape: tuple[int, int]
) -> csc_matrix:
    return coo_matrix((value, (row, column)), shape=shape).tocsc()


def _taller(matrix: csc_matrix, added: int) -> csc_matrix:
    taller = csc_matrix(matrix).copy()
    taller.resize((matrix.shape[0] + added, matrix.shape[1]))
    return taller
