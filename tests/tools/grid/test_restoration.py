"""Restoration plans against hand calculations, and every step once more by plain pandapower."""

from math import pi

import pandapower as pp
import pandapower.networks as nw
import pytest

from tests.tools.grid.restoring import Replay
from tools.errors import InvalidArgumentError, UnknownElementError
from tools.grid.importing import open_grid
from tools.grid.restoration import plan_restoration
from tools.grid.schema.restoration import (
    BlackStartUnit,
    CrankingNeed,
    LoadBlock,
    PlanRestorationArguments,
    RefusalReason,
    RestorationAction,
    RestorationOutcome,
    SourceKind,
)
from tools.grid.schema.shedding import LoadPriority
from tools.vocabulary import ActionVerdict

KV = 110.0
START, ENERGISE, CRANK = RestorationAction.START, RestorationAction.ENERGISE, RestorationAction.CRANK
SYNCHRONISE, PICK_UP = RestorationAction.SYNCHRONISE, RestorationAction.PICK_UP


def planned(grid_of, context_of, net, **arguments):
    arguments = {"limit": 5000} | arguments
    return plan_restoration(context_of(grid_of(net)), PlanRestorationArguments(**arguments))


def line(net, start, end, c_nf=0.0, most_mw=1000.0, **more):
    return pp.create_line_from_parameters(
        net, start, end, 1.0, 0.1, 1.0, c_nf, max_i_ka=most_mw / (3**0.5 * KV), **more
    )


def corridor(c_nf=0.0, min_q_mvar=-50.0):
    """A black-start unit of 100 MW, 40 MW in the middle, and a unit of 200 MW at the far end."""
    net = pp.create_empty_network(f_hz=50.0)
    for _ in range(3):
        pp.create_bus(net, KV)
    pp.create_gen(net, 0, 40.0, slack=True, max_p_mw=100, min_p_mw=20, min_q_mvar=min_q_mvar, max_q_mvar=60)
    pp.create_gen(net, 2, 0.0, max_p_mw=200, min_p_mw=30, min_q_mvar=-80, max_q_mvar=90)
    pp.create_load(net, 1, 40.0, 10.0)
    line(net, 0, 1, c_nf)
    line(net, 1, 2, c_nf)
    return net


def black(*elements):
    return tuple(BlackStartUnit(element=element) for element in elements)


def test_plan_restoration__a_corridor_by_hand(grid_of, context_of):
    """Cranking 20 MW comes before load, blocks are 5 % of 100 MW, 30 MW of load stand before the second unit runs."""
    net = corridor()
    net.load["p_mw"] = 95.0  # more than 90 % of 100 MW: the second unit is needed
    plan = planned(grid_of, context_of, net, whole_grid=True, black_start=black("gen:0"), start_min=5)
    told = [(row.action, str(row.element)) for row in plan.steps]
    assert told[:4] == [(START, "gen:0"), (ENERGISE, "line:0"), (ENERGISE, "line:1"), (CRANK, "gen:1")]
    assert plan.steps[3].cranking_p_mw == pytest.approx(20)
    blocks = [row.picked_up_p_mw for row in plan.steps if row.action is PICK_UP]
    sync = told.index((SYNCHRONISE, "gen:1"))
    before = [row for row in plan.steps[:sync] if row.action is PICK_UP]
    assert [row.picked_up_p_mw for row in before] == pytest.approx([5.0] * 6)
    assert sum(blocks) == pytest.approx(95)
    # 300 MW online allow 15 MW
    after = [row.picked_up_p_mw for row in plan.steps[sync:] if row.action is PICK_UP]
    assert after == pytest.approx([15.0, 15.0, 15.0, 15.0, 5.0])
    assert (plan.steps[sync - 1].online_capacity_p_mw, plan.steps[sync].online_capacity_p_mw) == (100, 300)
    assert [row.time_min for row in plan.steps[:4]] == [0, 5, 10, 15]
    assert plan.outcome is RestorationOutcome.RESTORED
    assert plan.verdict is ActionVerdict.BEST_AVAILABLE
    assert plan.restored_percent == pytest.approx(100)
    assert plan.assumed_cranking == plan.assumed_start_times == 1
    minimum = next(row for row in plan.refused if row.action is SYNCHRONISE)
    assert (minimum.reason, minimum.accepted) == (RefusalReason.MINIMUM, True)
    assert minimum.p_mw < 30


