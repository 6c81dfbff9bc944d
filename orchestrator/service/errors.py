"""Errors of the service, and how an error travels from the worker to a caller and stays what it was."""

from collections.abc import Iterator

import orchestrator.gate.errors
import orchestrator.runs.errors
import orchestrator.runs.replay  # noqa: F401 - the errors of these modules are found by their names
from tools.errors import GridCrewError


class ServiceUnavailableError(GridCrewError):
    """The service cannot take the request now; the message says why and what to do."""


class HomeOwnedError(GridCrewError):
    """Another process owns the data directory."""


class WorkerFailedError(GridCrewError):
    """A fault of the program stopped a run in the worker; the message names it."""


def revive(kind: str, detail: str) -> GridCrewError:
    """The error of a class's name with its message; a fault of the program where no error of ours has the name.

    >>> type(revive("UnknownRecordError", "There is no run")).__name__
    'UnknownRecordError'
    """
    found = next((item for item in _kinds(GridCrewError) if item.__name__ == kind), None)
    if found is None:
        return WorkerFailedError(f"{kind}: {detail}")
    error = found.__new__(found)
    Exception.__init__(error, detail)  # the message is complete: the class's own arguments stayed in the worker
    return error


def _kinds(root: type[GridCrewError]) -> Iterator[type[GridCrewError]]:
    yield root
    for kind in root.__subclasses__():
        yield from _kinds(kind)
