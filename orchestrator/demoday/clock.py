"""The demo day's time axis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tools.telemetry.moments import to_us

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAY = datetime(2026, 3, 10, tzinfo=UTC)
"""Midnight at which the day begins; a Tuesday."""
YESTERDAY = DAY - timedelta(days=1)
"""Midnight at which the network's probe begins to listen."""
MINUTES = 1440
LAST = DAY + timedelta(minutes=MINUTES - 1)
"""Last reading of the day, and the ``as_of`` of its answers."""
HISTORY_DAYS = 42
"""Days of hourly history before the day."""
MINUTE_US = 60_000_000


END = LAST + timedelta(seconds=59)
"""Last moment of the day that logs tell of."""


def moment(day: int, hour: float) -> datetime:
    """A time of a day counted from the demo day, to the second."""
    return DAY + timedelta(days=day, seconds=round(hour * 3600))


def at_minute(minute: int) -> datetime:
    """Time of a minute of the day; negative ones lie before it."""
    return DAY + timedelta(minutes=minute)


def minute_times_us() -> NDArray[np.int64]:
    """Times of the day's readings."""
    return to_us(DAY) + np.arange(MINUTES, dtype=np.int64) * MINUTE_US


def hours_of_day() -> NDArray[np.float64]:
    """Hour of the day of every minute, with its fraction."""
    return np.arange(MINUTES, dtype=float) / 60.0


def history_times_us() -> NDArray[np.int64]:
    """Begins of the hours of the history, oldest first."""
    hours = HISTORY_DAYS * 24
    return to_us(DAY) - np.arange(hours, 0, -1, dtype=np.int64) * 60 * MINUTE_US
