"""Dead buses and the faulted element, on feeders and meshed grids whose truth is known by topology."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import networkx as nx
import numpy as np
import pandapower.networks as nw
import pytest
from pandapower.toolbox import nets_equal
from pandapower.topology import create_nxgraph, unsupplied_buses

from tests.tools.grid.measurements import START, sensor
from tests.tools.memory_sources import MemoryLogs, MemoryOutages, MemoryTelemetry, series
from tools.context import Clock
from tools.element import ElementKind, ElementRef
from tools.errors import SourceMissingError
from tools.grid.outage_detection.detect import detect_outages
from tools.grid.schema.outage_detection import DeadEvidence, DetectOutagesArguments, DisputeReason, SupplyState
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.schema.operations import OutageKind, OutageRecord
from tools.vocabulary import CauseVerdict

MINUTE = timedelta(minutes=1)
FAULT, LOOK = START + 30 * MINUTE, START + 59 * MINUTE
READINGS = 60


def voltages(net, dead, *, buses=None, begin=30, noise=1e-3):
    """A voltage sensor at each bus, in kV, that reads next to nothing at the dead ones from half past on."""
    rng = np.random.default_rng(1)
    held = []
    for bus in net.bus.index if buses is None else buses:
        values = (1 + noise * rng.standard_normal(READINGS)) * net.bus.vn_kv[bus]
        if bus in dead:
            values[begin:] = abs(noise * rng.standard_normal(READINGS - begin))
        held.append(series(sensor("bus", int(bus), "vm", unit="kv"), START, 60, values))
    return held


def dead_without(net, *lines):
    """By pandapower's own search."""
    cut = deepcopy(net)
    for line in lines:
        cut.line.loc[line, "in_service"] = False
    return unsupplied_buses(cut)


@pytest.fixture
def look(grid_of, context_of):
    def run(net, *held, logs=None, outages=None, at=LOOK, **more):
        context = context_of(grid_of(net))
        telemetry = MemoryTelemetry(*held) if held else None
        context = replace(context, telemetry=telemetry, logs=logs, outages=outages, clock=Clock(at, at))
        return detect_outages(context, DetectOutagesArguments(**more))

    return run


def named(elements):
    return [str(element) for element in elements]


def test_detect_outages__feeder_fault_is_found_with_its_load(look):
    """case33bw without line 5: buses 6 to 17 are dark, 1.075 of 3.715 MW (Baran and Wu 1989, zero-based)."""
    net = nw.case33bw()
    dead = dead_without(net, 5)
    assert sorted(dead) == list(range(6, 18))
    found = look(net, *voltages(net, dead))
    assert (found.status, found.dead_buses, found.dead_by_voltage) == (SupplyState.SUPPLY_LOST, 12, 12)
    assert found.load_p_mw == pytest.approx(1.075)
    [area] = found.areas
    assert named(area.buses) == [f"bus:{bus}" for bus in range(6, 18)]
    assert named([area.suspects[0].element]) == ["line:5"]
    assert (area.evidence, area.verdict) == (DeadEvidence.VOLTAGE, CauseVerdict.LIKELY)
    assert (area.alive_until, area.dead_from) == (FAULT - MINUTE, FAULT)
    assert named(area.border) == ["line:5"]
    assert found.buses_told == 33
    assert found.coverage.left_out == ()


def test_detect_outages__lines_of_the_feeder_are_told_by_full_readings(look):
    net = nw.case33bw()
    for line in (0, 4, 17, 21, 24, 31, 16):
        dead = dead_without(net, line)
        [area] = look(net, *voltages(net, dead)).areas
        assert named([area.suspects[0].element]) == [f"line:{line}"]
        # of the last bus of a branch a single sensor tells, which may be broken
        assert area.verdict is (CauseVerdict.LIKELY if len(dead) > 1 else CauseVerdict.INCONCLUSIVE)


def test_detect_outages__between_live_and_dead_sensors_all_lines_are_named(look):
    """Sensors at buses 4, 9 and 13 only: line 4 to 8 may each be the fault, and which one nothing tells."""
    net = nw.case33bw()
    found = look(net, *voltages(net, dead_without(net, 5), buses=(0, 4, 9, 13, 20, 24, 30)))
    [area] = found.areas
    lines = [item for item in named(item.element for item in area.suspects) if item.startswith("line")]
    # bus 30 is beyond bus 5 and has voltage, so line 4 between buses 4 and 5 is not open
    assert sorted(lines) == ["line:5", "line:6", "line:7", "line:8"]
    assert area.verdict is CauseVerdict.INCONCLUSIVE
    # dead whichever it was: behind line 8; possibly: up to behind line 5
    assert named(area.buses) == [f"bus:{bus}" for bus in range(9, 18)]
    assert area.possibly_dead_buses == 3
    assert found.coverage.left_out[0].count == 26


