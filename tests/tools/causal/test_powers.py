"""Powers that nobody measures, from the balance of their bus, against what they truly are."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.tools.causal.worlds import without
from tests.tools.detection.faults import biased
from tests.tools.detection.synthetic_day import END, START, context, measured, solved_day
from tools.causal.powers import powers_of, untrusted
from tools.detection.diagnosis import diagnose
from tools.element import ElementKind


def looked(value, *hidden):
    truth = solved_day()
    kept = without(truth, *hidden) if hidden else list(range(len(truth.sensors)))
    seen = replace(truth, sensors=tuple(truth.sensors[row] for row in kept), value=truth.value[kept])
    diagnosis = diagnose(context(seen, value[kept]), START, END)
    return diagnosis, powers_of(diagnosis, diagnosis.model)


def test_powers__of_a_day_with_every_sensor_are_all_measured_and_none_is_hidden():
    diagnosis, powers = looked(measured(solved_day(), 1))
    assert powers.hidden == ()
    assert all(power.row is not None for power in (*powers.injections.values(), *powers.ends.values()))
    assert set(powers.injections) >= {"load:7", "gen:4", "ext_grid:0"}
    assert diagnosis.frame.value.shape[0] == len(solved_day().sensors)


@pytest.mark.parametrize(
    ("hidden", "name", "sensor"),
    [("load7.", "load:7", "load7.p"), ("gen4.", "gen:4", "gen4.p")],
)
def test_powers__an_unmeasured_load_or_unit_is_the_balance_of_its_bus(hidden, name, sensor):
    truth = solved_day()
    _, powers = looked(measured(truth, 2), hidden)
    assert [str(one) for one in powers.hidden] == [name]
    power = powers.injections[name]
    assert power.row is None
    apart = power.value - truth.value[truth.row(sensor)]
    assert abs(float(np.mean(apart))) < power.sigma / 10
    assert float(np.std(apart)) == pytest.approx(power.sigma, rel=0.1)


def test_powers__an_unmeasured_branch_is_told_at_the_ends_where_all_else_is_measured():
    truth = solved_day()
    _, powers = looked(measured(truth, 3), "line5.")
    ends = {side: powers.ends[(ElementKind.LINE, 5, side)] for side in ("from", "to")}
    for side, power in ends.items():
        apart = power.value - truth.value[truth.row(f"line5.p_{side}")]
        assert abs(float(np.mean(apart))) < power.sigma / 5


def test_powers__a_sensor_that_is_known_to_be_wrong_is_replaced_by_what_the_others_imply():
    truth = solved_day()
    value = biased(truth, measured(truth, 4), "load7.p", slice(500, 650), 12)
    diagnosis, powers = looked(value)
    power = powers.injections["load:7"]
    assert untrusted(diagnosis, power.row)[510:640].all()
    apart = power.value - truth.value[truth.row("load7.p")]
    assert abs(float(np.mean(apart[510:640]))) < power.sigma
    assert timedelta(seconds=diagnosis.frame.step_s) == timedelta(minutes=1)
