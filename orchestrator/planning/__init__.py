"""From a resolved question to the tool calls that answer it."""

from orchestrator.planning.make_plan import make_plan

__all__ = ["make_plan"]
