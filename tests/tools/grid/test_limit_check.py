from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import pandapower as pp
import pandapower.networks as pn
import pytest
from pandapower.toolbox import nets_equal

from tools.grid.limit_check import check_limits
from tools.grid.schema.actions import Redispatch
from tools.grid.schema.limit_check import CheckLimitsArguments, SecurityState, ViolationKind
from tools.limits import Bound, ClauseRef, Limit, LimitQuantity, LimitTable, OperatingState
from tools.result import canonical_json
from tools.vocabulary import Severity


@pytest.fixture
def check(grid_of, context_of):
    """The answer of the tool for a net and arguments."""
    return lambda net, table=None, **args: check_limits(context_of(grid_of(net), table), CheckLimitsArguments(**args))


def small():
    """A source feeds 10 MW over one line; every limit is there and is kept."""
    net = pp.create_empty_network()
    for _ in range(2):
        pp.create_bus(net, 110.0, min_vm_pu=0.9, max_vm_pu=1.1)
    pp.create_ext_grid(net, 0, min_p_mw=0.0, max_p_mw=50.0, min_q_mvar=-50.0, max_q_mvar=50.0)
    pp.create_line(net, 0, 1, 10.0, "243-AL1/39-ST1A 110.0", max_loading_percent=100.0)
    pp.create_load(net, 1, 10.0, 1.0)
    return net


def test_check_limits__everything_checked_and_kept(check):
    answer = check(small())
    assert answer.status is SecurityState.NO_VIOLATION
    assert (answer.buses.checked, answer.branches.checked, answer.units.checked) == (2, 1, 1)
    assert answer.violations == ()


@pytest.mark.parametrize(
    ("table", "column", "value", "part"),
    [
        ("bus", ["min_vm_pu", "max_vm_pu"], float("nan"), "buses"),
        ("line", "max_i_ka", 99999.0, "branches"),
        ("line", "max_i_ka", float("nan"), "branches"),
        ("ext_grid", "max_p_mw", float("nan"), "units"),
        ("ext_grid", "min_q_mvar", float("nan"), "units"),
    ],
)
def test_check_limits__a_missing_limit_is_left_out_not_kept(check, table, column, value, part):
    net = small()
    net[table][column] = value
    answer = check(net)
    assert answer.status is SecurityState.PARTLY_CHECKED
    assert sum(item.count for item in getattr(answer, part).left_out) >= 1


def test_check_limits__case30_line_9(check):
    answer = check(pn.case30())
    [violation] = answer.violations
    assert (str(violation.element), violation.kind) == ("line:9", ViolationKind.OVERLOAD)
    assert violation.loading_percent == pytest.approx(111.8, abs=0.05)
    assert violation.limit_percent == 100.0
    assert answer.status is SecurityState.VIOLATION
    assert answer.overloads == 1


def test_check_limits__case39_slack_is_over_its_limit(check):
    answer = check(pn.case39(), limit=100)
    [slack] = [v for v in answer.violations if str(v.element) == "ext_grid:0" and v.kind is ViolationKind.ACTIVE_POWER]
    plain = pn.case39()
    pp.runpp(plain)
    assert slack.p_mw == pytest.approx(plain.res_ext_grid.p_mw[0], abs=1e-5)
    assert slack.limit_p_mw == 646.0


def test_check_limits__case118_cannot_speak_of_loadings(check):
    answer = check(pn.case118())
    assert answer.overloads == 0
    assert answer.branches.checked == 0
    assert answer.branches.left_out[0].count == 186
    assert answer.buses.checked == 118


def test_check_limits__case57_counts_agree_with_plain_pandapower_and_pages_cover_all(check):
    plain = pn.case57()
    pp.runpp(plain)
    low = plain.res_bus.vm_pu < plain.bus.min_vm_pu - 1e-6
    high = plain.res_bus.vm_pu > plain.bus.max_vm_pu + 1e-6
    first = check(pn.case57(), limit=10)
    assert (first.undervoltages, first.overvoltages) == (low.sum(), high.sum())
    assert first.violations[0].element.index == plain.res_bus.vm_pu.idxmin()
    assert first.violations[0].severity is Severity.EMERGENCY
    total = first.omitted + 10
    assert total == low.sum() + high.sum() + first.unit_violations
    rest = check(pn.case57(), limit=100, offset=10)
    found = [(str(v.element), v.kind) for v in (*first.violations, *rest.violations)]
    assert len(set(found)) == len(found) == total
    assert {ref for ref, kind in found if kind is ViolationKind.UNDERVOLTAGE} == {f"bus:{i}" for i in low.index[low]}


