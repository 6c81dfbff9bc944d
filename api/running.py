"""Taking a question or a shift report as a run, waiting for it, and showing where it stands."""

from enum import StrEnum

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from agents.question import Question
from agents.report import Report
from api.dependencies import result_of
from api.waiting import Waiting
from orchestrator.home import utc_now
from orchestrator.runs.identifiers import new_id
from orchestrator.runs.record import RunState
from orchestrator.service.host import Host
from orchestrator.service.job import Failure, Outcome, RunJob
from orchestrator.settings import parse_reasoner
from tools.errors import UnknownRecordError


class StandingState(StrEnum):
    """Where a run stands for the one who asked."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class WaitOptions(BaseModel):
    """Whether and how long to wait."""

    wait: bool = Field(default=True, description="False: answer at once with the run's identifier")
    timeout_s: float = Field(default=120, gt=0, le=600, description="After that, the answer is the run's identifier")


class Standing(BaseModel):
    """Where a run stands; the report when it is done, the reason when it failed."""

    run: str
    state: StandingState
    where: str = Field(description="Address to ask again")
    report: Report | None = None
    failure: Failure | None = None


async def take(
    host: Host, waiting: Waiting, question: Question, reasoner: str | None, wait: WaitOptions
) -> Outcome | str:
    """Take a question as a run.

    Returns:
        Its outcome, or the run's identifier when it is not waited for or takes longer.

    Raises:
        InvalidArgumentError: for a reasoner that is not understood.
        ServiceUnavailableError: when no run is taken now.
    """
    choice = parse_reasoner(reasoner or host.settings.reasoner)
    job = RunJob(id=new_id("r", utc_now()), question=question, reasoner=choice)
    await waiting.put(job)
    outcome = await waiting.outcome(job.id, wait.timeout_s) if wait.wait else None
    return job.id if outcome is None else outcome


async def answered(host: Host, taken: Outcome | str, response: Response) -> Report | Standing:
    """The report of a run that has ended, or where it stands with status 202.

    Raises:
        GridCrewError: the run's own error.
    """
    if isinstance(taken, Outcome):
        return await run_in_threadpool(host.home.reports.get, str(result_of(taken)))
    response.status_code = 202
    where = _where(taken)
    response.headers["Location"] = where
    return Standing(run=taken, state=StandingState.WAITING, where=where)


def standing(host: Host, run: str) -> Standing:
    """Where a run stands, from its record and from the queue.

    Raises:
        UnknownRecordError: when neither knows it.
    """
    begun = host.home.runs.begun(run)
    outcome = host.queue.outcomes((run,)).get(run)
    if begun is None and outcome is None and not host.queue.knows(run):
        raise UnknownRecordError(f"There is no run {run!r}")
    record = host.home.runs.get(run) if begun is not None else None
    if record is not None and record.report is not None:
        return Standing(run=run, state=StandingState.DONE, where=_where(run), report=record.report)
    if outcome is not None and outcome.failure is not None:
        return Standing(run=run, state=StandingState.FAILED, where=_where(run), failure=outcome.failure)
    if record is not None and record.state is RunState.FAILED and not host.queue.knows(run):
        failure = Failure(kind="RunFailed", detail=record.error or "")
        return Standing(run=run, state=StandingState.FAILED, where=_where(run), failure=failure)
    state = StandingState.WAITING if begun is None else StandingState.RUNNING
    return Standing(run=run, state=state, where=_where(run))


def _where(run: str) -> str:
    return f"/api/v1/questions/{run}"
