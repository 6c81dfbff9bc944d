"""Equations among measurements, against states that pandapower solved."""

from copy import deepcopy

import numpy as np
import pandapower as pp
import pandapower.networks as pn
import pytest

from tests.tools.detection.synthetic_day import START
from tests.tools.memory_sources import series
from tools.detection.branch_model import branch_model
from tools.detection.constraints import build_constraints
from tools.detection.frame import build_frame
from tools.detection.redundancy import build_redundancy
from tools.element import ElementKind, ElementRef
from tools.grid.grid import Grid
from tools.telemetry.schema.sensor import Sensor, Side

SIDES = {ElementKind.LINE: (Side.FROM, Side.TO), ElementKind.TRAFO: (Side.HV, Side.LV)}
FED = (ElementKind.GEN, ElementKind.SGEN, ElementKind.EXT_GRID)


def measurements(net, noise=0.01):
    """Every power and voltage of a solved net, without any error."""
    made = {}

    def add(name, kind, index, quantity, value, side=None):
        unit = {"vm": "pu", "p": "mw", "q": "mvar"}[quantity]
        element = ElementRef(kind=kind, index=int(index))
        made[name] = (
            Sensor(name=name, element=element, quantity=quantity, unit=unit, side=side, period_s=60, noise=noise),
            float(np.nan_to_num(value)),
        )

    for bus in net.bus.index:
        add(f"bus{bus}.vm", ElementKind.BUS, bus, "vm", net.res_bus.vm_pu[bus])
    for kind in (*FED, ElementKind.LOAD, ElementKind.SHUNT):
        for index, row in net[f"res_{kind}"].iterrows():
            add(f"{kind}{index}.p", kind, index, "p", row.p_mw)
            add(f"{kind}{index}.q", kind, index, "q", row.q_mvar)
    for kind, sides in SIDES.items():
        for index, row in net[f"res_{kind}"].iterrows():
            for side in sides:
                add(f"{kind}{index}.p_{side}", kind, index, "p", row[f"p_{side}_mw"], side)
                add(f"{kind}{index}.q_{side}", kind, index, "q", row[f"q_{side}_mvar"], side)
    return made


def constraints_of(net, made, fingerprint):
    held = {name: series(sensor, START, 60, [value] * 3) for name, (sensor, value) in made.items()}
    frame = build_frame(held, [sensor for sensor, _ in made.values()], START, START.replace(minute=2))
    return frame, build_constraints(frame, frame.value, branch_model(Grid("net", fingerprint, net)))


def solved(case):
    net = getattr(pn, case)()
    pp.runpp(net, calculate_voltage_angles=True)
    return net


def worst(constraints):
    return float(np.abs(np.where(constraints.void, 0.0, constraints.residual)).max())


@pytest.mark.parametrize("case", ["case9", "case14", "case39", "case_ieee30", "case118"])
def test_build_constraints__all_hold_in_a_solved_state(case):
    net = solved(case)
    _, constraints = constraints_of(net, measurements(net), f"solved {case}")
    assert worst(constraints) < 1e-5
    # two balances a bus, three equations a branch: everything is measured
    assert len(constraints.label) == 2 * len(net.bus) + 3 * (len(net.line) + len(net.trafo))


def test_build_constraints__hold_though_the_model_does_not_know_of_an_outage():
    net = solved("case39")
    model = deepcopy(net)
    net.line.loc[14, "in_service"] = False
    pp.runpp(net, calculate_voltage_angles=True)
    _, constraints = constraints_of(model, measurements(net), "outage")
    assert worst(constraints) < 1e-5
    assert {constraints.label[row][1] for row in np.flatnonzero(constraints.void.any(axis=1))} == {"line:14"}


def test_build_constraints__need_no_tap_position_for_powers():
    net = solved("case39")
    model = deepcopy(net)
    net.trafo.loc[3, "tap_pos"] += 2
    pp.runpp(net, calculate_voltage_angles=True)
    _, constraints = constraints_of(model, measurements(net), "tap")
    broken = {constraints.label[row] for row in np.flatnonzero(np.abs(constraints.residual).max(axis=1) > 1e-5)}
    assert broken == {("vm of branch", "trafo:3")}


