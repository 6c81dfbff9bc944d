"""Schedules of shift reports, as the user wrote them."""

from collections.abc import Callable
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, Field, field_validator
from sqlalchemy import Engine
from sqlmodel import col, select

from orchestrator.store.schedule_table import ScheduleRow
from orchestrator.store.sessions import reading, writing
from tools.errors import InvalidArgumentError, UnknownRecordError, close_names
from tools.result import Result


class Schedule(Result):
    """Times of day at which a shift report of a grid is written."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    times: tuple[time, ...] = Field(min_length=1, max_length=48, description="Local times of day, in order")
    timezone: str = Field(description="IANA zone of the times")
    grid: str = Field(min_length=1, max_length=200, description="Shipped case or registered grid")
    added_at: AwareDatetime

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is no IANA zone; Europe/Berlin would be one") from error
        return value


class Schedules:
    """The schedules of a store; safe to share between threads and processes."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def add(self, name: str, times: tuple[time, ...], timezone: str, grid: str) -> Schedule:
        """Add a schedule; occurrences before now are never made up.

        Raises:
            InvalidArgumentError: when the name is taken.
            ValidationError: when a value is of the wrong kind.
        """
        schedule = Schedule(
            name=name, times=tuple(sorted(set(times))), timezone=timezone, grid=grid, added_at=self._now()
        )
        with writing(self._engine) as session:
            if session.get(ScheduleRow, name) is not None:
                raise InvalidArgumentError(f"NAME = {name!r}: there is a schedule of this name; remove it first")
            session.add(
                ScheduleRow(
                    name=name,
                    times=",".join(f"{item:%H:%M}" for item in schedule.times),
                    timezone=timezone,
                    grid=grid,
                    added_at=schedule.added_at,
                )
            )
        return schedule

    def list(self) -> tuple[Schedule, ...]:
        """All schedules, by name."""
        with reading(self._engine) as session:
            return tuple(_schedule(row) for row in session.exec(select(ScheduleRow).order_by(col(ScheduleRow.name))))

    def remove(self, name: str) -> None:
        """Remove a schedule; the reports it has made stay.

        Raises:
            UnknownRecordError: with the nearest names.
        """
        known = [item.name for item in self.list()]
        with writing(self._engine) as session:
            row = session.get(ScheduleRow, name)
            if row is None:
                raise UnknownRecordError(f"There is no schedule {name!r}. {close_names(name, known)}")
            session.delete(row)


def _schedule(row: ScheduleRow) -> Schedule:
    return Schedule(
        name=row.name,
        times=tuple(time.fromisoformat(item) for item in row.times.split(",")),
        timezone=row.timezone,
        grid=row.grid,
        added_at=row.added_at,
    )
