"""N-1-1 against plain pandapower: the first element out, the adjustment made, then the second out."""

from copy import deepcopy
from functools import cache

import pandapower as pp
import pandapower.networks as nw
import pytest

from tools.errors import InvalidArgumentError
from tools.grid.contingencies import screen_contingencies
from tools.grid.schema.actions import Redispatch, SwitchBranch
from tools.grid.schema.contingencies import Adjustment, ScreenContingenciesArguments


@cache
def loaded(name):
    return getattr(nw, name)()


def screened(grid_of, context_of, net, **arguments):
    asked = ScreenContingenciesArguments(order=2, sequence="sequential", **arguments)
    return screen_contingencies(context_of(grid_of(net)), asked)


def test_sequences__the_adjustment_is_in_force_before_the_second_outage(grid_of, context_of):
    net = loaded("case39")
    adjustment = Adjustment(after="line:3", actions=(Redispatch(element="gen:2", delta_p_mw=-80.0),))
    result = screened(grid_of, context_of, net, elements=("line:3", "line:9"), adjustments=(adjustment,))
    assert result.sequence == "sequential"
    assert result.outages == 2
    by_case = {row.case: row for row in result.rows}
    after, plain = deepcopy(net), deepcopy(net)
    for copy in (after, plain):
        copy.line.loc[[3, 9], "in_service"] = False
    after.gen.at[2, "p_mw"] -= 80.0
    for case, copy in (("out line:3 and with redispatch gen:2, out line:9", after), ("out line:9, out line:3", plain)):
        pp.runpp(copy, lightsim2grid=False)
        row = by_case[case]
        assert row.worst_loading.loading_percent == pytest.approx(
            max(copy.res_line.loading_percent.max(), copy.res_trafo.loading_percent.max()), abs=1e-4
        )
        assert row.lowest_voltage.vm_pu == pytest.approx(copy.res_bus.vm_pu.min(), abs=1e-6)
        assert row.slack.p_mw == pytest.approx(copy.res_ext_grid.p_mw.iloc[0], abs=1e-4)
        assert len(row.elements) == 2


def test_sequences__what_stands_after_the_first_outage_is_not_new(grid_of, context_of):
    """Line 9 of case30 is overloaded as it is; lines 36 and 37 share what the first of them leaves."""
    net = loaded("case30")
    result = screened(grid_of, context_of, net, elements=("line:4",), limit=100)
    first = deepcopy(net)
    first.line.at[4, "in_service"] = False
    pp.runpp(first, lightsim2grid=False)
    standing = set(first.line.index[first.res_line.loading_percent > 100])
    compared = 0
    for row in result.rows[::6]:
        if row.worst_loading is None:
            continue
        both = deepcopy(first)
        second = row.elements[1]
        both[second.kind.value].at[second.index, "in_service"] = False
        pp.runpp(both, lightsim2grid=False)
        over = set(both.line.index[both.res_line.loading_percent > 100])
        assert row.new_overloads == len(over - standing)
        compared += 1
    assert compared > 3


def test_sequences__load_lost_by_both_outages_counts_and_an_adjustment_may_bring_it_back(grid_of, context_of):
    net = loaded("case33bw")
    result = screened(grid_of, context_of, net, elements=("line:5", "line:10"), limit=10)
    by_case = {row.case: row for row in result.rows}
    lost = by_case["out line:10, out line:5"].unserved_p_mw
    assert lost == pytest.approx(1.075)  # published table: all that hangs behind line 5, line 10 among it
    [left] = [left for left in result.coverage.left_out if left.what == "sequences"]
    assert left.count == 1  # line 10 is dead already once line 5 is out
    tie = Adjustment(after="line:5", actions=(SwitchBranch(element="line:34", closed=True),))
    tied = screened(grid_of, context_of, net, elements=("line:5", "line:10"), adjustments=(tie,), limit=10)
    row = next(row for row in tied.rows if row.elements[0].index == 5)
    assert row.unserved_p_mw < lost


def test_sequences__adjustments_that_fit_nothing_are_refused(grid_of, context_of):
    net = loaded("case14")
    stray = Adjustment(after="line:7", actions=(Redispatch(element="gen:0", delta_p_mw=1.0),))
    with pytest.raises(InvalidArgumentError, match="none of the first outages"):
        screened(grid_of, context_of, net, elements=("line:1", "line:2"), adjustments=(stray,))
    with pytest.raises(InvalidArgumentError, match="order 2"):
        screen_contingencies(context_of(grid_of(net)), ScreenContingenciesArguments(adjustments=(stray,)))
