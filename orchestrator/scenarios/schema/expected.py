"""What the tools ought to find, and when a scenario counts as passed."""

from pydantic import Field, field_validator

from orchestrator.catalogue import CATALOGUE
from tools.errors import close_names
from tools.result import Result

PLANNED = (
    "assess_overload_risk",
    "classify_risk",
)
"""Tools that the design names and that may not be in the catalogue yet: expected of, they are not checked."""


class Expectation(Result):
    """One finding that a trouble ought to lead to."""

    trouble: str = Field(description="Label of the trouble")
    tool: str = Field(description="Which tool must find it")
    kind: str | tuple[str, ...] = Field(description="What the finding is called; any of several")
    subject: str | None = Field(
        default=None, description="sensor:NAME, line:5, host:NAME; what the trouble is about when absent"
    )
    within_s: float = Field(default=900.0, gt=0, description="How far the finding's begin may lie from the trouble's")

    @field_validator("tool")
    @classmethod
    def _named(cls, tool: str) -> str:
        known = {spec.name for spec in CATALOGUE} | set(PLANNED)
        if tool not in known:
            raise ValueError(f"there is no tool {tool!r}. {close_names(tool, known)}")
        return tool

    @property
    def kinds(self) -> tuple[str, ...]:
        """All names that count."""
        return (self.kind,) if isinstance(self.kind, str) else self.kind


class Criteria(Result):
    """When the scenario is passed: bounds on what was missed and on what was found without a reason."""

    missed: int = Field(default=0, ge=0, description="Expected findings that may be missed")
    false_alarms: int = Field(default=0, ge=0, description="Findings that no trouble explains")
