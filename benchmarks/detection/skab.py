"""Runs of the Skoltech Anomaly Benchmark, read as sensors, times and labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.detection.tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

TRAINING_ROWS = 400
"""The benchmark's protocol: of each file."""
_LABELS = frozenset({"datetime", "anomaly", "changepoint"})


@dataclass(frozen=True)
class Run:
    """One file.

    Attributes:
        at_us: Microseconds since 1970, ascending; the benchmark states no zone.
        rows: One row a second, one column a sensor.
        anomaly: Label of each row; none in the anomaly-free run.
    """

    name: str
    sensors: tuple[str, ...]
    at_us: NDArray[np.int64]
    rows: NDArray[np.float64]
    anomaly: NDArray[np.bool_]


@dataclass(frozen=True)
class Counts:
    """Rows by label and verdict, summed over files as the benchmark's leaderboard does."""

    true_positive: int = 0
    false_positive: int = 0
    true_negative: int = 0
    false_negative: int = 0

    def plus(self, verdict: NDArray[np.bool_], label: NDArray[np.bool_]) -> Counts:
        """With the rows of one more file."""
        return Counts(
            self.true_positive + int((verdict & label).sum()),
            self.false_positive + int((verdict & ~label).sum()),
            self.true_negative + int((~verdict & ~label).sum()),
            self.false_negative + int((~verdict & label).sum()),
        )

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0..1."""
        return 2 * self.true_positive / (2 * self.true_positive + self.false_positive + self.false_negative)

    @property
    def false_alarms_percent(self) -> float:
        """Normal rows called anomalous."""
        return 100.0 * self.false_positive / (self.false_positive + self.true_negative)

    @property
    def missed_percent(self) -> float:
        """Anomalous rows called normal."""
        return 100.0 * self.false_negative / (self.false_negative + self.true_positive)


def read_runs(folder: Path) -> tuple[Run, ...]:
    """Every run of a folder, by name; of several rows with one time the first is kept."""
    return tuple(_read(path) for path in sorted(folder.glob("*.csv*")))


def _read(path: Path) -> Run:
    lines = read_table(path, delimiter=";")
    sensors = tuple(name for name in lines[0] if name not in _LABELS)
    times = [datetime.fromisoformat(line["datetime"]).replace(tzinfo=UTC).timestamp() for line in lines]
    at_us, kept = np.unique((np.array(times) * 1e6).astype(np.int64), return_index=True)
    rows = np.array([[float(line[name]) for name in sensors] for line in lines])[kept]
    anomaly = np.array([float(line.get("anomaly") or 0.0) > 0.0 for line in lines])[kept]
    return Run(path.name.split(".")[0], sensors, at_us, rows, anomaly)
