from copy import deepcopy

import pandapower as pp
import pandapower.networks as pn
import pytest
from pandapower.toolbox import nets_equal

from tools.errors import InvalidArgumentError, UnknownElementError
from tools.grid.case import case_label, outage_label
from tools.grid.schema.actions import Redispatch, SetTap, ShedLoad, SwitchBranch, SwitchShunt, TransferLoad
from tools.grid.state import hypothesis_net


def with_everything():
    """A small net with one element of each kind that can be out of service."""
    net = pp.create_empty_network()
    for _ in range(4):
        pp.create_bus(net, 110.0)
    for vn_kv in (20.0, 10.0, 20.0):
        pp.create_bus(net, vn_kv)
    pp.create_ext_grid(net, 0)
    for start, end in ((0, 1), (1, 2), (2, 0), (2, 3)):
        pp.create_line(net, start, end, 10.0, "243-AL1/39-ST1A 110.0")
    pp.create_transformer(net, 3, 4, "25 MVA 110/20 kV")
    pp.create_transformer3w(net, 3, 6, 5, "63/25/38 MVA 110/20/10 kV")
    pp.create_gen(net, 1, p_mw=20.0, scaling=0.5)
    pp.create_sgen(net, 2, p_mw=3.0)
    pp.create_storage(net, 2, p_mw=1.0, max_e_mwh=10.0)
    pp.create_load(net, 4, p_mw=10.0, q_mvar=4.0, scaling=0.8, name="town")
    pp.create_shunt(net, 3, q_mvar=-5.0)
    pp.create_switch(net, 2, 1, et="l")
    return net


@pytest.mark.parametrize(
    "reference",
    ["line:0", "trafo:0", "trafo3w:0", "gen:0", "sgen:0", "ext_grid:0", "load:0", "shunt:0", "storage:0", "bus:3"],
)
def test_hypothesis_net__takes_out_and_leaves_the_grid_as_it_was(grid_of, reference):
    grid = grid_of(with_everything())
    before = deepcopy(grid.net)
    state = hypothesis_net(grid, [reference])
    kind, index = reference.split(":")
    assert not state.net[kind].at[int(index), "in_service"]
    assert state.case == f"out {reference}"
    assert [str(ref) for ref in state.outages] == [reference]
    assert nets_equal(grid.net, before, check_only_results=False)


def test_hypothesis_net__switch_outage_opens_it(grid_of):
    state = hypothesis_net(grid_of(with_everything()), ["switch:0"])
    assert not state.net.switch.closed.at[0]


def test_hypothesis_net__bus_outage_takes_its_branches(grid_of):
    net = hypothesis_net(grid_of(with_everything()), ["bus:2"]).net
    assert net.line.in_service.tolist() == [True, False, False, False]


def test_hypothesis_net__same_outage_twice_counts_once_and_is_sorted(grid_of):
    state = hypothesis_net(grid_of(with_everything()), ["trafo:0", "line:2", "trafo:0", "line:0"])
    assert state.case == "out line:0+line:2+trafo:0"


@pytest.mark.parametrize("reference", ["line:0", "switch:0", "load:0"])
def test_hypothesis_net__outage_of_what_is_out_is_refused(grid_of, reference):
    net = with_everything()
    kind, index = reference.split(":")
    net[kind].loc[int(index), "closed" if kind == "switch" else "in_service"] = False
    with pytest.raises(InvalidArgumentError, match=f"{reference} is .* already"):
        hypothesis_net(grid_of(net), [reference])


def test_hypothesis_net__unknown_element(grid_of):
    with pytest.raises(UnknownElementError):
        hypothesis_net(grid_of(with_everything()), ["line:99"])


def test_case_label__outages_and_actions(grid_of):
    actions = [SwitchBranch(element="line:2", closed=False), ShedLoad(element="town", p_mw=1.0)]
    state = hypothesis_net(grid_of(with_everything()), ["line:0"], actions)
    assert state.case == "out line:0 and with switch_branch line:2+shed_load load:0"
    assert state.actions[1].element == "load:0"
    assert case_label((), ()) == "base"
    assert outage_label("base", state.outages[0]) == "out line:0"
    assert outage_label("after", state.outages[0]) == "after, out line:0"


def test_switch_branch__open_and_close(grid_of):
    net = with_everything()
    net.line.loc[1, "in_service"] = False
    net.switch.loc[0, "closed"] = False
    state = hypothesis_net(
        grid_of(net), [], [SwitchBranch(element="line:0", closed=False), SwitchBranch(element="line:1", closed=True)]
    )
    assert state.net.line.in_service.tolist() == [False, True, True, True]
    assert state.net.switch.closed.at[0], "closing a line closes the open switch at its end"


