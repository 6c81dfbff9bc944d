"""The streaming detector on SKAB, beside plain T-squared + Q and two forests of the shelf.

Run as ``python -m benchmarks.detection.bench_skab DATA [FOLDER]``; DATA is the folder of public data, FOLDER one of
SKAB's, ``valve1`` unless said. One configuration for all files: the first 400 rows of each train, each later row is
judged from what came before it, F1 counts points over all files as SKAB's leaderboard does. Exits with 1 when F1 is
below 0.78 or more than 20 % of the normal rows are called anomalous.
"""

import sys
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.detection.skab import TRAINING_ROWS, Counts, Run, read_runs
from benchmarks.detection.skab_rivals import isolation_forest, local_outlier_factor, t_squared_and_q
from tools.detection.streaming.detector import StreamingDetector
from tools.detection.streaming.fitting import fit_model

LEAST_F1 = 0.78
MOST_FALSE_ALARMS_PERCENT = 20.0
_RIVALS = {
    "T-squared + Q": t_squared_and_q,
    "isolation forest": isolation_forest,
    "local outlier factor": local_outlier_factor,
}


def ours(run: Run) -> np.ndarray:
    """Verdicts on the rows after the training rows, one by one."""
    model = fit_model(run.sensors, run.at_us[:TRAINING_ROWS], run.rows[:TRAINING_ROWS])
    detector = StreamingDetector(model)
    told = [detector.update(int(at), row).alarm for at, row in zip(run.at_us, run.rows, strict=True)]
    return np.array(told[TRAINING_ROWS:])


def main(data: Path, folder: str = "valve1") -> bool:
    """Print the table; True when the promise is kept."""
    runs = read_runs(data / "anomaly" / "skab" / folder)
    print(f"SKAB {folder}: {len(runs)} files, {sum(len(run.rows) - TRAINING_ROWS for run in runs)} judged rows")
    print(f"{'':22}{'F1':>8}{'false alarms %':>16}{'missed %':>10}{'us a row':>10}")
    counts = Counts()
    started = perf_counter()
    for run in runs:
        counts = counts.plus(ours(run), run.anomaly[TRAINING_ROWS:])
    _line("streaming", counts, (perf_counter() - started) / sum(len(run.rows) for run in runs))
    for name, rival in _RIVALS.items():
        beside = Counts()
        started = perf_counter()
        for run in runs:
            told = rival(run.rows[:TRAINING_ROWS], run.rows[TRAINING_ROWS:])
            beside = beside.plus(told, run.anomaly[TRAINING_ROWS:])
        _line(name, beside, (perf_counter() - started) / sum(len(run.rows) for run in runs))
    return counts.f1 >= LEAST_F1 and counts.false_alarms_percent <= MOST_FALSE_ALARMS_PERCENT


def _line(name: str, counts: Counts, seconds: float) -> None:
    shares = f"{counts.false_alarms_percent:16.1f}{counts.missed_percent:10.1f}"
    print(f"{name:22}{counts.f1:8.3f}{shares}{seconds * 1e6:10.0f}", flush=True)


if __name__ == "__main__":
    sys.exit(0 if main(Path(sys.argv[1]), *sys.argv[2:3]) else 1)
