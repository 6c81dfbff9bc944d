"""Which actions are worth simulating for a report: advice is proven before it is shown (rule 4)."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import JsonValue

from agents.grid_monitor import GRID_MONITOR
from agents.plan import PlanStep
from agents.question import Question, ReportKind, Resolved
from tools.context import ToolContext
from tools.errors import ToolError
from tools.grid.remedies.barred import barred_elements
from tools.grid.remedies.search import propose_actions

_CANDIDATES = 6
"""Each costs a power flow and a screening of all outages; more would not be read at three in the morning."""


def candidate_steps(
    question: Question, resolved: Resolved, context: ToolContext, at: datetime | None
) -> Iterator[PlanStep]:
    """A simulation for each promising set of actions of a report; for a question the plan looks for remedies itself.

    Args:
        question: The trusted words.
        resolved: What was understood of them.
        context: The run's grid, limits and time.
        at: Moment that the advice is for; the run's own when None.
    """
    if question.kind is ReportKind.ANSWER:
        return
    outages = tuple(str(item) for item in resolved.hypothesis.outages)
    actions = resolved.hypothesis.actions
    try:
        grid, barred = context.grids.grid(at), barred_elements(context, at or context.clock.as_of)
        candidates = propose_actions(grid, context.limits, outages, actions, _CANDIDATES, barred)
    except ToolError:
        # The state does not solve; the plan's own power flow says so, with what was tried.
        return
    when: dict[str, JsonValue] = {} if at is None else {"at": at.isoformat()}
    for proposed in candidates:
        yield PlanStep(
            agent=GRID_MONITOR.name,
            tool="simulate_actions",
            arguments={
                **when,
                "outages": list(outages),
                "actions": [item.model_dump(mode="json") for item in actions],
                "proposed": [item.model_dump(mode="json") for item in proposed],
                "focus": [str(item) for item in resolved.elements[:5]],
            },
            purpose="prove a candidate action",
        )
