"""Carrying out a job: the worker's whole work, without the queue it came from."""

from pydantic import JsonValue

from orchestrator.catalogue import find_tool
from orchestrator.runner import Runner
from orchestrator.service.job import CheckJob, Failure, Job, Outcome, RunJob, ToolJob
from orchestrator.single import call_once
from tools.errors import GridCrewError


def carry_out(runner: Runner, job: Job) -> Outcome:
    """Carry out a job; once or again after a kill, the outcome and the record are the same.

    An error of ours is the outcome: the caller is told. Anything else is a fault of the program and is raised.
    """
    try:
        return Outcome(result=_result(runner, job))
    except GridCrewError as error:
        return Outcome(failure=Failure.of(error))


def _result(runner: Runner, job: Job) -> JsonValue:
    match job:
        case RunJob():
            return _run(runner, job)
        case ToolJob():
            return _call(runner, job)
        case CheckJob(do="verify"):
            return runner.verify(job.run).model_dump(mode="json")
        case CheckJob():
            return runner.replay(job.run).model_dump(mode="json")


def _run(runner: Runner, job: RunJob) -> str:
    named = job.question.model_copy(update={"grid": runner.named_grid(job.question.grid)})
    return runner.carry_out(runner.prepare(named, job.reasoner, job.id).id).id


def _call(runner: Runner, job: ToolJob) -> JsonValue:
    grid = runner.named_grid(job.grid)
    evidence, _ = call_once(runner, find_tool(job.tool), job.arguments, grid=grid, at=job.at)
    return evidence.model_dump(mode="json")
