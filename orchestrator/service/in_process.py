"""A queue without a worker process: jobs run in threads of this process, and are lost with it."""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING

from orchestrator.service.errors import WorkerFailedError
from orchestrator.service.job import Failure, Job, Outcome

if TYPE_CHECKING:
    from orchestrator.runner import Runner


class InProcessQueue:
    """A ``JobQueue`` for tests and for a look at the API without a service."""

    def __init__(self, make_runner: Callable[[], "Runner"], threads: int = 2) -> None:
        self._make_runner = make_runner
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="jobs")
        self._jobs: dict[str, Future[Outcome]] = {}
        self._lock = Lock()
        self._runner: Runner | None = None

    def put(self, job: Job) -> None:
        """Start the job where a thread is free."""
        with self._lock:
            if job.id not in self._jobs:
                self._jobs[job.id] = self._pool.submit(self._carry_out, job)

    def outcomes(self, identifiers: Collection[str]) -> Mapping[str, Outcome]:
        """Of those that have ended."""
        with self._lock:
            ended = {name: self._jobs[name] for name in identifiers if name in self._jobs and self._jobs[name].done()}
        return {name: _outcome(future) for name, future in ended.items()}

    def knows(self, identifier: str) -> bool:
        """Whether it waits or is under way."""
        with self._lock:
            return identifier in self._jobs and not self._jobs[identifier].done()

    def forget(self, identifier: str) -> None:
        """Drop it."""
        with self._lock:
            self._jobs.pop(identifier, None)

    def _carry_out(self, job: Job) -> Outcome:
        from orchestrator.service.carrying import carry_out  # noqa: PLC0415 - loads the engines

        with self._lock:
            self._runner = self._runner or self._make_runner()
        return carry_out(self._runner, job)


def _outcome(future: Future[Outcome]) -> Outcome:
    error = future.exception()
    if error is None:
        return future.result()
    return Outcome(failure=Failure(kind=WorkerFailedError.__name__, detail=f"{type(error).__name__}: {error}"))
