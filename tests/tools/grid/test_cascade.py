"""Cascades against hand calculations, plain pandapower, and what physics conserves."""

import random
from copy import deepcopy

import numpy as np
import pandapower as pp
import pandapower.networks as nw
import pytest

from tools.context import ToolContext
from tools.errors import InvalidArgumentError, UnknownElementError
from tools.grid.cascade import simulate_cascade
from tools.grid.cascading import study as study_module
from tools.grid.schema.cascade import (
    CascadeOutcome,
    FrequencySettings,
    ProtectionSettings,
    SimulateCascadeArguments,
    TripMechanism,
)
from tools.grid.schema.power_flow import FlowModel

KV = 110.0


def simulated(grid_of, context_of, net, **arguments):
    return simulate_cascade(context_of(grid_of(net)), SimulateCascadeArguments(**arguments))


def line(net, start, end, x_ohm, most_mw):
    return pp.create_line_from_parameters(net, start, end, 1.0, 0.0, x_ohm, 0.0, max_i_ka=most_mw / (np.sqrt(3) * KV))


def triangle():
    """Equal reactances: 60 of 90 MW flow directly, 30 MW around the corner."""
    net = pp.create_empty_network()
    for _ in range(3):
        pp.create_bus(net, KV)
    pp.create_ext_grid(net, 0, max_p_mw=500, min_p_mw=0)
    pp.create_load(net, 2, 90.0)
    line(net, 0, 1, 10.0, 80.0)
    line(net, 1, 2, 10.0, 85.0)
    line(net, 0, 2, 10.0, 100.0)
    return net


def rated_118():
    """case118 with ratings of 1.3 times the flow: the shipped ones are placeholders."""
    net = nw.case118()
    pp.runpp(net)
    net.line["max_i_ka"] = np.maximum(net.res_line.i_ka * 1.3, 0.1)
    flow = net.res_trafo
    mva = np.maximum(np.hypot(flow.p_hv_mw, flow.q_hv_mvar), np.hypot(flow.p_lv_mw, flow.q_lv_mvar))
    factor = np.maximum(1.3 * mva, 30.0) / net.trafo.sn_mva
    # percent values are of the rated power: the impedances stay what they are
    net.trafo["sn_mva"] *= factor
    net.trafo["vk_percent"] *= factor
    net.trafo["vkr_percent"] *= factor
    net.trafo["i0_percent"] /= factor
    return net


def test_simulate_cascade__three_buses_by_hand(grid_of, context_of):
    """90 MW on 80 MW: 0.14 / (1.125 ** 0.02 - 1) = 59.36 s; then bus 2 has no source and 90 MW are lost."""
    seconds = 0.14 / (1.125**0.02 - 1)
    result = simulated(grid_of, context_of, triangle(), initiating=(("line:2",),), model=FlowModel.DC)
    [row], [path] = result.rows, result.paths
    assert row.outcome is CascadeOutcome.CASCADE
    assert (row.unserved_p_mw, row.unserved_percent, row.dark_p_mw) == pytest.approx((90, 100, 90))
    assert (row.tripped_branches, row.steps, row.islands, row.dead_buses) == (1, 1, 1, 2)
    assert row.worst_loading_percent == pytest.approx(112.5)
    assert row.duration_s == pytest.approx(seconds)
    first, last = path.steps
    assert (first.generation_p_mw, first.load_p_mw, first.unserved_p_mw) == pytest.approx((90, 90, 0))
    trip, dark = last.events
    assert (str(trip.element), trip.mechanism, str(dark.element), dark.mechanism, dark.shed_p_mw) == (
        "line:0",
        TripMechanism.OVERCURRENT,
        "bus:1",
        TripMechanism.NO_SOURCE,
        90,
    )
    assert trip.loading_percent == pytest.approx(112.5)
    assert row.blackout
    assert result.blackouts == 1


