"""What is said of power quality: no week is claimed from a day."""

import numpy as np

from agents.question import Resolved
from orchestrator.compose.answers.power_quality import answer_power_quality
from orchestrator.compose.not_checked import list_not_checked
from tests.orchestrator.compose.evidence import board, evidence, pen
from tests.tools.detection.power_quality.test_assess import MONDAY, _assess, _sensor
from tests.tools.memory_sources import series


def _shown(period_s: float, values, days: float):
    return board(
        evidence("e1", "assess_power_quality", _assess(series(_sensor(), MONDAY, period_s, values), days=days))
    )


def _said(shown) -> str:
    return " ".join(pen(shown)(sentence).text for sentence in answer_power_quality(shown, Resolved()))


def test_power_quality__a_day_is_open_and_its_clause_is_named():
    said = _said(_shown(60, np.ones(1440), 1))
    assert "broken: 0, kept: 0, open (the time is shorter than that of the standard): 2" in said
    assert "kept so far" in said
    assert "of which were seen 14.3 %" in said
    assert "(EN 50160, Clause 4.2.2)" in said


def test_power_quality__a_dip_has_residual_voltage_and_duration():
    volts = np.ones(36_000)
    volts[6000:6030] = 0.62
    said = _said(_shown(0.1, volts, 1 / 24))
    assert "dip at 2026-03-09 00:10 UTC, residual voltage 0.62 pu for 3 s" in said
    assert "tolerated by the ITI curve: no" in said


def test_power_quality__what_has_no_sensor_is_not_checked():
    shown = _shown(60, np.ones(1440), 1)
    gaps = [item.text for item in list_not_checked(shown, pen(shown))]
    assert "1 thd: no sensor measures it" in gaps
