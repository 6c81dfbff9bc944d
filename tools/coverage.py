"""What a tool looked at, and what it left out."""

from pydantic import Field

from tools.result import Result


class LeftOut(Result):
    """Something that was not checked, and why."""

    what: str
    count: int = Field(ge=0)
    reason: str


class Coverage(Result):
    """What a tool looked at; "no violation found" is worth no more than this."""

    checked: int = Field(ge=0)
    solved: int = Field(ge=0)
    diverged: int = Field(default=0, ge=0)
    islanding: int = Field(default=0, ge=0)
    left_out: tuple[LeftOut, ...] = ()
