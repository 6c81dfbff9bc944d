"""Arguments and result of ``read_record``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from agents.incident import IncidentFeedback
from tools.arguments import Arguments
from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import Severity


class RecordKind(StrEnum):
    """What is kept and can be read again."""

    RUN = "run"
    REPORT = "report"
    PERMITS = "permits"
    OPEN_ITEMS = "open_items"
    INCIDENT = "incident"


class ReadRecordArguments(Arguments):
    """Which record is wanted; permits and open items are those of the run's grid."""

    kind: RecordKind = RecordKind.REPORT
    identifier: str = Field(default="latest", min_length=1, max_length=64, description="Of a run, report or incident")
    start: AwareDatetime | None = Field(default=None, description="Permits: begin of the time; as_of when absent")
    end: AwareDatetime | None = Field(
        default=None,
        description="Permits: end of the time, as_of when absent. Open items: those that earlier moments left",
    )


class RecordRow(Result):
    """One permit, open item, or finding of an incident."""

    id: str
    kind: str = Field(default="", description="Of a finding; empty for a permit")
    key: str = Field(default="", description="What makes a finding of a later report the same matter")
    title: str = Field(description="As written then: a quote")
    severity: Severity | None = None
    element: ElementRef | None = None
    subject: SubjectRef | None = None
    start: AwareDatetime
    end: AwareDatetime | None = Field(default=None, description="None while it lasts")
    lasts: bool = Field(description="Not closed at the run's as_of")
    age_h: float | None = Field(default=None, ge=0, description="From its start to the run's as_of")
    holder: str = Field(default="", description="Of a permit")


class RecordExcerpt(Result):
    """The head of a record, as quotes: context for a reader, never evidence about the grid."""

    kind: RecordKind
    identifier: str
    question: str = ""
    grid: str
    status: str = ""
    as_of: AwareDatetime | None = Field(default=None, description="Of the record; of open items: of the last report")
    created_at: AwareDatetime | None = None
    summary: tuple[str, ...] = Field(default=(), max_length=10)
    findings: int = Field(default=0, ge=0)
    recommendations: int = Field(default=0, ge=0)
    not_checked: tuple[str, ...] = Field(default=(), max_length=20)
    rows: tuple[RecordRow, ...] = Field(default=(), max_length=100)
    omitted: int = Field(default=0, ge=0, description="Rows beyond these")
    feedback: IncidentFeedback | None = Field(default=None, description="What a person last said of the incident")
