"""The FastAPI application: its doors, its errors, its health."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager

from fastapi import FastAPI

from api import docs, health, incidents, questions, readings, reports, runs, tools
from api.errors import install_error_handlers
from api.guard import Guard
from api.waiting import waiting_on
from orchestrator.service.host import Host, in_process
from orchestrator.settings import Settings


def create_app(
    settings: Settings, open_host: Callable[[Settings], AbstractContextManager[Host]] = in_process
) -> FastAPI:
    """The application over one data directory.

    Args:
        settings: Where the data directory is, and what may be used.
        open_host: Opens store and queue when the application starts, and closes them when it ends.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with open_host(settings) as host:
            async with waiting_on(host.queue) as waiting:
                app.state.host, app.state.waiting = host, waiting
                yield

    app = FastAPI(
        title="GridCrew",
        summary="Answers a control room's questions with simulated, traceable numbers. It advises; it never switches.",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(Guard)
    install_error_handlers(app)
    for door in (questions, reports, incidents, runs, tools, readings):
        app.include_router(door.router, prefix="/api/v1")
    for door in (health, docs):
        app.include_router(door.router)
    return app