def test_simulate_cascade__the_relay_remembers_a_current_that_changed(grid_of, context_of):
    """Line 0 runs for the share of its time that line 3 needs, then goes on at the higher current."""
    net = triangle()
    line(net, 0, 2, 10.0, 30.0)
    net.line.loc[:, "max_i_ka"] = np.array([50.0, 200.0, 100.0, 40.0]) / (np.sqrt(3) * KV)
    # without line 2: 60 MW through line 3 (1.5 of 40), 30 MW around (0.6 of 50); then 90 MW around (1.8)
    result = simulated(grid_of, context_of, net, initiating=(("line:2",),), model=FlowModel.DC)
    [path] = result.paths
    assert [str(event.element) for step in path.steps[1:] for event in step.events][:2] == ["line:3", "line:0"]
    first, second = 0.14 / (1.5**0.02 - 1), 0.14 / (1.8**0.02 - 1)
    assert [step.time_s for step in path.steps] == pytest.approx([0.0, first, first + second])
    net.line.loc[0, "max_i_ka"] = 25.0 / (np.sqrt(3) * KV)  # 30 MW are 1.2 of it: it has run for a while by then
    [path] = simulated(
        grid_of,
        context_of,
        net,
        initiating=(("line:2",),),
        model=FlowModel.DC,
        protection=ProtectionSettings(spare_single_outages=False),
    ).paths
    slow, fast = 0.14 / (1.2**0.02 - 1), 0.14 / (3.6**0.02 - 1)
    assert path.steps[2].time_s == pytest.approx(first + fast * (1 - first / slow))


def test_simulate_cascade__nothing_trips_without_a_violation(grid_of, context_of):
    result = simulated(grid_of, context_of, triangle(), initiating=(("line:1",),))
    [row] = result.rows
    assert (row.outcome, row.unserved_p_mw, row.tripped_branches, row.steps) == (CascadeOutcome.CONTAINED, 0, 0, 0)
    assert result.raised_pickups == 0


def test_simulate_cascade__a_branch_overloaded_before_does_not_begin_it(grid_of, context_of):
    # case30's line 9 stands at 111.8 % before anything happens
    result = simulated(grid_of, context_of, nw.case30(), initiating=(("line:33",),))
    assert result.raised_pickups == 1
    assert "line:9" not in [str(event.element) for step in result.paths[0].steps for event in step.events]


def islanded(left_mw, most_mw):
    """Two units, 100 MW of load; the outage of the first leaves the second with so much."""
    net = pp.create_empty_network(f_hz=50.0)
    for _ in range(3):
        pp.create_bus(net, KV)
    pp.create_gen(net, 0, 100.0 - left_mw, slack=True, max_p_mw=200, min_p_mw=0)
    pp.create_gen(net, 1, left_mw, max_p_mw=most_mw, min_p_mw=0)
    pp.create_load(net, 2, 100.0)
    line(net, 0, 2, 5.0, 300.0)
    line(net, 1, 2, 5.0, 300.0)
    return net


def test_simulate_cascade__shedding_stages_by_hand(grid_of, context_of):
    """70 MW for 100: 5 + 8 + 8 + 8 % go until 71 MW are left, at 50 * 70 / 71 = 49.30 Hz."""
    result = simulated(grid_of, context_of, islanded(60, 70), initiating=(("gen:0",),), model=FlowModel.DC)
    [row], [path] = result.rows, result.paths
    stages = [event for event in path.steps[0].events if event.mechanism is TripMechanism.UNDERFREQUENCY_STAGE]
    assert [event.shed_p_mw for event in stages] == pytest.approx([5, 8, 8, 8])
    assert row.unserved_p_mw == row.shed_underfrequency_p_mw == pytest.approx(29)
    [island] = path.steps[0].islands
    assert island.frequency_hz == pytest.approx(50 * 70 / 71, abs=1e-6)
    assert (island.generation_p_mw, island.load_p_mw) == pytest.approx((70, 70))
    assert row.outcome is CascadeOutcome.CONTAINED


def test_simulate_cascade__reserve_enough_sheds_nothing(grid_of, context_of):
    """40 MW missing, 200 MW of rating at 5 % give 80 MW/Hz, load 2 MW/Hz."""
    result = simulated(grid_of, context_of, islanded(60, 200), initiating=(("gen:0",),), model=FlowModel.DC)
    assert result.rows[0].unserved_p_mw == 0
    assert result.rows[0].lowest_frequency_hz == pytest.approx(50 - 40 / 82, abs=1e-6)


