import pandapower as pp
import pandapower.networks as pn
import pytest

from tools.grid.solve import solve, solved_state
from tools.grid.state import hypothesis_net
from tools.grid.supply import supply_of


def test_slack__case39_loses_the_transformer_of_its_slack_unit(grid_of):
    grid = grid_of(pn.case39())
    plain = pn.case39()
    pp.runpp(plain)
    solved = solve(hypothesis_net(grid, ["trafo:1"]))
    # the largest of the other nine units by max_p_mw, 1100 MW
    assert str(solved.state.moved_slack) == "gen:8"
    supply = supply_of(solved.state)
    assert [ref.index for ref in supply.dead] == [30]
    assert supply.unserved_p_mw == pytest.approx(9.2)
    assert supply.lost_generation_p_mw == pytest.approx(plain.res_ext_grid.p_mw[0])
    assert supply.lost_generation_p_mw == pytest.approx(677.9, abs=0.05)
    assert solved.net.res_bus.vm_pu.notna().sum() == 38


def test_slack__the_moved_slack_solves_as_an_external_grid_there_would(grid_of):
    solved = solved_state(grid_of(pn.case39()), ["ext_grid:0"])
    plain = pn.case39()
    unit = plain.gen.loc[8]
    plain.gen = plain.gen.drop(8)
    plain.ext_grid.loc[0, ["bus", "vm_pu"]] = [unit.bus, unit.vm_pu]
    plain.ext_grid = plain.ext_grid.astype({"bus": int})
    pp.runpp(plain)
    assert solved.net.res_gen.p_mw[8] == pytest.approx(plain.res_ext_grid.p_mw[0], abs=1e-5)
    assert solved.net.res_bus.vm_pu.to_numpy() == pytest.approx(plain.res_bus.vm_pu.to_numpy(), abs=1e-8)


@pytest.mark.parametrize("outage", ["line:0", "bus:8", "trafo:0", "gen:0"])
def test_slack__stays_where_it_is_while_it_is_connected(grid_of, outage):
    assert hypothesis_net(grid_of(pn.case39()), [outage]).moved_slack is None


def test_slack__no_unit_left_leaves_the_feeder_dead(grid_of):
    state = hypothesis_net(grid_of(pn.case33bw()), ["line:0"])
    assert state.moved_slack is None
    supply = supply_of(state)
    assert supply.dead_buses == 32
    assert supply.unserved_p_mw == pytest.approx(3.715)


def two_sources():
    """Two meshed islands, each with its external grid and a unit, joined by line 2."""
    net = pp.create_empty_network()
    for _ in range(4):
        pp.create_bus(net, 110.0)
    for start, end in ((0, 1), (2, 3), (1, 2)):
        pp.create_line(net, start, end, 10.0, "243-AL1/39-ST1A 110.0")
    for bus in (0, 3):
        pp.create_ext_grid(net, bus)
    for bus in (1, 2):
        pp.create_load(net, bus, 10.0)
        pp.create_gen(net, bus, p_mw=5.0)
    return net


def test_slack__a_second_source_still_feeds_what_the_first_fed(grid_of):
    state = hypothesis_net(grid_of(two_sources()), ["ext_grid:0"])
    assert state.moved_slack is None
    assert supply_of(state).dead_buses == 0


def test_slack__each_island_with_a_source_lives_on(grid_of):
    state = hypothesis_net(grid_of(two_sources()), ["line:2"])
    supply = supply_of(state)
    assert (supply.islands, supply.dead_buses, state.moved_slack) == (1, 0, None)


def test_slack__the_other_unit_of_the_same_bus_takes_over(grid_of):
    net = pp.create_empty_network()
    for _ in range(2):
        pp.create_bus(net, 110.0)
    pp.create_line(net, 0, 1, 10.0, "243-AL1/39-ST1A 110.0")
    pp.create_load(net, 1, 30.0)
    pp.create_gen(net, 0, p_mw=10.0, slack=True)
    pp.create_gen(net, 0, p_mw=20.0)
    state = hypothesis_net(grid_of(net), ["gen:0"])
    assert str(state.moved_slack) == "gen:1"
    assert supply_of(state).dead_buses == 0
