"""Telemetry, logs and records held in memory: the equals of the stored sources."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.schema.operations import Asset, OutageRecord, Permit
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import QUALITIES, Series
from tools.vocabulary import ReadingQuality

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GOOD = QUALITIES.index(ReadingQuality.GOOD)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970 UTC."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def series(sensor: Sensor, start: datetime, period_s: float, values, quality=None) -> Series:
    """Evenly spaced readings."""
    value = np.asarray(values, dtype=float)
    at_us = microseconds(start) + (np.arange(len(value)) * period_s * 1e6).astype(np.int64)
    codes = np.full(len(value), GOOD, dtype=np.int8) if quality is None else np.asarray(quality, dtype=np.int8)
    return Series(sensor, at_us, value, codes)


class MemoryTelemetry:
    """A ``TelemetrySource``."""

    def __init__(self, *held: Series) -> None:
        self._held = {item.sensor.name: item for item in held}

    def sensors(self) -> Sequence[Sensor]:
        return tuple(self._held[name].sensor for name in sorted(self._held))

    def series(self, names: Sequence[str], start: datetime, end: datetime) -> Mapping[str, Series]:
        first, last = microseconds(start), microseconds(end)
        return {name: self._cut(name, lambda at: (at >= first) & (at <= last)) for name in names}

    def latest(self, names: Sequence[str], at: datetime) -> Mapping[str, Series]:
        last = microseconds(at)
        found = {name: self._cut(name, lambda moments: moments <= last) for name in names}
        return {
            name: Series(item.sensor, item.at_us[-1:], item.value[-1:], item.quality[-1:])
            for name, item in found.items()
        }

    def extent(self, names: Sequence[str] = ()) -> tuple[datetime, datetime] | None:
        moments = [self._held[name].at_us for name in (names or self._held) if len(self._held[name])]
        if not moments:
            return None
        ends = min(int(item[0]) for item in moments), max(int(item[-1]) for item in moments)
        return EPOCH + timedelta(microseconds=ends[0]), EPOCH + timedelta(microseconds=ends[1])

    def _cut(self, name, wanted) -> Series:
        item = self._held[name]
        mask = wanted(item.at_us)
        return Series(item.sensor, item.at_us[mask], item.value[mask], item.quality[mask])


class MemoryLogs:
    """A ``LogSource``."""

    def __init__(self, entries: Sequence[LogEntry], kinds: Sequence[LogKind] = ()) -> None:
        self._entries = sorted(entries, key=lambda item: item.at)
        self._kinds = frozenset(kinds) | {item.kind for item in entries}

    def kinds(self) -> frozenset[LogKind]:
        return self._kinds

    def entries(self, kind: LogKind, start: datetime, end: datetime) -> Sequence[LogEntry]:
        return tuple(self.stream(kind, start, end))

    def stream(self, kind: LogKind, start: datetime, end: datetime) -> Iterator[LogEntry]:
        return (item for item in self._entries if item.kind is kind and start <= item.at <= end)


class MemoryOutages:
    """An ``OutageSource``."""

    def __init__(self, outages: Sequence[OutageRecord], customers_served: int | None = None) -> None:
        self._outages, self._served = outages, customers_served

    def outages(self, start: datetime, end: datetime) -> Sequence[OutageRecord]:
        return tuple(item for item in self._outages if item.start <= end and (item.end is None or item.end >= start))

    def customers_served(self) -> int | None:
        return self._served


class MemoryAssets:
    """An ``AssetSource``."""

    def __init__(self, *assets: Asset) -> None:
        self._assets = assets

    def assets(self) -> Sequence[Asset]:
        return self._assets


class MemoryPermits:
    """A ``PermitSource``."""

    def __init__(self, *permits: Permit) -> None:
        self._permits = permits

    def permits(self, start: datetime, end: datetime) -> Sequence[Permit]:
        return tuple(item for item in self._permits if item.start <= end and (item.end is None or item.end >= start))
