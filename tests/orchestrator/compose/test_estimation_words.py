"""What an estimate leaves open and doubts is said, and no number of an unobservable bus is."""

from copy import deepcopy

import pandapower as pp
import pytest

from agents.question import Resolved
from orchestrator.compose.answers.estimation import answer_estimation
from tests.orchestrator.compose.evidence import board, evidence, pen
from tests.tools.grid.estimation.estimating import ALL, context, full_set, meter, noisy, solved, telemetry
from tools.grid.grid import Grid
from tools.grid.state_estimation import estimate_state


@pytest.fixture(scope="module")
def case39():
    return solved("case39")


def _said(net, meters, values=None):
    grid = Grid(name="case39", fingerprint=f"words{len(meters)}", net=net)
    result = estimate_state(context(grid, telemetry(meters, values)), ALL)
    shown = board(evidence("e1", "estimate_state", result))
    say = pen(shown)
    return result, [say(sentence).text for sentence in answer_estimation(shown, Resolved())]


def test_answer_estimation__names_what_is_not_determined_without_a_number_for_it(case39):
    meters = [one for one in full_set(case39) if one.sensor.side is None and one.sensor.name not in {"bus7.vm"}]
    meters = [one for one in meters if not one.sensor.name.startswith(("load4.", "load6.", "load8."))]
    result, told = _said(deepcopy(case39), meters)
    assert result.unobservable
    dark = next(text for text in told if "do not determine" in text)
    assert f"bus:{result.unobservable[0].index} " in dark
    assert "no value is given" in dark
    assert "partly" in told[0]


def test_answer_estimation__says_which_errors_cannot_be_detected(case39):
    meters = [
        meter(case39, "bus", 28, "vm"),
        meter(case39, "line", 33, "p", "from"),
        meter(case39, "line", 33, "q", "from"),
    ]
    result, told = _said(deepcopy(case39), meters)
    assert result.critical_measurements == 3
    assert any("cannot be detected" in text and "sensor:line33.p_from" in text for text in told)


def test_answer_estimation__says_which_status_is_doubted(case39):
    truth = deepcopy(case39)
    truth.line.loc[10, "in_service"] = False
    pp.runpp(truth, tolerance_mva=1e-10)
    meters = full_set(truth)
    _, told = _said(deepcopy(case39), meters, noisy(meters, 2))
    assert "topology suspected" in told[0]
    assert any("Status doubted: line:10" in text and "assumed in service" in text for text in told)
