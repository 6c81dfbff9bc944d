"""Sensors of every kind, unit and sign mean what they say."""

from tests.tools.grid.estimation.estimating import (
    Meter,
    full_set,
    meter,
    names,
    noisy,
    solved,
    worst_voltage_error,
)
from tools.element import ElementKind, ElementRef
from tools.grid.schema.estimation import EstimateStateArguments
from tools.telemetry.schema.sensor import Sensor, Side


def test_estimate_state__injections_of_buses_leave_their_shunts_out(run):
    """pandapower's bus results hold the shunts: case14 has one of 19 Mvar at bus 8."""
    net = solved("case14")
    meters = [one for one in full_set(net) if one.sensor.side is not None or one.sensor.quantity == "vm"]
    meters += [meter(net, "bus", int(bus), quantity, noise=0.5) for bus in net.bus.index for quantity in ("p", "q")]
    meters.append(meter(net, "shunt", 0, "q", noise=0.5))
    result = run(net, meters)
    assert worst_voltage_error(net, result) < 1e-6
    assert result.objective < 1e-9
    alone = [one for one in full_set(net) if one.sensor.side is None]
    assert worst_voltage_error(net, run(net, alone)) < 1e-6


def test_estimate_state__units_signs_and_kilovolts_are_read(run, case39):
    meters, values = full_set(case39), []
    turned = []
    for one in meters:
        if one.sensor.quantity == "vm":
            scale, update = float(case39.bus.vn_kv[one.sensor.element.index]), {"unit": "kv"}
        elif one.sensor.quantity == "p":
            scale, update = -1000.0, {"unit": "kw", "sign": -1}
        else:
            scale, update = 1.0, {}
        update["noise"] = one.sensor.noise * abs(scale)
        turned.append(Meter(one.sensor.model_copy(update=update), one.true * scale))
        values.append(one.true * scale)
    result = run(case39, turned, values)
    assert worst_voltage_error(case39, result) < 1e-6
    assert result.objective < 1e-9


def test_estimate_state__phasor_angles_count_whatever_their_clock_says(run, case39):
    """All angles share an unknown offset, so one of them alone tells nothing, and two tell a difference."""
    phasors = [meter(case39, "bus", index, "va", noise=0.01) for index in (2, 15, 25)]
    shifted = [Meter(one.sensor, one.true + 40.0) for one in phasors]
    plain = full_set(case39)
    result = run(case39, plain + shifted)
    assert worst_voltage_error(case39, result) < 1e-6
    alone = run(case39, [*plain, shifted[0]])
    assert [names(row) for row in alone.critical] == [["sensor:bus2.va"]]
    better, without = (
        run(case39, plain + shifted, args=EstimateStateArguments(elements=("bus:15",))),
        run(case39, plain, args=EstimateStateArguments(elements=("bus:15",))),
    )
    assert better.buses[0].error_va_degree <= without.buses[0].error_va_degree
    wrong = run(case39, [*plain, *shifted[:2], Meter(shifted[2].sensor, shifted[2].true + 1.0)])
    assert [names(row) for row in wrong.rejected] == [["sensor:bus25.va"]]


def test_estimate_state__current_magnitudes_add_to_the_estimate(run, case39):
    currents = [
        meter(case39, "line", int(index), "i", side, noise=0.002)
        for index in case39.line.index
        for side in ("from", "to")
    ]
    meters = full_set(case39) + currents
    exact = run(case39, meters)
    assert worst_voltage_error(case39, exact) < 1e-6
    result = run(case39, meters, noisy(meters, 9, **{"line4.i_from": 40.0}))
    assert [names(row) for row in result.rejected] == [["sensor:line4.i_from"]]


def test_estimate_state__sensors_that_say_nothing_of_the_state_are_counted(run, case39):
    def odd(name, kind, **more):
        ref = ElementRef(kind=ElementKind(kind), index=0, name="")
        return Meter(Sensor(name=name, element=ref, **more), 1.0)

    odd_ones = [
        odd("oil", "trafo", quantity="top_oil_temperature", unit="celsius"),
        odd("nowhere", "line", quantity="p", unit="mw"),
        odd("strange", "line", quantity="p", unit="percent", side=Side.FROM),
    ]
    result = run(case39, full_set(case39) + odd_ones)
    assert sum(left.count for left in result.measurements_covered.left_out) == 3
    assert worst_voltage_error(case39, result) < 1e-6
