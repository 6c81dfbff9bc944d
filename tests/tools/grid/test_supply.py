import pandapower as pp
import pandapower.networks as pn
import pytest

from tools.grid.schema.actions import ShedLoad, TransferLoad
from tools.grid.solve import solve
from tools.grid.state import hypothesis_net
from tools.grid.supply import supply_of


def test_supply__case33bw_without_line_5(grid_of):
    supply = supply_of(hypothesis_net(grid_of(pn.case33bw()), ["line:5"]))
    assert supply.unserved_p_mw == pytest.approx(1.075)
    assert [ref.index for ref in supply.dead] == list(range(6, 18))
    assert (supply.dead_buses, supply.dead_omitted, supply.islands) == (12, 0, 0)


def test_supply__intact_grid_has_nothing_dead(grid_of):
    supply = supply_of(hypothesis_net(grid_of(pn.case118())))
    assert (supply.islands, supply.dead_buses, supply.unserved_p_mw, supply.lost_generation_p_mw) == (0, 0, 0.0, 0.0)


@pytest.mark.parametrize("outage", ["trafo:12", "line:112", "line:170"])
def test_supply__case118_agrees_with_what_plain_pandapower_leaves_without_voltage(grid_of, outage):
    kind, index = outage.split(":")
    plain = pn.case118()
    plain[kind].loc[int(index), "in_service"] = False
    pp.runpp(plain)
    dead = plain.res_bus.index[plain.res_bus.vm_pu.isna()]
    supply = supply_of(hypothesis_net(grid_of(pn.case118()), [outage]))
    assert supply.dead_buses == len(dead)
    assert supply.unserved_p_mw == pytest.approx(plain.load.p_mw[plain.load.bus.isin(dead)].sum())
    assert supply.lost_generation_p_mw == pytest.approx(plain.gen.p_mw[plain.gen.bus.isin(dead)].sum())


def test_supply__case118_transformer_12_loses_184_mw(grid_of):
    assert supply_of(hypothesis_net(grid_of(pn.case118()), ["trafo:12"])).unserved_p_mw == pytest.approx(184.0)


def spur():
    """A source and a dead end that has one element of each kind."""
    net = pp.create_empty_network()
    for _ in range(3):
        pp.create_bus(net, 20.0)
    pp.create_ext_grid(net, 0)
    pp.create_line(net, 0, 1, 1.0, "NAYY 4x150 SE")
    pp.create_line(net, 1, 2, 1.0, "NAYY 4x150 SE")
    pp.create_load(net, 2, 1.0, 0.2, scaling=0.5)
    pp.create_load(net, 2, 4.0, in_service=False)
    pp.create_ward(net, 2, ps_mw=0.1, qs_mvar=0.0, pz_mw=0.2, qz_mvar=0.0)
    pp.create_motor(net, 2, pn_mech_mw=0.09, cos_phi=0.9, efficiency_percent=90.0, loading_percent=50.0)
    pp.create_storage(net, 2, p_mw=0.3, max_e_mwh=1.0)
    pp.create_storage(net, 2, p_mw=-0.7, max_e_mwh=1.0)
    pp.create_sgen(net, 2, p_mw=2.0, scaling=0.25)
    return net


def test_supply__counts_scaled_demand_and_generation_in_service(grid_of):
    supply = supply_of(hypothesis_net(grid_of(spur()), ["line:1"]))
    # load 0.5, ward 0.3, motor 0.09 / 0.9 at half load, charging storage 0.3
    assert supply.unserved_p_mw == pytest.approx(0.5 + 0.3 + 0.05 + 0.3)
    # static generator 0.5, discharging storage 0.7
    assert supply.lost_generation_p_mw == pytest.approx(0.5 + 0.7)


def test_supply__what_is_dead_already_is_not_lost(grid_of):
    net = spur()
    net.line.loc[1, "in_service"] = False
    supply = supply_of(hypothesis_net(grid_of(net), ["line:0"]))
    assert [ref.index for ref in supply.dead] == [1]
    assert supply.unserved_p_mw == 0.0


def test_supply__what_was_moved_or_shed_is_not_unserved(grid_of):
    actions = [ShedLoad(element="load:0", p_mw=0.2), TransferLoad(element="load:0", to_bus="bus:1", p_mw=0.1)]
    net = spur()
    for table in ("ward", "motor", "storage", "sgen"):
        net[table]["in_service"] = False
    supply = supply_of(hypothesis_net(grid_of(net), ["line:1"], actions))
    assert supply.unserved_p_mw == pytest.approx(0.2)


def test_supply__is_the_same_before_and_after_solving(grid_of):
    state = hypothesis_net(grid_of(pn.case39()), ["trafo:1"])
    before = supply_of(state)
    solved = solve(state)
    assert supply_of(state, solved.topology) == before


def test_supply__dead_buses_are_listed_up_to_a_hundred(grid_of):
    net = pp.create_empty_network()
    for _ in range(122):
        pp.create_bus(net, 20.0)
    pp.create_ext_grid(net, 0)
    for bus in range(121):
        pp.create_line(net, bus, bus + 1, 0.1, "NAYY 4x150 SE")
    supply = supply_of(hypothesis_net(grid_of(net), ["line:1"]))
    assert (supply.dead_buses, len(supply.dead), supply.dead_omitted) == (120, 100, 20)