def test_plan_restoration__charging_beyond_the_unit_waits_for_load(grid_of, context_of):
    """A line with 3.8 Mvar of charging is beyond 2 Mvar of absorption until load of 0.25 Mvar a MW draws the rest."""
    c_nf = 1000.0
    charging = 2 * pi * 50 * c_nf * 1e-9 * KV**2
    assert charging == pytest.approx(3.8, abs=0.01)
    plan = planned(
        grid_of, context_of, corridor(c_nf, -2.0), whole_grid=True, black_start=black("gen:0"), cranking_percent=0
    )
    refused = next(row for row in plan.refused if str(row.element) == "line:0")
    assert refused.reason is RefusalReason.REACTIVE
    assert refused.q_mvar == pytest.approx(-charging, abs=0.05)
    assert (plan.outcome, plan.restored_p_mw) == (RestorationOutcome.NOT_RESTORED, 0)
    assert plan.still_dark_buses == 2
    [load] = plan.dark_loads
    assert (load.reason, load.dark_p_mw) == (RefusalReason.REACTIVE, 40)
    near = corridor(c_nf, -2.0)
    near.load["bus"] = 0
    plan = planned(grid_of, context_of, near, whole_grid=True, black_start=black("gen:0"), cranking_percent=0)
    first = next(row for row in plan.steps if row.action is ENERGISE)
    drawn = sum(row.picked_up_p_mw for row in plan.steps[: first.step] if row.action is PICK_UP)
    assert first.charging_q_mvar == pytest.approx(charging)
    assert drawn * 0.25 >= charging - 2.0 - 0.05
    assert plan.outcome is RestorationOutcome.RESTORED


def long_line(micro_siemens):
    """A line of j60 ohm with so much charging, behind the unit, to a bus with load."""
    net = corridor(min_q_mvar=-500.0)
    c_nf = micro_siemens * 1e-6 / (2 * pi * 50) * 1e9
    net.line.loc[0, ["r_ohm_per_km", "x_ohm_per_km", "c_nf_per_km"]] = [0.0, 60.0, c_nf]
    return net


def test_plan_restoration__the_voltage_of_an_unloaded_line_by_hand(grid_of, context_of):
    """Open at its end a pi section stands at V / (1 - X B / 2): 1.099 pu with 3,000 uS, 1.106 pu with 3,200 uS."""
    arguments = {"whole_grid": True, "black_start": black("gen:0"), "cranking_percent": 0}
    held = planned(grid_of, context_of, long_line(3000.0), **arguments).steps[1]
    assert (held.action, held.highest_voltage.vm_pu) == (ENERGISE, pytest.approx(1 / (1 - 0.18 / 2)))
    plan = planned(grid_of, context_of, long_line(3200.0), **arguments)
    refused = next(row for row in plan.refused if str(row.element) == "line:0")
    assert (refused.reason, refused.accepted) == (RefusalReason.OVERVOLTAGE, False)
    assert refused.vm_pu == pytest.approx(1 / (1 - 0.192 / 2))
    assert [row.action for row in plan.steps] == [START]


def test_plan_restoration__critical_loads_come_by_class_then_by_size(grid_of, context_of):
    net = corridor()
    pp.create_load(net, 1, 12.0)
    pp.create_load(net, 1, 8.0)
    pp.create_load(net, 1, 9.0)
    plan = planned(
        grid_of,
        context_of,
        net,
        whole_grid=True,
        black_start=black("gen:0"),
        block_percent=50,
        critical=(LoadPriority(element="load:2", priority=1), LoadPriority(element="load:3", priority=2)),
    )
    order = list(dict.fromkeys(str(row.element) for row in plan.steps if row.action is PICK_UP))
    assert order == ["load:2", "load:3", "load:0", "load:1"]


def test_plan_restoration__whole_feeders_only(grid_of, context_of):
    arguments = {"whole_grid": True, "black_start": black("gen:0"), "cranking_percent": 0, "start_min": 1440}
    plan = planned(grid_of, context_of, corridor(), blocks=(LoadBlock(element="load:0", block_p_mw=2.0),), **arguments)
    first = next(row for row in plan.steps if row.action is PICK_UP)
    assert first.picked_up_p_mw == pytest.approx(4.0)  # two feeders of 2 MW within 5 MW
    arguments["horizon_min"] = 200
    plan = planned(grid_of, context_of, corridor(), blocks=(LoadBlock(element="load:0", block_p_mw=10.0),), **arguments)
    assert plan.restored_p_mw == 0
    assert [(row.reason, row.p_mw) for row in plan.refused if row.action is PICK_UP] == [(RefusalReason.BLOCK, 10)]


