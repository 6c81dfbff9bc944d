"""The day without troubles: secure at every minute, and measured as the power flow says."""

from dataclasses import replace

import numpy as np
import pytest
from pandapower import runpp

from orchestrator.demoday.day import make_day
from orchestrator.demoday.grid import demo_grid
from orchestrator.demoday.security import screen_minutes
from orchestrator.simulation.flows import solve_steps, topology
from tests.orchestrator.demoday.plain import context_of, injections, net_at, plain_outages, violations
from tools.grid.contingencies import screen_contingencies
from tools.grid.importing.fingerprint import fingerprint
from tools.grid.schema.contingencies import ScreenContingenciesArguments
from tools.vocabulary import ReadingQuality

EVERY = np.arange(1440)


def test_make_day__clean_day_is_secure_at_every_minute(clean_day):
    whole, powers = topology(demo_grid()), injections(clean_day)
    security = screen_minutes(whole, powers, EVERY, solve_steps(whole, powers, EVERY))
    assert security.base.max() == 0
    assert security.insecure.max() == 0
    assert 80 < security.loading_percent.max() < 97  # with room for the noise of measurements, and no room to spare


@pytest.mark.parametrize("minute", [220, 720, 1142])
def test_make_day__clean_day_is_secure_by_a_plain_loop(clean_day, minute):
    net = net_at(clean_day, minute)
    runpp(net)
    assert violations(net) == []
    outages = plain_outages(net)
    assert len(outages) == 35  # of 46 branches eleven cut something off
    assert [name for name, found in outages.items() if found] == []


@pytest.mark.parametrize("minute", range(60, 1440, 180))
def test_make_day__bridges_violate_nothing_either(clean_day, minute):
    net = net_at(clean_day, minute)
    grid = replace(demo_grid(), net=net, fingerprint=fingerprint(net))
    screening = screen_contingencies(context_of(grid), ScreenContingenciesArguments())
    assert screening.secure is True


@pytest.mark.parametrize("minute", [3, 611, 1143])
def test_make_day__true_values_are_pandapowers(clean_day, minute):
    net, true = net_at(clean_day, minute), clean_day.true
    runpp(net, tolerance_mva=1e-9)
    for i in net.bus.index:
        assert true[f"bus{i}.vm"][minute] == pytest.approx(net.res_bus.vm_pu[i], abs=1e-6)
    for table, sides in (("line", ("from", "to")), ("trafo", ("hv", "lv"))):
        for side in sides:
            for quantity, unit in (("p", "mw"), ("q", "mvar")):
                expected = net[f"res_{table}"][f"{quantity}_{side}_{unit}"]
                found = [true[f"{table}{i}.{quantity}_{side}"][minute] for i in net[table].index]
                assert found == pytest.approx(expected.tolist(), abs=1e-6)
    for table in ("gen", "ext_grid"):
        for quantity, column in (("p", "p_mw"), ("q", "q_mvar")):
            found = [true[f"{table}{i}.{quantity}"][minute] for i in net[table].index]
            assert found == pytest.approx(net[f"res_{table}"][column].tolist(), abs=1e-6)
    assert true["shunt0.q"][minute] == pytest.approx(net.res_shunt.q_mvar[0], abs=1e-6)


def test_make_day__readings_have_the_declared_noise(clean_day):
    for series in clean_day.series:
        error = series.value[-1440:] - clean_day.true[series.sensor.name]
        assert series.sensor.simulated
        assert error.std() == pytest.approx(series.sensor.noise, rel=0.12)
        assert abs(error.mean()) < 5 * series.sensor.noise / np.sqrt(1440)
        assert np.all((series.value >= series.sensor.lowest) & (series.value <= series.sensor.highest))
        assert set(series.quality.tolist()) == {list(ReadingQuality).index(ReadingQuality.GOOD)}
        assert np.all(np.diff(series.at_us) > 0)


def test_make_day__power_is_balanced_at_every_node_without_injection(clean_day):
    net = demo_grid().net
    empty = set(net.bus.index) - {int(b) for table in ("load", "gen", "ext_grid", "shunt") for b in net[table].bus}
    assert len(empty) > 5
    for bus in empty:
        total = np.zeros(1440)
        for table, ends in (("line", ("from", "to")), ("trafo", ("hv", "lv"))):
            for end in ends:
                at = net[table].index[net[table][f"{end}_bus"] == bus]
                total += sum((clean_day.true[f"{table}{i}.p_{end}"] for i in at), np.zeros(1440))
        assert np.abs(total).max() < 1e-5


def test_make_day__peak_is_in_the_evening(clean_day):
    load = clean_day.true["system.load"]
    assert 18.5 * 60 <= int(load.argmax()) <= 19.5 * 60
    assert load.min() / load.max() < 0.65


def test_make_day__same_seed_same_day():
    for seed in (None, 7):
        one, two = make_day(seed), make_day(seed)
        assert all(
            np.array_equal(a.value, b.value, equal_nan=True) and np.array_equal(a.at_us, b.at_us)
            for a, b in zip(one.series, two.series, strict=True)
        )
        assert (one.logs, one.protocol, one.outages) == (two.logs, two.protocol, two.outages)
        assert (one.permits, one.truth) == (two.permits, two.truth)


def test_make_day__clean_day_has_no_truth(clean_day):
    assert clean_day.truth == ()


def test_make_day__refuses_a_negative_seed():
    with pytest.raises(ValueError, match="seed = -1"):
        make_day(-1)
