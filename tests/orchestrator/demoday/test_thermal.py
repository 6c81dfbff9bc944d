"""Top oil by IEC 60076-7, against the closed solution of its differential equation."""

import numpy as np
import pytest

from orchestrator.demoday.nameplates import transformers
from orchestrator.simulation.nameplates import FORCED_AIR
from orchestrator.simulation.thermal import LostCooling, top_oil
from tools.telemetry.schema.operations import TransformerNameplate

AIR = np.full(1440, 20.0)


def test_top_oil__rated_load_settles_at_the_rated_rise():
    assert top_oil(FORCED_AIR, np.ones(1440), AIR)[0] == pytest.approx(72.0, abs=1e-6)


def test_top_oil__no_load_settles_at_the_rise_of_the_iron():
    assert top_oil(FORCED_AIR, np.zeros(1440), AIR)[0] == pytest.approx(20 + 52 * (1 / 7) ** 0.8, abs=1e-6)


def test_top_oil__step_of_load_follows_the_exponential():
    load = np.concatenate((np.full(720, 0.4), np.full(720, 0.8)))
    oil = top_oil(FORCED_AIR, load, AIR)
    low, high = (20 + 52 * ((1 + 6 * k**2) / 7) ** 0.8 for k in (0.4, 0.8))
    start = oil[719]
    assert abs(start - low) < 0.1  # the day before ended at the higher load
    for after in (30, 75, 240):
        exact = high + (start - high) * np.exp(-after / 75.0)  # k11 times the oil's time constant
        assert oil[719 + after] == pytest.approx(exact, abs=0.15)


def test_top_oil__lost_cooling_warms_and_its_return_cools():
    load = np.full(1440, 0.5)
    lost = LostCooling(300, 700, capability=0.6)
    oil = top_oil(FORCED_AIR, load, AIR, lost)
    usual = 20 + 52 * ((1 + 6 * 0.25) / 7) ** 0.8
    without_fans = 20 + 52 * ((1 + 6 * (0.5 / 0.6) ** 2) / 7) ** 0.8
    assert np.abs(oil[:300] - usual).max() < 1e-6
    assert oil[699] == pytest.approx(without_fans, abs=0.5)
    assert oil[-1] == pytest.approx(usual, abs=0.01)
    assert np.all(np.diff(oil[299:700]) > 0)


def test_top_oil__needs_the_values_of_the_oil():
    with pytest.raises(ValueError, match="loss_ratio"):
        top_oil(TransformerNameplate(), np.ones(1440), AIR)


def test_transformers__every_nameplate_is_whole():
    for asset in transformers():
        assert asset.simulated
        assert None not in asset.nameplate.model_dump().values()
