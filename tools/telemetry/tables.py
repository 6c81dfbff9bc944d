"""Tables of grids; those of readings come beside them."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from tools.telemetry.metadata import UtcTime


class RegisteredGridRow(SQLModel, table=True):
    """A grid model that was added by name; a changed model is a new row, so that old runs can be recomputed."""

    __tablename__ = "registered_grid"
    __table_args__ = (UniqueConstraint("name", "fingerprint"),)

    seq: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    fingerprint: str = Field(max_length=64, description="SHA-256 of the model's content")
    source: str = Field(sa_column=Column(Text, nullable=False), description="Where it was imported from")
    notes: str = Field(sa_column=Column(Text, nullable=False), description="JSON list: what the import assumed")
    payload: bytes = Field(sa_column=Column(LargeBinary, nullable=False), description="pandapower JSON, gzipped")
    registered_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
