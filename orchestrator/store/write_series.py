"""Whole series on their way into the store, in batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.store.write_readings import Batch, Outcome, write_batch
from tools.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Engine

    from tools.telemetry.series import Series

BATCH = 100_000
"""Readings in one transaction: a few tenths of a second, so that nobody else waits long for the store."""


@dataclass(frozen=True)
class Written:
    """How many readings were stored, were there already, or were there with another value, which stays."""

    taken: int = 0
    duplicates: int = 0
    conflicts: int = 0


def write_series(engine: Engine, series: Iterable[Series], received_us: int | None = None) -> Written:
    """Store series; a second time changes nothing.

    Args:
        engine: The store.
        series: Times ascending, each once; a sensor's series may come in several parts.
        received_us: When all of it arrived, microseconds since 1970 UTC; each reading at its own time when absent.

    Raises:
        InvalidArgumentError: for an infinite value, unsorted times, or a sensor that would change its meaning.
            Batches before it stay.
    """
    counts = np.zeros(len(Outcome), dtype=np.int64)
    for parts in _batches(series):
        counts += np.bincount(write_batch(engine, _joined(parts, received_us)), minlength=len(Outcome))
    taken, duplicates, conflicts = (int(count) for count in counts)
    return Written(taken, duplicates, conflicts)


def _batches(series: Iterable[Series]) -> Iterator[list[Series]]:
    held: list[Series] = []
    size = 0
    for item in series:
        for part in _parts(item):
            if size + len(part) > BATCH and held:
                yield held
                held, size = [], 0
            held.append(part)
            size += len(part)
    if held:
        yield held


def _parts(series: Series) -> Iterator[Series]:
    if np.any(np.diff(series.at_us) <= 0):
        raise InvalidArgumentError(f"series of sensor {series.sensor.name!r}: times must ascend, each once")
    # An empty series still declares its sensor.
    for start in range(0, max(len(series), 1), BATCH):
        cut = slice(start, start + BATCH)
        yield type(series)(series.sensor, series.at_us[cut], series.value[cut], series.quality[cut])


def _joined(parts: list[Series], received_us: int | None) -> Batch:
    sensors = {part.sensor.name: part.sensor for part in parts}
    positions = {name: position for position, name in enumerate(sensors)}
    at_us = np.concatenate([part.at_us for part in parts])
    return Batch(
        sensors=tuple(sensors.values()),
        sensor=np.repeat([positions[part.sensor.name] for part in parts], [len(part) for part in parts]),
        at_us=at_us,
        received_us=at_us if received_us is None else np.full(len(at_us), received_us, dtype=np.int64),
        value=np.concatenate([part.value for part in parts]),
        quality=np.concatenate([part.quality for part in parts]),
    )