def test_simulate_cascade__an_island_that_no_stage_saves_goes_dark(grid_of, context_of):
    # 20 MW carry 55 MW of load at 18 Hz: its units trip at 47.5 Hz
    result = simulated(grid_of, context_of, islanded(20, 20), initiating=(("gen:0",),), model=FlowModel.DC)
    [row] = result.rows
    assert (row.unserved_p_mw, row.shed_underfrequency_p_mw, row.dark_p_mw) == pytest.approx((100, 45, 55))
    assert (row.islands, row.dead_buses) == (0, 3)


def test_simulate_cascade__too_much_generation_trips_units(grid_of, context_of):
    net = islanded(60, 100)
    net.gen.loc[1, "min_p_mw"] = 60.0  # cannot follow down
    pp.create_load(net, 1, 10.0)
    result = simulated(grid_of, context_of, net, initiating=(("line:1",),), model=FlowModel.DC)
    mechanisms = {event.mechanism for event in result.paths[0].steps[0].events}
    assert TripMechanism.OVERFREQUENCY in mechanisms
    assert result.rows[0].tripped_generation_p_mw == pytest.approx(60)
    assert result.rows[0].dark_p_mw == pytest.approx(10)


def test_simulate_cascade__an_island_without_source_goes_dark(grid_of, context_of):
    result = simulated(grid_of, context_of, nw.case33bw(), initiating=(("line:5",),))
    assert result.rows[0].unserved_p_mw == result.rows[0].dark_p_mw == pytest.approx(1.075)
    assert result.rows[0].dead_buses == 12


def test_simulate_cascade__collapse_by_hand(grid_of, context_of):
    """One 80 ohm line carries at most V^2 / 2X = 75.6 MW at unity power factor: two blocks of 20 of 100 MW go."""
    net = pp.create_empty_network()
    pp.create_bus(net, KV)
    pp.create_bus(net, KV)
    pp.create_ext_grid(net, 0)
    pp.create_load(net, 1, 100.0)
    line(net, 0, 1, 80.0, 900.0)
    line(net, 0, 1, 80.0, 900.0)
    result = simulated(grid_of, context_of, net, initiating=(("line:0",),))
    [row], [path] = result.rows, result.paths
    assert 75 < KV**2 / 160 < 76
    assert (row.shed_collapse_p_mw, row.unserved_p_mw, row.voltage_collapses) == pytest.approx((40, 40, 1))
    assert path.steps[0].load_p_mw == pytest.approx(60, rel=1e-5)
    assert result.coverage.diverged == 1


def test_simulate_cascade__undervoltage_stages(grid_of, context_of):
    """68 MW of 75.6: sqrt((1 + sqrt(1 - 0.899^2)) / 2) = 0.848 pu, below 0.88: 5 % go every 5 s until it is above."""
    net = pp.create_empty_network()
    pp.create_bus(net, KV)
    pp.create_bus(net, KV)
    pp.create_ext_grid(net, 0)
    pp.create_load(net, 1, 68.0)
    line(net, 0, 1, 80.0, 900.0)
    line(net, 0, 1, 80.0, 900.0)

    def voltage(p_mw):
        return np.sqrt((1 + np.sqrt(1 - (p_mw * 160 / KV**2) ** 2)) / 2)

    result = simulated(grid_of, context_of, net, initiating=(("line:0",),))
    events = [(step.time_s, event) for step in result.paths[0].steps[1:] for event in step.events]
    assert [time for time, _ in events] == pytest.approx([5.0 * k for k in range(1, len(events) + 1)])
    powers = [68.0 * (1 - 0.05 * k) for k in range(len(events) + 1)]
    assert [event.vm_pu for _, event in events] == pytest.approx([voltage(p) for p in powers[:-1]], abs=1e-6)
    assert voltage(powers[-2]) < 0.88 <= voltage(powers[-1])
    assert result.rows[0].shed_undervoltage_p_mw == pytest.approx(68.0 - powers[-1])


