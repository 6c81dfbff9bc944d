"""Where tools read telemetry, logs and records from: small doors that the orchestrator opens for one run.

Each door is bound to the run's grid and to its ``known_until``: what came later is not seen. A source without any
data for the grid is None in the context, and a call that needs it is ``not checked``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tools.telemetry.schema.log import LogEntry, LogKind
    from tools.telemetry.schema.operations import Asset, OutageRecord, Permit
    from tools.telemetry.schema.sensor import Sensor
    from tools.telemetry.series import Series


class TelemetrySource(Protocol):
    """Sensors and their readings."""

    def sensors(self) -> Sequence[Sensor]:
        """All sensors, by name."""
        ...

    def series(self, names: Sequence[str], start: datetime, end: datetime) -> Mapping[str, Series]:
        """Readings with start <= time <= end by sensor; an empty series where there are none."""
        ...

    def latest(self, names: Sequence[str], at: datetime) -> Mapping[str, Series]:
        """The newest reading not after a time, as a series of one or none."""
        ...

    def extent(self, names: Sequence[str] = ()) -> tuple[datetime, datetime] | None:
        """First and last time of any reading of these sensors (all when empty); None when there is none."""
        ...


class LogSource(Protocol):
    """Entries of logs."""

    def kinds(self) -> frozenset[LogKind]:
        """Which logs are there at all: an empty time in a log that is kept differs from no log."""
        ...

    def entries(self, kind: LogKind, start: datetime, end: datetime) -> Sequence[LogEntry]:
        """Entries with start <= time <= end, in order of time."""
        ...

    def stream(self, kind: LogKind, start: datetime, end: datetime) -> Iterator[LogEntry]:
        """The same entries one after the other: for logs that are too long to be held."""
        ...


class OutageSource(Protocol):
    """Outages, and how many customers are served."""

    def outages(self, start: datetime, end: datetime) -> Sequence[OutageRecord]:
        """Outages that touch the time, by start."""
        ...

    def customers_served(self) -> int | None:
        """Customers of the grid; None when nobody said."""
        ...


class PermitSource(Protocol):
    """Permits to work."""

    def permits(self, start: datetime, end: datetime) -> Sequence[Permit]:
        """Permits that touch the time, by start."""
        ...


class AssetSource(Protocol):
    """Equipment with nameplates."""

    def assets(self) -> Sequence[Asset]:
        """All assets, by name."""
        ...
