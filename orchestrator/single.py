"""One tool call outside a run: for the command line and the REST door."""

from datetime import datetime

from pydantic import JsonValue

from agents.evidence import Evidence
from orchestrator.calls import call_tool
from orchestrator.catalogue import ToolSpec
from orchestrator.grids import load_grid
from orchestrator.runner import Runner

DIRECT = "user"
"""Stands in for the agent in evidence that a person asked for."""


def call_once(
    runner: Runner,
    spec: ToolSpec,
    arguments: dict[str, JsonValue],
    *,
    grid: str,
    at: datetime | None = None,
    repeat: int = 1,
) -> tuple[Evidence, tuple[float, ...]]:
    """Call a tool on a grid, and tell how long each call took.

    Args:
        runner: Store, library and settings.
        spec: Which tool.
        arguments: As JSON.
        grid: Case name, file or registered grid.
        at: Time of the state; now when absent.
        repeat: Calls in this process; the evidence is the last one's.

    Returns:
        The evidence, and the duration of every call in milliseconds.

    Raises:
        ToolError: when the grid, the arguments or the question cannot be used.
    """
    loaded = load_grid(grid, runner.grids)
    context = runner.context(loaded, runner.clock(loaded.name, at))
    calls = [call_tool(spec, context, arguments, evidence_id="e1", agent=DIRECT) for _ in range(repeat)]
    return calls[-1], tuple(item.elapsed_ms for item in calls)
