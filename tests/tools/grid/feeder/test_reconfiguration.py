"""Reconfiguration against published figures and against plain pandapower, configuration by configuration."""

from copy import deepcopy
from itertools import combinations

import networkx as nx
import numpy as np
import pandapower as pp
import pandapower.networks as nw
import pytest
from pandapower.toolbox import drop_lines, nets_equal

from tests.tools.grid.feeder.plain import every_configuration, interrupted_mw, loss_kw, random_feeder
from tools.errors import NotSolvedError
from tools.grid.schema.actions import SwitchBranch
from tools.vocabulary import ActionVerdict

PUBLISHED_TIES = {32, 33, 34, 35, 36}
PUBLISHED_OPTIMUM = {6, 8, 13, 31, 36}  # one-based 7, 9, 14, 32, 37


def _open(refs):
    return tuple(sorted(ref.index for ref in refs))


@pytest.fixture(scope="module")
def baran_wu():
    return nw.case33bw()


def test_case33bw__published_losses_and_open_lines_are_reached_and_proven(baran_wu, reconfigured):
    result = reconfigured(baran_wu)
    assert result.before.loss_p_kw == pytest.approx(202.677, abs=5e-4)
    assert result.after.loss_p_kw == pytest.approx(139.551, abs=5e-4)
    assert set(_open(result.before.opened)) == PUBLISHED_TIES
    assert set(_open(result.after.opened)) == PUBLISHED_OPTIMUM
    assert result.proven
    assert result.gap_percent == 0
    assert result.deviation_kw < 1e-3


def test_case33bw__as_many_configurations_are_searched_as_spanning_trees_exist(baran_wu, reconfigured):
    graph = nx.Graph(zip(baran_wu.line.from_bus, baran_wu.line.to_bus, strict=True))
    result = reconfigured(baran_wu)
    assert result.configurations == round(nx.number_of_spanning_trees(graph)) == 50751
    assert result.searched + result.coverage.diverged == result.configurations


def test_case33bw__no_neighbour_of_the_optimum_loses_less_by_plain_pandapower(baran_wu, reconfigured):
    opened = _open(reconfigured(baran_wu).after.opened)
    net = deepcopy(baran_wu)
    best = loss_kw(net, opened)
    assert best == pytest.approx(139.551, abs=5e-4)
    assert float(net.res_bus.vm_pu.min()) == pytest.approx(0.9378, abs=5e-5)
    pairs = [(shut, other) for shut in opened for other in net.line.index if other not in opened]
    for at in np.random.default_rng(1).permutation(len(pairs))[:25].tolist():
        shut, other = pairs[at]
        loss = loss_kw(net, tuple(other if line == shut else line for line in opened))
        assert loss is None or loss > best


def test_case33bw__the_bound_never_excludes_a_configuration_that_is_good_enough(baran_wu, searched):
    network, aim, pieces = searched(baran_wu)
    some = next(pieces)
    some = some[np.random.default_rng(2).permutation(len(some))[:600]]
    figures = searched.evaluate(network, aim, some, np.inf)
    solved = figures[:, searched.STATUS] == searched.SOLVED
    assert solved.sum() > 200
    for opened, row in zip(some[solved], figures[solved], strict=True):
        again = searched.evaluate(network, aim, opened[None, :], row[searched.OBJECTIVE] + 1e-6)
        assert again[0, searched.STATUS] == searched.SOLVED


def test_case33bw__the_bound_is_below_the_optimum(baran_wu, reconfigured):
    result = reconfigured(baran_wu, method="branch_exchange")
    assert not result.proven
    assert result.bound_kw < 139.551
    assert result.gap_percent == pytest.approx((result.objective_kw - result.bound_kw) / result.objective_kw * 100)


