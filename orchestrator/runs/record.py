"""What is kept of a run: header, tool calls, model calls, report."""

from enum import StrEnum

from pydantic import AwareDatetime, Field, JsonValue

from agents.evidence import Evidence, FailedCall
from agents.plan import Plan
from agents.question import Question, ReportKind, ReportStatus, Resolved
from agents.report import GridStamp, Report
from tools.result import Result, digest


class RunState(StrEnum):
    """Where a run stands; one that was killed stays ``running`` until it is resumed."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ReasonerChoice(Result):
    """The reasoner that a run was asked to use."""

    kind: str = Field(description="embedded, ollama or openai")
    model: str


class RunHeader(Result):
    """The frame of a run: all that its outcome may depend on besides the recorded calls."""

    id: str = Field(description="r-..., sorts by start")
    kind: ReportKind
    question: Question
    resolved: Resolved | None = None
    plan: Plan | None = None
    grid: GridStamp | None = None
    as_of: AwareDatetime
    known_until: AwareDatetime
    seed: int = Field(ge=0, lt=2**63)
    reasoner: ReasonerChoice
    prompts: dict[str, str] = Field(default_factory=dict, description="Prompt name to fingerprint")
    versions: dict[str, str] = Field(default_factory=dict, description="Package to version")
    started_at: AwareDatetime
    timezone: str = Field(default="UTC", description="IANA zone that the report's times were rendered for")
    conversation: str | None = None


class ModelCall(Result):
    """One call of a language model; either ``response`` or ``error`` is set."""

    run: str
    agent: str
    ordinal: int = Field(ge=0, description="Which call of this agent within the run, from 0")
    content_hash: str = Field(description="SHA-256 of the request, see content_hash")
    request: dict[str, JsonValue] = Field(description="Model, parameters, messages and tool schemas as sent")
    response: str | None = Field(default=None, description="What came back, as the gateway reads it")
    error: str | None = Field(default=None, description="Why nothing came back")
    elapsed_ms: float = Field(ge=0)


class RunRecord(Result):
    """Everything that is stored of one run."""

    header: RunHeader
    evidence: tuple[Evidence, ...] = Field(default=(), description="In the order of recording")
    failed: tuple[FailedCall, ...] = ()
    model_calls: tuple[ModelCall, ...] = ()
    report: Report | None = None
    report_digest: str | None = Field(default=None, description="As stored when the run finished, see report_digest")
    seal: dict[str, str] = Field(
        default_factory=dict, description="Digest of each leaf when the run finished, by JSON pointer into the record"
    )
    state: RunState
    error: str | None = None


class RunSummary(Result):
    """One line of a list of runs."""

    id: str
    kind: ReportKind
    state: RunState
    question: str
    grid: str
    started_at: AwareDatetime
    finished_at: AwareDatetime | None = None
    report: str | None = Field(default=None, description="Identifier of the report")
    error: str | None = None


class ReportSummary(Result):
    """One line of a list of reports."""

    id: str
    run: str
    kind: ReportKind
    status: ReportStatus
    question: str
    grid: str
    as_of: AwareDatetime
    created_at: AwareDatetime
    answer: str = Field(description="The line that answers")
    acknowledged: int = Field(ge=0, description="How many took note of it")


def content_hash(request: dict[str, JsonValue]) -> str:
    """What identifies a model call's content: SHA-256 over model, parameters, messages and tool schemas."""
    return digest(request)


def report_digest(report: Report) -> str:
    """The digest that a stored report must have: over everything but acknowledgements, which come later."""
    return digest(report.model_dump(mode="json", exclude={"acknowledgements"}))