def test_plan_restoration__cold_load_counts_in_the_size_of_the_block(grid_of, context_of):
    plan = planned(grid_of, context_of, corridor(), whole_grid=True, black_start=black("gen:0"), cold_load_factor=2.0)
    first = next(row for row in plan.steps if row.action is PICK_UP)
    assert first.picked_up_p_mw == pytest.approx(2.5)


def test_plan_restoration__a_unit_that_is_reached_too_late_stays_off(grid_of, context_of):
    plan = planned(
        grid_of,
        context_of,
        corridor(),
        whole_grid=True,
        black_start=black("gen:0"),
        cranking=(CrankingNeed(element="gen:1", cranking_p_mw=7.0, latest_min=9.0),),
    )
    [off] = plan.units_off
    assert (str(off.element), off.reason, off.cranking_p_mw) == ("gen:1", RefusalReason.TOO_LATE, 7)
    assert plan.outcome is RestorationOutcome.RESTORED
    assert plan.units_synchronised == 0


def test_plan_restoration__faulted_elements_are_never_used_and_the_reserve_is_kept(grid_of, context_of):
    """Without line 1 the far unit stays off: of 120 MW no more than 90 % of 100 MW come back."""
    net = corridor()
    net.load["p_mw"] = 120.0
    plan = planned(grid_of, context_of, net, whole_grid=True, black_start=black("gen:0"), outages=("line:1",))
    assert "line:1" not in [str(row.element) for row in plan.steps]
    assert 89 < plan.restored_p_mw <= 90
    assert plan.outcome is RestorationOutcome.PARTLY
    [off], [load] = plan.units_off, plan.dark_loads
    assert (off.reason, load.reason) == (RefusalReason.NO_PATH, RefusalReason.CAPACITY)
    assert load.dark_p_mw == pytest.approx(120 - plan.restored_p_mw)
    assert [str(bus) for bus in plan.dark] == ["bus:2"]
    assert plan.case == "blackout, out line:1"


def replayed(net, plan, most_pu=1.1, least_pu=0.9):
    """Every step by plain pandapower, within the limits."""
    replay = Replay(net)
    for row in plan.steps:
        replay.take(row)
        vm_pu, loading = replay.compare(row)
        assert least_pu - 1e-6 <= vm_pu.min(), row
        assert vm_pu.max() <= most_pu + 1e-6, row
        assert loading.max(initial=0.0) <= 100.0 + 1e-3, row
    return replay


def test_plan_restoration__every_step_of_case9_by_plain_pandapower(grid_of, context_of):
    plan = planned(grid_of, context_of, nw.case9(), whole_grid=True, black_start=black("gen:0"))
    replay = replayed(nw.case9(), plan)
    assert plan.outcome is RestorationOutcome.RESTORED
    assert plan.restored_p_mw == pytest.approx(315)
    assert replay.net.load.p_mw[:3].sum() == pytest.approx(315)


def test_plan_restoration__every_step_of_case39_by_plain_pandapower(grid_of, context_of):
    """The whole of the New England grid from one unit of 1,100 MW: 6,254 MW, ten units, no limit broken."""
    plan = planned(grid_of, context_of, nw.case39(), whole_grid=True, black_start=black("gen:8"))
    replayed(nw.case39(), plan)
    assert (plan.outcome, plan.still_dark_buses, plan.units_off) == (RestorationOutcome.RESTORED, 0, ())
    assert plan.restored_p_mw == pytest.approx(nw.case39().load.p_mw.sum())
    online = 0.0
    for row in plan.steps:
        if row.action is PICK_UP:
            assert row.picked_up_p_mw <= 0.05 * online + 1e-6
        online = row.online_capacity_p_mw
    for row in plan.steps:
        assert row.generation_p_mw <= 0.9 * row.online_capacity_p_mw + 1e-3


