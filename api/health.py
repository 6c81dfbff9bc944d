"""Health: whether the process lives, and whether the service takes work."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.dependencies import HostDep

router = APIRouter(prefix="/health", tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: str = "alive"


class Ready(BaseModel):
    """Whether work is taken, and what a person should look at."""

    status: str
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    stranded_runs: int
    worker_starts: int


@router.get("/live")
def live() -> Alive:
    """The process answers."""
    return Alive()


@router.get("/ready", responses={503: {"model": Ready, "description": "Not ready, with the reasons"}})
def ready(host: HostDep, response: Response) -> Ready:
    """Work is taken: the worker has loaded its models and engines. Stranded runs are counted, too."""
    found = host.condition()
    if found.reasons:
        response.status_code = 503
    return Ready(
        status="not ready" if found.reasons else "ready",
        reasons=found.reasons,
        warnings=found.warnings,
        stranded_runs=found.stranded_runs,
        worker_starts=found.worker_starts,
    )
