from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandapower as pp
import pandapower.networks as pn
import pytest

from tools.errors import NotSolvedError
from tools.grid.schema.power_flow import FlowModel
from tools.grid.solve import solve, solved_state
from tools.grid.state import hypothesis_net


@pytest.mark.parametrize("case", [pn.case14, pn.case30, pn.case118])
def test_solve__equals_plain_pandapower_newton(grid_of, case):
    solved = solve(hypothesis_net(grid_of(case()), ["line:3"]))
    plain = case()
    plain.line.loc[3, "in_service"] = False
    pp.runpp(plain, lightsim2grid=False, tolerance_mva=1e-8)
    np.testing.assert_allclose(solved.net.res_bus.vm_pu, plain.res_bus.vm_pu, atol=1e-8)
    np.testing.assert_allclose(solved.net.res_bus.va_degree, plain.res_bus.va_degree, atol=1e-6)
    assert solved.solver.startswith("pandapower runpp")
    assert solved.iterations is not None


def test_solve__reactive_limits_enforced_keeps_units_within_them(grid_of):
    grid = grid_of(pn.case118())
    free = solved_state(grid)
    kept = solved_state(grid, enforce_q_lims=True)
    over = free.net.res_gen.q_mvar > free.net.gen.max_q_mvar + 1e-3
    assert over.any()
    assert (kept.net.res_gen.q_mvar <= kept.net.gen.max_q_mvar + 1e-3).all()
    assert kept.enforce_q_lims
    assert not free.enforce_q_lims


def test_solve__load_beyond_the_nose_is_refused_with_what_was_tried(grid_of):
    net = pn.case14()
    net.load.p_mw *= 20
    with pytest.raises(NotSolvedError, match=r"'base' does not converge.*DC angles, a flat start.*not enforced"):
        solved_state(grid_of(net))


def test_solve__no_source_left(grid_of):
    with pytest.raises(NotSolvedError, match="no bus has a source"):
        solved_state(grid_of(pn.case33bw()), ["ext_grid:0"])


def test_solve__dc_is_linear_in_the_loads(grid_of):
    net = pn.case14()
    half = pn.case14()
    half.load.p_mw /= 2
    half.gen.p_mw /= 2
    flows = [solved_state(grid_of(n), model=FlowModel.DC).net.res_line.p_from_mw for n in (net, half)]
    np.testing.assert_allclose(flows[0], 2 * flows[1], atol=1e-9)


def test_solved_state__is_kept_and_the_hypothesis_tells_states_apart(grid_of):
    grid = grid_of(pn.case14())
    assert solved_state(grid) is solved_state(grid)
    assert solved_state(grid, ["line:0"]) is not solved_state(grid)
    assert grid.net.res_bus.empty, "the grid as loaded stays unsolved"


def test_solved_state__sixteen_threads_agree(grid_of):
    grid = grid_of(pn.case39())
    outages = [["line:0"], ["line:5"], ["trafo:1"], []] * 4
    with ThreadPoolExecutor(16) as pool:
        nets = list(pool.map(lambda out: solved_state(grid, out).net, outages))
    for out, net in zip(outages, nets, strict=True):
        alone = solve(hypothesis_net(grid, out)).net
        assert net.res_bus.equals(alone.res_bus), out
