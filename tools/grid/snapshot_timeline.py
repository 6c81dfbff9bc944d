"""A span of time over a model: its slots, their readings and its switchings, read once for all times of the span."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import ToolError
from tools.grid.snapshot_readings import HOLD_SELDOM_S, SlotValues, values_at
from tools.grid.snapshot_slots import Slot, find_slots
from tools.grid.snapshot_topology import Switchings, find_switchings
from tools.telemetry.series import Series

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tools.grid.grid import Grid
    from tools.telemetry.sources import LogSource, OutageSource, TelemetrySource

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
LEAD = timedelta(hours=1)
"""What is read before a span: readings that may still hold when it begins."""
# A state may be called measured when at least this share of the sensors of its slots has a fresh reading.
FRESH_SHARE = 0.5


class NoReadingsError(ToolError):
    """The readings do not reach the time that is asked for; the message names the first and the last of them."""


@dataclass(frozen=True)
class Timeline:
    """What is known of a model's inputs over a span.

    Attributes:
        model: The grid as loaded.
        slots: Its inputs.
        series: Readings of their sensors by name, from before the span.
        switchings: What went out and came back.
        first, last: Extent of all readings of these sensors; None when there are none.
    """

    model: Grid
    slots: tuple[Slot, ...]
    series: Mapping[str, Series]
    switchings: Switchings
    first: datetime | None
    last: datetime | None

    @property
    def is_measured(self) -> bool:
        """Whether any input of the model has a sensor."""
        return bool(self.series)

    def values(self, moments: Sequence[datetime]) -> SlotValues:
        """The values of every slot at every time."""
        return values_at(self.slots, self.series, microseconds(moments))

    def reaches(self, values: SlotValues) -> NDArray[np.bool_]:
        """At which times enough readings are fresh for the state to be called measured."""
        fed = np.array([bool(slot.feeds) for slot in self.slots])
        near = values.near[:, fed].sum(axis=1)
        return np.asarray(near >= FRESH_SHARE * max(int(fed.sum()), 1))

    def refuse(self, moment: datetime) -> NoReadingsError:
        """The error that says why there is no state at a time."""
        known = (
            f"the readings run from {self.first.isoformat()} to {self.last.isoformat()}"
            if self.first is not None and self.last is not None
            else "there is no reading at all"
        )
        return NoReadingsError(
            f"at: no state of grid {self.model.name!r} at {moment.isoformat()}, most of its sensors have no fresh "
            f"reading then; {known}"
        )


def microseconds(moments: Sequence[datetime]) -> NDArray[np.int64]:
    """Whole microseconds since 1970 UTC."""
    return np.array([(moment - _EPOCH) // _MICROSECOND for moment in moments], dtype=np.int64)


def timeline(
    model: Grid,
    telemetry: TelemetrySource | None,
    logs: LogSource | None,
    outages: OutageSource | None,
    span: tuple[datetime, datetime],
) -> Timeline:
    """Read what is known of a model's inputs from ``span[0]`` to ``span[1]``."""
    start, end = span
    slots = find_slots(model.net, telemetry.sensors() if telemetry is not None else ())
    names = sorted({feed.sensor.name for slot in slots for feed in slot.feeds})
    series: Mapping[str, Series] = {}
    extent = None
    if telemetry is not None and names:
        series = _with_earlier(telemetry, names, start, end)
        extent = telemetry.extent(names)
    first, last = extent or (None, None)
    return Timeline(model, slots, series, find_switchings(model.net, logs, outages, start, end), first, last)


def _with_earlier(telemetry: TelemetrySource, names: list[str], start: datetime, end: datetime) -> dict[str, Series]:
    """Readings of the span and the hour before it, and the newest one before that: some sensors speak seldom."""
    begin = start - LEAD
    near = telemetry.series(names, begin, end)
    older = telemetry.latest(names, begin - _MICROSECOND)
    found = {}
    for name in names:
        item, before = near[name], older.get(name)
        if before is None or not len(before) or _too_old(before, begin):
            found[name] = item
            continue
        found[name] = Series(
            item.sensor,
            np.concatenate((before.at_us, item.at_us)),
            np.concatenate((before.value, item.value)),
            np.concatenate((before.quality, item.quality)),
        )
    return found


def _too_old(before: Series, begin: datetime) -> bool:
    """Whether a reading can neither be fresh nor be held at any time of the span."""
    bound_s = max(HOLD_SELDOM_S, before.sensor.stale_after_s)
    return bool((microseconds([begin])[0] - before.at_us[-1]) / 1e6 > bound_s)
