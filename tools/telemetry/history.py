"""A history in pieces of equal length."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from tools.amount import Amount
from tools.telemetry.moments import SECOND_US, from_us, to_us
from tools.telemetry.schema.reading import Bucket, History
from tools.telemetry.series import Series
from tools.telemetry.trust import usable


def build_history(series: Series, start: datetime, end: datetime, pieces: int) -> History:
    """Lowest, mean and highest of each piece, without bad readings; pieces without any are left out."""
    sensor = series.sensor
    first = to_us(start)
    length_us = (to_us(end) - first) / pieces
    keep = usable(series)
    at_us, value = series.at_us[keep], series.value[keep]
    # A reading at the very end belongs to the last piece.
    piece = np.minimum(((at_us - first) / length_us).astype(np.int64), pieces - 1)
    buckets: tuple[Bucket, ...] = ()
    if len(piece):
        begins = np.flatnonzero(np.diff(piece, prepend=-1))
        counts = np.diff(begins, append=len(piece))
        means = np.add.reduceat(value, begins) / counts
        lowest, highest = np.minimum.reduceat(value, begins), np.maximum.reduceat(value, begins)
        columns = (piece[begins], counts, lowest, means, highest)
        buckets = tuple(
            Bucket(
                at=from_us(first + number * length_us),
                readings=count,
                lowest=Amount(value=low, unit=sensor.unit),
                # Rounding of a sum must not carry the mean of equal readings past them.
                mean=Amount(value=min(max(mean, low), high), unit=sensor.unit),
                highest=Amount(value=high, unit=sensor.unit),
            )
            for number, count, low, mean, high in zip(*(column.tolist() for column in columns), strict=True)
        )
    return History(
        subject=sensor.ref,
        element=sensor.element,
        quantity=sensor.quantity,
        bucket_s=length_us / SECOND_US,
        buckets=buckets,
    )
