"""Outages, permits, assets and customer numbers as they are stored, and as tools see them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from pydantic import Field
from sqlalchemy import Engine

from orchestrator.store.versions import History, Versions
from orchestrator.store.write_series import Written
from tools.result import Result
from tools.telemetry.schema.operations import Asset, OutageRecord, Permit
from tools.telemetry.tables import AssetRow, CustomersServedRow, OutageRow, PermitRow


class CustomersServed(Result):
    """How many customers a grid serves."""

    customers: int = Field(gt=0)


Record = TypeVar("Record", OutageRecord, Permit)

_OUTAGES = Versions(OutageRow, OutageRecord)
_PERMITS = Versions(PermitRow, Permit)
_ASSETS = Versions(AssetRow, Asset)
_CUSTOMERS = Versions(CustomersServedRow, CustomersServed)


def write_outages(
    engine: Engine, grid: str | None, outages: Iterable[OutageRecord], received_at: datetime | None = None
) -> Written:
    """Store outages; a changed one is a new version.

    Args:
        engine: The store.
        grid: Grid that they belong to; None for any.
        outages: Identifiers unique.
        received_at: When all of it arrived; when absent, as if reported live: open at the start, whole at the end.
    """
    return _OUTAGES.write(engine, grid, ((item.id, _outage_history(item, received_at)) for item in outages))


def write_permits(
    engine: Engine, grid: str | None, permits: Iterable[Permit], received_at: datetime | None = None
) -> Written:
    """Store permits; a changed one is a new version. Arguments as for ``write_outages``."""
    return _PERMITS.write(engine, grid, ((item.id, _permit_history(item, received_at)) for item in permits))


def write_assets(engine: Engine, assets: Iterable[Asset], received_at: datetime) -> Written:
    """Store assets under the grid that each names; a changed one is a new version."""
    taken = duplicates = 0
    for item in assets:
        done = _ASSETS.write(engine, item.grid, [(item.name, [(item, received_at)])])
        taken, duplicates = taken + done.taken, duplicates + done.duplicates
    return Written(taken, duplicates)


def write_customers_served(engine: Engine, grid: str | None, customers: int, received_at: datetime) -> Written:
    """Store how many customers a grid serves; another number is a new version."""
    return _CUSTOMERS.write(engine, grid, [("all", [(CustomersServed(customers=customers), received_at)])])


def _outage_history(item: OutageRecord, received_at: datetime | None) -> History[OutageRecord]:
    if received_at is not None or item.end is None:
        return [(item, received_at or item.start)]
    return [(item.model_copy(update={"end": None, "customer_minutes": None}), item.start), (item, item.end)]


def _permit_history(item: Permit, received_at: datetime | None) -> History[Permit]:
    if received_at is not None or item.closed_at is None:
        return [(item, received_at or item.start)]
    return [(item.model_copy(update={"closed_at": None}), item.start), (item, item.closed_at)]


class StoredOutages:
    """An ``OutageSource`` for one run."""

    def __init__(self, engine: Engine, grid: str | None, known_until: datetime) -> None:
        self._asked = (engine, grid, known_until)

    def outages(self, start: datetime, end: datetime) -> Sequence[OutageRecord]:
        """Outages that touch the time, by start."""
        return _touching(_OUTAGES.known(*self._asked), start, end, lambda item: item.end)

    def customers_served(self) -> int | None:
        """Customers of the grid; None when nobody said."""
        found = _CUSTOMERS.known(*self._asked)
        return found[-1].customers if found else None

    def has_records(self) -> bool:
        """Whether any outage is on record."""
        return bool(_OUTAGES.known(*self._asked))


class StoredPermits:
    """A ``PermitSource`` for one run."""

    def __init__(self, engine: Engine, grid: str | None, known_until: datetime) -> None:
        self._asked = (engine, grid, known_until)

    def permits(self, start: datetime, end: datetime) -> Sequence[Permit]:
        """Permits that touch the time, by start."""
        # Whatever end was planned: people are at the equipment until they hand the permit back.
        return _touching(_PERMITS.known(*self._asked), start, end, lambda item: item.closed_at)

    def has_records(self) -> bool:
        """Whether any permit is on record."""
        return bool(_PERMITS.known(*self._asked))


class StoredAssets:
    """An ``AssetSource`` for one run."""

    def __init__(self, engine: Engine, grid: str | None, known_until: datetime) -> None:
        self._asked = (engine, grid, known_until)

    def assets(self) -> Sequence[Asset]:
        """All assets, by name."""
        return _ASSETS.known(*self._asked)


def _touching(
    items: Iterable[Record], start: datetime, end: datetime, over: Callable[[Record], datetime | None]
) -> Sequence[Record]:
    touching = [item for item in items if item.start <= end and ((last := over(item)) is None or last >= start)]
    return tuple(sorted(touching, key=lambda item: (item.start, item.id)))
