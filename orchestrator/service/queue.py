"""The way from the API process to the worker."""

from collections.abc import Collection, Mapping
from typing import Protocol

from orchestrator.service.job import Job, Outcome


class JobQueue(Protocol):
    """Takes jobs, and tells what became of them; safe to share between threads."""

    def put(self, job: Job) -> None:
        """Take a job; one whose identifier is there already is not taken again.

        Raises:
            ServiceUnavailableError: when the queue is full or not there yet.
        """
        ...

    def outcomes(self, identifiers: Collection[str]) -> Mapping[str, Outcome]:
        """The outcomes of those jobs that have ended."""
        ...

    def knows(self, identifier: str) -> bool:
        """Whether a job of this identifier waits or is under way."""
        ...

    def forget(self, identifier: str) -> None:
        """Drop an ended job whose outcome nobody needs again."""
        ...
