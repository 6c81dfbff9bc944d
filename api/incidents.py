"""Incidents: what belongs together, as shift reports found it, and their explanations."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from agents.incident import Incident
from agents.report import Report
from api.dependencies import HostDep, LimitQuery, WaitingDep
from api.running import Standing, WaitOptions, answered, take
from orchestrator.incidents import explanation_of

router = APIRouter(prefix="/incidents", tags=["incidents"])


@router.get("")
def list_incidents(
    host: HostDep,
    limit: LimitQuery = 20,
    grid: Annotated[str | None, Query(max_length=200, description="Only of this grid")] = None,
) -> list[Incident]:
    """Incidents, newest first."""
    return host.home.incidents.list(limit, grid)


@router.get("/{incident}")
def show(incident: str, host: HostDep) -> Incident:
    """One incident; `latest` is the newest."""
    return host.home.incidents.get(incident)


@router.post(
    "/{incident}/explanation", responses={202: {"model": Standing, "description": "Not done yet: ask again at `where`"}}
)
async def explain(
    incident: str, wait: Annotated[WaitOptions, Depends()], host: HostDep, waiting: WaitingDep, response: Response
) -> Report | Standing:
    """Explain an incident: sequence, what was affected, cause, advice, what was not checked."""
    question = explanation_of(host.home.incidents.get(incident))
    return await answered(host, await take(host, waiting, question, None, wait), response)
