"""Waiting for jobs: one look at the queue for all requests that wait, many times a second."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import SQLAlchemyError

from orchestrator.service.errors import ServiceUnavailableError
from orchestrator.service.job import Job, Outcome
from orchestrator.service.queue import JobQueue

LOOK_S = 0.03
_LOG = logging.getLogger(__name__)


class Waiting:
    """Puts jobs on the queue and gives their outcomes to the requests that wait for them."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue
        self._open: dict[str, asyncio.Future[Outcome]] = {}

    async def put(self, job: Job) -> None:
        """Put a job on the queue.

        Raises:
            ServiceUnavailableError: when the queue takes none.
        """
        await run_in_threadpool(self._queue.put, job)

    async def forget(self, identifier: str) -> None:
        """Drop an ended job."""
        await run_in_threadpool(self._queue.forget, identifier)

    async def outcome(self, identifier: str, timeout_s: float) -> Outcome | None:
        """The outcome of a job that was put; None when it takes longer."""
        future = self._open.setdefault(identifier, asyncio.get_running_loop().create_future())
        with suppress(TimeoutError):
            return await asyncio.wait_for(asyncio.shield(future), timeout_s)
        return None  # the look goes on until it has ended, for others who may wait for it

    async def look(self) -> None:
        """Look at the queue until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            if self._open:
                await self._look_once()

    async def _look_once(self) -> None:
        try:
            found = await run_in_threadpool(self._queue.outcomes, tuple(self._open))
        except (SQLAlchemyError, ServiceUnavailableError):
            _LOG.exception("The queue could not be read; it is read again")
            return
        for identifier, outcome in found.items():
            future = self._open.pop(identifier, None)
            if future is not None and not future.done():
                future.set_result(outcome)


@asynccontextmanager
async def waiting_on(queue: JobQueue) -> AsyncIterator[Waiting]:
    """A ``Waiting`` that looks as long as the context is open."""
    waiting = Waiting(queue)
    task = asyncio.create_task(waiting.look())
    try:
        yield waiting
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
