"""The grid at a time: equal to the solution that was measured, and honest about what was not."""

from copy import deepcopy
from datetime import timedelta

import numpy as np
import pandapower as pp
import pandapower.networks as nw
import pytest

from tests.tools.grid.measurements import START, measured, sensor
from tests.tools.memory_sources import GOOD, MemoryLogs, MemoryOutages, MemoryTelemetry, series
from tools.context import Clock, TimedGridSource, ToolContext
from tools.element import ElementKind, ElementRef
from tools.errors import ToolError
from tools.grid.contingencies import screen_contingencies
from tools.grid.grid import Grid
from tools.grid.limit_check import check_limits
from tools.grid.model_check import check_model
from tools.grid.power_flow import solve_power_flow
from tools.grid.schema.actions import ShedLoad
from tools.grid.schema.basis import StandIn, SubstitutionReason
from tools.grid.schema.contingencies import ScreenContingenciesArguments
from tools.grid.schema.limit_check import CheckLimitsArguments, SecurityState
from tools.grid.schema.model_check import CheckModelArguments
from tools.grid.schema.power_flow import SolvePowerFlowArguments
from tools.grid.schema.simulation import SimulateActionsArguments
from tools.grid.simulation import simulate_actions
from tools.grid.snapshot import snapshot
from tools.grid.snapshot_grids import SnapshotGrids
from tools.grid.snapshot_timeline import NoReadingsError
from tools.grid.solve import solved_state
from tools.limits import LimitTable
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.schema.operations import OutageKind, OutageRecord
from tools.telemetry.series import QUALITIES
from tools.vocabulary import ReadingQuality

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BAD = QUALITIES.index(ReadingQuality.BAD)
SUSPECT = QUALITIES.index(ReadingQuality.SUSPECT)


def ref(kind, index):
    return ElementRef(kind=ElementKind(kind), index=index, name="")


def outage(kind, index, start, end=None, **more):
    return OutageRecord(
        id=f"o{kind}{index}", element=ref(kind, index), kind=OutageKind.FORCED, start=start, end=end, **more
    )


def switching(at, kind, index, closed):
    return LogEntry(
        id=f"{at}{kind}{index}", kind=LogKind.SWITCHING, at=at, action="switch", element=ref(kind, index), closed=closed
    )


def solved_otherwise(name, seed=0, out=()):
    """A model, and a solution of it at another load level, dispatch and set of voltages, with branches out."""
    rng, model = np.random.default_rng(seed), getattr(nw, name)()
    net = deepcopy(model)
    net.load["p_mw"] *= 0.8 + 0.1 * rng.random(len(net.load))
    net.load["q_mvar"] *= 0.7 + 0.2 * rng.random(len(net.load))
    net.gen["p_mw"] *= 0.75 + 0.1 * rng.random(len(net.gen))
    net.gen["vm_pu"] += 0.01 * rng.random(len(net.gen))
    for table, index in out:
        net[table].at[index, "in_service"] = False
    pp.runpp(net, tolerance_mva=1e-9, max_iteration=30)
    return model, net


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("name", "out"), [("case14", ("line", 3)), ("case39", ("line", 10)), ("case39", ("trafo", 3))])
def test_snapshot__solves_to_the_state_that_was_measured(grid_of, name, out, sign):
    model, net = solved_otherwise(name, out=[out])
    grid = grid_of(model)
    records = MemoryOutages([outage(*out, START - HOUR)])
    state = snapshot(grid, measured(net, sign=sign), None, records, START)
    result = solved_state(state).net
    assert np.abs(result.res_bus.vm_pu - net.res_bus.vm_pu).max() < 1e-6
    assert np.abs(result.res_bus.va_degree - net.res_bus.va_degree).max() < 1e-5
    for table, column in (("line", "p_from_mw"), ("line", "q_to_mvar"), ("trafo", "p_hv_mw"), ("gen", "q_mvar")):
        apart = np.abs(result[f"res_{table}"][column].fillna(0) - net[f"res_{table}"][column].fillna(0))
        assert apart.max() < 1e-4
    assert [str(element) for element in state.basis.outages] == [f"{out[0]}:{out[1]}"]
    assert state.basis.substituted == ()
    assert state.basis.missing == 0
    assert state.basis.oldest_age_s == 0
    assert state.fingerprint == grid.fingerprint
    assert state.key != grid.key
    # the model is left as it was
    assert grid.net.load.p_mw.equals(getattr(nw, name)().load.p_mw)
    assert grid.net[out[0]].in_service.all()


