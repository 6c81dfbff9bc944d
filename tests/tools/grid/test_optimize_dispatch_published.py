"""Optimal dispatch of the PGLib cases against their published objectives."""

import pytest

from benchmarks.grid.bench_dispatch import PGLIB
from tools.grid.importing import open_grid
from tools.grid.optimize_dispatch import optimize_dispatch
from tools.grid.schema.optimal_dispatch import OptimizeDispatchArguments


@pytest.mark.realdata
@pytest.mark.parametrize("case", PGLIB)
def test_optimize_dispatch__pglib_reaches_the_published_optimum(realdata, context_of, case):
    grid = open_grid(str(realdata / "networks" / "pglib" / f"pglib_opf_{case}.m.gz"))
    found = optimize_dispatch(context_of(grid), OptimizeDispatchArguments(limit=100))
    assert found.converged
    assert found.branch_limit == "apparent_power"
    # the published figures have five digits
    assert found.optimal_objective == pytest.approx(PGLIB[case], rel=1e-4)
    assert found.check.kept
    assert found.check.largest_vm_difference_pu < 1e-6
    assert max(found.residuals.feasibility_pu, found.residuals.stationarity, found.residuals.complementarity) < 1e-7
