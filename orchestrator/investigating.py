"""Carrying a plan out: each agent on its own part, side by side."""

import os
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from agents.plan import Plan, PlanStep
from orchestrator.collecting import Collecting

_LONG = frozenset({"forecast_load"})
"""Tools that take longest; whoever calls one begins first, or the others would have ended and one core would wait."""


def investigate(plan: Plan, tools: Collecting) -> None:
    """Make every call of a plan; it always runs in full.

    Each agent makes its calls in their order in a thread of its own. A call that cannot be answered is part of what
    is found; any other error ends the investigation once every agent has stopped.

    Args:
        plan: Whose steps are numbered from 1.
        tools: Keeps what comes back.
    """
    parts: dict[str, list[tuple[int, PlanStep]]] = defaultdict(list)
    for number, step in enumerate(plan.steps, start=1):
        parts[step.agent].append((number, step))
    if len(parts) <= 1:
        for part in parts.values():
            _carry_out(part, tools)
        return
    ordered = sorted(parts.values(), key=lambda part: not any(step.tool in _LONG for _, step in part))
    # More agents at a time than cores would only wait for each other.
    with ThreadPoolExecutor(max_workers=min(len(parts), os.cpu_count() or 1), thread_name_prefix="agent") as pool:
        futures = [pool.submit(copy_context().run, _carry_out, part, tools) for part in ordered]
    for future in futures:
        future.result()


def _carry_out(part: list[tuple[int, PlanStep]], tools: Collecting) -> None:
    for number, step in part:
        tools.call(step.agent, step.tool, step.arguments, number)
