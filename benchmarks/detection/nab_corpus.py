"""Series of the Numenta Anomaly Benchmark with the windows in which an anomaly lies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.detection.tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True)
class LabelledSeries:
    """One series of the corpus.

    Attributes:
        name: Folder and file, as in the corpus's label files.
        at_s: Seconds since 1970; the corpus states no zone, UTC is assumed.
        value: One value a row.
        windows: First and last row of each labelled window, ascending.
    """

    name: str
    at_s: NDArray[np.float64]
    value: NDArray[np.float64]
    windows: tuple[tuple[int, int], ...]


def read_corpus(folder: Path) -> tuple[LabelledSeries, ...]:
    """Every series under ``real*`` and ``artificial*`` of a folder laid out as the corpus is, sorted by name."""
    labels = json.loads((folder / "labels" / "combined_windows.json").read_text(encoding="utf-8"))
    files = sorted(path for pattern in ("real*", "artificial*") for path in folder.glob(f"{pattern}/*.csv*"))
    return tuple(_read(path, labels) for path in files)


def _read(path: Path, labels: dict[str, list[list[str]]]) -> LabelledSeries:
    name = f"{path.parent.name}/{path.name.removesuffix('.gz')}"
    rows = read_table(path)
    at_s = np.array([_seconds(row["timestamp"]) for row in rows])
    value = np.array([float(row["value"]) for row in rows])
    windows = tuple(
        (int(np.searchsorted(at_s, _seconds(first), "left")), int(np.searchsorted(at_s, _seconds(last), "right")) - 1)
        for first, last in labels[name]
    )
    return LabelledSeries(name, at_s, value, windows)


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