def test_case33bw__line_5_out_is_restored_by_the_best_pair_of_ties(baran_wu, reconfigured):
    result = reconfigured(baran_wu, outages=("line:5",), max_switchings=3, with_security=True)
    steps = [(step.element.index, step.action.closed) for step in result.switchings]
    assert {line for line, closed in steps if closed} == {32, 34}
    assert result.before.supply.unserved_p_mw == pytest.approx(1.075)
    assert result.after.supply.unserved_p_mw == 0
    assert result.after.lowest_voltage.vm_pu == pytest.approx(0.937, abs=5e-4)
    assert result.proven
    assert result.loss_reduction_kw is None  # with load restored, losses before and after do not compare
    assert result.verdict is ActionVerdict.BEST_AVAILABLE
    # every way with at most three switchings, by plain pandapower
    net = deepcopy(baran_wu)
    lines = [line for line in net.line.index if line != 5]
    best = (np.inf, ())
    for closing in (*combinations(sorted(PUBLISHED_TIES), 1), *combinations(sorted(PUBLISHED_TIES), 2)):
        for opening in lines if len(closing) == 2 else (None,):
            opened = {5, *PUBLISHED_TIES} - set(closing) | ({opening} if opening is not None else set())
            loss = loss_kw(net, tuple(opened))
            best = min(best, (loss or np.inf, tuple(sorted(opened))))
    assert result.after.loss_p_kw == pytest.approx(best[0], abs=1e-4)
    assert (5, *_open(result.after.opened)) == best[1]


@pytest.mark.parametrize(
    ("seed", "charging_nf", "units"), [(1, 0.0, 0), (2, 0.0, 0), (3, 250.0, 0), (4, 0.0, 2), (5, 250.0, 3)]
)
def test_random_feeder__brute_force_by_pandapower_finds_nothing_better(seed, charging_nf, units, reconfigured):
    net = random_feeder(seed, buses=7, charging_nf=charging_nf, units=units)
    everything = every_configuration(net)
    result = reconfigured(net)
    keeping = {opened: figures for opened, figures in everything.items() if figures[1]} or everything
    best = min(keeping, key=lambda opened: keeping[opened][0])
    assert result.proven
    assert result.configurations == len(everything)
    assert _open(result.after.opened) == best
    assert result.after.loss_p_kw == pytest.approx(everything[best][0], abs=1e-5)
    ranked = sorted(figures[0] for figures in keeping.values())
    for row, loss in zip(result.next_best, ranked[1:], strict=False):
        assert row.loss_p_kw == pytest.approx(loss, abs=1e-4)


def test_random_feeder__limits_come_before_losses(reconfigured):
    net = random_feeder(6, buses=9)
    everything = every_configuration(net)
    least = min(everything, key=lambda opened: everything[opened][0])
    lowest = everything[least][2]
    net.bus["min_vm_pu"] = lowest + 1e-4  # the configuration of least losses breaks it
    everything = every_configuration(net)
    keeping = {opened: figures for opened, figures in everything.items() if figures[1]}
    result = reconfigured(net)
    told = reconfigured(net, keep_limits=False)
    assert _open(told.after.opened) == least
    assert not told.limits_kept
    if keeping:
        assert _open(result.after.opened) == min(keeping, key=lambda opened: keeping[opened][0])
        assert result.limits_kept
    else:
        assert not result.limits_kept
        assert "breaks them least" in result.proof


def test_random_feeder__risk_weights_move_the_optimum_where_brute_force_puts_it(reconfigured):
    net = random_feeder(7)
    rates = {line: float(rate) for line, rate in enumerate(np.random.default_rng(7).uniform(0.01, 2, len(net.line)))}
    cost = {
        opened: figures[0] + 40 * interrupted_mw(net, opened, rates)
        for opened, figures in every_configuration(net).items()
        if figures[1]
    }
    best = min(cost, key=cost.__getitem__)
    result = reconfigured(
        net,
        failure_rates=[{"element": f"line:{line}", "per_year": rate} for line, rate in rates.items()],
        interruption_price_kw=40,
    )
    assert _open(result.after.opened) == best
    assert result.proven
    assert result.objective_kw == pytest.approx(cost[best], abs=1e-4)
    assert result.after.interrupted_per_year_mw == pytest.approx(interrupted_mw(net, best, rates))
    assert result.bound_kw is None or result.bound_kw <= result.objective_kw


def test_random_feeder__a_price_on_switchings_keeps_what_is_not_worth_it(reconfigured):
    net = random_feeder(1)
    assert reconfigured(net).switchings
    assert not reconfigured(net, switching_price_kw=1e6).switchings


def test_steps__nothing_goes_dark_and_each_loop_is_opened_next(baran_wu, reconfigured):
    result = reconfigured(baran_wu)
    assert len(result.switchings) == 8
    for step, after in zip(result.switchings, [*result.switchings[1:], None], strict=True):
        assert step.solved
        assert step.dead_buses == 0
        assert step.makes_loop == step.action.closed
        assert after is None or step.action.closed != after.action.closed
    assert result.switchings[-1].loss_p_kw == pytest.approx(result.after.loss_p_kw)


