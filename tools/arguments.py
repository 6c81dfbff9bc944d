"""What the arguments of every tool have in common."""

from pydantic import Field

from tools.result import Result


class Arguments(Result):
    """Base of every tool's arguments: frozen, closed to unknown fields."""


class Page(Arguments):
    """Which part of a ranked list is wanted."""

    limit: int = Field(default=10, ge=1, le=100, description="Rows wanted")
    offset: int = Field(default=0, ge=0, description="Rows passed over")
