"""Spans against the tools for one state: what is moved must agree with what pandapower makes whole."""

from copy import deepcopy
from datetime import timedelta

import numpy as np
import pandapower as pp
import pandapower.networks as nw
import pytest

from tests.tools.grid.measurements import START, sensor
from tests.tools.memory_sources import MemoryOutages, MemoryTelemetry, series
from tools.context import Clock, ToolContext
from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError, SourceMissingError
from tools.grid.contingencies import screen_contingencies
from tools.grid.limit_check import check_limits
from tools.grid.schema.actions import Redispatch
from tools.grid.schema.contingencies import ScreenContingenciesArguments
from tools.grid.schema.limit_check import CheckLimitsArguments, SecurityState, ViolationKind
from tools.grid.schema.span import InsecurityKind
from tools.grid.screening.moving import take_out_each
from tools.grid.screening.resident import resident
from tools.grid.screening.screen import screen
from tools.grid.snapshot import snapshot
from tools.grid.snapshot_grids import SnapshotGrids
from tools.grid.solve import solved_state
from tools.grid.span import Hypothesis, span_of
from tools.limits import Bound, ClauseRef, Limit, LimitQuantity, LimitTable, OperatingState
from tools.telemetry.schema.operations import OutageKind, OutageRecord
from tools.vocabulary import OutageOutcome

MINUTE = timedelta(minutes=1)
END = START + 240 * MINUTE
SOURCE = ClauseRef(document="test", edition="1", clause="1")
LIMITS = LimitTable(
    limits=tuple(
        Limit(quantity=LimitQuantity.VM_PU, bound=bound, state=OperatingState.NORMAL, value=value, source=SOURCE)
        for bound, value in ((Bound.MIN, 0.94), (Bound.MAX, 1.08))
    )
)


def ramp(low, high):
    """Four hours in minutes: up to a peak in the middle, and down."""
    return low + (high - low) * (1 - np.abs(np.linspace(-1, 1, 241)))


def telemetry(net, loads, units=None, volts=None):
    """Readings of a day whose loads, units and voltages follow profiles; q of the loads follows half as much."""
    units, volts = np.ones(241) if units is None else units, np.zeros(241) if volts is None else volts
    held = []
    for index, load in net.load.iterrows():
        held.append(series(sensor("load", index, "p"), START, 60, load.p_mw * loads))
        held.append(series(sensor("load", index, "q"), START, 60, load.q_mvar * (1 + loads) / 2))
    for index, unit in net.gen.iterrows():
        held.append(series(sensor("gen", index, "p"), START, 60, unit.p_mw * units))
        held.append(series(sensor("gen", index, "vm"), START, 60, unit.vm_pu + volts))
    return MemoryTelemetry(*held)


def outage(kind, index, first, last):
    element = ElementRef(kind=ElementKind(kind), index=index, name="")
    times = {"start": START + first * MINUTE, "end": START + last * MINUTE}
    return OutageRecord(id=f"{kind}{index}", element=element, kind=OutageKind.FORCED, **times)


def context(grid, readings, *outages, limits=LIMITS):
    sources = readings, None, MemoryOutages(outages)
    return ToolContext(
        grids=SnapshotGrids(grid, *sources, END),
        limits=limits,
        clock=Clock(END, END),
        telemetry=readings,
        outages=sources[2],
    )


@pytest.fixture
def day(grid_of):
    """Full load in the middle of the span, where outages of case39 overload; a line is out for an hour."""
    net = nw.case39()
    readings = telemetry(net, ramp(0.6, 0.95), ramp(0.6, 0.95), 0.004 * np.sin(np.arange(241) / 30))
    return context(grid_of(net), readings, outage("line", 10, 100, 160))


def harmful(ctx, at, **more):
    """Outages that break a limit that held before, or do not solve, by the tool for one state."""
    result = screen_contingencies(ctx, ScreenContingenciesArguments(at=at, limit=100, **more))
    assert result.omitted == 0
    rows = [
        row
        for row in result.rows
        if row.new_overloads + row.new_voltage_violations + row.unit_violations or row.outcome is OutageOutcome.DIVERGED
    ]
    return {str(row.element): row for row in rows}