def test_paths__losses_of_a_path_are_those_of_its_lines(baran_wu, reconfigured):
    result = reconfigured(baran_wu, paths_to=("bus:17",), failures_per_km=0.1)
    net = deepcopy(baran_wu)
    pp.runpp(net)
    [path] = result.before.paths
    assert [step.index for step in path.steps] == list(range(17))
    assert path.loss_p_kw == pytest.approx(float(net.res_line.pl_mw.loc[:16].sum()) * 1e3)
    assert path.failures_per_year == pytest.approx(0.1 * float(net.line.length_km.loc[:16].sum()))
    assert sum(row.share_percent for row in result.before.losses) < 100


def test_trap__heavy_load_lets_many_configurations_diverge_and_none_of_them_wins(reconfigured):
    net = nw.case33bw()
    net.load[["p_mw", "q_mvar"]] *= 2.5
    result = reconfigured(net, keep_limits=False)
    assert result.proven
    opened = _open(result.after.opened)
    assert loss_kw(deepcopy(net), opened) == pytest.approx(result.after.loss_p_kw, abs=1e-3)
    assert result.after.loss_p_kw > 139.551 * 2.5**2  # losses grow faster than the square of the load


def test_line_switches__an_open_end_keeps_its_line_charged_and_closing_closes_it(reconfigured):
    net = random_feeder(3, charging_nf=250.0)
    tie = int(net.line.index[~net.line.in_service][0])
    net.line.loc[tie, "in_service"] = True
    pp.create_switch(net, int(net.line.from_bus.at[tie]), tie, et="l", closed=False)
    result = reconfigured(net)
    assert result.deviation_kw < 1e-5
    assert result.before.radial
    assert result.after.radial


def test_cigre__two_transformers_with_open_line_switches(reconfigured):
    result = reconfigured(nw.create_cigre_network_mv())
    assert result.proven
    assert result.configurations == 184
    assert result.after.loss_p_kw < result.before.loss_p_kw
    assert result.deviation_kw < 1e-3


def test_agent__is_reproducible_and_never_better_than_the_proven_optimum(baran_wu, reconfigured):
    one, same, other = (reconfigured(baran_wu, agent_episodes=1000, seed=seed).agent for seed in (3, 3, 4))
    assert one == same
    assert one.opened != other.opened or one.last_mean_kw != other.last_mean_kw
    assert one.above_best_percent >= 0
    assert one.last_mean_kw < one.first_mean_kw
    assert one.loss_p_kw == pytest.approx(loss_kw(deepcopy(baran_wu), _open(one.opened)), abs=1e-3)


def test_grid__is_left_as_it_was(reconfigured):
    net = nw.case33bw()
    before = deepcopy(net)
    reconfigured(net)
    assert nets_equal(net, before)


def test_hypothesis__a_loop_closed_by_an_action_is_opened_at_its_best_place(baran_wu, reconfigured):
    result = reconfigured(baran_wu, actions=(SwitchBranch(element="line:35", closed=True),))
    assert not result.before.radial
    assert result.after.radial
    assert result.after.loss_p_kw == pytest.approx(139.551, abs=5e-4)


def test_hypothesis__a_switching_that_takes_back_an_action_is_said_so(baran_wu, reconfigured):
    actions = (SwitchBranch(element="line:35", closed=True), SwitchBranch(element="line:5", closed=False))
    result = reconfigured(baran_wu, actions=actions)
    assert result.after.loss_p_kw == pytest.approx(139.551, abs=5e-4)
    assert result.verdict is None
    assert result.reasons == ("the switchings take back an action of the hypothesis",)


def test_outage__of_the_head_line_leaves_everything_dark_and_says_so(baran_wu, reconfigured):
    with pytest.raises(NotSolvedError, match=r"every bus but the sources.*3\.715 MW"):
        reconfigured(baran_wu, outages=("line:0",))


def test_outage__what_no_line_can_reach_is_said(reconfigured):
    net = nw.case33bw()
    drop_lines(net, [35, 36])  # the ties of the last lateral, which hangs on nothing but line 24 now
    result = reconfigured(net, outages=("line:24",))
    lateral = net.load[net.load.bus.isin(range(25, 33))].p_mw.sum()
    assert result.after.supply.unserved_p_mw == pytest.approx(lateral)
    assert any(item.what == "buses without supply" for item in result.coverage.left_out)
