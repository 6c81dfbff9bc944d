"""Verdicts of the streaming detector."""

import numpy as np
import pytest

from tests.tools.detection.streaming.worlds import AT_US, NAMES, ROWS, TRAINED, normal_rows
from tools.detection.streaming.detector import StreamingDetector, detect
from tools.detection.streaming.fitting import LEAST_ROWS, MOST_SENSORS, fit_model
from tools.detection.streaming.limits import FALSE_ALARM_RATE, Chart
from tools.errors import InvalidArgumentError


def model_of(rows):
    return fit_model(NAMES, AT_US[:TRAINED], rows[:TRAINED])


def judged(rows):
    return list(detect(model_of(rows), AT_US[TRAINED:], rows[TRAINED:]))


def bits(verdict):
    parts = (verdict.contribution, verdict.departure, verdict.silent)
    return verdict.at_us, verdict.alarm, verdict.score.hex(), verdict.charts, *(part.tobytes() for part in parts)


@pytest.mark.parametrize("seed", range(3))
def test_detect__stored_and_streamed_rows_get_the_same_verdicts_bit_for_bit(seed):
    rows = normal_rows(seed)
    rows[1300:1500, 1] += 3.0
    rows[1600:1620, 2] = np.nan
    model = model_of(rows)
    stored = [bits(verdict) for verdict in detect(model, AT_US[TRAINED:], rows[TRAINED:])]
    detector = StreamingDetector(model)
    streamed = [
        bits(detector.update(int(at), row.copy())) for at, row in zip(AT_US, rows, strict=True) if at >= AT_US[TRAINED]
    ]
    assert stored == streamed


def test_detect__sees_nothing_of_later_rows():
    rows = normal_rows(0)
    model = model_of(rows)
    other = rows.copy()
    other[1500:] += 50.0
    before = [bits(v) for v in detect(model, AT_US[TRAINED:1500], rows[TRAINED:1500])]
    assert before == [bits(v) for v in detect(model, AT_US[TRAINED:], other[TRAINED:])][: 1500 - TRAINED]


def test_detect__normal_rows_are_beyond_the_limits_as_often_as_stated():
    verdicts = [verdict for seed in range(30) for verdict in judged(normal_rows(seed))]
    beyond = np.mean([verdict.score >= 1 - FALSE_ALARM_RATE for verdict in verdicts])
    assert FALSE_ALARM_RATE / 3 < beyond < 2 * FALSE_ALARM_RATE
    # An alarm goes on until the warning limit, a few rows.
    assert np.mean([verdict.alarm for verdict in verdicts]) < 5 * FALSE_ALARM_RATE


def test_detect__a_shifted_sensor_is_named_and_the_alarm_ends():
    rows = normal_rows(1)
    rows[1300:1500, 1] += 3.0
    verdicts = judged(rows)
    during = verdicts[320:500]
    assert all(verdict.alarm and verdict.score > 0.999 for verdict in during)
    assert all(NAMES[int(verdict.contribution.argmax())] == "b" for verdict in during)
    assert during[0].departure[1] > 5.0
    assert not any(verdict.alarm for verdict in verdicts[530:600])


def test_detect__sensors_that_no_longer_move_together_jolt():
    rows = normal_rows(2)
    before = np.corrcoef(rows[:TRAINED].T)[0, 1]
    assert before == pytest.approx(0.5, abs=0.1)
    rows[1400, 0] += 3.2
    rows[1400, 1] -= 3.2  # each alone is not rare in a thousand rows; both at once against each other are
    [jolted] = [verdict for verdict in judged(rows) if verdict.at_us == AT_US[1400]]
    assert Chart.JOLT in jolted.charts


