"""Exit codes: 0 done, 1 failed check, 2 usage or input, 3 something is missing, 4 replay miss, 5 regression."""

from enum import IntEnum

from orchestrator.runs.replay import ReplayMissError
from orchestrator.service.errors import HomeOwnedError, ServiceUnavailableError
from tools.errors import GridCrewError, SourceMissingError, ToolError


class Exit(IntEnum):
    """What a script may rely on."""

    DONE = 0
    FAILED_CHECK = 1
    INPUT = 2
    MISSING = 3
    REPLAY_MISS = 4
    REGRESSION = 5


_CODES: tuple[tuple[type[GridCrewError], Exit], ...] = (
    (ReplayMissError, Exit.REPLAY_MISS),
    (SourceMissingError, Exit.MISSING),
    (ServiceUnavailableError, Exit.MISSING),
    (HomeOwnedError, Exit.MISSING),
    (ToolError, Exit.INPUT),
    (GridCrewError, Exit.FAILED_CHECK),
)


def exit_code_of(error: GridCrewError) -> Exit:
    """The code of the nearest kind of error."""
    return next(code for kind, code in _CODES if isinstance(error, kind))
