"""What was generated, as the sources of a tool's context: the equal of the stored one, without a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from knowledge.limits import standard_limits
from orchestrator.grids import grids_of
from orchestrator.sources import RunSources
from orchestrator.store.open_sources import Sources
from tools.context import Clock, ToolContext
from tools.telemetry.moments import from_us, to_us
from tools.telemetry.series import Series

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from orchestrator.scenarios.generated import Generated
    from tools.telemetry.schema.log import LogEntry, LogKind
    from tools.telemetry.schema.operations import Asset, OutageRecord
    from tools.telemetry.schema.sensor import Sensor


def held_context(generated: Generated) -> ToolContext:
    """Everything that a tool may look at, at the last moment of the scenario's time."""
    now = generated.timeline.last
    stored = Sources(
        telemetry=HeldTelemetry(generated.series) if generated.series else None,
        logs=HeldLogs(generated.logs) if generated.logs else None,
        outages=HeldOutages(generated.outages) if generated.outages else None,
        assets=HeldAssets(generated.assets) if generated.assets else None,
    )
    measured = any(one.sensor.element is not None for one in generated.series)
    return ToolContext(
        grids=grids_of(generated.grid, RunSources(stored, measured, now), now),
        limits=standard_limits(),
        clock=Clock(as_of=now, known_until=now),
        seed=generated.seed,
        telemetry=stored.telemetry,
        logs=stored.logs,
        outages=stored.outages,
        assets=stored.assets,
    )


class HeldTelemetry:
    """A ``TelemetrySource``."""

    def __init__(self, series: Sequence[Series]) -> None:
        self._held = {one.sensor.name: one for one in series}

    def sensors(self) -> Sequence[Sensor]:
        """All sensors, by name."""
        return tuple(self._held[name].sensor for name in sorted(self._held))

    def series(self, names: Sequence[str], start: datetime, end: datetime) -> Mapping[str, Series]:
        """Readings with start <= time <= end by sensor."""
        return {name: _cut(self._held[name], to_us(start), to_us(end)) for name in names if name in self._held}

    def latest(self, names: Sequence[str], at: datetime) -> Mapping[str, Series]:
        """The newest reading not after a time, as a series of one or none."""
        found = {}
        for name in names:
            if name in self._held:
                series = self._held[name]
                last = int(np.searchsorted(series.at_us, to_us(at), side="right"))
                found[name] = _slice(series, max(last - 1, 0), last)
        return found

    def extent(self, names: Sequence[str] = ()) -> tuple[datetime, datetime] | None:
        """First and last time of any reading of these sensors (all when empty)."""
        held = [self._held[name].at_us for name in (names or self._held) if name in self._held]
        held = [times for times in held if len(times)]
        if not held:
            return None
        return from_us(min(int(times[0]) for times in held)), from_us(max(int(times[-1]) for times in held))


class HeldLogs:
    """A ``LogSource``."""

    def __init__(self, entries: Sequence[LogEntry]) -> None:
        self._entries = entries

    def kinds(self) -> frozenset[LogKind]:
        """Which logs are there at all."""
        return frozenset(one.kind for one in self._entries)

    def entries(self, kind: LogKind, start: datetime, end: datetime) -> Sequence[LogEntry]:
        """Entries with start <= time <= end, in order of time."""
        return tuple(self.stream(kind, start, end))

    def stream(self, kind: LogKind, start: datetime, end: datetime) -> Iterator[LogEntry]:
        """The same entries one after the other."""
        return (one for one in self._entries if one.kind is kind and start <= one.at <= end)


class HeldOutages:
    """An ``OutageSource``."""

    def __init__(self, outages: Sequence[OutageRecord]) -> None:
        self._outages = outages

    def outages(self, start: datetime, end: datetime) -> Sequence[OutageRecord]:
        """Outages that touch the time, by start."""
        return tuple(one for one in self._outages if one.start <= end and (one.end is None or one.end >= start))

    def customers_served(self) -> int | None:
        """Nobody said."""
        return None


class HeldAssets:
    """An ``AssetSource``."""

    def __init__(self, assets: Sequence[Asset]) -> None:
        self._assets = tuple(sorted(assets, key=lambda one: one.name))

    def assets(self) -> Sequence[Asset]:
        """All assets, by name."""
        return self._assets


def _cut(series: Series, first_us: int, last_us: int) -> Series:
    return _slice(
        series,
        int(np.searchsorted(series.at_us, first_us, side="left")),
        int(np.searchsorted(series.at_us, last_us, side="right")),
    )


def _slice(series: Series, first: int, last: int) -> Series:
    cut = slice(first, last)
    return Series(series.sensor, series.at_us[cut], series.value[cut], series.quality[cut])
