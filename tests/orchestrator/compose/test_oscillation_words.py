"""What is said of oscillations and of the frequency, from a real call on a known event."""

import numpy as np
import pytest

from agents.question import Resolved
from orchestrator.compose.answers.oscillations import answer_frequency, answer_oscillations
from orchestrator.compose.not_checked import list_not_checked
from orchestrator.compose.observed import observed
from tests.orchestrator.compose.evidence import board, evidence, pen
from tests.tools.detection.oscillation.swings import channels, loss_of_generation, report
from tests.tools.detection.synthetic_day import context, measured, solved_day
from tools.detection.oscillations import detect_oscillations
from tools.detection.schema.oscillations import DetectOscillationsArguments


@pytest.fixture(scope="module")
def shown():
    trace = loss_of_generation(180, 50, at_s=80, kinetic_energy_mws=100_000, lost_mw=1000)
    trace += 0.0005 * np.random.default_rng(1).standard_normal(len(trace))
    trace += 0.005 * np.sin(2 * np.pi * 1.3 * np.arange(len(trace)) / 50)
    dead = np.zeros(len(trace))
    found = report(*channels([trace, trace, dead], 50.0), seconds=180, lost_mw=1000)
    return board(evidence("e1", "detect_oscillations", found))


def _said(answer, shown) -> str:
    return " ".join(pen(shown)(sentence).text for sentence in answer(shown, Resolved()))


def test_frequency__nadir_rate_and_inertia_are_told_and_the_dead_feed_is_no_frequency(shown):
    said = _said(answer_frequency, shown)
    assert "The frequency went from 50.000 Hz to 49." in said
    assert "first at -0.2" in said
    assert "Kinetic energy of the system: " in said
    assert "sensor:S2: no supply from 2026-03-10 12:00" in said
    assert "lowest 0" not in said


def test_oscillations__what_forces_without_harmonics_may_be_a_mode_of_no_damping(shown):
    said = _said(answer_oscillations, shown)
    assert "Oscillation at 1.3" in said
    assert "a natural mode of almost no damping looks the same" in said


def test_not_checked__says_which_modes_the_sampling_hides(shown):
    gaps = [item.text for item in list_not_checked(shown, pen(shown))]
    assert any("sampled every 0.02 s: modes above 20 Hz cannot be seen" in gap for gap in gaps)


def test_findings__the_event_and_the_forced_oscillation(shown):
    kinds = [item.kind for item in observed(shown, pen(shown))]
    assert sorted(kinds) == ["forced", "frequency_event"]


@pytest.fixture(scope="module")
def by_minute():
    """A quiet day whose readings come once a minute, none of them of the frequency."""
    truth = solved_day()
    found = detect_oscillations(context(truth, measured(truth, 3)), DetectOscillationsArguments())
    return board(evidence("e1", "detect_oscillations", found))


def test_oscillations__what_the_sampling_hides_is_not_checked_and_never_none(by_minute):
    said = _said(answer_oscillations, by_minute)
    # a reading a minute shows swings of four minutes and slower
    assert said.startswith("Slow swings, by sampling up to 0.004")
    assert "Electromechanical modes: not checked: readings come too seldom to show them" in said
    assert "Oscillations: none found" not in said


def test_oscillations__passed_over_sensors_are_no_dead_ones(by_minute):
    [held] = by_minute.evidence
    assert held.result["live_sensors"] == held.result["looked_at"]
    assert held.result["passed_over"] == held.result["sensors"] - held.result["looked_at"]
    more = board(held.model_copy(update={"result": held.result | {"passed_over": 7}}))
    assert "; sensors not looked at: 7." in _said(answer_oscillations, more)


def test_frequency__that_nobody_measures_is_not_checked(by_minute):
    assert _said(answer_frequency, by_minute).startswith("Frequency: not checked: no sensor measures it")


def test_oscillations__a_short_quiet_time_of_slow_readings_checks_nothing(by_minute):
    [held] = by_minute.evidence
    short = board(held.model_copy(update={"result": held.result | {"slow_to_hz": None, "slow_sensors": 0}}))
    said = _said(answer_oscillations, short)
    assert "none found" not in said
    assert "Slow swings: not checked" in said
