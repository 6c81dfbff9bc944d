"""Optimal dispatch of the PGLib cases against their published objectives."""

import pytest

from tools.grid.importing import open_grid
from tools.grid.optimize_dispatch import optimize_dispatch
from tools.grid.schema.optimal_dispatch import OptimizeDispatchArguments

# power-grid-lib, BASELINE.md, AC-OPF, typical operating conditions, $/h
PUBLISHED = {
    "case14_ieee": 2178.1,
    "case24_ieee_rts": 63352.0,
    "case30_ieee": 8208.5,
    "case39_epri": 138420.0,
    "case57_ieee": 37589.0,
    "case73_ieee_rts": 189760.0,
    "case89_pegase": 107290.0,
    "case118_ieee": 97214.0,
}


@pytest.mark.realdata
@pytest.mark.parametrize("case", PUBLISHED)
def test_optimize_dispatch__pglib_reaches_the_published_optimum(realdata, context_of, case):
    grid = open_grid(str(realdata / "networks" / "pglib" / f"pglib_opf_{case}.m.gz"))
    found = optimize_dispatch(context_of(grid), OptimizeDispatchArguments(limit=100))
    assert found.converged
    assert found.branch_limit == "apparent_power"
    # the published figures have five digits
    assert found.optimal_objective == pytest.approx(PUBLISHED[case], rel=1e-4)
    assert found.check.kept
    assert found.check.largest_vm_difference_pu < 1e-6
    assert max(found.residuals.feasibility_pu, found.residuals.stationarity, found.residuals.complementarity) < 1e-7