def test_plan_restoration__case118_by_plain_pandapower(grid_of, context_of):
    """All 4,242 MW from the slack unit of 805.2 MW; every twentieth step once more, units within their limits."""
    plan = planned(grid_of, context_of, nw.case118(), whole_grid=True)
    assert (plan.outcome, plan.dark_loads, plan.still_dark_buses) == (RestorationOutcome.RESTORED, (), 0)
    assert plan.restored_p_mw == pytest.approx(nw.case118().load.p_mw.sum())
    replay = Replay(nw.case118())
    for row in plan.steps:
        replay.take(row)
        if row.step % 20 == 0 or row.step == plan.steps_total:
            vm_pu, _ = replay.compare(row)
            assert 0.9 - 1e-6 <= vm_pu.min() <= vm_pu.max() <= 1.1 + 1e-6, row
            assert row.generation_p_mw <= 0.9 * row.online_capacity_p_mw + 1e-3
    first = next(row for row in plan.steps if row.action is PICK_UP)
    idle = {f"gen:{index}" for index in nw.case118().gen.index[nw.case118().gen.p_mw == 0]}
    cranked = [str(row.element) for row in plan.steps[: first.step] if row.action is CRANK]
    # condensers, and whoever else delivers nothing, do not keep load waiting
    assert cranked
    assert not idle & set(cranked)


def test_plan_restoration__load_comes_while_units_start(grid_of, context_of):
    """Behind the unit that is cranked first lies another: a block comes back between operations on the way to it."""
    net = corridor()
    pp.create_bus(net, KV)
    pp.create_gen(net, 3, 60.0, max_p_mw=80, min_p_mw=0, min_q_mvar=-40, max_q_mvar=40)
    line(net, 2, 3)
    net.gen.loc[1, "p_mw"] = 60.0
    net.load.loc[0, ["p_mw", "q_mvar"]] = [300.0, 50.0]
    plan = planned(grid_of, context_of, net, whole_grid=True, black_start=black("gen:0"))
    told = [row.action for row in plan.steps]
    assert told[:7] == [START, ENERGISE, ENERGISE, CRANK, PICK_UP, ENERGISE, PICK_UP]
    hurried = planned(
        grid_of,
        context_of,
        net,
        whole_grid=True,
        black_start=black("gen:0"),
        cranking=(CrankingNeed(element="gen:2", latest_min=60.0),),
    )
    assert [row.action for row in hurried.steps[:6]] == [START, ENERGISE, ENERGISE, CRANK, ENERGISE, CRANK]


@pytest.mark.parametrize(("delivers_mw", "load_mw", "cranks_first"), [(60.0, 40.0, False), (60.0, 120.0, True)])
def test_plan_restoration__who_is_not_needed_comes_after_load(grid_of, context_of, delivers_mw, load_mw, cranks_first):
    """40 MW and its losses are within 90 % of 100 MW, 120 MW are not."""
    net = corridor()
    net.gen.loc[1, "p_mw"] = delivers_mw
    net.load["p_mw"] = load_mw
    plan = planned(grid_of, context_of, net, whole_grid=True, black_start=black("gen:0"))
    told = [row.action for row in plan.steps]
    assert (told.index(CRANK) < told.index(PICK_UP)) is cranks_first
    assert plan.outcome is RestorationOutcome.RESTORED


def test_plan_restoration__a_condenser_lifts_the_voltage_that_keeps_load_dark(grid_of, context_of):
    """80 MW + j30 Mvar behind j40 ohm: below 0.9 pu by the two-bus formula; with a condenser there 1 pu is held."""
    net = corridor(min_q_mvar=-200.0)
    net.gen.loc[0, ["max_p_mw", "max_q_mvar"]] = [200.0, 200.0]
    net.line[["r_ohm_per_km", "x_ohm_per_km"]] = [0.0, 40.0]
    net.line.loc[1, "x_ohm_per_km"] = 0.1
    net.load.loc[0, ["p_mw", "q_mvar"]] = [80.0, 30.0]
    net.gen.loc[1, ["p_mw", "min_p_mw", "max_p_mw"]] = [0.0, 0.0, 10.0]
    x_pu, p_pu, q_pu = 40.0 / KV**2 * 100, 0.8, 0.3
    half = (1 - 2 * q_pu * x_pu) / 2
    assert (half + (half**2 - x_pu**2 * (p_pu**2 + q_pu**2)) ** 0.5) ** 0.5 < 0.9
    arguments = {"whole_grid": True, "black_start": black("gen:0")}
    without = planned(grid_of, context_of, net, outages=("gen:1",), **arguments)
    assert {row.reason for row in without.dark_loads} == {RefusalReason.UNDERVOLTAGE}
    plan = planned(grid_of, context_of, net, **arguments)
    assert plan.outcome is RestorationOutcome.RESTORED
    sync = next(row for row in plan.steps if row.action is SYNCHRONISE)
    # load came before it, and the rest after it
    assert 0 < sync.restored_p_mw < 80.0


