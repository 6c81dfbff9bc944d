"""Values of affected elements after outages, against a plain pandapower run of each outage."""

from copy import deepcopy

import numpy as np
import pandapower as pp
import pytest
from pandapower import networks

from tests.tools.grid.drawing_context import context_for
from tools.errors import InvalidArgumentError
from tools.grid.contingencies import screen_contingencies
from tools.grid.schema.contingencies import ContingencyScreening, ScreenContingenciesArguments
from tools.grid.schema.outage_effects import NoValue


def screened(net, **arguments) -> ContingencyScreening:
    return screen_contingencies(context_for("effects", net), ScreenContingenciesArguments(affected=5, **arguments))


def without(net, *elements):
    """Solved by pandapower with these elements out of service."""
    case = deepcopy(net)
    for element in elements:
        case[element.kind.value].loc[element.index, "in_service"] = False
    pp.runpp(case, init="dc")
    return case


@pytest.fixture(scope="module")
def case30():
    return networks.case30()


@pytest.fixture(scope="module")
def singles(case30):
    return screened(case30)


@pytest.fixture(scope="module")
def solutions(case30, singles):
    return [without(case30, row.element) for row in singles.rows]


def test_effects__every_value_is_pandapowers(singles, solutions):
    for branch in singles.effects.branches:
        for row, cell, solved in zip(singles.rows, branch.after, solutions, strict=True):
            assert cell.case == row.case
            if branch.element == row.element:
                assert (cell.absent, cell.loading_percent) == (NoValue.OUT, None)
            else:
                expected = solved.res_line.loading_percent.at[branch.element.index]
                assert cell.loading_percent == pytest.approx(expected, abs=1e-3)
    for bus in singles.effects.buses:
        for cell, solved in zip(bus.after, solutions, strict=True):
            expected = solved.res_bus.vm_pu.at[bus.element.index]
            assert (cell.absent is NoValue.WITHOUT_SUPPLY) == np.isnan(expected)
            assert cell.vm_pu is None or cell.vm_pu == pytest.approx(expected, abs=1e-6)


def test_effects__no_branch_or_bus_that_is_left_out_is_nearer_to_its_limit(case30, singles, solutions):
    worst = np.max([solved.res_line.loading_percent.to_numpy() for solved in solutions], axis=0)
    shown = [branch.element.index for branch in singles.effects.branches]
    assert shown == np.argsort(-worst)[:5].tolist()  # every limit is the rating here
    assert singles.effects.branches_omitted == len(case30.line) - 5
    bus = case30.bus
    beyond = [np.fmax(bus.min_vm_pu - case.res_bus.vm_pu, case.res_bus.vm_pu - bus.max_vm_pu) for case in solutions]
    order = np.argsort(-np.nanmax(beyond, axis=0))[:5]
    assert [item.element.index for item in singles.effects.buses] == order.tolist()


def test_effects__pairs_mark_both_outages():
    net = networks.case30()
    result = screened(net, order=2, elements=("line:9", "line:39", "line:28"))
    assert [row.elements for row in result.rows]
    for branch in result.effects.branches:
        for row, cell in zip(result.rows, branch.after, strict=True):
            solved = without(net, *row.elements).res_line.loading_percent.at[branch.element.index]
            if branch.element in row.elements:
                assert cell.absent is NoValue.OUT
            elif cell.absent is None:
                assert cell.loading_percent == pytest.approx(solved, abs=1e-3)


def test_effects__buses_and_branches_that_lose_supply_have_no_value():
    # all behind line 5 of the feeder hangs on it alone: buses 6 to 17, lines 6 to 16
    net = networks.case33bw()
    net.line["max_i_ka"] = np.linspace(0.2, 0.4, len(net.line))
    result = screen_contingencies(
        context_for("feeder", net), ScreenContingenciesArguments(elements=("line:5", "line:24"), affected=20)
    )
    place = next(at for at, row in enumerate(result.rows) if row.element.index == 5)
    for bus in result.effects.buses:
        assert (bus.after[place].absent is NoValue.WITHOUT_SUPPLY) == (6 <= bus.element.index <= 17)
    absent = {branch.element.index: branch.after[place].absent for branch in result.effects.branches}
    assert absent.pop(5) is NoValue.OUT
    assert {index for index, why in absent.items() if why is NoValue.WITHOUT_SUPPLY} == absent.keys() & set(
        range(6, 17)
    )


def test_effects__outages_that_diverge_have_no_value_and_columns_all_the_same():
    net = networks.case57()
    net.load[["p_mw", "q_mvar"]] *= 1.35
    result = screened(net)
    assert {row.outcome.value for row in result.rows} == {"diverged"}
    assert len(result.effects.buses) == 5
    assert {cell.absent for bus in result.effects.buses for cell in bus.after} == {NoValue.NOT_SOLVED}


def test_effects__are_told_only_when_asked_for(case30):
    plain = screen_contingencies(context_for("effects", case30), ScreenContingenciesArguments())
    assert plain.effects is None


def test_effects__of_sequential_outages_are_refused(case30):
    with pytest.raises(InvalidArgumentError, match="affected"):
        screened(case30, order=2, sequence="sequential", elements=("line:3",))
