"""The hours of a grid's judged incidents, read from its store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.grids import load_grid
from orchestrator.home import utc_now
from orchestrator.risk.confirmed import judged_rows
from orchestrator.runs.feedback import FeedbackStore
from orchestrator.scenarios.storing import NoPassages
from orchestrator.workbench import Workbench
from tools.context import Clock

if TYPE_CHECKING:
    from orchestrator.home import Home
    from orchestrator.risk.samples import Row


def judged_hours(home: Home, grid: str) -> tuple[list[Row], tuple[str, ...]]:
    """Hours, and what was left out with the reason; nothing where nobody judged an incident of the grid.

    Raises:
        GridUnavailableError: when there is no such grid.
    """
    loaded = load_grid(grid, home.grids)
    now = utc_now()
    judged = FeedbackStore(home.engine, utc_now).judged(loaded.name)
    context = Workbench(home.engine, NoPassages()).context(loaded, Clock(as_of=now, known_until=now))
    return judged_rows(judged, context, 0)