def test_plan_restoration__two_islands_grow_and_are_synchronised(grid_of, context_of):
    """Both units start by themselves; the corridor between them is closed where both sides have voltage."""
    plan = planned(grid_of, context_of, corridor(), whole_grid=True, black_start=black("gen:0", "gen:1"))
    assert [row.islands for row in plan.steps[:2]] == [1, 2]
    join = next(row for row in plan.steps if row.action is RestorationAction.JOIN)
    assert join.islands == 1
    assert join.online_capacity_p_mw == 300
    assert str(join.island) == "gen:1"  # the larger one holds the frequency
    assert join.voltage_difference_pu < 0.1
    assert plan.restored_percent == pytest.approx(100)
    replayed(corridor(), plan)


def test_plan_restoration__the_standing_angle_keeps_a_loop_open(grid_of, context_of):
    """40 MW behind j24.2 ohm (0.2 pu of 100 MVA): sin d = 0.08, 4.59 degrees; beyond 4 a line stays open."""
    net = corridor()
    net.line["r_ohm_per_km"], net.line["x_ohm_per_km"] = 0.0, 24.2
    line(net, 0, 1)
    net.load["q_mvar"] = 0.0
    net.gen.loc[1, "in_service"] = False
    net.line.loc[2, ["r_ohm_per_km", "x_ohm_per_km"]] = [0.0, 24.2]
    arguments = {"whole_grid": True, "black_start": black("gen:0"), "block_percent": 100}
    closed = planned(grid_of, context_of, net, **arguments)
    loop = next(row for row in closed.steps if row.action is RestorationAction.CLOSE)
    assert loop.standing_angle_degree == pytest.approx(4.6, abs=0.05)
    kept = planned(grid_of, context_of, net, standing_angle_degree=4.0, **arguments)
    [branch] = kept.open_branches
    assert branch.reason is RefusalReason.ANGLE
    assert next(row for row in kept.refused if row.action is RestorationAction.CLOSE).standing_angle_degree > 4


def test_plan_restoration__a_dark_feeder_comes_back_through_its_ties(grid_of, context_of):
    """With line 5 out 1.075 MW of the 33-bus feeder are dark; pandapower solves the end that the steps describe."""
    net = nw.case33bw()
    plan = planned(grid_of, context_of, net, outages=("line:5",))
    assert plan.dark_load_p_mw == pytest.approx(1.075)
    assert plan.outcome is RestorationOutcome.RESTORED
    [source] = plan.sources
    assert (str(source.element), source.source, source.named) == ("ext_grid:0", SourceKind.LIVE_PART, False)
    lit = set(pp.topology.connected_component(graph_without(net, "line:5"), 0))
    net.load.loc[~net.load.bus.isin(lit), "in_service"] = False
    net.line.loc[(~net.line.from_bus.isin(lit) | ~net.line.to_bus.isin(lit)) & net.line.in_service, "in_service"] = (
        False
    )
    for row in plan.steps:
        if row.action is PICK_UP:
            assert row.picked_up_percent == pytest.approx(100)
        net[row.element.kind].at[row.element.index, "in_service"] = True
        pp.runpp(net)
        vm_pu = net.res_bus.vm_pu
        assert vm_pu.min() == pytest.approx(row.lowest_voltage.vm_pu, abs=1e-6)
        assert vm_pu.min() >= 0.9
        assert net.res_ext_grid.p_mw.sum() == pytest.approx(row.generation_p_mw, abs=1e-5)
        assert net.res_load.p_mw.sum() == pytest.approx(row.load_p_mw, abs=1e-6)
    assert net.load.in_service.all()
    # the feeder stays radial: as many closed lines as buses, less one
    assert net.line.in_service.sum() == len(net.bus) - 1
    assert {row.reason for row in plan.open_branches} == {RefusalReason.RADIAL}


def graph_without(net, out):
    """The graph of a net without one line; the net is left as it is."""
    index = int(out.partition(":")[2])
    net.line.at[index, "in_service"] = False
    return pp.topology.create_nxgraph(net)


