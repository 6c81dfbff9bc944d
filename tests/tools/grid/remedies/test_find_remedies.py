"""Remedies: what is called verified is judged by plain pandapower, bounds and refusals by the arguments."""

from copy import deepcopy

import pandapower as pp
import pytest
from pandapower.networks import case30

from tools.errors import InvalidArgumentError, UnknownElementError
from tools.grid.remedies.find import find_remedies
from tools.grid.schema.actions import Redispatch, ShedLoad, SwitchBranch, TransferLoad
from tools.grid.schema.remedies import FindRemediesArguments, LoadTie, MovePrice
from tools.vocabulary import ActionVerdict


def ring(loads_mw=(60, 60), rating_ka=0.5):
    """A ring of three buses with two units at one of them, secure as long as the lines can carry the loads."""
    net = pp.create_empty_network()
    buses = [pp.create_bus(net, 110, min_vm_pu=0.9, max_vm_pu=1.1) for _ in range(3)]
    pp.create_ext_grid(net, buses[0], min_p_mw=0, max_p_mw=500, min_q_mvar=-300, max_q_mvar=300)
    for p_mw in (10, 5):
        pp.create_gen(net, buses[2], p_mw=p_mw, min_p_mw=0, max_p_mw=80, min_q_mvar=-60, max_q_mvar=60)
    for bus, p_mw in zip(buses[1:], loads_mw, strict=True):
        pp.create_load(net, bus, p_mw=p_mw, q_mvar=p_mw / 5)
    for a, b in ((0, 1), (1, 2), (2, 0)):
        pp.create_line(net, buses[a], buses[b], 10, "149-AL1/24-ST1A 110.0")
    net.line["max_i_ka"] = rating_ka
    return net


def carried_out(net, actions):
    net = deepcopy(net)
    for action in actions:
        table, index = action.element.split(":")
        if isinstance(action, Redispatch):
            net[table].at[int(index), "p_mw"] += action.delta_p_mw
        elif isinstance(action, SwitchBranch):
            net[table].at[int(index), "in_service"] = action.closed
        else:
            assert isinstance(action, ShedLoad)
            net.load.loc[int(index), ["p_mw", "q_mvar"]] *= 1 - action.p_mw / net.load.p_mw.at[int(index)]
    return net


def worst_loading(net):
    """Highest loading before and after every single line outage, by pandapower alone."""
    pp.runpp(net, lightsim2grid=False)
    worst = net.res_line.loading_percent.max()
    for line in net.line.index[net.line.in_service]:
        net.line.at[line, "in_service"] = False
        pp.runpp(net, lightsim2grid=False)
        worst = max(worst, net.res_line.loading_percent.max())
        net.line.at[line, "in_service"] = True
    return worst


def found(grid_of, context_of, net, **arguments):
    return find_remedies(context_of(grid_of(net)), FindRemediesArguments(**arguments))


def test_find_remedies__a_redispatch_is_verified_and_is_so_in_plain_pandapower(grid_of, context_of):
    net = ring()
    assert worst_loading(net) > 100
    result = found(grid_of, context_of, net)
    best = result.remedies[0]
    assert result.insecure_outages > 0
    assert best.verdict is ActionVerdict.VERIFIED
    assert best.shed_p_mw == 0
    assert best.insecure_after == 0
    assert worst_loading(carried_out(net, best.actions)) < 100
    assert best.moved_p_mw == pytest.approx(sum(abs(action.delta_p_mw) for action in best.actions))


def test_find_remedies__little_more_is_moved_than_the_least_that_helps(grid_of, context_of):
    net = ring()
    best = found(grid_of, context_of, net, allowed=("redispatch",)).remedies[0]
    less = [action.model_copy(update={"delta_p_mw": action.delta_p_mw * 0.93}) for action in best.actions]
    assert worst_loading(carried_out(net, less)) > 100


def test_find_remedies__the_cheaper_unit_is_moved(grid_of, context_of):
    prices = (MovePrice(element="gen:0", price=40), MovePrice(element="gen:1", price=4))
    best = found(grid_of, context_of, ring(), prices=prices, allowed=("redispatch",)).remedies[0]
    assert {action.element for action in best.actions} == {"gen:1"}
    assert best.cost == pytest.approx(4 * best.moved_p_mw)


def test_find_remedies__what_is_barred_is_left_alone(grid_of, context_of):
    result = found(grid_of, context_of, ring(), barred=("gen:0", "load:1"))
    assert result.remedies
    assert set(result.barred) == {"gen:0", "load:1"}
    assert not {"gen:0", "load:1"} & {action.element for one in result.remedies for action in one.actions}