def test_detect_outages__the_log_decides_between_suspects(look):
    net = nw.case33bw()
    ref = ElementRef(kind=ElementKind.LINE, index=7, name="")
    record = OutageRecord(id="o1", element=ref, kind=OutageKind.FORCED, start=FAULT)
    held = voltages(net, dead_without(net, 7), buses=(0, 5, 13))
    found = look(net, *held, outages=MemoryOutages([record]))
    [area] = found.areas
    assert (named([area.suspects[0].element]), area.verdict) == (["line:7"], CauseVerdict.CONFIRMED)
    assert (area.suspects[0].opened_at, area.suspects[0].on_record) == (FAULT, True)
    assert area.evidence is DeadEvidence.BOTH
    assert found.dead_by_switch_state == found.dead_buses == 10


def test_detect_outages__switch_state_alone_says_so(look):
    net = nw.case33bw()
    ref = ElementRef(kind=ElementKind.LINE, index=5, name="")
    entry = LogEntry(id="s1", kind=LogKind.SWITCHING, at=FAULT, action="open", element=ref, closed=False)
    found = look(net, logs=MemoryLogs([entry]))
    [area] = found.areas
    assert (area.evidence, area.dead_buses, area.load_p_mw) == (DeadEvidence.SWITCH_STATE, 12, pytest.approx(1.075))
    assert area.suspects[0].opened_at == FAULT
    assert found.buses_told == 0
    assert found.coverage.left_out[0].count == 33


def test_detect_outages__one_dark_sensor_in_a_mesh_is_not_believed(look):
    """No outage of one line darkens a bus of case39's ring: the bus itself, or its sensor."""
    net = nw.case39()
    found = look(net, *voltages(net, {16}))
    [area] = found.areas
    assert (named(area.buses), area.verdict) == (["bus:16"], CauseVerdict.INCONCLUSIVE)
    assert named(item.element for item in area.suspects) == ["bus:16"]
    graph = create_nxgraph(net, respect_switches=True)
    assert len(area.border) == graph.degree(16)


def test_detect_outages__a_flow_without_voltage_is_disputed(look):
    net = nw.case39()
    load = int(net.load.index[net.load.bus == 15][0])
    power = series(sensor("load", load, "p", noise=1.0), START, 60, [float(net.load.p_mw[load])] * READINGS)
    found = look(net, *voltages(net, {15}), power)
    assert found.areas == ()
    [row] = found.disputed
    assert (str(row.element), row.dispute) == ("bus:15", DisputeReason.FLOW_WITHOUT_VOLTAGE)
    assert found.status is SupplyState.PARTLY_CHECKED


def test_detect_outages__voltage_behind_an_open_line_is_disputed(look):
    net = nw.case33bw()
    ref = ElementRef(kind=ElementKind.LINE, index=5, name="")
    entry = LogEntry(id="s1", kind=LogKind.SWITCHING, at=FAULT, action="open", element=ref, closed=False)
    found = look(net, *voltages(net, set()), logs=MemoryLogs([entry]))
    assert found.areas == ()
    assert {row.dispute for row in found.disputed} == {DisputeReason.VOLTAGE_WITHOUT_SUPPLY}
    assert len(found.disputed) == 12


def test_detect_outages__two_faults_are_two_areas(look):
    net = nw.case33bw()
    found = look(net, *voltages(net, dead_without(net, 10, 27)))
    assert [named([area.suspects[0].element])[0] for area in found.areas] == ["line:27", "line:10"]
    assert found.load_p_mw == pytest.approx(sum(area.load_p_mw for area in found.areas))


def test_detect_outages__a_blackout_of_everything_names_no_single_line(look):
    net = nw.case39()
    found = look(net, *voltages(net, set(net.bus.index)))
    assert found.dead_buses == 39
    assert found.load_p_mw == pytest.approx(net.load.p_mw.sum())
    [area] = found.areas
    assert area.verdict is CauseVerdict.INCONCLUSIVE
    assert area.suspects == ()


def test_detect_outages__nothing_dark_is_nothing_found_only_when_all_is_told(look):
    net = nw.case33bw()
    assert look(net, *voltages(net, set())).status is SupplyState.ALL_SUPPLIED
    partly = look(net, *voltages(net, set(), buses=(0, 5, 9)))
    assert (partly.status, partly.buses_told) == (SupplyState.PARTLY_CHECKED, 3)


def test_detect_outages__stale_readings_tell_nothing(look):
    net = nw.case33bw()
    found = look(net, *voltages(net, dead_without(net, 5)), at=LOOK + timedelta(hours=2))
    assert (found.areas, found.status, found.buses_told) == ((), SupplyState.PARTLY_CHECKED, 0)
    assert [item.count for item in found.coverage.left_out] == [33, 33]


def test_detect_outages__without_any_source_is_refused(look):
    with pytest.raises(SourceMissingError, match="telemetry, switching log or outage records"):
        look(nw.case33bw())


def test_detect_outages__leaves_the_model_as_it_was(look):
    net = nw.case33bw()
    before = deepcopy(net)
    look(net, *voltages(net, dead_without(nw.case33bw(), 5)))
    assert nets_equal(net, before)
    assert nx.number_connected_components(create_nxgraph(net)) == nx.number_connected_components(create_nxgraph(before))
