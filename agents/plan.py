"""The deterministic plan: which agent calls which tool with which arguments."""

from pydantic import Field, JsonValue

from tools.result import Result


class PlanStep(Result):
    """One tool call that will be made whatever a language model thinks of it."""

    agent: str
    tool: str
    arguments: dict[str, JsonValue] = Field(default_factory=dict)
    purpose: str = Field(description="Why, in a few words without numbers")


class Plan(Result):
    """All steps of a run, in order; bounded."""

    steps: tuple[PlanStep, ...] = Field(max_length=60)
