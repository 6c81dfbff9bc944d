"""Island frequencies by hand."""

import numpy as np
import pytest

from tools.errors import InvalidArgumentError
from tools.grid.cascading.frequency import Machines, balance, control
from tools.grid.schema.cascade import FrequencySettings, SheddingStage

BY = control(FrequencySettings(), 50.0)


def machines(p_mw, most_mw):
    p, most = np.array(p_mw, dtype=float), np.array(most_mw, dtype=float)
    return Machines(p, np.zeros(len(p)), most, BY.gain_mw_per_hz(most))


def test_balance__droop_and_damping_share_a_shortage():
    # 5 % droop: 100 MW give 40 MW/Hz each; 140 MW of load lose 1 % for 1 % of 50 Hz: 2.8 MW/Hz
    found = balance(machines([50, 50], [100, 100]), 140.0, 0.0, BY)
    assert found.deviation_hz == pytest.approx(-40 / 82.8, abs=1e-9)
    assert found.p_mw == pytest.approx([50 + 40 * 40 / 82.8] * 2)
    assert found.free.all()


def test_balance__a_unit_at_its_limit_gives_no_more():
    # the first unit has 5 MW left; the second answers alone: (30 - 5) / (40 + 2.6)
    found = balance(machines([95, 5], [100, 100]), 130.0, 0.0, BY)
    assert found.p_mw[0] == pytest.approx(100)
    assert found.deviation_hz == pytest.approx(-25 / 42.6, abs=1e-9)
    assert found.free.tolist() == [False, True]


def test_balance__in_balance_nothing_moves():
    assert balance(machines([60, 40], [100, 100]), 98.0, 2.0, BY).deviation_hz == 0.0


def test_balance__damping_alone_when_all_units_are_at_their_limit():
    # 70 MW for 71 MW of load: 71 (1 + df / 50) = 70
    assert balance(machines([70], [70]), 71.0, 0.0, BY).deviation_hz == pytest.approx(-50 / 71, abs=1e-8)


def test_balance__without_a_balance_the_farthest_frequency():
    assert balance(machines([1], [1]), 100.0, 0.0, BY).deviation_hz == pytest.approx(-10, abs=1e-6)


def test_control__the_european_scheme():
    """(EU) 2017/2196, annex: from 49.0 Hz with 5 % to 48.0 Hz, 45 % in all, six stages, none above 10 %."""
    stages = BY.stages
    assert (stages[0].frequency_hz, stages[0].shed_percent, stages[-1].frequency_hz) == (49.0, 5.0, 48.0)
    assert sum(stage.shed_percent for stage in stages) == 45
    assert len(stages) >= 6
    assert max(stage.shed_percent for stage in stages) <= 10


@pytest.mark.parametrize(
    "settings",
    [
        FrequencySettings(
            stages=(SheddingStage(frequency_hz=48.0, shed_percent=5), SheddingStage(frequency_hz=49.0, shed_percent=5))
        ),
        FrequencySettings(stages=(SheddingStage(frequency_hz=50.5, shed_percent=5),)),
        FrequencySettings(lowest_hz=51.0),
        FrequencySettings(highest_hz=75.0),
    ],
)
def test_control__frequencies_that_cannot_be(settings):
    with pytest.raises(InvalidArgumentError, match="frequency"):
        control(settings, 50.0)
