"""What the measurements do not determine has no number."""

from copy import deepcopy
from datetime import timedelta

from tests.tools.grid.estimation.estimating import (
    ALL,
    AT,
    context,
    full_set,
    meter,
    names,
    noisy,
    telemetry,
    worst_voltage_error,
)
from tools.element import ElementKind
from tools.grid.schema.estimation import EstimationStatus, Observed
from tools.grid.state_estimation import estimate_state
from tools.telemetry.series import QUALITIES
from tools.vocabulary import ReadingQuality


def test_estimate_state__says_what_is_not_observable_and_gives_no_number_for_it(run, case39):
    """Nothing is measured at buses 18, 19, 32 and 33; bus 18 is still told by bus 15, which neither feeds nor draws."""
    meters = [one for one in full_set(case39) if not _touches(case39, one, {18, 19, 32, 33})]
    result = run(case39, meters)
    told = {ref.index for ref in result.unobservable}
    assert told == {19, 32, 33}
    assert result.observed is Observed.PARTLY
    assert result.unobservable_buses == len(told)
    shown = {row.element.index for row in result.buses}
    assert not shown & told
    assert shown | told == set(case39.bus.index)
    assert worst_voltage_error(case39, result) < 1e-6
    hidden = {str(ref) for ref in result.unobservable_flows}
    assert not hidden & {str(row.element) for row in result.branches}
    assert len(result.branches) + len(hidden) == len(case39.line) + len(case39.trafo)
    # switch positions are doubted only where everything is observable, and that is said
    assert any("switch positions" in row.what for row in result.branches_covered.left_out)
    # what nothing determines disturbs neither the statistics nor the search
    noise = run(case39, meters, noisy(meters, 1, **{"line3.p_from": 30.0}))
    assert [names(row) for row in noise.rejected] == [["sensor:line3.p_from"]]
    assert noise.objective < noise.objective_limit


def _touches(net, one, buses):
    ref = one.sensor.element
    if ref.kind is ElementKind.BUS:
        return ref.index in buses
    row = net[ref.kind.value].loc[ref.index]
    return any(int(row[column]) in buses for column in row.index if column == "bus" or column.endswith("_bus"))


def test_estimate_state__a_reference_without_measurements_gives_its_part_to_another_bus(run, case39):
    """The external grid's corner is dark: angles count from elsewhere, differences stay right."""
    corner = {30, 5, 4, 6, 10, 3, 7, 9, 11}
    meters = [one for one in full_set(case39) if not _touches(case39, one, corner)]
    result = run(case39, meters)
    told = {ref.index for ref in result.unobservable}
    assert 30 in told
    assert told <= corner | {31}
    shift = {round(row.va_degree - case39.res_bus.va_degree[row.element.index], 6) for row in result.buses}
    assert max(shift) - min(shift) < 1e-5
    assert max(abs(row.vm_pu - case39.res_bus.vm_pu[row.element.index]) for row in result.buses) < 1e-6


def test_estimate_state__without_any_usable_measurement_there_is_no_number(run, case39):
    meters = [meter(case39, "bus", 0, "vm")]
    bad = {"bus0.vm": QUALITIES.index(ReadingQuality.BAD)}
    result = run(case39, meters, **bad)
    assert (result.status, result.observed) == (EstimationStatus.NOT_OBSERVABLE, Observed.NOT)
    assert result.unobservable_buses == 39
    assert (result.buses, result.branches, result.residuals, result.objective) == ((), (), (), None)
    (left,) = result.measurements_covered.left_out
    assert (left.count, "bad" in left.reason) == (1, True)


def test_estimate_state__stale_doubted_and_outlandish_readings_do_not_enter(run, case39):
    meters = full_set(case39)
    values = [one.true for one in meters]
    place = {one.sensor.name: number for number, one in enumerate(meters)}
    values[place["bus3.vm"]] = 2.2
    quality = {
        "line2.p_from": QUALITIES.index(ReadingQuality.BAD),
        "line2.q_from": QUALITIES.index(ReadingQuality.SUSPECT),
    }
    for name in quality:
        values[place[name]] = 9999.0
    result = run(case39, meters, values, **quality)
    assert worst_voltage_error(case39, result) < 1e-6
    reasons = {left.reason: left.count for left in result.measurements_covered.left_out}
    assert sorted(reasons.values()) == [1, 1, 1]
    assert result.measurements_covered.solved == len(meters) - 3


def test_estimate_state__readings_of_long_ago_are_no_state(grid_of, case39):
    held = telemetry(full_set(case39), start=AT - timedelta(hours=2))
    result = estimate_state(context(grid_of(deepcopy(case39)), held), ALL)
    assert result.observed is Observed.NOT
    assert "stale" in result.measurements_covered.left_out[0].reason
