"""Time, latency and memory of streaming verdicts: a day at ten seconds of 1,000 and of 10,000 sensors.

Run as ``python -m benchmarks.detection.bench_throughput [SENSORS ...]``. Rows are made as they come, as a stream gives
them; sensors are in groups of 64, each with its model, its detector and its episodes; one sensor in a hundred is judged
alone. Latency is from a row of readings of all sensors to the last verdict on it. The reference in the same run is a
copy of each row by numpy, and the share of a ten-second period that the verdicts take on one core says how far one
core goes. Exits with 1 when latency breaks the budget from reading to alarm, which leaves the verdict what is left
of it at 5,000 readings a second, or when memory grows with the rows.
"""

import resource
import sys
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from tools.detection.streaming.detector import StreamingDetector
from tools.detection.streaming.episodes import EpisodeTracker
from tools.detection.streaming.fitting import MOST_SENSORS, fit_model
from tools.detection.streaming.lone_watch import LoneWatch

PERIOD_S = 10
DAY_ROWS = 86_400 // PERIOD_S
TRAINED_ROWS = 720
"""Two hours."""
SENSORS = (1_000, 10_000)
LONE_SHARE = 0.01
MOST_GROWTH_MB = 20.0
BUDGET_MS = 250.0
"""From reading to alarm, 99 of 100."""
STEP_US = PERIOD_S * 1_000_000


class Plant:
    """Sensors in groups and alone, with what judges them."""

    def __init__(self, count: int) -> None:
        rng = np.random.default_rng(0)
        self.lone = int(count * LONE_SHARE)
        grouped = count - self.lone
        self.sizes = [min(MOST_SENSORS, grouped - first) for first in range(0, grouped, MOST_SENSORS)]
        at_us = np.arange(TRAINED_ROWS, dtype=np.int64) * STEP_US
        self._groups = []
        for size in self.sizes:
            names = tuple(str(number) for number in range(size))
            model = fit_model(names, at_us, rng.normal(size=(TRAINED_ROWS, size)))
            self._groups.append((StreamingDetector(model), EpisodeTracker(model.sensors)))
        self._lone = []
        for number in range(self.lone):
            watch = LoneWatch(str(number))
            watch.learn(at_us, rng.normal(size=TRAINED_ROWS), STEP_US)
            self._lone.append(watch)

    def judge(self, at_us: int, parts: list[NDArray[np.float64]], alone: NDArray[np.float64]) -> int:
        """One row of all sensors; episodes that are over."""
        over = 0
        for (detector, tracker), part in zip(self._groups, parts, strict=True):
            over += tracker.update(detector.update(at_us, part)) is not None
        for watch, value in zip(self._lone, alone.tolist(), strict=True):
            over += len(list(watch.update(at_us, value)))
        return over


def main(counts: tuple[int, ...] = SENSORS, rows: int = DAY_ROWS) -> bool:
    """Print the table; True when the promise is kept."""
    print(
        f"{'sensors':>8}{'train s':>9}{'day s':>8}{'p50 ms':>8}{'p99 ms':>8}{'most ms':>9}{'period used %':>15}"
        f"{'copy ms':>9}{'grown MB':>10}{'peak MB':>9}{'episodes':>10}"
    )
    kept = True
    for count in counts:
        rng = np.random.default_rng(1)
        started = perf_counter()
        plant = Plant(count)
        trained = perf_counter() - started
        before_mb, spent, copied, episodes = _peak_mb(), np.zeros(rows), 0.0, 0
        for number in range(rows):
            parts = [rng.normal(size=size) for size in plant.sizes]
            alone = rng.normal(size=plant.lone)
            started = perf_counter()
            episodes += plant.judge((TRAINED_ROWS + number) * STEP_US, parts, alone)
            spent[number] = perf_counter() - started
            started = perf_counter()
            for part in parts:
                part.copy()
            copied += perf_counter() - started
        grown = _peak_mb() - before_mb
        p50, p99, most = 1e3 * np.quantile(spent, (0.5, 0.99, 1.0))
        share = 100.0 * spent.mean() / PERIOD_S
        print(
            f"{count:8}{trained:9.1f}{spent.sum():8.1f}{p50:8.2f}{p99:8.2f}{most:9.1f}{share:15.2f}"
            f"{1e3 * copied / rows:9.3f}{grown:10.1f}{_peak_mb():9.0f}{episodes:10}",
            flush=True,
        )
        kept = kept and p99 <= BUDGET_MS and grown <= MOST_GROWTH_MB
    return kept


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


if __name__ == "__main__":
    sys.exit(0 if main(tuple(int(count) for count in sys.argv[1:]) or SENSORS) else 1)
