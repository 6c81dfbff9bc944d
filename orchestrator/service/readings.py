"""Readings that are posted: each is taken, known already, or rejected with its reason; none is lost in silence."""

from collections.abc import Sequence
from typing import Protocol

from pydantic import AwareDatetime, Field, JsonValue, ValidationError, field_validator

from tools.result import Result
from tools.vocabulary import ReadingQuality


class PostedReading(Result):
    """One value of one sensor."""

    sensor: str = Field(min_length=1, max_length=200)
    at: AwareDatetime = Field(description="ISO 8601 with its offset, such as 2026-03-10T05:00:00Z")
    value: float | None = Field(strict=True, description="In the sensor's unit; null when the sensor gave none")
    quality: ReadingQuality = ReadingQuality.GOOD

    @field_validator("at", mode="before")
    @classmethod
    def _text(cls, value: object) -> object:
        """A bare number could be seconds or milliseconds, of any epoch: it is not guessed."""
        if isinstance(value, int | float):
            raise ValueError("a time is ISO 8601 text with its offset, such as 2026-03-10T05:00:00Z")  # noqa: TRY004 - pydantic's
        return value


class RejectedReading(Result):
    """A reading that was not taken."""

    index: int = Field(ge=0, description="Position in the batch, from 0")
    reason: str


class ReadingsTaken(Result):
    """What became of a batch; the three counts add up to its length."""

    taken: int = Field(ge=0)
    duplicates: int = Field(ge=0, description="Known already with the same value")
    rejected: tuple[RejectedReading, ...] = ()


class ReadingWriter(Protocol):
    """The one writer of readings."""

    def write(self, readings: Sequence[tuple[int, PostedReading]]) -> ReadingsTaken:
        """Write readings, each with its position in the batch; rejected ones keep that position."""
        ...


def take_readings(writer: ReadingWriter, batch: Sequence[JsonValue]) -> ReadingsTaken:
    """Validate a batch, write what is right, and say what is wrong with the rest."""
    right: list[tuple[int, PostedReading]] = []
    wrong: list[RejectedReading] = []
    for index, item in enumerate(batch):
        try:
            right.append((index, PostedReading.model_validate(item)))
        except ValidationError as error:
            wrong.append(RejectedReading(index=index, reason=_reason(error)))
    written = writer.write(right) if right else ReadingsTaken(taken=0, duplicates=0)
    rejected = sorted((*wrong, *written.rejected), key=lambda item: item.index)
    return written.model_copy(update={"rejected": tuple(rejected)})


def _reason(error: ValidationError) -> str:
    """Each field that is wrong, its value and what would be right."""
    parts = []
    for item in error.errors():
        place = ".".join(map(str, item["loc"])) or "reading"
        given = "" if item["type"] == "missing" else f" = {item['input']!r:.60}"
        parts.append(f"{place}{given}: {item['msg'][:1].lower()}{item['msg'][1:]}")
    return "; ".join(parts)
