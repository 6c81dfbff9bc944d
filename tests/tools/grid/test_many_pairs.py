"""The prediction of pairs against all of them solved by AC, and the answer that rests on it."""

from copy import deepcopy
from functools import cache
from itertools import combinations

import numpy as np
import pandapower as pp
import pandapower.networks as nw
import pytest

from tools.grid.contingencies import screen_contingencies
from tools.grid.schema.contingencies import ScreenContingenciesArguments
from tools.grid.screening import doubles
from tools.grid.screening.pairs import PairStudy
from tools.grid.screening.predict import predict
from tools.grid.screening.resident import resident
from tools.grid.screening.screen import screen
from tools.limits import LimitTable

NO_LIMITS = LimitTable(limits=())
NOTHING = np.empty(0, dtype=np.int64)


@cache
def rated_case118():
    """Lines rated 1.1 times their worst single outage, 1.3 times the base and 20 MVA at least: none is violated yet."""
    net = nw.case118()
    pp.runpp(net)
    kv = net.bus.vn_kv.loc[net.line.from_bus].to_numpy()
    worst = np.maximum(net.res_line.i_ka.to_numpy() * 1.3 / 1.1, 20.0 / (np.sqrt(3) * kv) / 1.1)
    for index in net.line.index:
        net.line.at[index, "in_service"] = False
        pp.runpp(net)
        worst = np.fmax(worst, net.res_line.i_ka.fillna(0).to_numpy())
        net.line.at[index, "in_service"] = True
    net.line["max_i_ka"] = 1.1 * worst
    return net


@pytest.fixture(scope="module")
def rated():
    return rated_case118()


def test_predict__finds_the_pairs_that_overload_and_not_many_more(grid_of, rated):
    state = resident(grid_of(deepcopy(rated)), (), (), NO_LIMITS)
    every = range(len(state.refs))
    pairs = np.array(list(combinations(every, 2)), dtype=np.int64)
    figures = PairStudy(state, state.model).study(pairs, NOTHING).figures
    flags = predict(state, screen(state, every)).flags(pairs)
    overloaded, lower = figures["new_overloads"] > 0, figures["new_voltages"] > 0
    assert overloaded.sum() > 300
    assert ((flags > 0) & overloaded).sum() >= 0.998 * overloaded.sum()
    assert ((flags & ~2) > 0).mean() <= 0.30
    assert ((flags > 0) & lower).sum() >= 0.98 * lower.sum()


def test_screen_contingencies__a_screened_answer_has_the_worst_pairs_and_states_its_recall(
    grid_of, context_of, rated, monkeypatch
):
    context = context_of(grid_of(deepcopy(rated)))
    asked = ScreenContingenciesArguments(order=2, limit=20)
    full = screen_contingencies(context, asked)
    monkeypatch.setattr(doubles, "MOST_SOLVED_ALL", 1000)
    part = screen_contingencies(context, asked)
    assert full.screening is None
    report = part.screening
    assert report.pairs == full.outages == 17205
    assert report.flagged == part.outages < 17205
    assert report.islanding_pairs == full.islanding_outages
    assert report.pairs_with_load_lost == full.outages_with_load_lost
    assert [row.case for row in part.rows] == [row.case for row in full.rows]
    assert part.largest_loss.case == full.largest_loss.case
    true_recall = 100 * part.outages_adding_overloads / full.outages_adding_overloads
    assert report.overload_recall_at_least_percent <= true_recall
    assert report.overload_recall_percent == pytest.approx(true_recall, abs=1.0)
    [left] = [left for left in part.coverage.left_out if left.what == "pairs"]
    assert left.count == 17205 - report.flagged