def all_intervals(ctx, **more):
    pages = [
        screen_contingencies(ctx, ScreenContingenciesArguments(since=START, limit=100, offset=k, **more))
        for k in (0, 100)
    ]
    assert pages[0].intervals_omitted == len(pages[1].intervals)
    return pages[0].intervals + pages[1].intervals, pages[0]


def holding(intervals, at):
    return {str(i.element) for i in intervals if i.start <= at and (i.end is None or at <= i.end)}


def test_screen_contingencies__a_span_agrees_with_single_states(day):
    intervals, result = all_intervals(day)
    assert result.span.unsolved == result.span.unmeasured == 0
    assert [str(ref) for ref in result.span.switched] == ["line:10"]
    skipped = {str(ref) for ref in result.span.not_screened}
    lossy = {str(i.element) for i in intervals if i.kind is InsecurityKind.SUPPLY_LOST}
    seen = 0
    for minute in (0, 45, 90, 120, 150, 165, 240):
        at = START + minute * MINUTE
        expected = set(harmful(day, at)) - skipped
        seen += len(expected)
        assert holding(intervals, at) - lossy == expected - lossy, minute
    assert seen > 5


def test_screen_contingencies__an_interval_begins_and_ends_to_the_minute_with_its_worst_moment(day):
    result = screen_contingencies(day, ScreenContingenciesArguments(since=START, limit=100))
    overload = next(i for i in result.intervals if i.kind is InsecurityKind.OVERLOAD and not i.before and i.end)
    name = str(overload.element)
    for at, held in (
        (overload.start, True),
        (overload.start - MINUTE, False),
        (overload.end, True),
        (overload.end + MINUTE, False),
    ):
        assert (name in harmful(day, at, elements=(name,))) is held
    row = harmful(day, overload.worst.at, elements=(name,))[name]
    assert overload.worst.value.value == pytest.approx(row.worst_loading.loading_percent, abs=1e-5)
    assert overload.worst.element == row.worst_loading.element
    assert overload.worst.case == row.case
    spans = result.insecure_times
    assert any(t.start <= overload.start and (t.end is None or overload.end <= t.end) for t in spans)


def test_span__moved_states_are_those_of_pandapower(day):
    span = span_of(day, Hypothesis((), ()), START, END)
    moments = [START + minute * MINUTE for minute in (0, 7, 101, 119, 159, 161, 233)]
    for at, state in span.states(moments):
        grid = snapshot(day.loaded_grid(), day.telemetry, None, day.outages, at)
        whole = resident(grid, (), (), day.limits)
        net = solved_state(grid).net
        moved = np.abs(state.moved.arrays.voltage)[state.of.arrays.bus_place]
        assert np.abs(moved - net.res_bus.vm_pu.to_numpy()).max() < 1e-7
        fed = np.abs(state.moved.monitor.units.base - whole.monitor.units.base)
        assert fed.max() < 1e-3
        assert np.array_equal(state.moved.monitor.units.bus, whole.monitor.units.bus)
        ours = take_out_each(state.of, state.moved, range(len(state.of.refs))).figures
        ours, theirs = (
            take_out_each(state.of, state.moved, range(len(whole.refs))).figures,
            screen(whole, range(len(whole.refs))),
        )
        skipped = np.isin(np.arange(len(whole.refs)), list(whole.slack_lost))
        for name in ("solved", "new_overloads", "new_voltages", "standing", "new_units"):
            assert np.array_equal(ours[name][~skipped], theirs.figures[name][~skipped]), (at, name)
        assert np.allclose(ours["loading_percent"][~skipped], theirs.figures["loading_percent"][~skipped], atol=1e-5)


