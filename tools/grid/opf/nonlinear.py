"""The program of an AC optimal power flow, solved by IPOPT through CasADi."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import casadi as ca
import numpy as np
from scipy.sparse import coo_matrix, csc_matrix

from tools.grid.opf.branch_kernel import OUTPUTS, curvature_places, kernel, parameters, slope_places
from tools.grid.opf.program import Program

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
class Point:
    """What the solver ended at; ``success`` says whether it is an optimum."""

    x: NDArray[np.float64]
    g_price: NDArray[np.float64]
    x_price: NDArray[np.float64]
    objective: float
    status: str
    success: bool
    iterations: int


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