def test_snapshot__takes_the_newest_reading_not_after_the_time(grid_of):
    model, first = solved_otherwise("case14", seed=1)
    _, second = solved_otherwise("case14", seed=2)
    readings = measured(first, second)
    grid = grid_of(model)
    for at, net, age in (
        (START + 59 * MINUTE / 60, first, 59),
        (START + MINUTE, second, 0),
        (START + 3 * MINUTE, second, 120),
    ):
        state = snapshot(grid, readings, None, None, at)
        assert state.net.load.p_mw.to_list() == pytest.approx(net.load.p_mw.to_list())
        assert state.basis.oldest_age_s == age


def day(net, readings=12, **changed):
    """Ten minutes of equal readings, some sensors with values or qualities of their own."""
    held = []
    for item in measured(net)._held.values():
        values, quality = changed.get(item.sensor.name, (None, None))
        values = [float(item.value[0])] * readings if values is None else values
        held.append(series(item.sensor, START, 60, values, quality))
    return MemoryTelemetry(*held)


def only(basis):
    [found] = basis.substituted
    return found


def test_snapshot__a_stale_sensor_is_held_and_named(grid_of):
    model, net = solved_otherwise("case39")
    readings = day(net, **{"load3.p": ([111.0] * 4, None)})
    found = only(snapshot(grid_of(model), readings, None, None, START + 11 * MINUTE).basis)
    assert (str(found.element), found.quantity) == ("load:3", "p")
    assert (found.reason, found.used) == (SubstitutionReason.STALE, StandIn.LAST_GOOD)
    assert (found.value.value, found.value.unit, found.age_s) == (111.0, "mw", 480)
    assert [str(item) for item in found.sensors] == ["sensor:load3.p"]


def test_snapshot__a_bad_reading_is_never_used(grid_of):
    model, net = solved_otherwise("case39")
    readings = day(net, **{"load3.p": ([100.0] * 10 + [9999.0] * 2, [GOOD] * 10 + [BAD] * 2)})
    state = snapshot(grid_of(model), readings, None, None, START + 11 * MINUTE)
    found = only(state.basis)
    assert (found.reason, found.used, found.value.value) == (SubstitutionReason.BAD, StandIn.LAST_GOOD, 100.0)
    assert state.net.load.p_mw.at[3] == 100.0


def test_snapshot__a_sensor_that_never_was_good_gives_way_to_the_scaled_model(grid_of):
    model, _ = solved_otherwise("case39")
    net = deepcopy(model)
    net.load[["p_mw", "q_mvar"]] *= 0.8
    pp.runpp(net)
    readings = day(net, **{"load3.p": ([float("nan")] * 12, None), "load3.q": ([5.0] * 12, [BAD] * 12)})
    state = snapshot(grid_of(model), readings, None, None, START + 11 * MINUTE)
    p, q = state.basis.substituted
    assert (p.reason, q.reason) == (SubstitutionReason.MISSING, SubstitutionReason.BAD)
    assert p.used is q.used is StandIn.SCALED_MODEL
    # all other loads stand at four fifths of the model
    assert state.net.load.p_mw.at[3] == pytest.approx(0.8 * model.load.p_mw.at[3])
    assert state.net.load.q_mvar.at[3] == pytest.approx(0.8 * model.load.q_mvar.at[3])


def test_snapshot__what_has_no_sensor_is_counted_and_scaled(grid_of):
    model, _ = solved_otherwise("case39")
    net = deepcopy(model)
    net.load[["p_mw", "q_mvar"]] *= 0.9
    pp.runpp(net)
    state = snapshot(grid_of(model), measured(net, skip=("load3.p", "load3.q")), None, None, START)
    assert state.basis.missing == 2
    assert state.net.load.p_mw.at[3] == pytest.approx(0.9 * model.load.p_mw.at[3])


def test_snapshot__contradicting_sensors_are_named_and_neither_is_used(grid_of):
    model, _ = solved_otherwise("case39")
    net = deepcopy(model)
    pp.runpp(net)
    telemetry = day(net, **{"load3.p": ([100.0] * 12, None)})
    twin = series(sensor("load", 3, "p", name="second"), START, 60, [200.0] * 12)
    both = MemoryTelemetry(*telemetry._held.values(), twin)
    state = snapshot(grid_of(model), both, None, None, START + 11 * MINUTE)
    found = only(state.basis)
    assert (found.reason, found.used) == (SubstitutionReason.CONFLICTING, StandIn.SCALED_MODEL)
    assert {item.name for item in found.sensors} == {"load3.p", "second"}
    assert state.net.load.p_mw.at[3] not in {100.0, 150.0, 200.0}
    agreeing = series(sensor("load", 3, "p", name="second"), START, 60, [100.5] * 12)
    assert not snapshot(
        grid_of(model), MemoryTelemetry(*telemetry._held.values(), agreeing), None, None, START
    ).basis.substituted