@pytest.mark.parametrize("model", FlowModel)
@pytest.mark.parametrize("case", ["case39", "case118"])
def test_simulate_cascade__conserves_power_at_each_step(grid_of, context_of, case, model):
    net = rated_118() if case == "case118" else nw.case39()
    chooser = random.Random(7)
    names = [f"line:{i}" for i in net.line.index] + [f"trafo:{i}" for i in net.trafo.index]
    sets = tuple(tuple(chooser.sample([*names, *(f"gen:{i}" for i in net.gen.index)], 3)) for _ in range(12))
    result = simulated(grid_of, context_of, net, initiating=sets, model=model, paths=10, limit=50)
    total = float(net.load.p_mw.sum())
    assert sum(len(path.steps) for path in result.paths) >= 15
    for step in (step for path in result.paths for step in path.steps):
        for island in step.islands:
            spent = island.load_p_mw + (island.loss_p_mw or 0.0)
            assert island.generation_p_mw == pytest.approx(spent, abs=1e-6)
        if not step.islands_omitted:
            nominal = net.f_hz
            at_nominal = sum(one.load_p_mw / (one.frequency_hz / nominal) for one in step.islands)
            assert at_nominal + step.unserved_p_mw == pytest.approx(total, abs=1e-6)
    for row in result.rows:
        parts = row.shed_underfrequency_p_mw + row.shed_undervoltage_p_mw + row.shed_collapse_p_mw + row.dark_p_mw
        assert row.unserved_p_mw == pytest.approx(parts)


def at_nominal_voltage(plain):
    """Worst loading of lines and of transformers: active power over what the rated current carries at one pu."""
    kv = plain.bus.vn_kv
    most = np.sqrt(3) * kv.loc[plain.line.from_bus].to_numpy() * plain.line.max_i_ka
    yield float((100 * plain.res_line.p_from_mw.abs() / most)[plain.line.in_service].max())
    trafo = plain.trafo
    ratio = np.minimum(
        kv.loc[trafo.hv_bus].to_numpy() / trafo.vn_hv_kv, kv.loc[trafo.lv_bus].to_numpy() / trafo.vn_lv_kv
    )
    most = trafo.sn_mva * trafo.get("df", 1.0) * ratio
    yield float((100 * plain.res_trafo.p_hv_mw.abs() / most)[trafo.in_service].max())


@pytest.mark.parametrize("case", ["case39", "case118"])
def test_simulate_cascade__first_loadings_are_those_of_pandapower(grid_of, context_of, case):
    """DC: exactly those of ``rundcpp`` without both branches; the screen and the step by step agree."""
    net = rated_118() if case == "case118" else nw.case39()
    result = simulated(grid_of, context_of, net, order=2, sample=40, model=FlowModel.DC, limit=40, paths=0)
    compared = 0
    for row in result.rows:
        plain = deepcopy(net)
        for ref in row.initiating:
            plain[ref.kind.value].loc[ref.index, "in_service"] = False
        if len(pp.topology.unsupplied_buses(plain)):
            continue
        pp.rundcpp(plain)
        worst = max(at_nominal_voltage(plain))
        assert row.worst_loading_percent == pytest.approx(worst, rel=1e-6)
        compared += 1
    assert compared > 20


def _ending(row):
    return row.case, row.outcome, round(row.unserved_p_mw, 6), row.tripped_branches


@pytest.mark.parametrize("model", FlowModel)
def test_simulate_cascade__the_screen_passes_over_nothing(grid_of, context_of, model, monkeypatch):
    arguments = {"order": 2, "sample": 30, "model": model, "limit": 30, "paths": 0}
    asked = ProtectionSettings(spare_single_outages=False)
    quick = simulated(grid_of, context_of, rated_118(), **arguments, protection=asked)
    monkeypatch.setattr(study_module, "screened", lambda *_: iter(()))
    slow = simulated(grid_of, context_of, rated_118(), **arguments, protection=asked)
    assert sorted(map(_ending, quick.rows)) == sorted(map(_ending, slow.rows))
    assert 0 < quick.contained < quick.sets


