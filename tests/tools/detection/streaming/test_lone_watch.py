"""Episodes of a lone sensor: what injected troubles are called, when they begin, how seldom nothing is called one."""

import numpy as np
import pytest

from tools.detection.schema.statistical import EpisodeKind
from tools.detection.streaming.lone_watch import LoneWatch, surprise_of, watch
from tools.detection.streaming.single import FALSE_ALARM_RATE, chance_of

MINUTE_US = 60_000_000
HISTORY, DAY, AT = 2880, 1440, 600


def noise(seed):
    return np.random.default_rng(seed).normal(size=HISTORY + DAY)


def told(values, *, kept=slice(None), period_us=MINUTE_US):
    """Episodes in minutes of the judged day, by kind."""
    at_us = np.arange(len(values), dtype=np.int64) * MINUTE_US
    lone = LoneWatch("t")
    lone.learn(at_us[:HISTORY], values[:HISTORY], period_us)
    judged = list(zip(at_us[HISTORY:].tolist(), values[HISTORY:].tolist(), strict=True))[kept]
    return list(watch("t", judged, int(at_us[-1]), lone))


def minutes(episode):
    return episode.from_us // MINUTE_US - HISTORY, episode.until_us // MINUTE_US - HISTORY


def test_surprise_of__is_the_inverse_of_the_chance():
    for chance in (0.01, 1e-4, 1e-8):
        assert chance_of(surprise_of(chance)) == pytest.approx(chance)


@pytest.mark.parametrize("seed", range(1000, 1005))
def test_lone_watch__white_noise_has_hardly_an_episode(seed):
    # a day of minutes holds 0.14 alarms at the stated rate
    assert len(told(noise(seed))) <= 1


def test_lone_watch__heavy_tails_of_the_history_are_allowed_for():
    values = [np.random.default_rng(seed).standard_t(4, size=HISTORY + DAY) for seed in range(1000, 1010)]
    wild = sum(len(told(value)) for value in values)
    # without the history's word each value beyond the Gaussian limit would be told: 4 in a thousand, 57 in ten days
    assert wild <= 25


@pytest.mark.parametrize("seed", [1000, 1001])
@pytest.mark.parametrize("height", [15.0, 500.0])
def test_lone_watch__a_single_wild_value_is_a_spike_however_high(seed, height):
    values = noise(seed)
    values[HISTORY + AT] += height
    [found] = told(values)
    assert found.kind is EpisodeKind.SPIKE
    assert minutes(found)[0] == AT
    assert found.shares[0].departure > 0.9 * height


@pytest.mark.parametrize("seed", [1000, 1001])
@pytest.mark.parametrize(("height", "late"), [(3.0, 8), (10.0, 1)])
def test_lone_watch__a_new_level_is_a_step(seed, height, late):
    values = noise(seed)
    values[HISTORY + AT : HISTORY + AT + 120] += height
    found = max(told(values), key=lambda item: item.rows)
    assert found.kind is EpisodeKind.STEP
    assert AT <= minutes(found)[0] <= AT + late
    assert abs(minutes(found)[1] - (AT + 119)) <= 15


@pytest.mark.parametrize("seed", [1000, 1001])
def test_lone_watch__a_slow_rise_is_a_drift(seed):
    values = noise(seed)
    values[HISTORY + AT :] += 0.01 * np.arange(DAY - AT)
    found = max(told(values), key=lambda item: item.rows)
    assert found.kind is EpisodeKind.DRIFT


def test_lone_watch__swings_about_the_level_are_an_oscillation():
    values = noise(1000)
    values[HISTORY + AT : HISTORY + AT + 200] += 6 * np.sin(np.arange(200) * 2 * np.pi / 20)
    found = max(told(values), key=lambda item: item.rows)
    assert found.kind is EpisodeKind.OSCILLATION


def test_lone_watch__a_pause_is_a_dropout_only_where_a_period_is_declared():
    values = noise(1000)
    at_us = np.arange(len(values), dtype=np.int64) * MINUTE_US
    there = np.ones(DAY, dtype=bool)
    there[AT : AT + 50] = False
    judged = list(zip(at_us[HISTORY:][there].tolist(), values[HISTORY:][there].tolist(), strict=True))
    for period_us, expected in ((MINUTE_US, [(AT + 4, AT + 50)]), (None, [])):
        lone = LoneWatch("t")
        lone.learn(at_us[:HISTORY], values[:HISTORY], period_us)
        found = list(watch("t", judged, int(at_us[-1]), lone))
        assert [minutes(item) for item in found if item.kind is EpisodeKind.DROPOUT] == expected


def test_lone_watch__silence_to_the_end_lasts():
    values = noise(1000)
    found = told(values, kept=slice(0, AT))
    assert [(item.kind, item.lasting, minutes(item)[0]) for item in found] == [(EpisodeKind.DROPOUT, True, AT + 4)]


def test_lone_watch__the_history_says_how_often_it_was_beyond():
    values = noise(1001)
    at_us = np.arange(len(values), dtype=np.int64) * MINUTE_US
    learnt = LoneWatch("t").learn(at_us[:HISTORY], values[:HISTORY], MINUTE_US)
    assert learnt.values == HISTORY
    assert learnt.beyond < 10 * FALSE_ALARM_RATE
    assert learnt.silent_us == 5 * MINUTE_US