def test_find_remedies__load_moves_only_through_a_named_tie(grid_of, context_of):
    net = ring()
    without = found(grid_of, context_of, net, allowed=("transfer_load",))
    assert not without.remedies
    assert any(left.what == "load transfers" for left in without.coverage.left_out)
    ties = (LoadTie(element="load:1", to_bus="bus:0", max_p_mw=50),)
    [best, *_] = found(grid_of, context_of, net, allowed=("transfer_load",), ties=ties).remedies
    [action] = best.actions
    assert isinstance(action, TransferLoad)
    assert action.p_mw <= 50
    assert best.verdict is ActionVerdict.VERIFIED


def test_find_remedies__nothing_is_proposed_for_a_secure_state(grid_of, context_of):
    result = found(grid_of, context_of, ring(rating_ka=2.0))
    assert not result.remedies
    assert result.violations == result.insecure_outages == result.planned == 0
    assert result.coverage.checked == 3


def test_find_remedies__without_shedding_says_that_redispatch_cannot_do_it(grid_of, context_of):
    net = ring()
    net.gen["max_p_mw"] = net.gen.p_mw
    result = found(grid_of, context_of, net)
    assert result.linear_limit_without_shedding is True
    best = result.remedies[0]
    assert best.verdict is ActionVerdict.VERIFIED
    assert best.shed_p_mw > 0


def test_find_remedies__corrective_acts_after_the_outage(grid_of, context_of):
    net = ring()
    result = found(
        grid_of,
        context_of,
        net,
        mode="corrective",
        contingencies=("line:0",),
        emergency_loading_percent=200,
        time_min=15,
    )
    best = result.remedies[0]
    assert str(best.contingency) == "line:0"
    assert best.case == "out line:0"
    after = carried_out(net, best.actions)
    after.line.at[0, "in_service"] = False
    pp.runpp(after, lightsim2grid=False)
    assert best.violations_after == 0
    assert after.res_line.loading_percent.max() < 100


def test_find_remedies__units_move_no_further_than_the_time_allows(grid_of, context_of):
    result = found(
        grid_of,
        context_of,
        ring(),
        mode="corrective",
        contingencies=("line:0",),
        emergency_loading_percent=200,
        time_min=5,
        ramp_percent=1,
    )
    moves = [a.delta_p_mw for one in result.remedies for a in one.actions if isinstance(a, Redispatch)]
    assert moves
    assert max(map(abs, moves)) <= 80 * 0.01 * 5 + 1e-9


def test_find_remedies__beyond_the_emergency_rating_nothing_can_wait(grid_of, context_of):
    net = ring()
    out = deepcopy(net)
    out.line.at[0, "in_service"] = False
    pp.runpp(out, lightsim2grid=False)
    worst = out.res_line.loading_percent.max()
    result = found(
        grid_of,
        context_of,
        net,
        mode="corrective",
        contingencies=("line:0",),
        emergency_loading_percent=101,
        time_min=15,
    )
    assert worst > 101
    assert not result.remedies
    [late] = result.beyond_emergency
    assert late.worst.loading_percent == pytest.approx(worst, abs=1e-3)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"contingencies": ("line:99",)}, UnknownElementError),
        ({"barred": ("unit nine",)}, UnknownElementError),
        ({"mode": "corrective", "ramp_percent": 2.0}, InvalidArgumentError),
        ({"emergency_loading_percent": 120.0}, InvalidArgumentError),
        ({"outages": ("line:0",), "contingencies": ("line:0",)}, InvalidArgumentError),
    ],
)
def test_find_remedies__says_what_is_wrong_with_a_question(grid_of, context_of, arguments, error):
    with pytest.raises(error):
        found(grid_of, context_of, ring(), **arguments)


def test_find_remedies__a_quick_search_simulates_less_and_what_it_proves_holds_in_plain_pandapower(grid_of, context_of):
    net = ring()
    quick, thorough = (found(grid_of, context_of, net, effort=effort) for effort in ("quick", "thorough"))
    assert quick.planned < thorough.planned
    best = quick.remedies[0]
    assert best.verdict is ActionVerdict.VERIFIED
    assert worst_loading(carried_out(net, best.actions)) < 100


def test_find_remedies__what_was_tried_is_shown_where_all_of_it_is_rejected(grid_of, context_of):
    """Opening a line against the overload of case30 makes an outage worse, and nothing else may be used."""
    result = found(grid_of, context_of, case30(), allowed=("switch_branch",), effort="quick")
    assert (result.remedies, result.rejected, len(result.tried)) == ((), 1, 1)
    [row] = result.tried
    assert row.verdict is ActionVerdict.REJECTED
    [opened] = [int(action.element.removeprefix("line:")) for action in row.actions]
    net = case30()
    outages = net.line.index.drop(opened)
    assert any(_loading(net, {line, opened}) > max(_loading(net, {line}) + 0.1, 100) for line in outages)
    assert "an outage becomes worse than without the action" in row.reasons


def _loading(net, out):
    """Highest loading with some lines out, by pandapower alone."""
    net.line["in_service"] = ~net.line.index.isin(out)
    pp.runpp(net, lightsim2grid=False)
    return net.res_line.loading_percent.max()