@pytest.mark.parametrize(
    ("action", "says"),
    [
        (SwitchBranch(element="line:0", closed=True), "line:0 is closed already"),
        (SwitchBranch(element="switch:0", closed=True), "switch:0 is closed already"),
        (Redispatch(element="ext_grid:0", delta_p_mw=1.0), "slack"),
        (Redispatch(element="load:0", delta_p_mw=1.0), "load"),
        (SetTap(element="trafo:0", tap_pos=12), "-9 to 9"),
        (SetTap(element="trafo:0", tap_pos=0), "already"),
        (SwitchShunt(element="shunt:0", closed=True), "in service already"),
        (ShedLoad(element="load:0", p_mw=8.1), "demand of load:0, 8 MW"),
        (TransferLoad(element="load:0", to_bus="bus:4", p_mw=1.0), "already"),
        (TransferLoad(element="load:0", to_bus="bus:5", p_mw=9.0), "demand of load:0, 8 MW"),
    ],
)
def test_actions__that_cannot_be_carried_out(grid_of, action, says):
    with pytest.raises(InvalidArgumentError, match=says):
        hypothesis_net(grid_of(with_everything()), [], [action])


def test_set_tap__without_a_range_in_the_model(grid_of):
    with pytest.raises(InvalidArgumentError, match="trafo:3 has no tap range in the model"):
        hypothesis_net(grid_of(pn.case39()), [], [SetTap(element="trafo:3", tap_pos=1)])


def test_set_tap__moves_the_position(grid_of):
    assert (
        hypothesis_net(grid_of(with_everything()), [], [SetTap(element="trafo:0", tap_pos=-3)]).net.trafo.tap_pos[0]
        == -3
    )


@pytest.mark.parametrize(
    "actions",
    [
        [SwitchBranch(element="line:0", closed=False), SwitchBranch(element="line:0", closed=True)],
        [SetTap(element="trafo:0", tap_pos=1), SetTap(element="trafo:0", tap_pos=2)],
    ],
)
def test_actions__that_contradict_each_other(grid_of, actions):
    with pytest.raises(InvalidArgumentError, match="twice"):
        hypothesis_net(grid_of(with_everything()), [], actions)


def test_actions__on_what_an_outage_took_out(grid_of):
    with pytest.raises(InvalidArgumentError, match="gen:0 is out of service"):
        hypothesis_net(grid_of(with_everything()), ["gen:0"], [Redispatch(element="gen:0", delta_p_mw=1.0)])


def test_redispatch__changes_the_output_by_the_delta_whatever_the_scaling(grid_of):
    twice = [Redispatch(element="gen:0", delta_p_mw=2.0)] * 2
    net = hypothesis_net(grid_of(with_everything()), [], [*twice, Redispatch(element="storage:0", delta_p_mw=3.0)]).net
    pp.runpp(net)
    assert net.res_gen.p_mw[0] == pytest.approx(20.0 * 0.5 + 4.0)
    assert net.res_storage.p_mw[0] == pytest.approx(1.0 - 3.0), "a storage counts as a load in pandapower"


def test_shed_load__takes_reactive_power_in_proportion(grid_of):
    net = hypothesis_net(grid_of(with_everything()), [], [ShedLoad(element="load:0", p_mw=2.0)]).net
    pp.runpp(net)
    assert net.res_load.p_mw[0] == pytest.approx(6.0)
    assert net.res_load.q_mvar[0] == pytest.approx(4.0 * 0.8 * 6 / 8)


def test_shed_load__twice_cannot_exceed_the_demand(grid_of):
    with pytest.raises(InvalidArgumentError, match="more than the demand"):
        hypothesis_net(grid_of(with_everything()), [], [ShedLoad(element="load:0", p_mw=5.0)] * 2)


def test_transfer_load__moves_power_and_keeps_the_sum(grid_of):
    action = TransferLoad(element="load:0", to_bus="bus:5", p_mw=8.0)
    net = hypothesis_net(grid_of(with_everything()), [], [action]).net
    pp.runpp(net)
    assert net.res_load.p_mw.tolist() == pytest.approx([0.0, 8.0])
    assert net.res_load.q_mvar.sum() == pytest.approx(4.0 * 0.8)
    assert net.load.bus.tolist() == [4, 5]


def test_switch_shunt__takes_it_out(grid_of):
    state = hypothesis_net(grid_of(with_everything()), [], [SwitchShunt(element="shunt:0", closed=False)])
    assert not state.net.shunt.in_service[0]
