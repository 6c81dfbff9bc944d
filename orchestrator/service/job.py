"""What the API process hands to the worker, and what comes back; both travel as JSON."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field, JsonValue, TypeAdapter

from agents.question import Question, ReportKind
from orchestrator.runs.identifiers import new_id
from orchestrator.runs.record import ReasonerChoice
from tools.errors import GridCrewError
from tools.result import Result


class QueueName(StrEnum):
    """Queues of the worker: a long report must not hold up a question."""

    QUESTIONS = "questions"
    CONVERSATIONS = "conversations"  # one question of a conversation at a time: a follow-up needs the one before
    REPORTS = "reports"
    STUDIES = "studies"


class RunJob(Result):
    """Carry out one run: a question or a shift report. Its identifier is the run's."""

    do: Literal["run"] = "run"
    id: str
    question: Question
    reasoner: ReasonerChoice

    @property
    def queue(self) -> QueueName:
        """Where it waits."""
        if self.question.kind is ReportKind.SHIFT:
            return QueueName.REPORTS
        return QueueName.QUESTIONS if self.question.conversation is None else QueueName.CONVERSATIONS


class ToolJob(Result):
    """Call one tool outside a run."""

    do: Literal["tool"] = "tool"
    id: str
    tool: str
    grid: str
    at: AwareDatetime | None = None
    arguments: dict[str, JsonValue] = Field(default_factory=dict)

    @property
    def queue(self) -> QueueName:
        """Where it waits."""
        return QueueName.STUDIES


class CheckJob(Result):
    """Verify or replay a recorded run."""

    do: Literal["verify", "replay"]
    id: str
    run: str

    @property
    def queue(self) -> QueueName:
        """Where it waits."""
        return QueueName.STUDIES


Job: TypeAlias = RunJob | ToolJob | CheckJob
JOB: TypeAdapter[Job] = TypeAdapter(Annotated[Job, Field(discriminator="do")])


class Failure(Result):
    """Why a job has no result."""

    kind: str = Field(description="Name of the error's class")
    detail: str

    @classmethod
    def of(cls, error: GridCrewError) -> "Failure":
        """An error of ours."""
        return cls(kind=type(error).__name__, detail=str(error))


class Outcome(Result):
    """What became of a job, a result or a failure; of a run it is the report's identifier, the store has the rest."""

    result: JsonValue = None
    failure: Failure | None = None


def study_id(now: datetime) -> str:
    """Identifier of a job that is not a run."""
    return new_id("j", now)
