"""What was taken of each sensor, and where its readings have gaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.ingest.report import Gap, SensorCount
from tools.telemetry.moments import from_us

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from tools.telemetry.schema.sensor import Sensor

_LATE = 1.5
"""A reading is missing when the next comes later than so many periods."""


@dataclass
class Ledger:
    """Times of readings by sensor, kept while a file is read: eight bytes a reading."""

    sensors: dict[str, Sensor] = field(default_factory=dict)
    _times: dict[str, list[NDArray[np.int64]]] = field(default_factory=dict)

    def note(self, sensor: Sensor, at_us: NDArray[np.int64]) -> None:
        """Readings that are in the store now."""
        if len(at_us):
            self.sensors[sensor.name] = sensor
            self._times.setdefault(sensor.name, []).append(at_us)

    def counts(self, stored_before: Iterable[str]) -> tuple[tuple[SensorCount, ...], tuple[Gap, ...]]:
        """Each sensor by name, and all gaps, the longest first."""
        known, counts, gaps = set(stored_before), [], []
        for name in sorted(self.sensors):
            at_us = np.concatenate(self._times[name])
            times = np.unique(at_us)
            own = _gaps(self.sensors[name], times)
            gaps += own
            counts.append(
                SensorCount(
                    sensor=name,
                    new=name not in known,
                    readings=len(at_us),
                    first=from_us(int(times[0])),
                    last=from_us(int(times[-1])),
                    gaps=len(own),
                )
            )
        return tuple(counts), tuple(sorted(gaps, key=lambda gap: (gap.start - gap.end, gap.sensor)))


def _gaps(sensor: Sensor, times: NDArray[np.int64]) -> list[Gap]:
    steps = np.diff(times)
    if not len(steps):
        return []
    period = sensor.period_s * 1e6 if sensor.period_s else float(np.median(steps))
    return [
        Gap(
            sensor=sensor.name,
            start=from_us(int(times[place])),
            end=from_us(int(times[place + 1])),
            missing=max(1, round(steps[place] / period) - 1),
        )
        for place in np.flatnonzero(steps > _LATE * period)
    ]
