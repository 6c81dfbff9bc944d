"""The scalar processes give what the whole covariance matrix gives, inverted by force."""

import numpy as np
import pytest

from orchestrator.scenarios.unknown_course import UnknownCourse

STEPS, KEEP, WANDER = 25, 0.8, 0.4


@pytest.fixture
def chance():
    return np.random.default_rng(8)


def _covariance(follows, curves):
    """Of all readings, sensor by sensor with its steps inside: unit noise, and what the loads do."""
    steps = np.arange(STEPS)
    course = WANDER**2 * KEEP ** np.abs(steps[:, None] - steps) + curves @ curves.T
    return np.eye(len(follows) * STEPS) + np.kron(follows @ follows.T, course)


def test_snr__is_that_of_the_whole_covariance(chance):
    follows, curves = chance.standard_normal((5, 3)), chance.standard_normal((STEPS, 2))
    signature = chance.standard_normal((5, STEPS))
    names = [f"s{number}" for number in range(5)]
    course = UnknownCourse(dict(zip(names, follows, strict=True)), WANDER, KEEP, curves)
    whole = signature.ravel()
    expected = np.sqrt(whole @ np.linalg.solve(_covariance(follows, curves), whole))
    assert course.snr(dict(zip(names, signature, strict=True))) == pytest.approx(expected)


def test_snr__of_a_sensor_that_no_load_moves_is_that_in_its_noise(chance):
    course = UnknownCourse({"moved": np.array([50.0])}, WANDER, KEEP, np.zeros((STEPS, 0)))
    signature = chance.standard_normal(STEPS)
    assert course.snr({"still": signature}) == pytest.approx(np.linalg.norm(signature))
    assert course.snr({"moved": signature}) < np.linalg.norm(signature) / 5


def test_detectability__an_overload_that_the_loads_own_wandering_hides_cannot_be_seen(made):
    """A lone sensor of active power on a load: 1 % of it is 3 of its errors, yet it moves by more each half hour."""
    shared = {
        "period": {"hours": 4},
        "measurement": {"only": ["load2.p"], "noise_percent": 0.3},
        "profiles": {"wander_percent": 3.0},
    }
    trouble = {"kind": "overload", "element": "load:2", "start_min": 100, "duration_min": 60, "extra_percent": 1.0}
    found = made(trouble, **shared).truth[0].detectability
    assert found.snr_known_course > 2 * found.threshold
    assert not found.detectable