def test_check_limits__supply_comes_before_everything(check):
    answer = check(pn.case33bw(), outages=("line:5",))
    assert answer.status is SecurityState.SUPPLY_LOST
    assert answer.supply.unserved_p_mw == pytest.approx(1.075)
    assert answer.buses.checked == 21
    assert answer.buses.left_out[0].count == 12


def test_check_limits__a_state_that_does_not_solve_is_not_checked(check):
    net = pn.case14()
    net.load.p_mw *= 20
    answer = check(net)
    assert answer.status is SecurityState.NOT_SOLVED
    assert answer.buses.checked == answer.branches.checked == answer.units.checked == 0
    assert answer.buses.diverged == 1
    assert "DC angles" in answer.buses.left_out[0].reason


def test_check_limits__a_dead_grid_still_tells_its_supply(check):
    answer = check(small(), outages=("ext_grid:0",))
    assert answer.status is SecurityState.NOT_SOLVED
    assert (answer.supply.dead_buses, answer.supply.unserved_p_mw) == (2, 10.0)


def test_check_limits__elements_restrict_what_is_checked(check):
    answer = check(pn.case30(), elements=("line:0", "bus:3"))
    assert answer.violations == ()
    assert (answer.buses.checked, answer.branches.checked, answer.units.checked) == (1, 1, 0)
    assert answer.status is SecurityState.NO_VIOLATION
    assert check(pn.case30(), elements=("line:9",)).overloads == 1


def test_check_limits__redispatch_beyond_the_unit_limit_is_a_violation(check):
    answer = check(pn.case14(), actions=(Redispatch(element="gen:0", delta_p_mw=110.0),), limit=100)
    [violation] = [v for v in answer.violations if v.kind is ViolationKind.ACTIVE_POWER and str(v.element) == "gen:0"]
    assert (violation.p_mw, violation.limit_p_mw) == (pytest.approx(150.0), 140.0)


@pytest.mark.parametrize(
    ("minimum", "severity"),
    [(0.99, None), (1.01, Severity.WARNING), (1.03, Severity.CRITICAL), (1.06, Severity.EMERGENCY)],
)
def test_check_limits__severity_follows_the_depth(check, minimum, severity):
    net = small()
    net.bus["min_vm_pu"] = [0.9, minimum]
    net.line["length_km"] = 0.001  # 1.000 pu at both ends
    answer = check(net)
    assert [v.severity for v in answer.violations] == ([] if severity is None else [severity])


def test_check_limits__a_voltage_at_its_limit_keeps_it(check):
    net = small()
    net.bus.loc[0, ["min_vm_pu", "max_vm_pu"]] = 1.0
    assert check(net).status is SecurityState.NO_VIOLATION


def test_check_limits__table_limits_name_their_clause_and_depend_on_the_outage(check):
    clause = ClauseRef(document="Digest", edition="1", clause="4")
    table = LimitTable(
        limits=tuple(
            Limit(quantity=LimitQuantity.VM_PU, bound=Bound.MIN, state=state, value=value, source=clause)
            for state, value in ((OperatingState.NORMAL, 1.01), (OperatingState.CONTINGENCY, 0.9))
        )
    )
    net = small()
    net.bus["min_vm_pu"] = float("nan")
    pp.create_line(net, 0, 1, 10.0, "243-AL1/39-ST1A 110.0", max_loading_percent=100.0)
    assert {v.basis for v in check(net, table).violations} == {"Digest (1), 4"}
    assert check(net, table, outages=("line:0",)).undervoltages == 0


def test_check_limits__leaves_the_grid_as_it_was_and_threads_agree(grid_of, context_of):
    grid = grid_of(pn.case39())
    before = deepcopy(grid.net)
    context = context_of(grid)
    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(lambda _: canonical_json(check_limits(context, CheckLimitsArguments())), range(32)))
    assert len(answers) == 1
    assert nets_equal(grid.net, before, check_only_results=False)
