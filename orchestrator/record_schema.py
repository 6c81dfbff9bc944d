"""Arguments and result of ``read_record``."""

from typing import Literal

from pydantic import AwareDatetime, Field

from tools.arguments import Arguments
from tools.result import Result


class ReadRecordArguments(Arguments):
    """Which stored run or report is wanted."""

    kind: Literal["run", "report"] = "report"
    identifier: str = Field(default="latest", min_length=1, max_length=64)


class RecordExcerpt(Result):
    """The head of a record, as quotes: context for a reader, never evidence about the grid."""

    kind: str
    identifier: str
    question: str
    grid: str
    status: str
    as_of: AwareDatetime
    created_at: AwareDatetime
    summary: tuple[str, ...] = Field(max_length=10)
    findings: int = Field(ge=0)
    recommendations: int = Field(ge=0)
    not_checked: tuple[str, ...] = Field(default=(), max_length=20)
