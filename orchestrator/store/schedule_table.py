"""Table of schedules."""

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from tools.telemetry.metadata import UtcTime


class ScheduleRow(SQLModel, table=True):
    """When shift reports of a grid are to be written."""

    __tablename__ = "schedule"

    name: str = Field(primary_key=True, max_length=64)
    times: str = Field(sa_column=Column(Text, nullable=False), description="HH:MM,HH:MM, in order")
    timezone: str = Field(max_length=64, description="IANA zone of the times")
    grid: str = Field(max_length=200)
    added_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
