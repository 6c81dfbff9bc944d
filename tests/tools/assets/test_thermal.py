"""The thermal model against the standard's example, an independent integration, and another implementation."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from transformer_thermal_model.cooler import CoolerType
from transformer_thermal_model.model import Model
from transformer_thermal_model.schemas import InputProfile, UserTransformerSpecifications
from transformer_thermal_model.schemas.thermal_model.initial_state import InitialLoad
from transformer_thermal_model.transformer import PowerTransformer

from tools.assets.ageing import Insulation, ageing_rate
from tools.assets.nameplate import ThermalPlate
from tools.assets.thermal import hot_spot_rise, oil_lag_min, steady_rise, top_oil

ONAF = ThermalPlate(
    top_oil_rise_kelvin=52.0,
    loss_ratio=6.0,
    oil_exponent=0.8,
    winding_exponent=1.3,
    k11=0.5,
    k21=2.0,
    k22=2.0,
    oil_time_constant_min=150.0,
    winding_time_constant_min=7.0,
    hot_spot_rise_kelvin=26.0,
)
MINUTES = np.arange(2 * 24 * 60 + 1)


def slow_load_at(minute):
    """A course of load with a morning ramp and an evening peak."""
    day = minute / 1440 * 2 * np.pi
    return 0.8 + 0.35 * np.sin(day - 2.0) + 0.15 * np.sin(2 * day)


def load_at(minute):
    """The same with a swing of twenty minutes, as of an arc furnace."""
    return slow_load_at(minute) + 0.05 * np.sin(minute / 20 * 2 * np.pi)


def ambient_at(minute):
    return 12.0 + 8.0 * np.sin(minute / 1440 * 2 * np.pi - 2.3)


def test_thermal__worked_example_of_the_standard():
    """60 to 250 MVA, ONAF, 25.6 degC; load 1.0 for 190 min after 12.7 K of oil rise and no rise of the winding."""
    plate = ThermalPlate(38.3, 1000.0, 0.8, 1.3, 0.5, 2.0, 2.0, 150.0, 7.0, hot_spot_rise_kelvin=20.3)
    oil = top_oil(plate, np.ones(191), np.full(191, 25.6), 1.0, start_celsius=25.6 + 12.7)
    hot = oil + hot_spot_rise(plate, np.concatenate([[0.0], np.ones(190)]), 1.0)
    assert oil[-1] == pytest.approx(61.9, abs=0.05)
    assert hot[-1] == pytest.approx(83.8, abs=0.05)


@pytest.mark.parametrize("step_min", [1, 5])
def test_thermal__agrees_with_an_independent_integration(step_min):
    """Clause 8.2 as differential equations, solved by Runge and Kutta of order eight with the true load between."""

    def slope(minute, state):
        load = load_at(minute)
        losses = (1 + ONAF.loss_ratio * load**2) / (1 + ONAF.loss_ratio)
        rise = ONAF.top_oil_rise_kelvin * losses**ONAF.oil_exponent
        target = ONAF.hot_spot_rise_kelvin * load**ONAF.winding_exponent
        return [
            (ambient_at(minute) + rise - state[0]) / (0.5 * 150.0),
            (2.0 * target - state[1]) / (2.0 * 7.0),
            (1.0 * target - state[2]) / (150.0 / 2.0),
        ]

    first = ONAF.hot_spot_rise_kelvin * load_at(0) ** ONAF.winding_exponent
    begin = [ambient_at(0) + float(steady_rise(ONAF, np.array([load_at(0)]))[0]), 2.0 * first, first]
    minutes = MINUTES[::step_min]
    true = solve_ivp(slope, (0, minutes[-1]), begin, method="DOP853", t_eval=minutes, rtol=1e-8, atol=1e-8, max_step=2)
    oil = top_oil(ONAF, load_at(minutes), ambient_at(minutes), float(step_min))
    assert np.abs(oil - true.y[0]).max() < 0.1
    if step_min == 1:
        rise = hot_spot_rise(ONAF, load_at(minutes), 1.0)
        assert np.abs(oil + rise - true.y.T @ [1.0, 1.0, -1.0]).max() < 0.1


@pytest.mark.parametrize(("steps", "tolerance"), [(10, 0.1), (1, 0.2)])
def test_thermal__agrees_with_the_difference_equations_as_written(steps, tolerance):
    """Clause 8.2.3: D theta = Dt / (k11 tau) (target - theta); with Dt of a minute they lead the truth by a minute."""
    minutes = np.arange(0, MINUTES[-1] + 1e-9, 1 / steps)
    target = ambient_at(minutes) + steady_rise(ONAF, slow_load_at(minutes))
    theta = target[0]
    written = [theta]
    for heading_for in target[1:]:
        theta += 1 / steps / (0.5 * 150.0) * (heading_for - theta)
        written.append(theta)
    oil = top_oil(ONAF, slow_load_at(MINUTES), ambient_at(MINUTES), 1.0)
    assert np.abs(oil - written[::steps]).max() < tolerance


def test_thermal__agrees_with_another_implementation():
    load, ambient = load_at(MINUTES[:1440]) * 0.8, ambient_at(MINUTES[:1440])
    specs = UserTransformerSpecifications(
        load_loss=6000.0,
        no_load_loss=1000.0,
        nom_load_sec_side=1.0,
        amb_temp_surcharge=0.0,
        top_oil_temp_rise=52.0,
        end_temp_reduction=0.0,
        winding_oil_gradient=20.0,
        hot_spot_fac=1.3,
        time_const_oil=150.0,
        time_const_windings=7.0,
        oil_const_k11=0.5,
        winding_const_k21=2,
        winding_const_k22=2,
        oil_exp_x=0.8,
        winding_exp_y=1.3,
    )
    profile = InputProfile.create(
        datetime_index=[datetime(2026, 3, 10) + timedelta(minutes=int(minute)) for minute in range(1440)],  # noqa: DTZ001 - the library takes none
        load_profile=load,
        ambient_temperature_profile=ambient,
    )
    theirs = Model(
        temperature_profile=profile,
        transformer=PowerTransformer(user_specs=specs, cooling_type=CoolerType.ONAF),
        initial_condition=InitialLoad(initial_load=float(load[0])),
    ).run()
    oil = top_oil(ONAF, load, ambient, 1.0)
    hot = oil + hot_spot_rise(ONAF, load, 1.0)
    # theirs holds each load for the minute before it: a trailing half minute of difference
    assert np.abs(oil - theirs.top_oil_temp_profile.to_numpy()).max() < 0.1
    assert np.abs(hot - theirs.hot_spot_temp_profile.to_numpy()).max() < 0.3


def test_thermal__follows_a_step_with_its_time_constant():
    load = np.ones(1 + round(oil_lag_min(ONAF)))
    oil = top_oil(ONAF, load, np.zeros(len(load)), 1.0, start_celsius=0.0)
    assert oil[-1] == pytest.approx(52.0 * (1 - np.exp(-1)), abs=1e-9)


@pytest.mark.parametrize(
    ("insulation", "celsius", "rate"),
    [
        (Insulation.NORMAL, 98.0, 1.0),
        (Insulation.NORMAL, 104.0, 2.0),
        (Insulation.NORMAL, 80.0, 0.125),
        (Insulation.THERMALLY_UPGRADED, 110.0, 1.0),
        (Insulation.THERMALLY_UPGRADED, 98.0, 0.282),  # table of the standard
        (Insulation.THERMALLY_UPGRADED, 140.0, 17.2),
    ],
)
def test_ageing_rate__values_of_the_standard(insulation, celsius, rate):
    assert float(ageing_rate(np.array([celsius]), insulation)[0]) == pytest.approx(rate, rel=0.01)
