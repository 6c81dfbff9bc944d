"""Tables of grids and of what is measured, logged and recorded about them; that of readings is beside them."""

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from tools.telemetry.metadata import UtcTime

_NAME = 200
_KIND = 20


class RegisteredGridRow(SQLModel, table=True):
    """A grid model that was added by name; a changed model is a new row, so that old runs can be recomputed."""

    __tablename__ = "registered_grid"
    __table_args__ = (UniqueConstraint("name", "fingerprint"),)

    seq: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=_NAME)
    fingerprint: str = Field(max_length=64, description="SHA-256 of the model's content")
    source: str = Field(sa_column=Column(Text, nullable=False), description="Where it was imported from")
    notes: str = Field(sa_column=Column(Text, nullable=False), description="JSON list: what the import assumed")
    payload: bytes = Field(sa_column=Column(LargeBinary, nullable=False), description="pandapower JSON, gzipped")
    registered_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class SensorRow(SQLModel, table=True):
    """A measuring point; its readings refer to ``seq``, which is four bytes where a name is forty."""

    __tablename__ = "sensor"

    seq: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=_NAME, unique=True)
    grid: str | None = Field(default=None, max_length=_NAME, index=True, description="None for any grid")
    first_received_at: datetime | None = Field(
        default=None, sa_type=UtcTime, description="When the first reading arrived; None before any"
    )
    body: str = Field(sa_type=Text, description="Sensor")


class LogEntryRow(SQLModel, table=True):
    """One line of a log."""

    __tablename__ = "log_entry"
    __table_args__ = (Index(None, "kind", "at"),)

    seq: int | None = Field(default=None, primary_key=True)
    id: str = Field(max_length=_NAME, unique=True)
    grid: str | None = Field(default=None, max_length=_NAME, description="None for any grid")
    kind: str = Field(max_length=_KIND)
    at: datetime = Field(sa_type=UtcTime)
    received_at: datetime = Field(sa_type=UtcTime)
    body: str = Field(sa_type=Text, description="LogEntry")


class VersionedRow(SQLModel):
    """A record that changes while it is kept: each change is a new version, so that old runs can be recomputed."""

    grid: str = Field(primary_key=True, max_length=_NAME, description="Empty for any grid")
    id: str = Field(primary_key=True, max_length=_NAME)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False}, description="1 for the first")
    received_at: datetime = Field(sa_type=UtcTime)
    body: str = Field(sa_type=Text, description="The record")


class OutageRow(VersionedRow, table=True):
    """An outage, planned or forced."""

    __tablename__ = "outage"


class PermitRow(VersionedRow, table=True):
    """A permit to work."""

    __tablename__ = "permit"


class AssetRow(VersionedRow, table=True):
    """A piece of equipment; its id is its name."""

    __tablename__ = "asset"


class CustomersServedRow(VersionedRow, table=True):
    """How many customers a grid serves; its id is the grid."""

    __tablename__ = "customers_served"
