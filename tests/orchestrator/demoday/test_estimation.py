"""State estimation over the demo day: the falsified sensor is found while it lies, and no honest one is blamed."""

import pytest

from orchestrator.demoday.clock import at_minute
from tests.tools.memory_sources import MemoryLogs, MemoryOutages, MemoryTelemetry
from tools.context import Clock, ToolContext
from tools.grid.schema.estimation import EstimateStateArguments, EstimationStatus, Observed
from tools.grid.snapshot_grids import SnapshotGrids
from tools.grid.state_estimation import estimate_state
from tools.limits import LimitTable

FAULTS = {"false_data", "drifting_sensor", "stuck_sensor"}


def context(day):
    end = at_minute(24 * 60 - 1)
    sources = MemoryTelemetry(*day.series), MemoryLogs(day.logs), MemoryOutages(day.outages)
    return ToolContext(
        grids=SnapshotGrids(day.grid, *sources, end),
        limits=LimitTable(limits=()),
        clock=Clock(as_of=end, known_until=end),
        telemetry=sources[0],
    )


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_estimate_state__finds_the_falsified_sensor_and_blames_no_other(day_of, seed):
    day = day_of(seed)
    faulty = {truth.element for truth in day.truth if truth.kind in FAULTS}
    (false,) = (truth for truth in day.truth if truth.kind == "false_data")
    middle = (false.start + (false.end - false.start) / 2).replace(second=0, microsecond=0)
    result = estimate_state(context(day), EstimateStateArguments(at=middle))
    rejected = {str(sensor) for row in result.rejected for sensor in row.sensors}
    assert false.element in rejected
    assert rejected <= faulty
    assert result.status is EstimationStatus.BAD_DATA_REJECTED
    assert result.objective < result.objective_limit < result.objective_before
    assert result.topology == ()
    assert result.simulated


def test_estimate_state__takes_the_topology_of_the_evening(day_of):
    """With the branch out as the log has it, nothing contradicts; its sensors read nothing, and are left out."""
    day = day_of(1)
    (outage,) = (truth for truth in day.truth if truth.kind == "n1_insecure")
    middle = (outage.start + (outage.end - outage.start) / 2).replace(second=0, microsecond=0)
    result = estimate_state(context(day), EstimateStateArguments(at=middle))
    assert (result.status, result.topology) == (EstimationStatus.CONSISTENT, ())
    assert [str(ref) for ref in result.basis.outages] == [outage.element]
    assert {left.count for left in result.measurements_covered.left_out if "out of service" in left.reason} == {4}


def test_estimate_state__a_day_without_trouble_has_no_bad_data(clean_day):
    """At 99 % confidence one of a hundred estimations may reject one: of these 36, three would be too many."""
    context_ = context(clean_day)
    found = [
        estimate_state(context_, EstimateStateArguments(at=at_minute(minute))) for minute in range(10, 24 * 60, 40)
    ]
    assert all(result.observed is Observed.FULLY for result in found)
    assert sum(bool(result.rejected) for result in found) < 3
    assert sum(result.objective > result.objective_limit for result in found) < 3
    freedom = found[0].degrees_of_freedom
    mean = sum(result.objective_before for result in found) / len(found)
    assert mean == pytest.approx(freedom, abs=4 * (2 * freedom / len(found)) ** 0.5)
