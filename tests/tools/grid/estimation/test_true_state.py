"""The estimate against the solved truth, against pandapower's own estimator, and against statistics."""

from copy import deepcopy

import pandapower as pp
import pytest
from pandapower.estimation import estimate as pandapower_estimate
from scipy.stats import chi2, kstest

from tests.tools.grid.estimation.estimating import (
    ALL,
    context,
    full_set,
    names,
    noisy,
    solved,
    telemetry,
    worst_voltage_error,
)
from tools.errors import InvalidArgumentError, NotSolvedError, SourceMissingError, UnknownElementError
from tools.grid.schema.estimation import EstimateStateArguments, Observed
from tools.grid.state_estimation import estimate_state


@pytest.mark.parametrize("name", ["case9", "case14", "case39", "case57", "example_multivoltage", "case33bw"])
def test_estimate_state__exact_measurements_give_the_true_state(run, name):
    net = solved(name)
    result = run(net, full_set(net, sigma_mw=0.5 if name.startswith("case") and name != "case33bw" else 0.001))
    live = int(net.res_bus.vm_pu.notna().sum())
    assert result.observed is Observed.FULLY
    assert len(result.buses) == live
    assert worst_voltage_error(net, result) < 1e-6
    assert result.objective < 1e-9
    assert not result.rejected
    for row in result.branches:
        table = net[f"res_{row.element.kind}"]
        end = {"line": "from", "trafo": "hv", "impedance": "from"}[row.element.kind]
        assert row.p_from_mw == pytest.approx(table.at[row.element.index, f"p_{end}_mw"], abs=1e-4)


@pytest.mark.filterwarnings("ignore")  # pandapower's own
def test_estimate_state__agrees_with_pandapowers_estimator(monkeypatch, run, case39):
    """pandapower holds zero injections with 0.1 MW at its standard error; made exact, as they are here."""
    monkeypatch.setattr("pandapower.estimation.ppc_conversion.ZERO_INJECTION_STD_DEV", 1e-6)
    meters = full_set(case39)
    values = noisy(meters, 5)
    result = run(case39, meters, values)
    net = deepcopy(case39)
    _as_pandapower(net, meters, values)
    assert pandapower_estimate(net, init="flat", tolerance=1e-8, maximum_iterations=30, zero_injection="no_inj_bus")[
        "success"
    ]
    for row in result.buses:
        assert row.vm_pu == pytest.approx(net.res_bus_est.vm_pu[row.element.index], abs=1e-6)
        assert row.va_degree == pytest.approx(net.res_bus_est.va_degree[row.element.index], abs=1e-4)


def _as_pandapower(net, meters, values):
    """The same measurements in pandapower's tables: injections by bus, drawn positive; its zero injections are ours."""
    drawn = {}
    for one, value in zip(meters, values, strict=True):
        kind, index, quantity, noise = (
            one.sensor.element.kind.value,
            one.sensor.element.index,
            one.sensor.quantity,
            one.sensor.noise,
        )
        if kind == "bus":
            pp.create_measurement(net, "v", "bus", value, noise, index)
        elif one.sensor.side is not None:
            pp.create_measurement(net, quantity, kind, value, noise, index, side=one.sensor.side.value)
        else:
            bus, sign = int(net[kind].bus[index]), 1 if kind == "load" else -1
            total, square = drawn.get((bus, quantity), (0.0, 0.0))
            drawn[bus, quantity] = (total + sign * value, square + noise**2)
    for (bus, quantity), (value, square) in drawn.items():
        pp.create_measurement(net, quantity, "bus", value, square**0.5, bus)


def test_estimate_state__the_objective_is_chi_square_over_many_seeds(grid_of, case39):
    meters, grid = full_set(case39), grid_of(case39)
    found = [estimate_state(context(grid, telemetry(meters, noisy(meters, seed))), ALL) for seed in range(100)]
    degrees = {len(meters) - _merged(case39) + result.zero_injections - result.states for result in found}
    assert {result.degrees_of_freedom for result in found if not result.rejected} == degrees
    (freedom,) = degrees
    objectives = [result.objective_before for result in found]
    assert kstest(objectives, chi2(freedom).cdf).pvalue > 0.01
    # at most 1 % expected: 5 is four standard deviations above the mean of 1
    assert sum(bool(result.rejected) for result in found) <= 5


def _merged(net):
    """Sensors that are added to another one, because several elements feed or draw at one bus."""
    at = [int(bus) for table in ("load", "gen", "ext_grid") for bus in net[table].bus]
    return 2 * (len(at) - len(set(at)))


def test_estimate_state__rows_of_the_elements_asked_for(run, case39):
    result = run(case39, full_set(case39), args=EstimateStateArguments(elements=("bus:7", "line:4")))
    assert [str(row.element) for row in result.buses] == ["bus:7"]
    assert [str(row.element) for row in result.branches] == ["line:4"]
    assert {str(row.element) for row in result.residuals} == {"bus:7", "line:4"}
    assert (result.buses_omitted, result.branches_omitted) == (0, 0)


def test_estimate_state__strictness_is_the_users(run, case39):
    meters = full_set(case39)
    values = noisy(meters, 11, **{"line3.p_from": 5.0})
    loose = run(case39, meters, values, args=EstimateStateArguments(residual_limit=20.0))
    tight = run(case39, meters, values, args=EstimateStateArguments(residual_limit=3.0))
    assert (loose.residual_limit, tight.residual_limit) == (20.0, 3.0)
    assert not loose.rejected
    assert "sensor:line3.p_from" in {name for row in tight.rejected for name in names(row)}


def test_estimate_state__what_it_cannot_answer_it_refuses(grid_of, run, case39):
    with pytest.raises(UnknownElementError):
        run(case39, full_set(case39), args=EstimateStateArguments(elements=("line:999",)))
    with pytest.raises(NotSolvedError):
        run(pp.create_empty_network(), [])
    dead = deepcopy(case39)
    dead.ext_grid["in_service"] = False
    with pytest.raises(NotSolvedError):
        run(dead, full_set(case39))
    silent = context(grid_of(case39), None)
    with pytest.raises(SourceMissingError):
        estimate_state(silent, ALL)


def test_estimate_state__leaves_the_grid_as_it_was(grid_of, case39):
    grid = grid_of(deepcopy(case39))
    before = pp.to_json(grid.net)
    estimate_state(context(grid, telemetry(full_set(case39))), ALL)
    assert pp.to_json(grid.net) == before


def test_estimate_state__a_grid_too_large_to_test_is_refused(monkeypatch, run, case39):
    monkeypatch.setattr("tools.grid.estimation.run.MOST_NODES", 20)
    with pytest.raises(InvalidArgumentError, match="39 buses"):
        run(case39, full_set(case39))
