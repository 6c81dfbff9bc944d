"""The single-sensor detector on NAB's shared series, beside NAB's windowed Gaussian and random detectors.

Run as ``python -m benchmarks.detection.bench_nab DATA``, the folder of public data. Standard profile, one threshold
for all series, the best of each detector, as NAB does it. The row "at stated rate" takes the detector's own alerts,
without a look at the labels. Exits with 1 when ours is less than 20 points above the windowed Gaussian.
"""

import sys
from pathlib import Path
from statistics import mean
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from benchmarks.detection.nab_corpus import LabelledSeries, read_corpus
from benchmarks.detection.nab_rivals import random_scores, windowed_gaussian
from benchmarks.detection.nab_scoring import score_corpus
from tools.detection.streaming.single import SingleSensorDetector

LEAST_LEAD = 20.0
SEEDS = 5


def ours(series: LabelledSeries) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """News and alerts of every value, one by one; of values with one time the first counts."""
    detector = SingleSensorDetector()
    news, alerts = np.zeros(len(series.value)), np.zeros(len(series.value))
    last_us = -1
    for row, (at_s, value) in enumerate(zip(series.at_s, series.value, strict=True)):
        at_us = int(at_s * 1e6)
        if at_us > last_us:
            verdict = detector.update(at_us, float(value))
            news[row], alerts[row], last_us = verdict.news, verdict.alert, at_us
    return news, alerts


def main(data: Path) -> bool:
    """Print the table; True when the promise is kept."""
    corpus = read_corpus(data / "anomaly" / "nab")
    values = sum(len(series.value) for series in corpus)
    print(f"NAB: {len(corpus)} series, {values} values")
    started = perf_counter()
    told = [ours(series) for series in corpus]
    seconds = perf_counter() - started
    mine = score_corpus(corpus, [news for news, _ in told])
    stated = score_corpus(corpus, [alerts for _, alerts in told], threshold=1.0)
    gaussian = score_corpus(corpus, [windowed_gaussian(series.value) for series in corpus])
    noise = [
        score_corpus(corpus, [random_scores(series.value, seed * 1000 + at) for at, series in enumerate(corpus)])
        for seed in range(SEEDS)
    ]
    print(f"{'':20}{'points':>8}{'windows found':>16}{'false alerts':>14}")
    for name, score in (
        ("single sensor", mine),
        ("at stated rate", stated),
        ("windowed Gaussian", gaussian),
    ):
        print(f"{name:20}{score.points:8.1f}{score.found:10} of {score.windows}{score.false_alerts:14}")
    print(f"{'random':20}{mean(score.points for score in noise):8.1f}  (mean of {SEEDS} seeds)")
    print(f"{seconds / values * 1e6:.0f} us a value")
    return mine.points >= gaussian.points + LEAST_LEAD


if __name__ == "__main__":
    sys.exit(0 if main(Path(sys.argv[1])) else 1)