def test_detect__a_silent_sensor_is_a_dropout_after_five_rows():
    rows = normal_rows(3)
    rows[1400:1450, 2] = np.nan
    silent = {int(verdict.at_us // 1_000_000) for verdict in judged(rows) if verdict.silent[2]}
    assert silent == set(range(1404, 1450))


def test_detect__a_sensor_that_often_pauses_is_not_silent_at_once():
    rows = normal_rows(3)
    rows[200:220, 2] = np.nan
    rows[1400:1420, 2] = np.nan
    assert not any(verdict.silent.any() for verdict in judged(rows))


def test_detect__a_wandering_sensor_may_leave_its_mean():
    rng = np.random.default_rng(5)
    share = []
    for _ in range(10):
        rows = normal_rows(int(rng.integers(1000)))
        rows[:, 3] += np.cumsum(rng.normal(0, 0.1, ROWS))
        share.append(np.mean([verdict.alarm for verdict in judged(rows)]))
    # Its level after a thousand more rows lies about three of its training deviations off.
    assert np.median(share) < 0.05


def test_fit_model__leaves_out_what_cannot_be_modelled_and_says_why():
    rows = normal_rows(0)
    rows[:, 1] = 5.0
    rows[:, 2] = np.nan
    model = model_of(rows)
    assert model.sensors == ("a", "d")
    assert {item.name: item.reason.split(":")[0] for item in model.left_out} == {
        "b": "constant in training, or in a part of it",
        "c": "more than a fifth of the training values is missing",
    }
    assert not any(verdict.alarm for verdict in list(detect(model, AT_US[TRAINED:], rows[TRAINED:]))[:200])


@pytest.mark.parametrize("still", [slice(0, 800), slice(700, TRAINED)])
def test_fit_model__leaves_out_a_sensor_that_stood_still_for_a_part_of_training(still):
    rows = normal_rows(0)
    rows[still, 1] = 4.0
    assert model_of(rows).sensors == ("a", "c", "d")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (np.zeros((0, 4)), "0 training rows"),
        (np.zeros((1, 4)), "1 training rows"),
        (np.full((LEAST_ROWS, 4), np.nan), "none of 4 sensors"),
        (np.ones((LEAST_ROWS, 4)), "none of 4 sensors"),
        (np.full((LEAST_ROWS, 4), np.inf), "infinite"),
        (np.zeros((LEAST_ROWS, 3)), "4 columns"),
    ],
)
def test_fit_model__names_what_is_wrong_with_rows(rows, said):
    with pytest.raises(InvalidArgumentError, match=said):
        fit_model(NAMES, AT_US[: len(rows)], rows)


@pytest.mark.parametrize("times", [AT_US[:LEAST_ROWS][::-1], np.zeros(LEAST_ROWS, dtype=np.int64)])
def test_fit_model__refuses_times_that_do_not_ascend(times):
    with pytest.raises(InvalidArgumentError, match="not later than the row before"):
        fit_model(NAMES, times, normal_rows(0)[:LEAST_ROWS])


def test_fit_model__refuses_more_sensors_than_one_covariance_is_known_of():
    count = MOST_SENSORS + 1
    rows = np.random.default_rng(0).normal(size=(LEAST_ROWS, count))
    with pytest.raises(InvalidArgumentError, match=f"{count} given; one model takes at most {MOST_SENSORS}"):
        fit_model([str(number) for number in range(count)], AT_US[:LEAST_ROWS], rows)


def test_update__refuses_rows_out_of_order_twice_or_of_another_length():
    rows = normal_rows(0)
    detector = StreamingDetector(model_of(rows))
    detector.update(int(AT_US[1000]), rows[1000])
    with pytest.raises(InvalidArgumentError, match="not later"):
        detector.update(int(AT_US[1000]), rows[1000])
    with pytest.raises(InvalidArgumentError, match="not later"):
        detector.update(int(AT_US[999]), rows[999])
    with pytest.raises(InvalidArgumentError, match="right are 4"):
        detector.update(int(AT_US[1001]), rows[1001, :3])
    with pytest.raises(InvalidArgumentError, match="finite or NaN"):
        detector.update(int(AT_US[1001]), np.full(4, np.inf))
    assert not detector.update(int(AT_US[1001]), np.full(4, np.nan)).alarm