def test_build_constraints__merge_buses_behind_a_closed_coupler():
    net = solved("case9")
    twin = pp.create_bus(net, vn_kv=345.0)
    pp.create_switch(net, 4, twin, et="b", closed=True)
    net.load.loc[net.load.bus == 4, "bus"] = twin
    pp.runpp(net, calculate_voltage_angles=True)
    _, constraints = constraints_of(net, measurements(net), "coupler")
    assert worst(constraints) < 1e-5
    assert sum(label == "p balance" for label, _ in constraints.label) == 9


def test_build_constraints__have_no_balance_where_something_is_not_measured():
    net = solved("case9")
    made = measurements(net)
    del made["load0.p"]
    _, constraints = constraints_of(net, made, "unmeasured")
    assert sum(label == "p balance" for label, _ in constraints.label) == len(net.bus) - 1
    assert sum(label == "q balance" for label, _ in constraints.label) == len(net.bus)
    assert worst(constraints) < 1e-5


def test_build_constraints__read_other_units_and_signs():
    net = solved("case9")
    made = measurements(net)
    load, value = made["load0.p"]
    made["load0.p"] = load.model_copy(update={"unit": "kw", "sign": -1}), -1000 * value
    bus, vm_pu = made["bus4.vm"]
    made["bus4.vm"] = bus.model_copy(update={"unit": "kv"}), vm_pu * 345.0
    _, constraints = constraints_of(net, made, "units")
    assert worst(constraints) < 1e-5


def test_build_constraints__compare_sensors_of_the_same_quantity():
    net = solved("case9")
    made = measurements(net)
    first, value = made["load0.p"]
    made["twin"] = first.model_copy(update={"name": "twin"}), value + 1.5
    _, constraints = constraints_of(net, made, "twins")
    assert constraints.residual[constraints.label.index(("twins", "load0.p"))] == pytest.approx(-1.5)


@pytest.mark.parametrize("name", ["line3.p_from", "line3.q_to", "load1.p", "gen0.q", "bus5.vm", "bus0.vm"])
def test_redundancy__estimates_the_error_of_a_sensor_whether_it_is_taken_out_or_not(name):
    net = solved("case9")
    made = measurements(net)
    sensor, value = made[name]
    made[name] = sensor, value + 1e-3
    frame, constraints = constraints_of(net, made, "estimate")
    redundancy = build_redundancy(constraints, frame.noise)
    row = [item.name for item in frame.sensors].index(name)
    excluded = np.zeros_like(redundancy.void)
    for _ in range(2):
        estimate = redundancy.estimate(excluded)
        assert estimate.error(row) == pytest.approx(1e-3, rel=0.01)
        assert np.abs(estimate.score[: len(made)]).max() == pytest.approx(np.abs(estimate.score[row]).max())
        excluded[row] = True
    others = np.delete(np.abs(estimate.score), row, axis=0)
    # what is left is the curvature of the equations
    assert others.max() < 0.05 * np.abs(estimate.score[row]).max()


def test_redundancy__does_not_estimate_what_nothing_else_determines():
    net = solved("case9")
    frame, constraints = constraints_of(net, measurements(net), "undetermined")
    redundancy = build_redundancy(constraints, frame.noise)
    names = [item.name for item in frame.sensors]
    bus = int(net.load.bus[0])
    ends = [f"line{i}.p_from" for i in net.line.index[net.line.from_bus == bus]]
    ends += [f"line{i}.p_to" for i in net.line.index[net.line.to_bus == bus]]
    excluded = np.zeros_like(redundancy.void)
    # The load, and both ends of a line that leads away from it: either could make up for the other.
    far = ends[0].replace("from", "to") if "from" in ends[0] else ends[0].replace("to", "from")
    loss = [i for i, label in enumerate(redundancy.labels) if label == ("p of branch", f"line:{ends[0][4]}")]
    excluded[[names.index("load0.p"), names.index(ends[0]), names.index(far)]] = True
    excluded[[len(names) + place for place in loss]] = True
    estimate = redundancy.estimate(excluded)
    assert not np.isfinite(estimate.sigma[names.index("load0.p")]).any()
    assert np.isnan(estimate.error(names.index("load0.p"))).all()
