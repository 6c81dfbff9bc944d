"""Gross errors are found, and what cannot be found is said."""

import numpy as np
import pandapower as pp
import pytest

from tests.tools.grid.estimation.estimating import (
    ALL,
    context,
    full_set,
    meter,
    names,
    noisy,
    telemetry,
)
from tools.grid.schema.estimation import EstimationStatus
from tools.grid.state_estimation import estimate_state


def test_estimate_state__gross_errors_at_random_are_found(grid_of, case39):
    meters, rng, grid = full_set(case39), np.random.default_rng(3), grid_of(case39)
    single = {
        one.sensor.name
        for one in meters
        if one.sensor.side is not None or one.sensor.quantity == "vm" or _alone(case39, one)
    }
    for seed in range(20):
        bad = [str(name) for name in rng.choice(sorted(single), 3, replace=False)]
        errors = {name: float(rng.choice((-1, 1)) * rng.uniform(20, 60)) for name in bad}
        result = estimate_state(context(grid, telemetry(meters, noisy(meters, seed, **errors))), ALL)
        rejected = {names(row)[0].removeprefix("sensor:"): row for row in result.rejected}
        assert rejected.keys() == errors.keys(), seed
        assert result.status is EstimationStatus.BAD_DATA_REJECTED
        assert result.objective < result.objective_limit < result.objective_before
        for name, row in rejected.items():
            noise = next(one.sensor.noise for one in meters if one.sensor.name == name)
            assert row.error.value / noise == pytest.approx(errors[name], abs=6)
            assert np.sign(row.normalised_residual) == np.sign(errors[name])


def _alone(net, one):
    bus = net[one.sensor.element.kind.value].bus[one.sensor.element.index]
    return sum(int((net[table].bus == bus).sum()) for table in ("load", "gen", "ext_grid")) == 1


def test_estimate_state__two_sensors_nobody_can_tell_apart_are_named_together(run):
    """On a line between two buses, both active flows check each other only through the losses."""
    net = _two_buses()
    meters = [
        meter(net, "bus", 0, "vm", noise=0.001),
        meter(net, "line", 0, "p", "from", noise=0.1),
        meter(net, "line", 0, "q", "from", noise=0.1),
        meter(net, "line", 0, "p", "to", noise=0.1),
    ]
    values = [one.true for one in meters]
    values[1] += 5.0
    result = run(net, meters, values)
    (row,) = result.rejected
    told = {*names(row), *(str(sensor) for sensor in row.indistinguishable)}
    assert told == {"sensor:line0.p_from", "sensor:line0.p_to"}


def _two_buses():
    net = pp.create_empty_network()
    one, two = pp.create_buses(net, 2, vn_kv=110)
    pp.create_ext_grid(net, one)
    pp.create_line(net, one, two, 20, "243-AL1/39-ST1A 110.0")
    pp.create_load(net, two, p_mw=40, q_mvar=10)
    pp.runpp(net, tolerance_mva=1e-10)
    return net


def test_estimate_state__the_error_of_a_critical_measurement_is_said_to_be_undetectable(run):
    net = _two_buses()
    meters = [meter(net, "bus", 0, "vm"), meter(net, "line", 0, "p", "from"), meter(net, "line", 0, "q", "from")]
    values = [one.true for one in meters]
    values[1] += 1000.0 / 50
    result = run(net, meters, values)
    assert result.status is EstimationStatus.NOT_TESTED
    assert (result.degrees_of_freedom, result.objective_limit) == (0, None)
    assert not result.rejected
    assert {name for row in result.critical for name in names(row)} == {f"sensor:{one.sensor.name}" for one in meters}
    assert result.critical_measurements == 3
    assert all(row.critical and row.normalised_residual is None for row in result.residuals)