def test_screen_contingencies__an_outage_in_force_is_the_cause_and_bridges_are_no_insecurity(grid_of):
    # a ring of three and a spur: the spur is a bridge always, the ring's lines while one of them is out
    net = pp.create_empty_network()
    buses = [pp.create_bus(net, 110.0, min_vm_pu=0.8, max_vm_pu=1.2) for _ in range(4)]
    pp.create_ext_grid(net, buses[0], min_p_mw=0, max_p_mw=99, min_q_mvar=-99, max_q_mvar=99)
    for a, b in ((0, 1), (1, 2), (2, 0), (2, 3)):
        pp.create_line_from_parameters(net, buses[a], buses[b], 1.0, 0.1, 0.4, 1.0, 1.0)
    for bus in buses[1:]:
        pp.create_load(net, bus, p_mw=10.0, q_mvar=1.0)
    ctx = context(grid_of(net), telemetry(net, np.ones(241)), outage("line", 0, 37.5, 121))
    result = screen_contingencies(ctx, ScreenContingenciesArguments(since=START))
    assert {str(i.element) for i in result.intervals} == {"line:1", "line:2"}
    for interval in result.intervals:
        assert interval.kind is InsecurityKind.SUPPLY_LOST
        # the log's own second, not the step's
        assert interval.start == START + 37.5 * MINUTE
        assert START + 120 * MINUTE <= interval.end < START + 121 * MINUTE
        assert [str(ref) for ref in interval.changed] == ["line:0"]
        assert not interval.before
    lost = {str(i.element): i.unserved_p_mw for i in result.intervals}
    assert lost == {"line:1": pytest.approx(10.0), "line:2": pytest.approx(30.0)}
    [time] = result.insecure_times
    assert time.outages == 2
    # whole again at the end: the state is secure, the span was not
    assert (result.secure, result.secure_over_span) == (True, False)
    assert [str(row.element) for row in result.bridges] == ["line:3"]


def test_screen_contingencies__a_span_under_a_hypothesis(day):
    action = Redispatch(element="gen:3", delta_p_mw=-100)
    arguments = {"outages": ("line:3",), "actions": (action,)}
    intervals, result = all_intervals(day, **arguments)
    skipped = {str(ref) for ref in result.span.not_screened}
    lossy = {str(i.element) for i in intervals if i.kind is InsecurityKind.SUPPLY_LOST}
    for minute in (30, 120):
        at = START + minute * MINUTE
        assert holding(intervals, at) - lossy == set(harmful(day, at, **arguments)) - skipped - lossy
    assert all("line:3" in i.case and "redispatch" in i.case for i in intervals)


def violated(ctx, at):
    result = check_limits(ctx, CheckLimitsArguments(at=at, limit=100))
    return {(str(v.element), v.kind): v for v in result.violations}


def test_check_limits__a_span_agrees_with_single_states(grid_of):
    net = nw.case39()
    net.bus["min_vm_pu"] = 0.985
    net.line["max_loading_percent"] = 60.0
    readings = telemetry(net, ramp(0.55, 1.05), ramp(0.6, 1.0))
    ctx = context(grid_of(net), readings, outage("line", 10, 100, 160))
    result = check_limits(ctx, CheckLimitsArguments(since=START, limit=100))
    kinds = {i.kind for i in result.intervals}
    assert {ViolationKind.OVERLOAD, ViolationKind.UNDERVOLTAGE, ViolationKind.ACTIVE_POWER} <= kinds
    for minute in (0, 60, 105, 120, 165, 240):
        at = START + minute * MINUTE
        ours = {(str(i.element), i.kind) for i in result.intervals if i.start <= at and (i.end is None or at <= i.end)}
        assert ours == set(violated(ctx, at)), minute
    for interval in result.intervals[:3] + result.intervals[-3:]:
        single = violated(ctx, interval.at)[str(interval.element), interval.kind]
        values = (single.loading_percent, single.vm_pu, single.p_mw, single.q_mvar)
        assert interval.value.value == pytest.approx(next(v for v in values if v is not None), abs=1e-3)
        assert (interval.severity, interval.basis) == (single.severity, single.basis)
        assert interval.limit.value in {
            single.limit_percent,
            single.limit_pu,
            single.limit_p_mw,
            single.limit_q_mvar,
        }


