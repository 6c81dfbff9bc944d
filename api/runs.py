"""Recorded runs: list, show, verify, replay."""

from fastapi import APIRouter

from agents.question import ReportKind
from api.dependencies import HostDep, LimitQuery, OffsetQuery, WaitingDep, study
from orchestrator.home import utc_now
from orchestrator.runs.record import RunRecord, RunSummary
from orchestrator.runs.replay import Replay
from orchestrator.runs.verify import Verification
from orchestrator.service.job import CheckJob, study_id

router = APIRouter(prefix="/runs", tags=["runs"])


@router.get("")
def list_runs(
    host: HostDep, limit: LimitQuery = 20, offset: OffsetQuery = 0, kind: ReportKind | None = None
) -> tuple[RunSummary, ...]:
    """Runs, newest first."""
    return host.home.runs.list(limit, offset, kind)


@router.get("/{run}")
def show(run: str, host: HostDep) -> RunRecord:
    """The whole record of a run: question, plan, every tool call and model call, report."""
    return host.home.runs.get(run)


@router.post("/{run}/verification")
async def verify(run: str, waiting: WaitingDep) -> Verification:
    """Check the record against its digests and its tools."""
    return await study(waiting, CheckJob(do="verify", id=study_id(utc_now()), run=run), Verification)


@router.post("/{run}/replay")
async def replay(run: str, waiting: WaitingDep) -> Replay:
    """Go the run's way again from its record alone."""
    return await study(waiting, CheckJob(do="replay", id=study_id(utc_now()), run=run), Replay)
