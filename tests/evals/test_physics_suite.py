"""Questions on grid physics, asked as an operator would; gold by other programs, graphs and hand calculations."""

from time import perf_counter

import pytest

from cli.eval_commands import SUITES
from evals.case import Expected, load_suite
from evals.gold import check_gold
from evals.physics_gold import PHYSICS_RECIPES
from evals.physics_states import changed_net, changed_state, outages
from evals.run import run_suite, tally
from orchestrator.runner import Runner
from orchestrator.settings import Settings, parse_reasoner
from tools.errors import InvalidArgumentError


@pytest.fixture(scope="module")
def suite():
    return load_suite(SUITES / "physics.yaml")


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    return Runner(Settings(_env_file=None, home=tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def plain(suite, runner):
    """Every question once; ``gridcrew eval run --suite physics`` asks the rewordings too."""
    embedded = parse_reasoner("embedded")
    return tuple(run_suite(suite, lambda question: runner.ask(question, embedded), perf_counter, reworded=False))


@pytest.mark.timeout(600)
def test_physics_suite__tools_are_right_and_no_number_is_wrong_or_missing(suite, plain):
    figures = tally(plain)
    amiss = [f"{item.case}: {item.reasons}" for item in plain if not item.passed]
    assert figures.phrasings == len(suite.cases)
    assert not amiss
    assert figures.numbers_checked > 500  # plain pandapower was really asked


@pytest.mark.timeout(600)
def test_physics_gold__every_number_comes_out_again(suite):
    checks = list(check_gold(suite))
    assert len(suite.cases) >= 40
    assert len(checks) >= 75
    assert not [(item.case, item.place, item.written, item.recomputed) for item in checks if not item.holds]


@pytest.mark.parametrize(
    ("grid", "recipe", "given", "published", "within"),
    [
        # Baran and Wu, IEEE Trans. Power Delivery 4 (1989): losses before, and with 7, 9, 14, 32, 37 open (one-based)
        ("case33bw", "changed_loss_kw", "", 202.677, 0.0005),
        (
            "case33bw",
            "changed_loss_kw",
            "line.in_service[*] = true; line.in_service[6] = false; line.in_service[8] = false; "
            "line.in_service[13] = false; line.in_service[31] = false; line.in_service[36] = false",
            139.551,
            0.0005,
        ),
        # objectives that MATPOWER publishes of its cases, in $/h
        ("case9", "least_cost", "ext_grid.controllable[0] = true", 5296.69, 0.005),
        ("case14", "least_cost", "ext_grid.controllable[0] = true", 8081.53, 0.005),
        ("case30", "least_cost", "ext_grid.controllable[0] = true", 576.89, 0.005),
    ],
)
def test_physics_gold__recipes_give_published_figures(grid, recipe, given, published, within):
    place = Expected(recipe=recipe, field="x", value=0.0, tolerance=1.0, given=given)
    assert PHYSICS_RECIPES[recipe](grid, place) == pytest.approx(published, abs=within)


def test_changed_net__leaves_the_case_as_it_was_and_refuses_what_it_cannot_read():
    net = changed_net("case9", "load.p_mw[0] -= 25; line.in_service[2] = false; ext_grid.rx_max[*] = 0.1")
    assert (net.load.p_mw[0], bool(net.line.in_service[2]), net.ext_grid.rx_max[0]) == (65.0, False, 0.1)
    untouched = changed_net("case9", "")
    assert (untouched.load.p_mw[0], bool(untouched.line.in_service[2])) == (90.0, True)
    with pytest.raises(InvalidArgumentError, match="would be right"):
        changed_net("case9", "load 0 off")


def test_outages__a_ring_of_six_buses_with_three_stubs():
    # case9 by hand: lines 0, 3 and 6 are the stubs of the three units, the rest a ring with loads of 90, 100, 125 MW
    singles = outages("case9", 1)
    assert [one.branches[0] for one in singles if one.split] == ["line:0", "line:3", "line:6"]
    assert sum(one.lost for one in singles) == 0
    lost = {one.branches: one.lost for one in outages("case9", 2)}
    assert lost["line:1", "line:2"] == 90.0
    assert lost["line:2", "line:8"] == 225.0
    assert lost["line:1", "line:8"] == 0.0  # the slack is left alone: the rest is balanced by its largest unit


def test_changed_state__one_without_solution_is_no_gold():
    with pytest.raises(InvalidArgumentError, match="no solution"):
        changed_state("case30", "gen.p_mw[4] += 500")