def test_snapshot__a_doubted_reading_is_used_and_named(grid_of):
    model, net = solved_otherwise("case39")
    readings = day(net, **{"load3.p": ([100.0] * 12, [SUSPECT] * 12)})
    found = only(snapshot(grid_of(model), readings, None, None, START).basis)
    assert (found.reason, found.used, found.value.value) == (SubstitutionReason.SUSPECT, StandIn.READING, 100.0)


@pytest.mark.parametrize("voltage", [0.0, 3.0])
def test_snapshot__an_absurd_voltage_is_no_set_point(grid_of, voltage):
    model, net = solved_otherwise("case39")
    bus = int(model.gen.bus.iloc[0])
    found = only(
        snapshot(grid_of(model), day(net, **{f"bus{bus}.vm": ([voltage] * 12, None)}), None, None, START).basis
    )
    assert (found.quantity, found.reason) == ("vm", SubstitutionReason.OUT_OF_RANGE)
    assert found.value.value == pytest.approx(float(model.gen.vm_pu.iloc[0]))


def test_snapshot__noise_about_a_set_point_confirms_it(grid_of):
    model = nw.case39()
    net = deepcopy(model)
    pp.runpp(net)
    noisy = deepcopy(net)
    noisy.res_bus["vm_pu"] += 0.002
    state = snapshot(grid_of(model), measured(noisy, noise=0.001), None, None, START)
    assert state.net.gen.vm_pu.equals(model.gen.vm_pu)
    noisy.res_bus["vm_pu"] += 0.01
    state = snapshot(grid_of(model), measured(noisy, noise=0.001), None, None, START)
    assert np.allclose(state.net.gen.vm_pu - model.gen.vm_pu, 0.012)


def test_snapshot__tap_and_shunt_follow_their_readings(grid_of):
    model = nw.case39()
    pp.create_shunt(model, 25, q_mvar=100.0)
    model.trafo["tap_pos"] = 0.0
    net = deepcopy(model)
    net.shunt["in_service"] = False
    pp.runpp(net)
    tap = series(sensor("trafo", 2, "tap_pos", unit="", stale_after_s=1e6), START - 20 * HOUR, 60, [3.0])
    held = MemoryTelemetry(*measured(net)._held.values(), tap)
    state = snapshot(grid_of(model), held, None, None, START)
    assert state.net.trafo.tap_pos.at[2] == 3
    assert not state.net.shunt.in_service.at[0]
    assert state.basis.oldest_age_s == 20 * 3600


@pytest.mark.parametrize("at", [START - HOUR, START + 2 * HOUR])
def test_snapshot__a_time_without_readings_is_refused_with_their_extent(grid_of, at):
    model, net = solved_otherwise("case39")
    with pytest.raises(NoReadingsError) as caught:
        snapshot(grid_of(model), day(net), None, None, at)
    assert isinstance(caught.value, ToolError)
    assert START.isoformat() in str(caught.value)
    assert (START + 11 * MINUTE).isoformat() in str(caught.value)
    assert at.isoformat() in str(caught.value)


@pytest.mark.parametrize(
    ("events", "records", "out", "disputed"),
    [
        ([(-2, False)], [], True, False),
        ([(-2, False), (-1, True)], [], False, False),
        ([(1, False)], [], False, False),
        ([], [(-2, None)], True, False),
        ([], [(-2, 1)], True, False),
        ([], [(-2, -1)], False, False),
        ([], [(1, None)], False, False),
        # opened and never closed again, though the record has ended
        ([(-3, False)], [(-3, -1)], True, False),
        ([(-3, False), (-1, True)], [(-3, -1)], False, False),
        # closed by the log while the record still says out
        ([(-3, False), (-1, True)], [(-3, None)], False, True),
        # an old closing says nothing of an outage that began later
        ([(-5, True)], [(-3, None)], True, False),
    ],
)
def test_snapshot__topology_by_log_and_records(grid_of, events, records, out, disputed):
    model, net = solved_otherwise("case14")
    logs = MemoryLogs([switching(START + at * HOUR, "line", 2, closed) for at, closed in events], (LogKind.SWITCHING,))
    held = MemoryOutages(
        [outage("line", 2, START + a * HOUR, b if b is None else START + b * HOUR) for a, b in records]
    )
    state = snapshot(grid_of(model), measured(net), logs, held, START)
    assert bool(state.net.line.in_service.at[2]) is not out
    assert [str(element) for element in state.basis.outages] == (["line:2"] if out else [])
    assert [item.quantity for item in state.basis.substituted] == (["position"] if disputed else [])


def test_snapshot__a_lost_slack_moves_and_unknown_elements_are_counted(grid_of):
    model, net = solved_otherwise("case39")
    records = MemoryOutages([outage("ext_grid", 0, START - HOUR), outage("line", 999, START - HOUR)])
    state = snapshot(grid_of(model), measured(net), None, records, START)
    assert state.basis.moved_slack is not None
    assert state.basis.unknown_elements == 1
    assert solved_state(state).net.converged


