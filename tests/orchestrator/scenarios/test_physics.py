"""Troubles of the grid really change it, as plain pandapower and the equations of oil say."""

from copy import deepcopy

import numpy as np
import pytest
from pandapower import runpp

from orchestrator.scenarios.grids import scenario_grid
from orchestrator.scenarios.schema.scenario import GridChoice
from tools.errors import InvalidArgumentError


def course(generated, name):
    return generated.true[name]


def plain(generated, step, out=()):
    """The same moment by plain pandapower, from the true injections."""
    net = deepcopy(generated.grid.net)
    for index in net.load.index:
        net.load.loc[index, "p_mw"] = course(generated, f"load{index}.p")[step]
        net.load.loc[index, "q_mvar"] = course(generated, f"load{index}.q")[step]
    for index in net.gen.index:
        net.gen.loc[index, "p_mw"] = course(generated, f"gen{index}.p")[step]
    for table, index in out:
        net[table].loc[index, "in_service"] = False
    runpp(net)
    return net


@pytest.mark.parametrize("case", ["case14", "case30", "case118", "case33bw"])
def test_generate__solves_every_grid_as_plain_pandapower_does(made, case):
    trip = {"kind": "line_trip", "element": "line:5", "start_min": 60, "duration_min": 30}
    day = made(trip, grid={"case": case}, period={"hours": 2})
    for step, out in ((30, ()), (75, (("line", 5),))):
        net = plain(day, step, out)
        lines = net.line.index[day.grid.net.line.in_service]
        flows = [course(day, f"line{index}.p_from")[step] for index in lines]
        assert flows == pytest.approx(net.res_line.p_from_mw.loc[lines].fillna(0).to_numpy(), abs=1e-4)
        voltages = [course(day, f"bus{index}.vm")[step] for index in net.bus.index]
        assert voltages == pytest.approx(net.res_bus.vm_pu.fillna(0).to_numpy(), abs=1e-6)


def test_generate__a_tripped_line_is_empty_and_the_others_carry_its_flow(made):
    day = made({"kind": "line_trip", "element": "line:3", "start_min": 60, "duration_min": 30}, period={"hours": 2})
    flow = course(day, "line3.p_from")
    assert np.all(flow[60:90] == 0)
    assert np.all(np.abs(flow[:60]) > 1)
    assert np.all(np.abs(flow[90:]) > 1)
    [truth] = day.truth
    assert {"line3.p_from", "line3.p_to"} < {one.sensor for one in truth.observed_by}
    assert any(one.element not in {"line:3", None} for one in truth.observed_by)


def test_generate__a_breaker_that_fails_takes_its_whole_bus_with_it(made):
    trouble = {"kind": "breaker_failure", "element": "line:10", "end": "to", "start_min": 60, "duration_min": 30}
    day = made(trouble, period={"hours": 2})
    bus = int(day.grid.net.line.to_bus.at[10])
    [truth] = day.truth
    assert truth.subject == f"bus:{bus}"
    assert truth.culprit == f"breaker of line:10 at bus:{bus}"
    assert np.all(course(day, f"bus{bus}.vm")[60:90] == 0)
    assert np.all(course(day, f"bus{bus}.vm")[:60] > 0.9)
    for index in day.grid.net.line.index:
        row = day.grid.net.line.loc[index]
        if bus in {row.from_bus, row.to_bus}:
            assert np.all(course(day, f"line{index}.p_from")[60:90] == 0)
    for index in day.grid.net.load.index[day.grid.net.load.bus == bus]:
        assert np.all(course(day, f"load{index}.p")[60:90] == 0)
    opened = {str(entry.element) for entry in day.logs if entry.kind == "switching" and entry.at == truth.start}
    assert opened == set(truth.touched)


