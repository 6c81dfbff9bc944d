"""Options that several commands share, and what their texts mean."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from pydantic import ValidationError

from orchestrator.settings import Settings
from tools.errors import InvalidArgumentError


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    MARKDOWN = "md"
    HTML = "html"
    PDF = "pdf"
    JSON = "json"


GridOption: TypeAlias = Annotated[
    str | None, typer.Option("--grid", help="Case name, file, or registered grid; GRIDCREW_DEFAULT_GRID when absent.")
]
AtOption: TypeAlias = Annotated[str | None, typer.Option("--at", help="Time of the state, ISO 8601; now when absent.")]
ReasonerOption: TypeAlias = Annotated[
    str | None, typer.Option("--reasoner", help="embedded, ollama:MODEL or openai:MODEL.")
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
FormatOption: TypeAlias = Annotated[Format, typer.Option("--format", help="How the report is written.")]
OutOption: TypeAlias = Annotated[Path | None, typer.Option("--out", help="File to write to.")]


def load_settings() -> Settings:
    """The environment's settings.

    Raises:
        InvalidArgumentError: naming each variable that is wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = "; ".join(
            f"GRIDCREW_{'_'.join(map(str, item['loc'])).upper()} = {item.get('input')!r}: {item['msg']}"
            for item in error.errors()
        )
        raise InvalidArgumentError(lines) from error


def parse_time(text: str | None, settings: Settings) -> datetime | None:
    """The time of ``--at``; None when it was not given.

    Raises:
        InvalidArgumentError: for anything that is not ISO 8601.
    """
    return None if text is None else time_of("--at", text, settings)


def time_of(option: str, text: str, settings: Settings) -> datetime:
    """A time as the user wrote it; without an offset it is in the control room's zone.

    Raises:
        InvalidArgumentError: naming the option, for anything that is not ISO 8601.
    """
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidArgumentError(f"{option} {text!r} is no time; 2026-01-31T03:00 would be one") from error
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=settings.zone)).astimezone(UTC)
