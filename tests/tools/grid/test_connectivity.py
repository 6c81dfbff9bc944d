import pandapower as pp
import pandapower.networks as pn
import pytest

from tools.grid.connectivity import connectivity, slack_buses


def switched_net():
    """Source, line to 1, transformer to 2, coupler to 3, line to 4."""
    net = pp.create_empty_network()
    for vn_kv in (20.0, 20.0, 0.4, 0.4, 0.4):
        pp.create_bus(net, vn_kv)
    pp.create_ext_grid(net, 0)
    pp.create_line(net, 0, 1, 1.0, "NAYY 4x150 SE")
    pp.create_transformer(net, 1, 2, "0.25 MVA 20/0.4 kV")
    pp.create_switch(net, 2, 3, et="b")
    pp.create_line(net, 3, 4, 1.0, "NAYY 4x150 SE")
    return net


def test_connectivity__all_joined():
    assert connectivity(switched_net()).energised_buses() == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("open_switch", "alive"),
    [
        ({"bus": 1, "element": 0, "et": "t"}, {0, 1}),
        ({"bus": 3, "element": 1, "et": "l"}, {0, 1, 2, 3}),
        ({"bus": 0, "element": 0, "et": "l"}, {0}),
    ],
)
def test_connectivity__open_switch_cuts_a_branch(open_switch, alive):
    net = switched_net()
    pp.create_switch(net, closed=False, **open_switch)
    assert connectivity(net).energised_buses() == alive


def test_connectivity__open_coupler_and_dead_bus():
    net = switched_net()
    net.switch.loc[0, "closed"] = False
    assert connectivity(net).energised_buses() == {0, 1, 2}
    net.bus.loc[1, "in_service"] = False
    assert connectivity(net).energised_buses() == {0}


def test_connectivity__three_winding_transformer_with_one_side_cut_joins_the_others():
    net = pp.create_empty_network()
    for vn_kv in (110.0, 20.0, 10.0):
        pp.create_bus(net, vn_kv)
    pp.create_ext_grid(net, 0)
    pp.create_transformer3w(net, 0, 1, 2, "63/25/38 MVA 110/20/10 kV")
    pp.create_switch(net, 1, 0, et="t3", closed=False)
    assert connectivity(net).energised_buses() == {0, 2}


@pytest.mark.parametrize("case", [pn.case30, pn.case33bw, pn.example_multivoltage, pn.create_cigre_network_mv])
def test_connectivity__agrees_with_the_buses_that_pandapower_gives_a_voltage(case):
    net = case()
    lines = net.line.index[net.line.in_service]
    for line in lines[::3]:
        net.line.loc[line, "in_service"] = False
        pp.runpp(net)
        alive = set(net.res_bus.index[net.res_bus.vm_pu.notna()])
        assert connectivity(net).energised_buses() == alive, line
        net.line.loc[line, "in_service"] = True


def test_slack_buses__external_grid_and_slack_unit():
    net = switched_net()
    pp.create_gen(net, 4, p_mw=0.0, slack=True)
    pp.create_gen(net, 3, p_mw=0.0)
    assert slack_buses(net) == (0, 4)
