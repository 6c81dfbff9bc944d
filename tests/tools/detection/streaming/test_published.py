"""The detectors and the score on public data, against figures that others published."""

import numpy as np
import pytest

from benchmarks.detection.bench_nab import ours as news_of
from benchmarks.detection.bench_skab import ours as alarms_of
from benchmarks.detection.nab_corpus import LabelledSeries, read_corpus
from benchmarks.detection.nab_rivals import windowed_gaussian
from benchmarks.detection.nab_scoring import probation_rows, score_corpus
from benchmarks.detection.skab import TRAINING_ROWS, Counts, read_runs

PUBLISHED = {
    "realTraffic/speed_t4013.csv": 1.76631783122,
    "realTraffic/occupancy_t4013.csv": 1.72522152023,
    "realTraffic/TravelTime_387.csv": -1.79598133079,
    "realTraffic/speed_6005.csv": 0.832538201468,
    "realTraffic/speed_7578.csv": 3.47059145681,
    "realAWSCloudwatch/ec2_disk_write_bytes_c0d644.csv": -1.09599853032,
    "realAWSCloudwatch/ec2_disk_write_bytes_1ef3de.csv": -4.19089678552,
    "realAWSCloudwatch/grok_asg_anomaly.csv": 2.37942230674,
    "realAWSCloudwatch/ec2_cpu_utilization_24ae8d.csv": -1.26667875935,
    "realAWSCloudwatch/ec2_cpu_utilization_c6585a.csv": -1.32,
    "realAWSCloudwatch/ec2_cpu_utilization_fe7f93.csv": 0.638757791772,
    "realAWSCloudwatch/ec2_network_in_5abac7.csv": -3.52193223519,
    "realAWSCloudwatch/iio_us-east-1_i-a2eb1cd9_NetworkIn.csv": -2.0,
}
"""NAB's results/windowedGaussian/windowedGaussian_standard_scores.csv, commit de8e91a, threshold 1.0."""
NAB_DECIMALS = 12
"""To which its results were written and read again before they were scored."""


def one_series(windows=((60, 79),)):
    return LabelledSeries("s", np.arange(200.0), np.zeros(200), tuple(windows))


def alerts(*rows):
    score = np.zeros(200)
    score[list(rows)] = 1.0
    return [score]


def sigmoid(position):
    return 2 / (1 + np.exp(5 * position)) - 1


def test_score__silence_is_zero_and_every_window_at_its_first_row_is_a_hundred():
    corpus = [one_series()]
    assert score_corpus(corpus, alerts()).points == 0.0
    assert score_corpus(corpus, alerts(60)).points == pytest.approx(100.0)


def test_score__follows_the_published_sigmoid():
    # found at row 70 of 60..79: position -(79 - 70 + 1)/20; a false alert at row 85: position (85 - 79)/19
    corpus = [one_series()]
    told = score_corpus(corpus, alerts(70, 72, 85), threshold=1.0)
    raw = sigmoid(-0.5) / sigmoid(-1.0) + 0.11 * sigmoid(6 / 19)
    assert told.by_series["s"] == pytest.approx(raw)
    assert told.points == pytest.approx(100 * (raw + 1) / 2)


def test_score__early_false_alerts_cost_in_full_but_not_in_the_first_part():
    corpus = [one_series()]
    assert probation_rows(200) == 30
    assert score_corpus(corpus, alerts(29), threshold=1.0).points == 0.0
    assert score_corpus(corpus, alerts(30), threshold=1.0).points == pytest.approx(-5.5)


def test_score__takes_the_best_threshold_of_the_corpus():
    score = np.zeros(200)
    score[60], score[35] = 0.7, 0.9
    told = score_corpus([one_series()], [score])
    assert told.threshold == 0.7
    assert told.points == pytest.approx(100 * (1 - 0.11 + 1) / 2)


@pytest.mark.realdata
def test_score__of_the_windowed_gaussian_is_the_published_one(realdata):
    corpus = read_corpus(realdata / "anomaly" / "nab")
    scores = [np.round(windowed_gaussian(series.value), NAB_DECIMALS) for series in corpus]
    told = score_corpus(corpus, scores, threshold=1.0).by_series
    assert {name: told[name] for name in PUBLISHED} == pytest.approx(PUBLISHED, abs=1e-9)


@pytest.mark.realdata
def test_single_sensor__is_twenty_points_above_the_windowed_gaussian(realdata):
    corpus = read_corpus(realdata / "anomaly" / "nab")
    mine = score_corpus(corpus, [news_of(series)[0] for series in corpus])
    theirs = score_corpus(corpus, [windowed_gaussian(series.value) for series in corpus])
    assert mine.points >= theirs.points + 20


@pytest.mark.realdata
def test_streaming__keeps_its_promise_on_the_pump_rig(realdata):
    counts = Counts()
    for run in read_runs(realdata / "anomaly" / "skab" / "valve1"):
        counts = counts.plus(alarms_of(run), run.anomaly[TRAINING_ROWS:])
    assert counts.f1 >= 0.78
    assert counts.false_alarms_percent <= 20
