"""What kind of episode a trouble is called, and whom it names; truth is what was put in."""

import numpy as np
import pytest

from tests.tools.detection.streaming.worlds import AT_US, NAMES, TRAINED, normal_rows
from tools.detection.schema.statistical import EpisodeKind
from tools.detection.streaming.detector import detect
from tools.detection.streaming.episodes import BRIDGED, episodes_of
from tools.detection.streaming.fitting import fit_model

START, STOP = 1300, 1600
LENGTH = STOP - START


def step(rows):
    rows[START:STOP, 1] += 3.0


def drift(rows):
    rows[START:STOP, 1] += np.linspace(0.0, 6.0, LENGTH)


def oscillation(rows):
    rows[START:STOP, 1] += 4.0 * np.sin(np.arange(LENGTH) * 2 * np.pi / 25)


def dropout(rows):
    rows[START:STOP, 1] = np.nan


def spike(rows):
    rows[START, 1] += 15.0


def multivariate(rows):
    rows[START:STOP] += np.array([2.0, -2.0, 2.0, -2.0])


def found(trouble, seed):
    rows = normal_rows(seed)
    trouble(rows)
    model = fit_model(NAMES, AT_US[:TRAINED], rows[:TRAINED])
    episodes = episodes_of(model.sensors, detect(model, AT_US[TRAINED:], rows[TRAINED:]))
    return max(episodes, key=lambda episode: (episode.score, episode.rows))


@pytest.mark.parametrize("trouble", [step, drift, oscillation, dropout, spike, multivariate])
def test_episodes__are_called_what_they_are(trouble):
    wanted = EpisodeKind(trouble.__name__)
    kinds = [found(trouble, seed).kind for seed in range(10)]
    assert kinds.count(wanted) >= 9, kinds


@pytest.mark.parametrize("trouble", [step, drift, oscillation, dropout, spike])
def test_episodes__name_the_sensor_and_the_time(trouble):
    for seed in range(5):
        episode = found(trouble, seed)
        assert episode.shares[0].sensor == "b"
        assert episode.shares[0].contribution > 0.5
        begins = 150 if trouble is drift else 25
        assert START <= episode.from_us / 1e6 <= START + begins
        assert episode.until_us / 1e6 <= STOP + 2 * BRIDGED
        assert not episode.lasting
        assert episode.score > 0.999


def test_episodes__of_all_sensors_name_them_all():
    episode = found(multivariate, 0)
    assert {share.sensor for share in episode.shares} == set(NAMES)
    assert sum(share.contribution for share in episode.shares) == pytest.approx(1.0)
    assert [share.departure > 0 for share in sorted(episode.shares, key=lambda share: share.sensor)] == [
        True,
        False,
        True,
        False,
    ]


def test_episodes__one_that_goes_on_is_lasting():
    rows = normal_rows(4)
    rows[1900:, 1] += 4.0
    model = fit_model(NAMES, AT_US[:TRAINED], rows[:TRAINED])
    *_, last = episodes_of(model.sensors, detect(model, AT_US[TRAINED:], rows[TRAINED:]))
    assert last.lasting
    assert last.until_us == AT_US[-1]


def test_episodes__none_without_alarms():
    assert list(episodes_of(NAMES, [])) == []
