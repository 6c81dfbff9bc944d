"""Carrying a plan out: every call, one after the other.

Tools compute under the interpreter's lock. Agents in threads of their own hand it to and fro at each step, which costs
more than a second core gives back: decision 0007 has the figures.
"""

from agents.plan import Plan
from orchestrator.collecting import Collecting


def investigate(plan: Plan, tools: Collecting) -> None:
    """Make every call of a plan in its order; it always runs in full.

    A call that cannot be answered is part of what is found; any other error ends the investigation.

    Args:
        plan: Whose steps are numbered from 1.
        tools: Keeps what comes back.
    """
    for number, step in enumerate(plan.steps, start=1):
        tools.call(step.agent, step.tool, step.arguments, number)