def test_generate__a_swinging_unit_swings_at_its_cycle_and_the_external_grid_against_it(made):
    trouble = {
        "kind": "oscillation",
        "element": "gen:0",
        "start_min": 2,
        "duration_min": 4,
        "amplitude_percent": 10,
        "cycle_s": 2.0,
    }
    fields = {"period": {"hours": 0.15, "step_s": 0.2}, "profiles": {"flat": True, "wander_percent": 0}, "logs": False}
    swing, still = made(trouble, **fields), made(**fields)
    moved = course(swing, "gen0.p") - course(still, "gen0.p")
    inside = moved[600:1800]
    power = np.abs(np.fft.rfft(inside))
    assert np.fft.rfftfreq(len(inside), 0.2)[power.argmax()] == pytest.approx(0.5)
    assert inside.max() == pytest.approx(0.1 * 40.0, rel=0.06)  # 40 MW in case14; ten readings a cycle miss the crest
    assert np.all(moved[:600] == 0)
    against = (course(swing, "ext_grid0.p") - course(still, "ext_grid0.p"))[600:1800]
    assert np.corrcoef(inside, against)[0, 1] < -0.999


def test_generate__a_damped_swing_decays_as_its_damping_ratio_says(made):
    trouble = {
        "kind": "oscillation",
        "element": "gen:0",
        "start_min": 1,
        "duration_min": 2,
        "amplitude_percent": 10,
        "cycle_s": 2.0,
        "damping_percent": 5,
    }
    fields = {"period": {"hours": 0.1, "step_s": 0.1}, "profiles": {"flat": True, "wander_percent": 0}, "logs": False}
    moved = course(made(trouble, **fields), "gen0.p") - course(made(**fields), "gen0.p")
    crests = moved[600 + 5 :: 20][:20]  # a quarter of a cycle after its begin, then once a cycle
    decrement = np.log(crests[:-1] / crests[1:])
    assert decrement == pytest.approx(2 * np.pi * 0.05 / np.sqrt(1 - 0.05**2), rel=1e-3)


def test_generate__an_overloaded_load_draws_so_much_more(made):
    trouble = {"kind": "overload", "element": "load:2", "start_min": 60, "duration_min": 30, "extra_percent": 25}
    more, usual = made(trouble, period={"hours": 2}), made(period={"hours": 2})
    ratio = course(more, "load2.p") / course(usual, "load2.p")
    assert ratio[60:90] == pytest.approx(1.25)
    assert np.all(ratio[:60] == 1)
    assert np.all(ratio[90:] == 1)


def test_generate__oil_without_fans_tends_to_what_iec_60076_7_says(made):
    fields = {"grid": {"case": "demo"}, "profiles": {"flat": True, "wander_percent": 0}}
    trouble = {
        "kind": "cooling_loss",
        "element": "trafo:2",
        "start_min": 60,
        "duration_min": 1300,
        "capability_percent": 60,
    }
    day = made(trouble, **fields)
    net = plain(day, 1300)
    load = net.res_trafo.i_hv_ka.at[2] * np.sqrt(3) * net.bus.vn_kv.at[net.trafo.hv_bus.at[2]] / net.trafo.sn_mva.at[2]
    steady = 52.0 * ((1 + 6.0 * (load / 0.6) ** 2) / 7.0) ** 0.8  # ONAF: rise 52 K, R = 6, x = 0.8
    risen = (course(day, "trafo2.top_oil") - course(day, "ambient"))[1300]
    assert risen == pytest.approx(steady, abs=2.5)  # the air moves while the oil follows


def test_generate__refuses_what_would_cut_off_the_external_grid(made):
    with pytest.raises(InvalidArgumentError, match="external grid"):
        made(
            {"kind": "breaker_failure", "element": "line:0", "end": "from", "start_min": 60, "duration_min": 30},
            period={"hours": 2},
        )


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ({"kind": "line_trip", "element": "line:99"}, "line:99"),
        ({"kind": "line_trip", "element": "load:1"}, "a line or trafo would be right"),
        ({"kind": "drift", "sensor": "line1.p_form", "rate_sigma_per_h": 3}, "Close names: .*line1.p_from"),
    ],
)
def test_generate__refuses_a_place_that_the_grid_does_not_have(made, trouble, words):
    with pytest.raises(Exception, match=words):
        made({**trouble, "start_min": 10, "duration_min": 30}, period={"hours": 2})


def test_scenario_grid__refuses_elements_that_are_not_simulated():
    with pytest.raises(InvalidArgumentError, match="which scenarios do not simulate"):
        scenario_grid(GridChoice(case="example_multivoltage"), "mine")
