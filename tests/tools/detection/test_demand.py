"""Loads on synthetic days: a shift of one of them is found with its size, and the common course of all is none."""

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.stats import binom

from tools.detection.demand import FALSE_ALARMS, demand_shifts
from tools.detection.frame import Frame
from tools.detection.identify import Verdicts
from tools.element import ElementKind, ElementRef
from tools.telemetry.schema.sensor import Sensor

STEPS, LOADS, NOISE = 1440, 6, 0.3
FIRST, STOP = 600, 700


def _sensor(load: int, quantity: str) -> Sensor:
    return Sensor(
        name=f"load{load}.{quantity}",
        grid="synthetic",
        element=ElementRef(kind=ElementKind.LOAD, index=load, name=""),
        quantity=quantity,
        unit="mw" if quantity == "p" else "mvar",
        period_s=60.0,
        stale_after_s=300.0,
        noise=NOISE,
        simulated=True,
    )


def day(seed: int, extra: float = 0.0, of: int = 2) -> tuple[Frame, np.ndarray]:
    """Six loads of 100 MW with a common daily course, each wandering by 0.6 % with a memory of 45 minutes."""
    chance = np.random.default_rng(seed)
    hour = np.arange(STEPS) / 60
    keep = np.exp(-1 / 45)
    rows, sensors = [], []
    for load in range(LOADS):
        course = 1 + 0.25 * np.sin((hour - 9 - 0.3 * load) * 2 * np.pi / 24)
        push = chance.standard_normal(STEPS + 300) * 0.006 * np.sqrt(1 - keep**2)
        share = course * (1 + lfilter([1.0], [1.0, -keep], push)[300:])
        drawn = {"p": 100 * share, "q": 30 * (0.35 + 0.65 * share)}
        for quantity, values in drawn.items():
            if load == of:
                values[FIRST:STOP] *= 1 + extra
            rows.append(values)
            sensors.append(_sensor(load, quantity))
    true = np.array(rows)
    value = true + NOISE * chance.standard_normal(true.shape)
    at_us = np.arange(STEPS, dtype=np.int64) * 60_000_000
    return Frame(tuple(sensors), at_us, value, np.full(len(value), NOISE), 60.0, thinned=False), true


def verdicts_of(true: np.ndarray, seed: int) -> Verdicts:
    """All others imply the truth with twice the error of the sensor."""
    others = true + 2 * NOISE * np.random.default_rng([seed, 1]).standard_normal(true.shape)
    sigma = np.full(true.shape, NOISE * np.sqrt(5))
    return Verdicts((), (), others, sigma, np.ones(len(true), dtype=bool), 6.0, 6.0)


@pytest.mark.parametrize("extra", [0.03, 0.2, -0.1])
def test_demand_shifts__finds_begin_end_and_size(extra):
    frame, true = day(1, extra)
    [found] = demand_shifts(frame, verdicts_of(true, 1))
    assert frame.sensors[found.row].name == "load2.p"
    assert (found.first, found.stop) == (pytest.approx(FIRST, abs=2), pytest.approx(STOP, abs=2))
    assert found.excess == pytest.approx(extra * float(true[4, FIRST:STOP].mean()) / (1 + extra), abs=1.0)
    assert not found.lasting


def test_demand_shifts__on_ordinary_days_chance_makes_no_more_than_was_said():
    days = 30
    said = sum(bool(list(demand_shifts(day(seed)[0], verdicts_of(day(seed)[1], seed)))) for seed in range(days))
    assert said <= binom.isf(0.001, days, FALSE_ALARMS)


def test_demand_shifts__by_its_reactive_power_where_its_active_power_is_lost_in_the_noise():
    frame, true = day(1, 0.05)
    true[4] *= 0.02
    frame.value[4] = true[4] + NOISE * np.random.default_rng(3).standard_normal(STEPS)
    [found] = demand_shifts(frame, verdicts_of(true, 1))
    assert frame.sensors[found.row].name == "load2.q"
    assert (found.first, found.stop) == (pytest.approx(FIRST, abs=5), pytest.approx(STOP, abs=5))
    assert found.excess == pytest.approx(0.05 * float(true[5, FIRST:STOP].mean()) / 1.05, abs=0.3)


def test_demand_shifts__a_sensor_that_no_flow_confirms_says_nothing_of_the_load():
    frame, true = day(1, 0.2)
    verdicts = verdicts_of(true, 1)
    verdicts.redundant[:] = False
    assert not list(demand_shifts(frame, verdicts))
