"""A status that conflicts with its measurements is suspected, and a faulty sensor is not taken for one."""

from copy import deepcopy

import pandapower as pp

from tests.tools.grid.estimation.estimating import (
    Meter,
    full_set,
    meter,
    names,
    noisy,
)
from tools.grid.schema.estimation import EstimationStatus, TopologyEvidence


def test_estimate_state__a_branch_assumed_in_that_reads_open_is_suspected(run, case39):
    truth = deepcopy(case39)
    truth.line.loc[10, "in_service"] = False
    pp.runpp(truth, tolerance_mva=1e-10)
    meters = full_set(truth)
    silent = [_flat(case39, 10, quantity, side) for side in ("from", "to") for quantity in ("p", "q")]
    everything = meters + silent
    result = run(case39, everything, noisy(everything, 2))
    (found,) = result.topology
    assert result.status is EstimationStatus.TOPOLOGY_SUSPECTED
    assert (str(found.element), found.assumed_in_service) == ("line:10", True)
    assert found.evidence is TopologyEvidence.READS_AS_OPEN
    assert found.rejected == 0
    assert found.objective < result.objective_before / 10


def _flat(net, index, quantity, side):
    one = meter(net, "line", index, quantity, side, noise=0.5)
    return Meter(one.sensor, 0.0)


def test_estimate_state__an_unmeasured_branch_is_suspected_by_the_residuals_around_it(run, case39):
    truth = deepcopy(case39)
    truth.line.loc[10, "in_service"] = False
    pp.runpp(truth, tolerance_mva=1e-10)
    meters = full_set(truth)
    result = run(case39, meters, noisy(meters, 2))
    (found,) = result.topology
    assert (str(found.element), found.evidence) == ("line:10", TopologyEvidence.RESIDUAL_PATTERN)


def test_estimate_state__a_branch_assumed_out_that_carries_power_is_named(run, case39):
    model = deepcopy(case39)
    model.line.loc[10, "in_service"] = False
    meters = full_set(case39)
    result = run(model, meters, noisy(meters, 2))
    assert ("line:10", False) in {(str(item.element), item.assumed_in_service) for item in result.topology}


def test_estimate_state__two_bad_sensors_are_no_wrong_topology(run, case39):
    meters = full_set(case39)
    result = run(case39, meters, noisy(meters, 4, **{"line10.p_from": 25.0, "line11.p_from": -25.0}))
    assert {names(row)[0] for row in result.rejected} == {"sensor:line10.p_from", "sensor:line11.p_from"}
    assert result.topology == ()
