"""Table of trained models."""

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from tools.telemetry.metadata import UtcTime


class TrainedModelRow(SQLModel, table=True):
    """One version of a model; the highest is in use, earlier ones stay so that old runs can be recomputed."""

    __tablename__ = "trained_model"
    __table_args__ = (UniqueConstraint("name", "number"),)

    seq: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200, description="What it judges")
    number: int = Field(description="Version of this name, from one on")
    fingerprint: str = Field(max_length=64, description="SHA-256 of the canonical JSON")
    payload: str = Field(sa_column=Column(Text, nullable=False), description="Canonical JSON")
    stored_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