def test_plan_restoration__without_ties_the_feeder_stays_dark(grid_of, context_of):
    net = nw.case33bw()
    net.line = net.line.loc[net.line.in_service]
    plan = planned(grid_of, context_of, net, outages=("line:5",))
    assert (plan.outcome, plan.steps, plan.verdict) == (RestorationOutcome.NOT_RESTORED, (), ActionVerdict.REJECTED)
    assert {row.reason for row in plan.dark_loads} == {RefusalReason.NO_PATH}
    assert sum(row.dark_p_mw for row in plan.dark_loads) == pytest.approx(1.075)


def test_plan_restoration__a_dead_bus_beside_a_live_grid(grid_of, context_of):
    """Bus 19 of case39 is dead: its load of 680 MW and what hangs on it come back from the live part."""
    plan = planned(grid_of, context_of, nw.case39(), dead=("bus:19",))
    assert plan.dark_buses == 2
    assert plan.dark_load_p_mw == pytest.approx(680)
    assert plan.sources[0].source is SourceKind.LIVE_PART
    assert plan.steps
    for row in plan.steps:
        assert row.generation_p_mw == pytest.approx(row.load_p_mw + row.loss_p_mw)
        assert row.lowest_voltage.vm_pu >= 0.9


def test_plan_restoration__nothing_dark_is_an_answer(grid_of, context_of):
    plan = planned(grid_of, context_of, nw.case39(), outages=("line:5",))
    assert (plan.outcome, plan.steps, plan.verdict) == (RestorationOutcome.NOTHING_DARK, (), None)


def test_plan_restoration__pages_follow_each_other_and_the_net_is_left_alone(grid_of, context_of):
    net = corridor()
    before = pp.to_json(net)
    context = context_of(grid_of(net))
    arguments = {"whole_grid": True, "black_start": black("gen:0")}
    whole = plan_restoration(context, PlanRestorationArguments(limit=5000, **arguments))
    page = plan_restoration(context, PlanRestorationArguments(limit=3, offset=2, **arguments))
    assert page.steps == whole.steps[2:5]
    assert page.omitted == len(whole.steps) - 3
    again = planned(grid_of, context_of, corridor(), **arguments)
    assert again.model_dump(exclude={"basis"}) == whole.model_dump(exclude={"basis"})
    assert pp.to_json(net) == before


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ({"whole_grid": True}, InvalidArgumentError, r"black_start: nothing has voltage .* name at least one unit"),
        ({"whole_grid": True, "black_start": black("gen:9")}, UnknownElementError, "gen:9"),
        ({"whole_grid": True, "black_start": black("load:0")}, InvalidArgumentError, "load"),
        (
            {"whole_grid": True, "black_start": black("gen:1"), "outages": ("gen:1",)},
            InvalidArgumentError,
            "black_start: gen:1 is out of service",
        ),
        ({"dead": ("bus:2",), "black_start": black("gen:0")}, InvalidArgumentError, "gen:0 is not in the dark part"),
        ({"dead": ("bus:2",), "outages": ("bus:2",)}, InvalidArgumentError, "dead: bus:2 is out of service"),
        (
            {"whole_grid": True, "black_start": black("gen:0"), "ties": ("line:0",)},
            InvalidArgumentError,
            "ties: line:0 is closed",
        ),
        (
            {"dead": ("bus:2",), "critical": (LoadPriority(element="load:0", priority=1),)},
            InvalidArgumentError,
            "critical: load:0 is no load in service in the dark part",
        ),
        (
            {"dead": ("bus:2",), "cranking": (CrankingNeed(element="gen:0"),)},
            InvalidArgumentError,
            "cranking: gen:0 is no unit in service in the dark part",
        ),
    ],
)
def test_plan_restoration__bad_input(grid_of, context_of, arguments, error, match):
    with pytest.raises(error, match=match):
        planned(grid_of, context_of, corridor(), **arguments)


@pytest.mark.realdata
def test_plan_restoration__rts_gmlc_from_one_hydro_unit(grid_of, context_of, realdata):
    """The reliability test system from its first unit: steps of one island in balance, every limit held."""
    net = open_grid(str(realdata / "networks" / "rts_gmlc" / "pandapower_net.json.gz")).net
    plan = planned(grid_of, context_of, net, whole_grid=True, black_start=black("gen:0"))
    assert plan.steps
    for row in plan.steps:
        assert row.generation_p_mw == pytest.approx(row.load_p_mw + row.loss_p_mw)
        assert 0.9 - 1e-6 <= row.lowest_voltage.vm_pu <= row.highest_voltage.vm_pu <= 1.1 + 1e-6
