"""Hours of simulated days: what they are labelled with, and that they can be drawn again."""

import numpy as np
import pytest

from orchestrator.risk.samples import simulated_samples
from orchestrator.scenarios.schema.troubles import TroubleKind
from tools.detection.risk.features import NAMES
from tools.errors import InvalidArgumentError


def test_simulated_samples__label_the_hours_that_a_trouble_touches():
    """A guessing fails at least five times within ten minutes: hours with that many failures, and no others."""
    samples = simulated_samples(1, 1009, (TroubleKind.GUESSING,))
    failed = samples.figures[:, NAMES.index("failed_logins")]
    assert len(samples) == 4
    assert samples.day.tolist() == [0] * 4
    assert set(samples.kind) == {"guessing"}
    assert samples.incident.any()
    assert failed[samples.incident].max() >= 5
    assert not (failed[~samples.incident] >= 5).any()
    again = simulated_samples(1, 1009, (TroubleKind.GUESSING,))
    np.testing.assert_array_equal(again.figures, samples.figures)


def test_simulated_samples__refuse_fewer_than_one_of_each_kind():
    with pytest.raises(InvalidArgumentError, match="count = 11: at least 12"):
        simulated_samples(11, 1009)
