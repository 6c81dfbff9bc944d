"""What routes get handed: the host, and the place to wait for jobs."""

from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request
from pydantic import BaseModel, JsonValue

from api.errors import LateError
from api.waiting import Waiting
from orchestrator.service.errors import revive
from orchestrator.service.host import Host
from orchestrator.service.job import Job, Outcome

Model = TypeVar("Model", bound=BaseModel)
STUDY_S = 300.0
"""How long a request waits for a tool call, a verification or a replay."""


def host_of(request: Request) -> Host:
    """The application's host."""
    host: Host = request.app.state.host
    return host


def waiting_of(request: Request) -> Waiting:
    """The application's place to wait."""
    waiting: Waiting = request.app.state.waiting
    return waiting


HostDep = Annotated[Host, Depends(host_of)]
WaitingDep = Annotated[Waiting, Depends(waiting_of)]
LimitQuery = Annotated[int, Query(ge=1, le=1000, description="How many, newest first")]
OffsetQuery = Annotated[int, Query(ge=0, description="How many to leave out first")]


def result_of(outcome: Outcome) -> JsonValue:
    """The result of a job.

    Raises:
        GridCrewError: the job's own error, of its own class.
    """
    if outcome.failure is not None:
        raise revive(outcome.failure.kind, outcome.failure.detail)
    return outcome.result


async def study(waiting: Waiting, job: Job, model: type[Model]) -> Model:
    """Have the worker carry out a job that is not a run, and forget it.

    Raises:
        LateError: when it takes longer than anybody should wait.
        GridCrewError: the job's own error.
    """
    await waiting.put(job)
    outcome = await waiting.outcome(job.id, STUDY_S)
    if outcome is None:
        raise LateError(f"It takes longer than {STUDY_S:.0f} s; ask for less at once")
    await waiting.forget(job.id)
    return model.model_validate(result_of(outcome), strict=False)
