"""Local times on their way to UTC, over the hours that a clock skips or shows twice."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from orchestrator.ingest.mapping import Fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

SKIPPED = "time that the clock skips (begin of daylight-saving time)"
TWICE = "time that the clock shows twice, and the order of rows does not tell which; set time.fold"
_US = np.dtype("datetime64[us]")


def to_utc(
    naive: pd.DatetimeIndex, zone: ZoneInfo, fold: Fold, groups: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Microseconds UTC of local times, and a reason where there is no answer, else an empty one.

    Args:
        naive: In the order of the file, none missing.
        zone: Where the clock stands.
        fold: Which of the two an hour is that is shown twice. By order: the times of one group ascend, and from
            where they first step back it is the second showing.
        groups: Whose clock each row follows, such as the sensor of a row.
    """
    earlier, later, known = _both(naive, zone)
    reasons = np.full(len(naive), "", dtype=object)
    reasons[~known] = SKIPPED
    twice = known & (earlier != later)
    second = np.zeros(len(naive), dtype=bool)
    if fold is Fold.ORDER and np.any(twice):
        second[twice], told = _by_order(naive[twice], groups[twice])
        reasons[np.flatnonzero(twice)[~told]] = TWICE
    elif fold is Fold.REJECT:
        reasons[twice] = TWICE
    elif fold is Fold.LATER:
        second = twice
    return np.where(second, later, earlier), reasons


def shown_twice(naive: pd.DatetimeIndex, zone: ZoneInfo) -> NDArray[np.bool_]:
    """Which local times the clock shows twice."""
    earlier, later, known = _both(naive, zone)
    twice: NDArray[np.bool_] = known & (earlier != later)
    return twice


def _both(naive: pd.DatetimeIndex, zone: ZoneInfo) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """The two readings of each local time in microseconds UTC, equal where there is one; and whether there is any."""
    readings, known = [], np.ones(len(naive), dtype=bool)
    for summer in (True, False):
        flags = np.full(len(naive), summer)
        utc = naive.tz_localize(zone, ambiguous=flags, nonexistent="NaT").tz_convert("UTC").tz_localize(None)
        known &= ~np.asarray(utc.isna())
        readings.append(utc.to_numpy().astype(_US).astype(np.int64))
    return np.minimum(*readings), np.maximum(*readings), known


def _by_order(naive: pd.DatetimeIndex, groups: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which rows are of the second showing, and which could be told; all rows are shown twice."""
    second, told = np.zeros(len(naive), dtype=bool), np.zeros(len(naive), dtype=bool)
    nights = pd.DataFrame({"group": groups, "day": naive.normalize()}).groupby(["group", "day"], sort=False)
    for places in nights.indices.values():
        ticks = naive[places].to_numpy()
        back = np.flatnonzero(ticks[1:] <= ticks[:-1]) + 1
        if len(back) == 1:
            second[places[back[0] :]] = True
            told[places] = True
    return second, told
