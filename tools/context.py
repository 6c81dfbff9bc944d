"""What a tool is given besides its arguments; the orchestrator makes it, tools only read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from tools.errors import SourceMissingError
from tools.limits import LimitTable
from tools.spreading import HERE, Spreading

if TYPE_CHECKING:
    from pydantic import JsonValue

    from tools.grid.grid import Grid
    from tools.security.schema.context import ThreatTable
    from tools.telemetry.sources import AssetSource, LogSource, OutageSource, PermitSource, TelemetrySource


@dataclass(frozen=True)
class Clock:
    """The run's time: what is "now", and up to when readings may be seen.

    Attributes:
        as_of: The moment the answer is valid for, timezone-aware.
        known_until: Readings that arrived later are not seen, timezone-aware.
    """

    as_of: datetime
    known_until: datetime


class GridSource(Protocol):
    """The run's grid; a model cannot name another one, so it cannot open files."""

    def grid(self, at: datetime | None = None) -> Grid:
        """The grid as it stood at a time; None means the run's ``as_of``."""
        ...


@runtime_checkable
class TimedGridSource(GridSource, Protocol):
    """A grid whose state changes with time; the model underneath can be had at any time."""

    def model(self) -> Grid:
        """The grid as loaded, whatever the readings say or do not say."""
        ...


class RecordSource(Protocol):
    """Stored runs and reports, as the JSON they were stored in."""

    def read(self, kind: str, identifier: str, before: datetime | None = None) -> Mapping[str, JsonValue] | None:
        """One record, or None when there is none; ``latest`` names the newest.

        Args:
            kind: What is wanted.
            identifier: Which one.
            before: Of open items: only what reports on an earlier moment left open.
        """
        ...

    def identifiers(self, kind: str, limit: int) -> Sequence[str]:
        """The newest identifiers of a kind, newest first."""
        ...


@dataclass(frozen=True)
class Passage:
    """A piece of a document of the library, with all that a citation needs.

    Attributes:
        score: Fused rank score, higher is better; comparable within one answer only.
    """

    id: str
    document: str
    edition: str
    clause: str
    title: str
    text: str
    score: float = 0.0


class PassageSource(Protocol):
    """The library of standards: hybrid retrieval in service, a list in tests."""

    def search(self, query: str, limit: int) -> Sequence[Passage]:
        """The passages nearest to a query, best first."""
        ...

    def __len__(self) -> int:
        """How many passages can be found at all."""
        ...


class ModelSource(Protocol):
    """Trained models, as the canonical data that they were stored in; reading one runs nothing."""

    def read(self, name: str) -> Mapping[str, JsonValue] | None:
        """The model in use under a name, as far as the run may know; None when there is none."""
        ...


@dataclass(frozen=True)
class ToolContext:
    """Everything a tool may look at; a missing source is None and makes a call ``not checked``."""

    grids: GridSource
    limits: LimitTable
    clock: Clock
    seed: int = 0
    telemetry: TelemetrySource | None = None
    records: RecordSource | None = None
    models: ModelSource | None = None
    passages: PassageSource | None = None
    logs: LogSource | None = None
    outages: OutageSource | None = None
    permits: PermitSource | None = None
    assets: AssetSource | None = None
    threats: ThreatTable | None = None
    spreading: Spreading = HERE

    def loaded_grid(self) -> Grid:
        """The grid as loaded: for what does not depend on the time, and needs no readings."""
        return self.grids.model() if isinstance(self.grids, TimedGridSource) else self.grids.grid()

    def need_telemetry(self) -> TelemetrySource:
        """The readings; raises ``SourceMissingError`` without them."""
        if self.telemetry is None:
            raise SourceMissingError("telemetry")
        return self.telemetry

    def need_logs(self, wanted: str = "access and command logs") -> LogSource:
        """The logs; raises ``SourceMissingError``, which names those that are wanted, without any."""
        if self.logs is None:
            raise SourceMissingError(wanted)
        return self.logs

    def need_outages(self) -> OutageSource:
        """The outage records; raises ``SourceMissingError`` without them."""
        if self.outages is None:
            raise SourceMissingError("outage records")
        return self.outages

    def need_permits(self) -> PermitSource:
        """The permits; raises ``SourceMissingError`` without them."""
        if self.permits is None:
            raise SourceMissingError("permits")
        return self.permits

    def need_assets(self) -> AssetSource:
        """The asset records; raises ``SourceMissingError`` without them."""
        if self.assets is None:
            raise SourceMissingError("asset records")
        return self.assets

    def need_records(self) -> RecordSource:
        """The record source; raises ``SourceMissingError`` without one."""
        if self.records is None:
            raise SourceMissingError("records")
        return self.records

    def need_passages(self) -> PassageSource:
        """The library; raises ``SourceMissingError`` without one."""
        if self.passages is None:
            raise SourceMissingError("library of standards")
        return self.passages
