"""Time and memory of streaming verdicts: a day at ten seconds of 1,000 and of 10,000 sensors, in groups of 64.

Run as ``python -m benchmarks.detection.bench_throughput [SENSORS ...]``. Rows are made as they come, as a stream gives
them; each group has its model and its detector. The reference in the same run is a copy of each row by numpy, and
the share of a ten-second period that the verdicts take on one core says how far one core goes. Exits with 1 when the
verdicts of a period take longer than the period, or memory grows with the rows.
"""

import resource
import sys
from time import perf_counter

import numpy as np

from tools.detection.streaming.detector import StreamingDetector
from tools.detection.streaming.fitting import MOST_SENSORS, fit_model
from tools.detection.streaming.model import NormalModel

PERIOD_S = 10
DAY_ROWS = 86_400 // PERIOD_S
TRAINED_ROWS = 720
"""Two hours."""
SENSORS = (1_000, 10_000)
MOST_GROWTH_MB = 20.0
STEP_US = PERIOD_S * 1_000_000


def main(counts: tuple[int, ...] = SENSORS, rows: int = DAY_ROWS) -> bool:
    """Print the table; True when the promise is kept."""
    print(
        f"{'sensors':>8}{'train s':>9}{'day s':>8}{'ms a row':>10}{'period used %':>15}{'copy ms':>9}{'grown MB':>10}"
    )
    kept = True
    for count in counts:
        rng = np.random.default_rng(0)
        sizes = [min(MOST_SENSORS, count - first) for first in range(0, count, MOST_SENSORS)]
        at_us = np.arange(TRAINED_ROWS, dtype=np.int64) * STEP_US
        started = perf_counter()
        detectors = [StreamingDetector(_model(rng, size, at_us)) for size in sizes]
        trained = perf_counter() - started
        before_mb, spent, copied = _peak_mb(), 0.0, 0.0
        for number in range(rows):
            parts = [rng.normal(size=size) for size in sizes]
            started = perf_counter()
            for detector, part in zip(detectors, parts, strict=True):
                detector.update((TRAINED_ROWS + number) * STEP_US, part)
            spent += perf_counter() - started
            started = perf_counter()
            for part in parts:
                part.copy()
            copied += perf_counter() - started
        grown = _peak_mb() - before_mb
        share = 100.0 * spent / rows / PERIOD_S
        times = f"{trained:9.1f}{spent:8.1f}{1e3 * spent / rows:10.2f}{share:15.2f}{1e3 * copied / rows:9.3f}"
        print(f"{count:8}{times}{grown:10.1f}", flush=True)
        kept = kept and spent <= rows * PERIOD_S and grown <= MOST_GROWTH_MB
    return kept


def _model(rng: np.random.Generator, size: int, at_us: np.ndarray) -> NormalModel:
    return fit_model([str(number) for number in range(size)], at_us, rng.normal(size=(TRAINED_ROWS, size)))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


if __name__ == "__main__":
    sys.exit(0 if main(tuple(int(count) for count in sys.argv[1:]) or SENSORS) else 1)