def test_snapshot__without_any_sensor_the_model_stands(grid_of):
    grid = grid_of(nw.case39())
    state = snapshot(grid, None, None, MemoryOutages([outage("line", 3, START - HOUR)]), START)
    assert state.net.load.p_mw.equals(grid.net.load.p_mw)
    assert (state.basis.measured, state.basis.oldest_age_s) == (0, None)
    assert not state.net.line.in_service.at[3]


def context(grid, *sources, at=START):
    grids = SnapshotGrids(grid, *sources, default_at=at)
    return ToolContext(grids=grids, limits=LimitTable(limits=()), clock=Clock(at, at), telemetry=sources[0])


def test_snapshot_grids__one_state_a_time_and_the_tools_tell_its_basis(grid_of):
    model, first = solved_otherwise("case39", seed=1)
    _, second = solved_otherwise("case39", seed=2)
    ctx = context(grid_of(model), measured(first, second, period_s=600), None, None)
    assert isinstance(ctx.grids, TimedGridSource)
    assert ctx.grids.grid(START) is ctx.grids.grid()
    flows = [solve_power_flow(ctx, SolvePowerFlowArguments(at=at)) for at in (None, START + 10 * MINUTE)]
    for result, net in zip(flows, (first, second), strict=True):
        # two times of one model must not share a solution
        assert result.load_p_mw == pytest.approx(net.res_load.p_mw.sum())
        assert result.loss_p_mw == pytest.approx(net.res_line.pl_mw.sum() + net.res_trafo.pl_mw.sum(), abs=1e-4)
    assert flows[1].basis.at == START + 10 * MINUTE
    assert flows[0].basis.model == "test grid"
    check = check_limits(ctx, CheckLimitsArguments(at=START + 10 * MINUTE))
    screening = screen_contingencies(ctx, ScreenContingenciesArguments(at=START + 10 * MINUTE))
    shed = SimulateActionsArguments(proposed=(ShedLoad(element="load:1", p_mw=5),), with_security=False)
    assert check.basis == screening.basis == flows[1].basis
    assert simulate_actions(ctx, shed).basis == flows[0].basis


def test_snapshot_grids__what_needs_no_time_needs_no_readings(grid_of):
    model, net = solved_otherwise("case39")
    ctx = context(grid_of(model), measured(net), None, None, at=START + 9 * HOUR)
    assert check_model(ctx, CheckModelArguments()).solvable
    with pytest.raises(NoReadingsError):
        solve_power_flow(ctx, SolvePowerFlowArguments())


def test_snapshot_grids__an_outage_in_force_that_cuts_buses_off_is_lost_supply(grid_of):
    model = nw.case39()
    pp.create_bus(model, 345.0)
    pp.create_line_from_parameters(model, 27, 39, 1.0, 0.1, 0.4, 0.0, 1.0)
    pp.create_load(model, 39, p_mw=7.0)
    pp.runpp(model)
    line = int(model.line.index[-1])
    ctx = context(grid_of(model), measured(model), None, MemoryOutages([outage("line", line, START - HOUR)]))
    result = check_limits(ctx, CheckLimitsArguments())
    assert result.status is SecurityState.SUPPLY_LOST
    assert [str(bus) for bus in result.supply.dead] == ["bus:39"]
    assert result.supply.unserved_p_mw == pytest.approx(7.0)


def test_snapshot_grids__loss_by_an_outage_that_the_intact_grid_would_survive_is_insecure(grid_of):
    # a ring of three buses: with one side out, the loss of another cuts the load off
    net = pp.create_empty_network()
    buses = [pp.create_bus(net, 110.0, min_vm_pu=0.8, max_vm_pu=1.2) for _ in range(3)]
    pp.create_ext_grid(net, buses[0])
    for a, b in ((0, 1), (1, 2), (2, 0)):
        pp.create_line_from_parameters(net, buses[a], buses[b], 1.0, 0.1, 0.4, 1.0, 1.0)
    pp.create_load(net, buses[1], p_mw=10.0)
    pp.create_load(net, buses[2], p_mw=10.0)
    pp.runpp(net)
    intact = context(grid_of(net), measured(net), None, None)
    assert screen_contingencies(intact, ScreenContingenciesArguments()).secure is True
    out = context(grid_of(net), measured(net), None, MemoryOutages([outage("line", 2, START - HOUR)]))
    result = screen_contingencies(out, ScreenContingenciesArguments())
    assert result.secure is False
    assert result.basis.outages[0].index == 2


def test_grid__the_loaded_grid_is_its_own_model():
    grid = Grid("g", "f" * 64, nw.case9())
    assert grid.model is grid
    assert grid.key == "f" * 64
