"""The FastAPI application: its doors, its errors, its health."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.errors import install_error_handlers
from api.tools import router as tools_router
from orchestrator.runner import Runner
from orchestrator.settings import Settings


def create_app(settings: Settings, make_runner: Callable[[Settings], Runner] = Runner) -> FastAPI:
    """The application over one data directory.

    Args:
        settings: Where the data directory is, and what may be used.
        make_runner: Opens the store and the library when the application starts.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.runner = make_runner(settings)
        yield

    app = FastAPI(
        title="GridCrew",
        summary="Answers a control room's questions with simulated, traceable numbers. It advises; it never switches.",
        version="1",
        lifespan=lifespan,
    )
    install_error_handlers(app)
    app.include_router(tools_router, prefix="/api/v1")

    @app.get("/health/live", tags=["health"])
    def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "alive"}

    return app