def test_simulate_cascade__single_outages_are_spared_in_comparisons_of_pairs(grid_of, context_of):
    net = rated_118()
    spare = ProtectionSettings(spare_single_outages=True)
    alone = simulated(grid_of, context_of, net, order=1, limit=200, paths=0, protection=spare, model=FlowModel.DC)
    joined = [row for row in alone.rows if not row.dead_buses and row.islands == 1]
    assert len(joined) > 100
    assert sum(row.tripped_branches for row in joined) == 0
    pairs = (("line:1", "line:2"), ("line:5", "line:9"))
    assert simulated(grid_of, context_of, net, initiating=pairs, paths=0).single_outages_spared
    assert not simulated(grid_of, context_of, net, initiating=pairs[:1], paths=0).single_outages_spared


def test_simulate_cascade__equal_questions_get_equal_answers(grid_of, context_of):
    arguments = {"order": 2, "sample": 15, "limit": 15, "paths": 2}
    first = simulated(grid_of, context_of, rated_118(), **arguments)
    assert simulated(grid_of, context_of, rated_118(), **arguments) == first
    context = context_of(grid_of(rated_118()))
    other = ToolContext(grids=context.grids, limits=context.limits, clock=context.clock, seed=1)
    drawn = simulate_cascade(other, SimulateCascadeArguments(**arguments))
    assert {row.case for row in drawn.rows} != {row.case for row in first.rows}


def test_simulate_cascade__pages_follow_each_other_and_the_net_is_left_alone(grid_of, context_of):
    net = nw.case39()
    before = pp.to_json(net)
    context = context_of(grid_of(net))
    whole = simulate_cascade(context, SimulateCascadeArguments(order=1, limit=100, model=FlowModel.DC))
    page = simulate_cascade(context, SimulateCascadeArguments(order=1, limit=5, offset=3, model=FlowModel.DC))
    assert page.rows == whole.rows[3:8]
    assert page.omitted == whole.sets - 5
    lost = [row.unserved_p_mw for row in whole.rows if row.unserved_percent >= 1]
    assert lost == sorted(lost, reverse=True) == [row.unserved_p_mw for row in whole.rows[: len(lost)]]
    assert pp.to_json(net) == before


def test_simulate_cascade__risk_curve_by_weight(grid_of, context_of):
    sets = (("line:2",), ("line:1",))  # the first loses 90 MW, the second nothing
    result = simulated(grid_of, context_of, triangle(), initiating=sets, weights=(1.0, 3.0), model=FlowModel.DC)
    curve = [(point.lost_p_mw, point.exceedance_percent) for point in result.risk]
    assert curve == [(0.0, 100.0), (pytest.approx(90), 25.0)]
    assert result.mean_unserved_p_mw == pytest.approx(22.5)


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ({}, InvalidArgumentError, "initiating"),
        ({"initiating": (("line:1",),), "order": 1}, InvalidArgumentError, "not both"),
        ({"initiating": ((),)}, InvalidArgumentError, "empty"),
        ({"initiating": (("line:99",),)}, UnknownElementError, "line"),
        ({"initiating": (("line:1",),), "weights": (1.0, 2.0)}, InvalidArgumentError, "weights"),
        ({"initiating": (("line:1",),), "weights": (-1.0,)}, InvalidArgumentError, "weights"),
        ({"initiating": (("line:1",),), "outages": ("line:1",)}, InvalidArgumentError, "out of service"),
        ({"order": 1, "frequency": FrequencySettings(lowest_hz=70)}, InvalidArgumentError, "lowest_hz"),
    ],
)
def test_simulate_cascade__bad_input(grid_of, context_of, arguments, error, match):
    with pytest.raises(error, match=match):
        simulated(grid_of, context_of, triangle(), **arguments)


def test_simulate_cascade__placeholders_are_said(grid_of, context_of):
    result = simulated(grid_of, context_of, nw.case118(), initiating=(("line:7", "line:8"),))
    assert not result.loading_meaningful
    assert [left.count for left in result.coverage.left_out if left.what == "overcurrent protection"] == [186]
    assert result.rows[0].worst_loading_percent is None