def test_check_limits__only_the_elements_asked_for(grid_of):
    net = nw.case39()
    net.line["max_loading_percent"] = 40.0
    ctx = context(grid_of(net), telemetry(net, ramp(0.55, 1.0), ramp(0.6, 1.0)))
    result = check_limits(ctx, CheckLimitsArguments(since=START, elements=("line:2",)))
    assert {str(i.element) for i in result.intervals} == {"line:2"}


def test_span__times_without_readings_are_counted_and_not_called_secure(grid_of):
    net = nw.case39()
    whole = telemetry(net, ramp(0.5, 0.6), ramp(0.5, 0.6))
    held = [
        series(item.sensor, START, 60, np.where((np.arange(241) > 60) & (np.arange(241) < 150), np.nan, item.value))
        for item in whole._held.values()
    ]
    ctx = context(grid_of(net), MemoryTelemetry(*held))
    result = screen_contingencies(ctx, ScreenContingenciesArguments(since=START))
    # 75 to 135 in steps of fifteen minutes, and what was tried in between
    assert 5 <= result.span.unmeasured <= 9
    assert result.span.states >= 17
    assert not any(i.start == START + minute * MINUTE for i in result.intervals for minute in range(61, 150))
    assert result.secure_over_span is not True
    assert check_limits(ctx, CheckLimitsArguments(since=START)).span_status is not SecurityState.NO_VIOLATION


def test_check_limits__a_span_whose_every_state_keeps_its_limits_says_so(grid_of):
    net = nw.case39()
    net.bus[["min_vm_pu", "max_vm_pu"]] = 0.8, 1.2
    net.line["max_loading_percent"], net.trafo["max_loading_percent"] = 300.0, 300.0
    net.gen[["min_q_mvar", "max_q_mvar"]], net.gen[["min_p_mw", "max_p_mw"]] = (-2000.0, 2000.0), (-2000.0, 2000.0)
    net.ext_grid[["min_q_mvar", "max_q_mvar", "min_p_mw", "max_p_mw"]] = -2000.0, 2000.0, -5000.0, 5000.0
    ctx = context(grid_of(net), telemetry(net, ramp(0.5, 0.6), ramp(0.5, 0.6)))
    whole = check_limits(ctx, CheckLimitsArguments(since=START))
    assert (whole.status, whole.span_status) == (SecurityState.NO_VIOLATION, SecurityState.NO_VIOLATION)
    assert check_limits(ctx, CheckLimitsArguments()).span_status is None


def test_check_limits__what_was_broken_and_is_over_counts_for_the_span(grid_of):
    net = nw.case39()
    net.bus[["min_vm_pu", "max_vm_pu"]] = 0.8, 1.2
    ctx = context(grid_of(net), telemetry(net, ramp(0.55, 1.0), ramp(0.6, 1.0)))
    result = check_limits(ctx, CheckLimitsArguments(since=START, limit=100))
    assert any(i.end is not None for i in result.intervals)
    assert result.span_status is SecurityState.VIOLATION


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"since": END}, "is not before"),
        ({"since": END - timedelta(days=30), "step_min": 1}, "step_min 1"),
    ],
)
def test_span__absurd_spans_are_refused(day, arguments, named):
    with pytest.raises(InvalidArgumentError, match=named):
        screen_contingencies(day, ScreenContingenciesArguments(**arguments))


def test_span__a_grid_whose_loads_depend_on_voltage_says_why_not(grid_of):
    net = deepcopy(nw.case14())
    net.load["const_z_p_percent"] = 50.0
    ctx = context(grid_of(net), telemetry(net, np.ones(241)))
    with pytest.raises(InvalidArgumentError, match="loads depend on the voltage"):
        screen_contingencies(ctx, ScreenContingenciesArguments(since=START))


def test_span__without_readings_of_the_grid_it_is_not_checked(grid_of):
    grid = grid_of(nw.case14())
    grids = SnapshotGrids(grid, None, None, None, END)
    ctx = ToolContext(grids=grids, limits=LIMITS, clock=Clock(END, END))
    with pytest.raises(SourceMissingError, match="not checked: no telemetry"):
        check_limits(ctx, CheckLimitsArguments(since=START))
