"""Questions on what detection tells, over a day with planted sensors, alarms and messages whose truth is known."""

from time import perf_counter

import numpy as np
import pytest

from cli.eval_commands import SUITES
from evals.case import load_suite
from evals.day import made_day, runner_for
from evals.day_needs import PlantedSensor, PlantedTrouble
from evals.gold import check_gold
from evals.planted import planted_series
from evals.run import run_suite, tally
from orchestrator.settings import Settings, parse_reasoner

TOOLS = {"detect_anomalies", "detect_oscillations", "assess_power_quality", "summarize_alarms", "check_protocol"}


@pytest.fixture(scope="module")
def suite():
    return load_suite(SUITES / "detection.yaml")


def test_planted_series__holds_what_was_asked_for():
    step = PlantedTrouble(kind="step", from_min=60, until_min=120, size=5.0)
    drift = PlantedTrouble(kind="drift", from_min=600, until_min=700, size=10.0)
    one = PlantedSensor(
        name="x", quantity="flow", period_s=60, from_min=-60, level=20.0, noise=1e-9, troubles=(step, drift)
    )
    held = planted_series(one, 3)
    value = held.value[60:]  # from midnight on
    assert len(held) == 1500
    assert held.value[:60] == pytest.approx(np.full(60, 20.0))
    assert value[60:120] == pytest.approx(np.full(60, 25.0))
    assert value[120:600] == pytest.approx(np.full(480, 20.0))
    assert value[650] == pytest.approx(25.0)  # half of the way


def test_planted_series__an_oscillation_has_its_frequency_and_amplitude():
    swing = PlantedTrouble(kind="oscillation", from_min=0, until_min=2, size=0.5, frequency_hz=0.25)
    held = planted_series(
        PlantedSensor(
            name="x", quantity="frequency", period_s=0.5, until_min=2, level=50, noise=1e-9, troubles=(swing,)
        ),
        3,
    )
    spectrum = np.abs(np.fft.rfft(held.value - 50.0)) * 2 / len(held)
    frequency = np.fft.rfftfreq(len(held), 0.5)
    assert frequency[spectrum.argmax()] == pytest.approx(0.25)
    assert spectrum.max() == pytest.approx(0.5, rel=1e-6)


def test_detection_suite__asks_of_every_tool_that_detects(suite):
    assert {tool for case in suite.cases for tool in case.tools} == TOOLS
    assert all(1 <= len(case.rewordings) <= 3 for case in suite.cases)


@pytest.mark.timeout(600)
def test_detection_gold__the_day_gives_every_value_again(suite):
    checks = list(check_gold(suite))
    assert len(checks) >= 15
    assert not [(item.case, item.place, item.written, item.recomputed) for item in checks if not item.holds]


@pytest.mark.timeout(1800)
def test_detection_suite__every_wording_is_answered_right(suite, tmp_path):
    embedded = parse_reasoner("embedded")
    with runner_for(suite, Settings(_env_file=None, home=tmp_path)) as runner:
        outcomes = tuple(run_suite(suite, lambda asked: runner.ask(asked, embedded), perf_counter, reworded=True))
    amiss = [f"{item.case}[{item.phrasing}] {item.question}: {item.reasons}" for item in outcomes if not item.passed]
    assert not amiss
    assert tally(outcomes).numbers_checked > 25


def test_made_day__a_suite_without_plants_has_its_own_logs_alone(suite):
    bare = suite.day.model_copy(update={"planted": (), "alarms": (), "traffic": None})
    made = made_day(bare)
    assert made.logs == ()
    assert made.troubles == made.day.truth
