"""Chain of custody of readings: which ones a finding rests on, and the hash that proves them unchanged."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
from pydantic import AwareDatetime

from tools.result import Result, canonical_json
from tools.security.schema.context import Custody
from tools.telemetry.moments import from_us
from tools.telemetry.series import QUALITIES
from tools.vocabulary import ReadingQuality

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.telemetry.series import Series

SOURCE = "telemetry"


class CustodyReading(Result):
    """One reading as it is hashed."""

    at: AwareDatetime
    sensor: str
    value: float | None
    quality: ReadingQuality


def readings_custody(series: Sequence[Series], start_us: int, end_us: int) -> Custody:
    """The custody of readings of some sensors with start <= time <= end, by time and then by sensor.

    Where no reading lies in the time, as in a dropout, those just before and after it are what there is.
    """
    rows = [row for held in series for row in _rows(held, start_us, end_us)]
    rows.sort(key=lambda row: (row.at, row.sensor))
    digest = sha256()
    for row in rows:
        digest.update(f"{canonical_json(row)}\n".encode())
    return Custody(
        source=SOURCE, records=len(rows), first_at=rows[0].at, last_at=rows[-1].at, sha256=digest.hexdigest()
    )


def _rows(series: Series, start_us: int, end_us: int) -> list[CustodyReading]:
    first = int(np.searchsorted(series.at_us, start_us, side="left"))
    stop = int(np.searchsorted(series.at_us, end_us, side="right"))
    if first == stop:
        first, stop = max(0, first - 1), min(len(series), stop + 1)
    return [
        CustodyReading(
            at=from_us(int(series.at_us[place])),
            sensor=series.sensor.name,
            value=float(series.value[place]) if np.isfinite(series.value[place]) else None,
            quality=QUALITIES[series.quality[place]],
        )
        for place in range(first, stop)
    ]
