"""The report: one line that answers, sections, findings, advice, and what was not checked."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from agents.evidence import Evidence
from agents.finding import Finding, Recommendation
from agents.question import Question, ReportKind, ReportStatus, Resolved
from agents.statement import Statement, Struck
from tools.coverage import Coverage
from tools.result import Result

SCHEMA_VERSION = "1"


class SectionState(StrEnum):
    """``not_checked`` is never shown as ``nothing_found``."""

    FINDINGS = "findings"
    NOTHING_FOUND = "nothing_found"
    NOT_CHECKED = "not_checked"


class GridStamp(Result):
    """Which grid a report speaks of."""

    name: str
    fingerprint: str


class Table(Result):
    """Rows of statements under plain headings, and how many were left out."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Statement, ...], ...]
    omitted: Statement | None = None


class Figure(Result):
    """A picture with its caption; the SVG is self-contained and its numbers come from the evidence named."""

    title: str
    caption: Statement
    svg: str
    evidence: tuple[str, ...]


class Section(Result):
    """One part of a report."""

    key: str
    title: str
    state: SectionState
    statements: tuple[Statement, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()


class Citation(Result):
    """A passage of the library that a statement rests on."""

    id: str = Field(description="c1, c2, ... within the run")
    document: str
    edition: str
    clause: str
    quote: str


class Acknowledgement(Result):
    """Who took note of a report."""

    name: str
    role: str
    at: AwareDatetime


class ReasonerStamp(Result):
    """Who worded the report, and whether it had to fall back to the embedded text."""

    kind: str = Field(description="embedded, ollama or openai")
    model: str
    degraded: bool = False
    note: str = Field(default="", description="Why it fell back, without numbers")


class Report(Result):
    """What a user reads, from the command line and the API alike."""

    schema_version: str = SCHEMA_VERSION
    id: str
    run_id: str
    kind: ReportKind
    status: ReportStatus
    question: Question
    resolved: Resolved
    conversation: str | None = None
    grid: GridStamp | None = None
    as_of: AwareDatetime
    valid_until: AwareDatetime | None = None
    created_at: AwareDatetime
    coverage: Coverage | None = None
    summary: tuple[Statement, ...] = Field(description="The first one is the line that answers")
    sections: tuple[Section, ...] = ()
    findings: tuple[Finding, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    citations: tuple[Citation, ...] = ()
    not_checked: tuple[Statement, ...] = ()
    disagreements: tuple[Statement, ...] = ()
    struck: tuple[Struck, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    reasoner: ReasonerStamp
    prompts: dict[str, str] = Field(default_factory=dict, description="Prompt name to fingerprint")
