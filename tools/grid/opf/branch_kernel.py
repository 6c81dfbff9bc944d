"""What one branch does, and its exact derivatives, as functions that map over all branches.

The flow of a branch depends on three quantities only: both voltage magnitudes and the angle across. Differentiating
those few formulas once, and placing the results by constant sparse matrices, builds the Hessian of a grid of ten
thousand buses at once; differentiating the whole problem takes half a minute there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import casadi as ca
import numpy as np
from scipy.sparse import coo_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csc_matrix

    from tools.grid.opf.problem import Problem

OUTPUTS = 6
P_START, Q_START, P_END, Q_END, START, END = range(OUTPUTS)
"""Outputs of a branch: powers into it at both ends, and what is limited at both ends (squared)."""
LOCALS = 3
_PAIRS = tuple((i, j) for j in range(LOCALS) for i in range(j + 1))


@lru_cache(maxsize=1)
def kernel() -> tuple[ca.Function, ca.Function, ca.Function]:
    """Outputs, their Jacobian (by columns), and the weighted sum of their Hessians (upper triangle by columns)."""
    local, par, weight = ca.SX.sym("z", LOCALS), ca.SX.sym("y", 9), ca.SX.sym("w", OUTPUTS)
    vf, vt, d = (local[at] for at in range(LOCALS))
    gff, bff, gft, bft, gtf, btf, gtt, btt, apparent = (par[at] for at in range(9))
    c, s = ca.cos(d), ca.sin(d)
    p_start = gff * vf**2 + vf * vt * (gft * c + bft * s)
    q_start = -bff * vf**2 + vf * vt * (gft * s - bft * c)
    p_end = gtt * vt**2 + vf * vt * (gtf * c - btf * s)
    q_end = -btt * vt**2 - vf * vt * (gtf * s + btf * c)
    start = (p_start**2 + q_start**2) / ca.if_else(apparent > 0, 1.0, vf**2)
    end = (p_end**2 + q_end**2) / ca.if_else(apparent > 0, 1.0, vt**2)
    out = ca.vertcat(p_start, q_start, p_end, q_end, start, end)
    hessian, _ = ca.hessian(ca.dot(weight, out), local)
    upper = ca.vertcat(*(hessian[i, j] for i, j in _PAIRS))
    dense = ca.densify
    return (
        ca.Function("outputs", [local, par], [dense(out)]),
        ca.Function("slopes", [local, par], [dense(ca.vec(ca.jacobian(out, local)))]),
        ca.Function("curvature", [local, par, weight], [dense(upper)]),
    )


def parameters(problem: Problem) -> NDArray[np.float64]:
    """Admittances of each branch row, and which limit it has; one column a row."""
    arrays = problem.arrays
    parts = [part for y in (arrays.yff, arrays.yft, arrays.ytf, arrays.ytt) for part in (y.real, y.imag)]
    return np.vstack([*parts, np.full(len(arrays.start), float(problem.apparent))])


def slope_places(problem: Problem, weights: csc_matrix) -> tuple[NDArray[np.int64], NDArray[np.int64], csc_matrix]:
    """Where the derivatives of weighted outputs stand in a Jacobian.

    Args:
        problem: Its first columns are the angles, then the magnitudes.
        weights: Row of the constraint by output of a branch (``row * OUTPUTS + output``).

    Returns:
        Rows and columns of the entries, and the matrix that makes their values from all slopes.
    """
    places = weights.tocoo()
    branch, output = np.divmod(places.col.astype(np.int64), OUTPUTS)
    size, start, end = problem.size, problem.arrays.start[branch], problem.arrays.end[branch]
    # column, local quantity and sign of each of the four variables that an output depends on
    parts = ((size + start, 0, 1.0), (size + end, 1, 1.0), (start, 2, 1.0), (end, 2, -1.0))
    rows = np.tile(places.row.astype(np.int64), len(parts))
    columns = np.concatenate([column for column, _, _ in parts])
    source = np.concatenate([branch * OUTPUTS * LOCALS + local * OUTPUTS + output for _, local, _ in parts])
    value = np.concatenate([sign * places.data for _, _, sign in parts])
    return _gathered(rows, columns, source, value, len(problem.arrays.start) * OUTPUTS * LOCALS)


def curvature_places(problem: Problem) -> tuple[NDArray[np.int64], NDArray[np.int64], csc_matrix]:
    """Where the second derivatives of the branches stand in the upper triangle of a Hessian; as ``slope_places``."""
    count, size = len(problem.arrays.start), problem.size
    start, end = problem.arrays.start, problem.arrays.end
    variables = {0: ((size + start, 1.0),), 1: ((size + end, 1.0),), 2: ((start, 1.0), (end, -1.0))}
    rows, columns, source, value = [], [], [], []
    for at, (i, j) in enumerate(_PAIRS):
        for first, (a, sign_a) in enumerate(variables[i]):
            for second, (b, sign_b) in enumerate(variables[j]):
                if i == j and second < first:
                    continue  # the other triangle
                rows.append(np.minimum(a, b))
                columns.append(np.maximum(a, b))
                source.append(np.arange(count) * len(_PAIRS) + at)
                value.append(np.full(count, sign_a * sign_b))
    at_row, at_column, from_source = (np.concatenate(part) for part in (rows, columns, source))
    return _gathered(at_row, at_column, from_source, np.concatenate(value), count * len(_PAIRS))


def _gathered(
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    source: NDArray[np.int64],
    value: NDArray[np.float64],
    sources: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], csc_matrix]:
    """Entries at equal places added up, in the order of columns."""
    key = columns * (int(rows.max(initial=0)) + 1) + rows
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    matrix = coo_matrix((value, (place, source)), shape=(len(first), sources)).tocsc()
    return rows[first], columns[first], matrix
